package bot

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// The values of buttons inside of the dialog.
const (
	chosenDone = "done" // all festivals are chosen
	chosenNone = "none" // the field stays empty
	chosenYes  = "yes"
	chosenMore = "+" // behind a code: show its components
)

// setButton sets a field of the case that is being entered. The object names the field by
// its place, so that it stays short.
func setButton(label string, args reminders.Args, field, value string) reminders.Button {
	button := workButton(label, workSet, strconv.Itoa(slices.Index(caseFields, field)), value)
	button.Args = args
	return button
}

// caseAsk keeps the dialog and asks what its step asks. There is a way out of each step,
// and what was entered can be kept as a draft.
func (t *Turn) caseAsk(d Dialog) (reminders.Message, error) {
	c, err := caseContent(d)
	if err != nil {
		return reminders.Message{}, err
	}
	if err := errors.Join(t.saveDialog(d), t.keepEntry(d)); err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("casechat.ask."+d.Step, nil)
	switch d.Step {
	case caseCheck:
		m = t.caseChecked(d, c)
	case fieldCategory:
		m.Buttons = t.categoryButtons(d.Noted[notedDeep])
	case fieldLevel:
		m.Buttons = levelButtons()
	case fieldFestivals:
		m.Buttons = festivalButtons(c.Festivals)
	case fieldNames:
		m.Buttons = [][]reminders.Button{{
			setButton("casechat.names_are", nil, fieldNames, chosenYes), setButton("casechat.names_none", nil, fieldNames, chosenNone),
		}}
	case fieldBody:
		m.Buttons = [][]reminders.Button{{setButton("casechat.no_body", nil, fieldBody, chosenNone)}}
	case fieldExpires:
		m.Buttons = [][]reminders.Button{{setButton("casechat.usual_time", nil, fieldExpires, chosenNone)}}
	case fieldTitleEN, fieldIssuerEN, fieldBodyEN:
		m.Buttons = [][]reminders.Button{{setButton("casechat.no_english", nil, d.Step, chosenNone)}}
	}
	last := []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: askedCase}}
	if d.Step != fieldTitle && d.Noted[notedFixes] == "" && c.Title != "" {
		last = append([]reminders.Button{workButton("casechat.keep", workKeep)}, last...)
	}
	m.Buttons = append(m.Buttons, last)
	return m, nil
}

// categoryButtons offer groups, then the categories of a group, then the components of
// one of them.
func (t *Turn) categoryButtons(deep string) [][]reminders.Button {
	var rows [][]reminders.Button
	offer := func(k casebook.Category, value string) {
		rows = append(rows, []reminders.Button{setButton("casechat.option", reminders.Args{"Name": t.shortLabel(k)}, fieldCategory, value)})
	}
	if deep == "" {
		for _, group := range caseGroups {
			rows = append(rows, []reminders.Button{setButton("casechat.group."+group, nil, fieldCategory, group)})
		}
		return rows
	}
	code, whole := strings.CutSuffix(deep, chosenMore)
	for _, k := range t.Cases.Categories {
		switch {
		case whole && strings.HasPrefix(k.Code, code):
			offer(k, k.Code)
		case !whole && k.Group == deep && !subCode(k.Code) && t.hasParts(k.Code):
			offer(k, k.Code+chosenMore)
		case !whole && k.Group == deep && !subCode(k.Code):
			offer(k, k.Code)
		}
	}
	return rows
}

// hasParts reports whether a category has components.
func (t *Turn) hasParts(code string) bool {
	return slices.ContainsFunc(t.Cases.Categories, func(k casebook.Category) bool { return k.Code != code && strings.HasPrefix(k.Code, code) })
}

// levelButtons offer the levels.
func levelButtons() [][]reminders.Button {
	var row []reminders.Button
	for _, level := range casebook.Levels() {
		row = append(row, setButton("case.level."+string(level), nil, fieldLevel, string(level)))
	}
	return [][]reminders.Button{row[:2], row[2:], {setButton("casechat.no_level", nil, fieldLevel, chosenNone)}}
}

// festivalButtons offer the festivals; those that are chosen say so.
func festivalButtons(chosen []calendar.Festival) [][]reminders.Button {
	var row []reminders.Button
	for _, f := range calendar.Festivals() {
		label, args := "festival."+string(f), reminders.Args(nil)
		if slices.Contains(chosen, f) {
			label, args = "casechat.chosen", reminders.Args{"Name": festivalName(f)}
		}
		row = append(row, setButton(label, args, fieldFestivals, string(f)))
	}
	done := "casechat.no_festival"
	if len(chosen) > 0 {
		done = "casechat.festivals_done"
	}
	return append(slices.Collect(slices.Chunk(row, 3)), []reminders.Button{setButton(done, nil, fieldFestivals, chosenDone)})
}

// caseChosen takes a tap as the value of a field.
func (t *Turn) caseChosen(d Dialog, field, value string) (reminders.Message, error) {
	c, err := caseContent(d)
	if err != nil {
		return reminders.Message{}, err
	}
	next := d.after(field)
	switch field {
	case fieldCategory:
		if _, known := t.Cases.CategoryOf(value); !known { // a group, or a category with components
			return t.caseAsk(d.with(notedDeep, value).at(fieldCategory))
		}
		c.Category = value
	case fieldLevel:
		c.Level = casebook.Level(value)
		if !slices.Contains(casebook.Levels(), c.Level) {
			c.Level = ""
		}
	case fieldFestivals:
		if value == chosenDone {
			break
		}
		next = d.at(fieldFestivals)
		c.Festivals = switched(c.Festivals, calendar.Festival(value))
	case fieldBody:
		c.Body = ""
	case fieldNames:
		c.Names = value == chosenYes
	case fieldExpires:
		c.Expires = calendar.Date{}
	case fieldTitleEN:
		c.English.Title = ""
	case fieldIssuerEN:
		c.English.Issuer = ""
	case fieldBodyEN:
		c.English.Body = ""
	}
	if next, err = next.withContent(c); err != nil {
		return reminders.Message{}, err
	}
	return t.caseAsk(next)
}

// switched adds a festival, or takes it away.
func switched(chosen []calendar.Festival, f calendar.Festival) []calendar.Festival {
	if i := slices.Index(chosen, f); i >= 0 {
		return slices.Delete(slices.Clone(chosen), i, i+1)
	}
	if !slices.Contains(calendar.Festivals(), f) {
		return chosen
	}
	return append(slices.Clone(chosen), f)
}

// caseChecked shows what was entered as readers will see it, with what is missing, and
// lets each field be asked again.
func (t *Turn) caseChecked(d Dialog, c casebook.Content) reminders.Message {
	shown := t.casePage(casebook.Case{Content: c})
	problems := t.Cases.Problems(casebook.Case{Content: t.finished(c)}, t.today())
	args := t.contentArgs(t.finished(c))
	args["Page"] = reminders.Say(shown.Key, shown.Args)
	args["Problems"] = reminders.List(problemTexts(problems)...)
	m := reminders.Line("casechat.check", args)
	var row []reminders.Button
	for i, field := range caseFields {
		row = append(row, workButton("casechat.field."+field, workField, strconv.Itoa(i)))
	}
	m.Buttons = slices.Collect(slices.Chunk(row, 3))
	switch {
	case d.Noted[notedFixes] != "":
		m.Buttons = append(m.Buttons, []reminders.Button{workButton("casechat.send_fix", workSend)})
	case len(problems) == 0:
		m.Buttons = append(m.Buttons, []reminders.Button{workButton("casechat.send", workSend)})
	}
	return m
}

// usualMonths is how long a case is shown if nobody says otherwise.
const usualMonths = 24

// finished is the content with the day on which it expires by itself.
func (t *Turn) finished(c casebook.Content) casebook.Content {
	if c.Expires.IsZero() && !c.Issued.IsZero() {
		loc := t.Years.Calendar().Location()
		c.Expires = calendar.DateOf(c.Issued.At(0, 0, loc).AddDate(0, usualMonths, 0), loc)
	}
	return c
}

// caseKept writes what was entered into the casebook, and submits it if that is wanted.
func (t *Turn) caseKept(d Dialog, submit bool) (reminders.Message, error) {
	content, err := caseContent(d)
	if err != nil {
		return reminders.Message{}, err
	}
	var c casebook.Case
	if d.Object == "" {
		if err := t.forgetEntry(); err != nil {
			return reminders.Message{}, err
		}
		c, err = t.Cases.Add(t.tx, casebook.Case{Content: content, Origin: "chat"}, t.person.ID)
	} else if c, err = t.Cases.Case(t.tx, d.Object); err == nil {
		if c.Hash() != d.Noted[notedWas] {
			return reminders.Message{}, reminders.Fail(reminders.Conflict, "bot.case", "casechat.changed_meanwhile", nil)
		}
		c, err = t.Cases.Change(t.tx, d.Object, t.person.ID, func(now *casebook.Content) { *now = content })
	}
	if err == nil && submit {
		c, err = t.Cases.Submit(t.tx, c.Handle(), t.person.ID)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	if submit {
		return t.caseSubmitted(c)
	}
	return showCase(t, c, "")
}

// caseCorrected proposes a correction; a second person decides about it.
func (t *Turn) caseCorrected(d Dialog, note string) error {
	content, err := caseContent(d)
	if err != nil {
		return err
	}
	if len([]rune(note)) > maxReason {
		return t.say(reminders.Line("casechat.long", reminders.Args{"Limit": reminders.Number(maxReason)}))
	}
	c, err := t.Cases.Correct(t.tx, d.Object, note, t.person.ID, func(now *casebook.Content) { *now = content })
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	m, err := t.caseSubmitted(c)
	if err != nil {
		return err
	}
	return t.say(m)
}
