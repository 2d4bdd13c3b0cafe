package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// The steps that change a case.
const (
	workEdit    = "e"
	workSubmit  = "sub"
	workApprove = "ok"
	workReturn  = "no"
	workDrop    = "drop" // drop.HANDLE, then drop.HANDLE.sure
	workCorrect = "fix"
	workTake    = "wd"
	workPass    = "pass" // pass.HANDLE.N: the n-th problem
	workLook    = "look"
	workGuide   = "gd"
)

// caseSteps are the steps that are about one case.
func caseSteps() map[string]caseStep {
	return map[string]caseStep{
		workShow: showCase, workEdit: editCase, workSubmit: submitCase, workApprove: approveCase, workReturn: whyCase(workReturn),
		workDrop: dropCase, workCorrect: correctCase, workTake: whyCase(workTake), workPass: passCase, workLook: lookCase,
		workGuide: guideByCase,
	}
}

// showCase shows a case to the staff: its state, what it says, what is wrong with it, and
// what can be done next.
func showCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	if c.Tombstone != nil {
		return t.tombstonePage(c), nil
	}
	args := t.contentArgs(c.Content)
	args["State"] = t.caseState(c)
	args["Title"] = t.titleOrNone(c)
	problems := t.Cases.Problems(c, t.today())
	if c.State == casebook.Published || c.State == casebook.Approved || c.State == casebook.Expired {
		problems = nil
	}
	args["Problems"] = reminders.List(problemTexts(problems)...)
	args["Correction"] = reminders.Text("")
	if c.Correction != nil {
		args["Correction"] = t.correctionText(*c.Correction)
	}
	m := reminders.Line("casechat.show", args)
	var err error
	m.Buttons, err = t.caseButtons(c, problems)
	return m, err
}

// problemTexts are the problems of a case as a list.
func problemTexts(problems []reminders.Hit) []reminders.Message {
	var lines []reminders.Message
	for _, p := range problems[:min(len(problems), shownAtOnce)] {
		lines = append(lines, reminders.Line("casechat.problem", reminders.Args{"Text": reminders.Say(p.Say.Key, p.Say.Args)}))
	}
	return lines
}

// contentArgs are the fields of a case in words; what is not filled in says so.
func (t *Turn) contentArgs(c casebook.Content) reminders.Args {
	none := reminders.Say("casechat.unset", nil)
	text := func(s string) reminders.Value {
		if s == "" {
			return none
		}
		return reminders.Text(s)
	}
	args := reminders.Args{
		"Title": text(c.Title), "Issuer": text(c.Issuer), "Source": text(c.SourceURL), "Body": text(c.Body),
		"Issued": none, "Expires": none, "Category": none, "Level": none, "Festivals": none,
		"Names": reminders.Say("casechat.names_no", nil),
	}
	if c.Names {
		args["Names"] = reminders.Say("casechat.names_yes", nil)
	}
	args["English"] = englishText(c)
	if !c.Issued.IsZero() {
		args["Issued"] = t.dayValue(c.Issued)
	}
	if !c.Expires.IsZero() {
		args["Expires"] = t.dayValue(c.Expires)
	}
	if k, known := t.Cases.CategoryOf(c.Category); known {
		args["Category"] = reminders.Text(k.Label(t.lang))
	}
	if c.Level != "" {
		args["Level"] = reminders.Say("case.level."+string(c.Level), nil)
	}
	if len(c.Festivals) > 0 {
		var names []reminders.Message
		for _, f := range c.Festivals {
			names = append(names, reminders.Line("festival."+string(f), nil))
		}
		args["Festivals"] = reminders.Series(names...)
	}
	return args
}

// englishText is what English readers see of a case, if that is anything else.
func englishText(c casebook.Content) reminders.Value {
	if c.English == (casebook.Words{}) {
		return reminders.Text("")
	}
	w := c.In(reminders.English)
	return reminders.Say("casechat.english", reminders.Args{
		"Title": reminders.Text(w.Title), "Issuer": reminders.Text(w.Issuer), "Body": reminders.Text(w.Body),
	})
}

// caseState says where a case stands, and where it came from.
func (t *Turn) caseState(c casebook.Case) reminders.Value {
	args := reminders.Args{
		"By": reminders.PersonName(c.By), "Decider": reminders.PersonName(c.DecidedBy), "Reason": reminders.Text(c.Reason), "Origin": reminders.Text(""),
	}
	if c.By == "" {
		args["By"] = reminders.Say("casechat.by_system", nil)
	}
	if name, ofFeed := strings.CutPrefix(c.Origin, feedPrefix); ofFeed {
		args["Origin"] = reminders.Say("casechat.of_feed", reminders.Args{"Name": reminders.Text(name)})
	}
	switch {
	case c.Correction != nil:
		return reminders.Say("casechat.stands.correction", nil)
	case c.Waits():
		return reminders.Say("casechat.stands.waits", args)
	case c.State == casebook.Approved:
		return reminders.Say("casechat.stands."+c.Held, nil)
	case c.State == casebook.Published && c.Lone:
		return reminders.Say("casechat.stands.published_lone", args)
	}
	return reminders.Say("casechat.stands."+string(c.State), args)
}

// correctionText is a correction that waits, in words.
func (t *Turn) correctionText(k casebook.Correction) reminders.Value {
	args := t.contentArgs(k.Content)
	args["Note"], args["By"] = reminders.Text(k.Note), reminders.PersonName(k.By)
	return reminders.Say("casechat.correction", args)
}

// tombstonePage is what remains of a case that was withdrawn.
func (t *Turn) tombstonePage(c casebook.Case) reminders.Message {
	args := reminders.Args{
		"Issuer": reminders.Text(c.Issuer), "Date": t.dayValue(c.Issued), "Source": reminders.Text(c.SourceURL),
		"By": reminders.PersonName(c.Tombstone.By), "At": reminders.Instant(c.Tombstone.At), "Reason": reminders.Text(c.Tombstone.Reason),
	}
	m := reminders.Line("casechat.stone", args)
	if c.Published.IsZero() {
		m.Key = "casechat.stone_draft"
	}
	m.Buttons = [][]reminders.Button{{workButton("button.back", workHome)}}
	return m
}

// caseButtons are what can be done with a case next.
func (t *Turn) caseButtons(c casebook.Case, problems []reminders.Hit) ([][]reminders.Button, error) {
	h := c.Handle()
	var rows [][]reminders.Button
	switch {
	case c.Origin == casebook.Library:
	case c.Waits():
		lone, err := t.lone()
		if err != nil {
			return nil, err
		}
		drafter := c.By
		if c.Correction != nil {
			drafter = c.Correction.By
		}
		if drafter != t.person.ID || lone {
			rows = append(rows, []reminders.Button{workButton("casechat.approve", workApprove, h), workButton("casechat.return", workReturn, h)})
		}
	case c.State == casebook.Draft, c.State == casebook.Returned:
		row := []reminders.Button{workButton("casechat.edit", workEdit, h)}
		if len(problems) == 0 {
			row = append(row, workButton("casechat.submit", workSubmit, h))
		}
		rows = append(t.passButtons(h, problems), append(row, workButton("casechat.drop", workDrop, h)))
	case c.State == casebook.Approved, c.State == casebook.Published:
		if c.State == casebook.Approved {
			rows = append(rows, []reminders.Button{workButton("casechat.look", workLook, h)})
		}
		rows = append(rows, []reminders.Button{workButton("casechat.correct", workCorrect, h), workButton("casechat.take", workTake, h)})
	case c.State == casebook.Expired:
		rows = append(rows, []reminders.Button{workButton("casechat.take", workTake, h)})
	}
	if c.ShownOn(t.today()) && !c.Waits() {
		rows = append(rows, []reminders.Button{workButton("casechat.guide", workGuide, h)})
	}
	last := []reminders.Button{workButton("button.back", workHome)}
	if t.openable(c.Content) {
		last = append([]reminders.Button{{Label: "casechat.source", URL: c.SourceURL}}, last...)
	}
	return append(rows, last), nil
}

// openable reports whether the source can stand behind a button: the chat service refuses
// a message with an address that is none.
func (t *Turn) openable(c casebook.Content) bool {
	return !slices.ContainsFunc(t.Cases.Faults(c, t.today()), func(f casebook.Fault) bool { return f.Field == fieldSource })
}

// passButtons let the head of the office pass what only the head may.
func (t *Turn) passButtons(handle string, problems []reminders.Hit) [][]reminders.Button {
	if !t.has(reminders.Head) {
		return nil
	}
	var rows [][]reminders.Button
	for i, p := range problems[:min(len(problems), shownAtOnce)] {
		if !p.Hard {
			button := workButton("casechat.pass", workPass, handle, strconv.Itoa(i))
			button.Args = reminders.Args{"Number": reminders.Number(i + 1)}
			rows = append(rows, []reminders.Button{button})
		}
	}
	return rows
}
