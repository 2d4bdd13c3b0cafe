package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// findingPlace shows a finding to the office and to auditors, and to those who answer for
// its unit as long as it is theirs to see.
func (t *Turn) findingPlace(id theme.ID, number string) (reminders.Message, error) {
	if !t.has(readers...) && !t.has(ofUnit...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	n, _ := strconv.Atoi(number)
	th, f, err := t.Themes.Finding(t.tx, id, n)
	if err != nil {
		if !t.has(readers...) { // what is not theirs does not say whether it exists
			err = reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
		}
		return reminders.Message{}, err
	}
	if !t.has(readers...) && (!t.oversees(f.Unit) || !f.ShownToUnit()) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	return t.findingPage(th, f), nil
}

// findingPage says all about a finding, with what its reader can do next.
func (t *Turn) findingPage(th theme.Theme, f theme.Finding) reminders.Message {
	th = th.In(t.lang)
	args := reminders.Args{
		"Number": reminders.Number(f.Number), "Unit": reminders.UnitName(f.Unit), "Title": themeTitle(th), "Text": reminders.Text(f.Text),
		"State": standOf(f), "Point": reminders.Text(""), "Suggestion": reminders.Text(""), "Report": reminders.Text(""),
		"Returned": reminders.Text(""), "Outcome": reminders.Text(""),
	}
	if f.Point > 0 && f.Point <= len(th.Points) {
		args["Point"] = reminders.Say("theme.page.point", reminders.Args{"Text": reminders.Text(th.Points[f.Point-1].Text)})
	}
	if f.Suggestion != "" {
		args["Suggestion"] = reminders.Say("theme.suggestion", reminders.Args{"Text": reminders.Text(f.Suggestion)})
	}
	if f.Report != nil {
		args["Report"] = reminders.Say("theme.page.report", reminders.Args{
			"Text": reminders.Text(f.Report.Text), "By": reminders.PersonName(f.Report.By), "At": reminders.Instant(f.Report.At),
		})
	}
	if why := f.ReturnedFor(); why != "" {
		args["Returned"] = reminders.Say("theme.page.returned", reminders.Args{"Reason": reminders.Text(why)})
	}
	if f.State.Final() {
		args["Outcome"] = t.outcomeOf(f)
	}
	m := reminders.Line("theme.finding", args)
	m.Buttons = t.findingButtons(th, f)
	return m
}

// outcomeOf says how a finding ended, and who settled it.
func (t *Turn) outcomeOf(f theme.Finding) reminders.Value {
	args := reminders.Args{"By": reminders.PersonName(f.Outcome.By), "At": reminders.Instant(f.Outcome.At)}
	switch f.State {
	case theme.Referred:
		r := f.Outcome.Referral
		args["Ref"], args["Day"], args["To"] = reminders.Text(r.Number), t.day(r.Day), reminders.Text(r.To)
		return reminders.Say("theme.settled.referred", args)
	case theme.NotEstablished:
		args["Text"] = reminders.Text(f.Outcome.Text)
		return reminders.Say("theme.settled.not-established", args)
	}
	return reminders.Say("theme.settled.closed", args)
}

// findingButtons are the moves that the state of a finding allows its reader.
func (t *Turn) findingButtons(th theme.Theme, f theme.Finding) [][]reminders.Button {
	if th.State != theme.Running || f.State.Final() {
		return nil
	}
	if !t.has(office...) {
		if t.has(reminders.Liaison) && f.ShownToUnit() && f.Report == nil {
			return [][]reminders.Button{{{Label: "theme.button.done", Verb: "submit", Object: findingObject(f.Theme, f.Number)}}}
		}
		return nil
	}
	number := strconv.Itoa(f.Number)
	var rows [][]reminders.Button
	switch {
	case f.ToConfirm():
		row := []reminders.Button{{Label: "theme.button.return", Verb: "return", Object: findingObject(f.Theme, f.Number)}}
		if f.Report.By != t.person.ID {
			row = append([]reminders.Button{{Label: "theme.button.confirm", Verb: "accept", Object: findingObject(f.Theme, f.Number)}}, row...)
		}
		rows = append(rows, row)
	case f.State == theme.Found:
		rows = append(rows, []reminders.Button{
			{Label: "theme.button.suggest", Verb: "assign", Object: findingObject(f.Theme, f.Number)},
			{Label: "theme.button.on_the_spot", Verb: "page", Object: themeObject(f.Theme, "B", number)},
		})
	default:
		rows = append(rows, []reminders.Button{{Label: "theme.button.report_for", Verb: "page", Object: themeObject(f.Theme, "B", number)}})
	}
	return append(rows, []reminders.Button{
		{Label: "theme.button.refer", Verb: "page", Object: themeObject(f.Theme, "R", number)},
		{Label: "theme.button.dismiss", Verb: "page", Object: themeObject(f.Theme, "D", number)},
	})
}

// ownFindings lists what the units of a liaison or leader are asked to put right.
func (t *Turn) ownFindings() (reminders.Message, error) {
	found, err := t.findingsHere()
	if err != nil || !t.has(ofUnit...) {
		if err == nil {
			err = reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
		}
		return reminders.Message{}, err
	}
	if len(found) == 0 {
		return reminders.Line("theme.mine.none", nil), nil
	}
	var lines []reminders.Message
	var row []reminders.Button
	for _, f := range found[:min(len(found), shownAtOnce)] {
		lines = append(lines, findingLine(f))
		row = append(row, reminders.Button{
			Label: "theme.button.finding", Args: reminders.Args{"Number": reminders.Number(f.Number)}, Verb: "page", Object: f.Object(),
		})
	}
	m := reminders.Line("theme.mine", reminders.Args{"Count": reminders.Number(len(found)), "Items": reminders.List(lines...)})
	m.Buttons = slices.Collect(slices.Chunk(row, 4))
	return m, nil
}

// findingsHere lists the open findings that a liaison or leader sees: those of the own
// unit and of the units below it.
func (t *Turn) findingsHere() ([]theme.Finding, error) {
	if !t.has(ofUnit...) {
		return nil, nil
	}
	below, err := t.People.Below(t.tx, t.person.Unit)
	if err != nil {
		return nil, err
	}
	var found []theme.Finding
	for _, unit := range below {
		open, err := t.Themes.Store.OpenFindingsOf(t.tx, unit)
		if err != nil {
			return nil, err
		}
		for _, f := range open {
			if f.ShownToUnit() {
				found = append(found, f)
			}
		}
	}
	return found, nil
}

// findingsWay leads from the page of a unit to its findings; nothing without any.
func (t *Turn) findingsWay() ([][]reminders.Button, error) {
	found, err := t.findingsHere()
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return [][]reminders.Button{{{
		Label: "theme.button.mine", Args: reminders.Args{"N": reminders.Number(len(found))}, Verb: "page", Object: placeTheme + "-mine",
	}}}, nil
}

// closeTheme ends a theme, once it is sure, or says what is missing.
func (t *Turn) closeTheme(object string) error {
	text, decided := strings.CutSuffix(object, ".1")
	id := theme.ID(text)
	gaps, err := t.Themes.Gaps(t.tx, id)
	if err != nil {
		return err
	}
	if len(gaps) > 0 {
		return t.refuseClosing(id, gaps)
	}
	if !decided {
		m, err := t.Themes.Summary(t.tx, id)
		if err != nil {
			return err
		}
		m.Buttons = [][]reminders.Button{{{Label: "theme.button.close_now", Verb: "close", Object: themeObject(id, "1")}}}
		return t.say(m)
	}
	th, err := t.Themes.Close(t.tx, id, t.person.ID)
	if err != nil {
		return err
	}
	return t.replace(reminders.Line("theme.closed", reminders.Args{"Title": themeTitle(th), "Quarter": th.Quarter.Say()}))
}

// gapsAtOnce bounds the list of what is missing.
const gapsAtOnce = 12

// refuseClosing lists what keeps a theme from being closed.
func (t *Turn) refuseClosing(id theme.ID, gaps []theme.Gap) error {
	var lines []reminders.Message
	for _, gap := range gaps[:min(len(gaps), gapsAtOnce)] {
		lines = append(lines, gap.Say())
	}
	if more := len(gaps) - gapsAtOnce; more > 0 {
		lines = append(lines, reminders.Line("theme.summary.more", reminders.Args{"Count": reminders.Number(more)}))
	}
	m := reminders.Line("theme.close.refused", reminders.Args{"Count": reminders.Number(len(gaps)), "Items": reminders.List(lines...)})
	m.Buttons = [][]reminders.Button{{
		{Label: "theme.button.check", Verb: "page", Object: themeObject(id, "c")},
		{Label: "theme.button.findings_plain", Verb: "page", Object: themeObject(id, "F")},
	}}
	return t.say(m)
}
