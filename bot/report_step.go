package bot

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The words with which the object of a report button begins: STEP.TAG and STEP.TAG.REST
// take a step of the form, incident.UNIT, follow.REPORT and final.REPORT begin the report of
// an incident, resume.TAG goes on with a half-finished report. Without such a word it is what is expected, HANDLE or HANDLE.UNIT, or the
// handle of a report to correct.
const (
	beginIncident = "incident"
	beginFollowOn = "follow"
	beginFinal    = "final"
	resumeForm    = "resume"
)

// reportButton begins a report, or takes a step of one.
func (t *Turn) reportButton(object string) error {
	word, rest, _ := strings.Cut(object, ".")
	switch {
	case report.IsHandle(word):
		return t.correct(report.Handle(word))
	case word == beginIncident:
		return t.newIncident(reminders.UnitID(rest))
	case word == beginFollowOn:
		return t.furtherPart(report.Handle(rest), report.FollowOn)
	case word == beginFinal:
		return t.furtherPart(report.Handle(rest), report.Final)
	case word == resumeForm:
		return t.resumeForm(rest)
	case steps[word] != nil:
		return t.takeStep(word, rest)
	}
	terms, unit, err := t.expected(object)
	if err != nil {
		return err
	}
	draft, err := t.Reports.DraftExpected(t.tx, unit, terms.ID)
	if err != nil {
		return err
	}
	return t.beginForm(draft)
}

// expected reads what is expected of which unit from the object of a button: without a
// unit it is that of the shift which the person has now, or the own one.
func (t *Turn) expected(object string) (obligation.Terms, reminders.UnitID, error) {
	handle, unit, byUnit := strings.Cut(object, ".")
	terms, err := t.Book.TermsOf(t.tx, obligation.Handle(handle))
	if err != nil || byUnit {
		return terms, reminders.UnitID(unit), err
	}
	units, err := t.reportUnits()
	if err != nil || len(units) == 0 {
		return terms, t.person.Unit, err
	}
	return terms, units[0], nil
}

// resumeForm goes on with a half-finished report.
func (t *Turn) resumeForm(tag string) error {
	forms, err := t.forms()
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.Tag == tag {
			return t.goOn(f)
		}
	}
	return reminders.Fail(reminders.Closed, "bot.form", "reportchat.step_over", nil)
}

// correct begins the correction of a report, or goes on with it.
func (t *Turn) correct(h report.Handle) error {
	r, err := t.Reports.ByHandle(t.tx, h)
	if err != nil {
		return err
	}
	if r.State == report.TakenBack {
		draft, err := t.Reports.DraftDaily(t.tx, r.Unit, r.Day)
		if err != nil {
			return err
		}
		return t.beginForm(draft)
	}
	draft, err := t.Reports.DraftCorrection(t.tx, r.ID)
	if err != nil {
		return err
	}
	return t.beginForm(draft)
}

// steps are what the buttons of a form do. Each changes the form, or says why not.
var steps = map[string]func(t *Turn, f *form, rest string) error{
	"set":    (*Turn).stepSet,
	"now":    func(t *Turn, f *form, _ string) error { return t.stepType(f, "now") },
	"skip":   func(t *Turn, f *form, _ string) error { return f.then(f.Skip(t.formOf(*f))) },
	"clear":  func(t *Turn, f *form, _ string) error { return f.then(f.Clear(t.formOf(*f))) },
	"back":   func(t *Turn, f *form, _ string) error { return t.stepBack(f) },
	"look":   func(_ *Turn, f *form, _ string) error { return f.stepLook() },
	"detach": func(_ *Turn, f *form, _ string) error { f.Detach(); return nil },
	"edit":   func(_ *Turn, f *form, page string) error { return f.stepList(formChange, page) },
	"more":   func(_ *Turn, f *form, page string) error { return f.stepList(formMore, page) },
	"pick":   (*Turn).stepPick,
	"none":   func(_ *Turn, f *form, _ string) error { f.Nil = true; return nil },
	"fill":   (*Turn).stepFill,
	"right":  (*Turn).stepRight,
}

// takeStep takes a step of the form to which a button belongs.
func (t *Turn) takeStep(word, rest string) error {
	tag, rest, _ := strings.Cut(rest, ".")
	f, err := t.openForm(tag)
	if err != nil {
		return err
	}
	if changed, note := t.renewed(&f); changed {
		return t.showForm(f, note)
	}
	if err := steps[word](t, &f, rest); err != nil {
		return err
	}
	if word == "right" || word == "none" {
		return t.file(f)
	}
	return t.showForm(f)
}

// then goes on after an answer that was taken.
func (f *form) then(err error) error {
	if err == nil {
		*f = f.answered()
	}
	return err
}

// stepSet answers the field that is asked with a number, or a choice by its place.
func (t *Turn) stepSet(f *form, rest string) error { return t.stepType(f, rest) }

// stepType answers the field that is asked with what somebody typed, or a tap stands for.
func (t *Turn) stepType(f *form, text string) error {
	return f.then(f.Set(t.formOf(*f), text, t.tx.Now(), t.zone()))
}

// stepBack asks the field before once more.
func (t *Turn) stepBack(f *form) error {
	f.Back(t.formOf(*f))
	f.Step, f.Picked = formAsk, false
	return nil
}

// stepLook goes to the preview.
func (f *form) stepLook() error {
	f.ToPreview()
	f.Step, f.Picked, f.Rule = formPreview, false, ""
	return nil
}

// stepList shows a page of fields.
func (f *form) stepList(step, page string) error {
	n, err := strconv.Atoi(page)
	if err != nil {
		n = 0
	}
	f.ToPreview()
	f.Step, f.Page, f.Picked = step, n, false
	return nil
}

// stepPick asks a field that was chosen from a list.
func (t *Turn) stepPick(f *form, rest string) error {
	fields := t.formOf(*f).Fields
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 || n >= len(fields) {
		return reminders.Fail(reminders.Closed, "bot.form", "reportchat.step_over", nil)
	}
	more := f.More
	f.GoTo(t.formOf(*f), fields[n].Name)
	f.More = more // only this one, and then back to the preview
	f.Step, f.Picked = formAsk, true
	return nil
}

// stepFill makes a full report out of one with nothing to report.
func (t *Turn) stepFill(f *form, _ string) error {
	draft := f.Draft
	if f.Base == 0 {
		known, err := t.Reports.DraftDaily(t.tx, f.Unit, f.Day)
		if err != nil {
			return err
		}
		draft = known
	}
	draft.Answers = nil
	*f = form{Dialog: report.Begin(t.formOf(*f), draft), Step: formAsk}
	return nil
}

// stepRight answers a doubt: the figures were looked at and are right.
func (t *Turn) stepRight(f *form, _ string) error {
	why, err := t.words.plain(t.lang, reminders.Line("reportchat.right", nil), noNames{})
	f.explain(f.Rule, why)
	return err
}

// explain notes why what a rule asks about is right.
func (f *form) explain(rule, why string) {
	f.Answers = maps.Clone(f.Answers)
	if f.Answers == nil {
		f.Answers = map[string]string{}
	}
	f.Answers[rule] = why
}

// formReply takes what somebody typed or sent while filling a report in.
func (t *Turn) formReply(_ Dialog, text string) error {
	f, err := t.openForm("")
	if err != nil {
		return err
	}
	if changed, note := t.renewed(&f); changed {
		return t.showForm(f, note)
	}
	if len(t.files) > 0 {
		return t.takeFiles(f, text)
	}
	switch f.Step {
	case formDoubt:
		f.explain(f.Rule, text)
		return t.file(f)
	case formReason:
		f.Reason = text
		return t.file(f)
	}
	if err := t.typed(&f, text); err != nil {
		return err
	}
	return t.showForm(f)
}

// typed answers the field that is asked, or with several numbers the fields behind it too.
func (t *Turn) typed(f *form, text string) error {
	in := t.formOf(*f)
	err := t.stepType(f, text)
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n　、", r) })
	if err == nil || f.Picked || len(words) < 2 {
		return err
	}
	several := *f
	for _, word := range words {
		field, asked := several.Current(in)
		if !asked || field.Type != report.TypeNumber || several.Set(in, word, t.tx.Now(), t.zone()) != nil {
			return err
		}
	}
	*f = several.answered()
	return nil
}

// takeFiles keeps what somebody sent with the form. Of pictures that were sent together
// only the first is answered.
func (t *Turn) takeFiles(f form, caption string) error {
	m := t.update.Message
	in := t.formOf(f)
	before := len(f.Files)
	for _, file := range t.files {
		if err := f.Attach(in, file); err != nil {
			return err
		}
	}
	if len(f.Files) > before {
		f.Answers = nil
	}
	if m.Album != "" && m.Album == f.Album {
		return t.keepForm(&f)
	}
	f.Album = m.Album
	notes := []reminders.Message{reminders.Line("reportchat.file_taken", reminders.Args{"Count": reminders.Number(len(f.Files))})}
	if f.Album != "" {
		notes = []reminders.Message{reminders.Line("reportchat.album_taken", nil)}
	}
	if caption != "" {
		notes = append(notes, reminders.Line("reportchat.caption_left", nil))
	}
	return t.showForm(f, notes...)
}

// waitsFor reports whether a half-finished report of these kinds is what the chat was
// asked before the command that is being run.
func (t *Turn) waitsFor(is func(f form) bool) (form, bool) {
	_, open := t.half(askedForm)
	if !open || len(t.was.Forms) == 0 || !is(t.was.Forms[0]) {
		return form{}, false
	}
	return t.was.Forms[0], true
}

// halfFinished lists the buttons that go on with half-finished reports.
func (t *Turn) halfFinished(is func(f form) bool) ([][]reminders.Button, error) {
	forms, err := t.forms()
	var rows [][]reminders.Button
	for _, f := range slices.DeleteFunc(forms, func(f form) bool { return !is(f) }) {
		head, err := t.formHead(f)
		if err != nil {
			return nil, err
		}
		rows = append(rows, []reminders.Button{{
			Label: "reportchat.button.go_on", Args: reminders.Args{"What": head}, Verb: "report", Object: resumeForm + "." + f.Tag,
		}})
	}
	return rows, err
}
