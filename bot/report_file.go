package bot

import (
	"reflect"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// submit files what the preview showed.
func (t *Turn) submit(tag string) error {
	f, err := t.openForm(tag)
	if err != nil {
		return err
	}
	if changed, note := t.renewed(&f); changed {
		return t.showForm(f, note)
	}
	return t.file(f)
}

// file files a form, unless something is to be asked before: a field that must be there,
// what a rule of plausibility doubts, why a report is corrected.
func (t *Turn) file(f form) error {
	in := t.formOf(f)
	if missing := f.Missing(in); len(missing) > 0 && !f.Nil {
		f.GoTo(in, missing[0].Name)
		return t.showForm(f.again())
	}
	if err := t.explainedBefore(&f); err != nil {
		return err
	}
	rule, err := t.doubt(f)
	if err != nil {
		return err
	}
	if rule != "" {
		f.Step, f.Rule = formDoubt, rule
		return t.showForm(f)
	}
	returned, err := t.whyReturned(f)
	if err != nil {
		return err
	}
	if f.Base > 0 && f.Reason == "" && returned.Say == nil {
		f.Step = formReason
		return t.showForm(f)
	}
	draft := f.Draft
	if draft.Nil {
		draft.Values, draft.Files, draft.FormVersion = nil, nil, 0
	}
	r, err := t.enter(draft)
	if err != nil {
		return err
	}
	if err := t.dropForm(f); err != nil {
		return err
	}
	return t.replace(t.receipt(r))
}

// doubt gives the first rule whose question has no answer yet.
func (t *Turn) doubt(f form) (string, error) {
	questions, err := t.Reports.Questions(t.tx, f.Draft)
	for _, q := range questions {
		if _, answered := f.Answers[q.Rule]; !answered {
			return q.Rule, err
		}
	}
	return "", err
}

// explainedBefore takes over what was said about the same figures when the report was
// filed before: nobody is asked twice.
func (t *Turn) explainedBefore(f *form) error {
	if f.Base == 0 {
		return nil
	}
	r, err := t.Reports.Find(t.tx, f.Report)
	if err != nil {
		return err
	}
	questions, err := t.Reports.Questions(t.tx, f.Draft)
	for _, q := range questions {
		for _, before := range r.Latest().Questions {
			if _, known := f.Answers[q.Rule]; !known && before.Why != "" && reflect.DeepEqual(before.Question, q) {
				f.explain(q.Rule, before.Why)
			}
		}
	}
	return err
}

// enter hands a draft to the desk.
func (t *Turn) enter(d report.Draft) (report.Report, error) {
	switch {
	case d.Base > 0:
		return t.Reports.Correct(t.tx, d, t.person.ID)
	case d.Kind == report.Incident && d.Report != "":
		return t.Reports.FollowOn(t.tx, d, t.person.ID)
	}
	return t.Reports.Submit(t.tx, d, t.person.ID)
}

// receipt says that a report is there, under which number, and what can follow.
func (t *Turn) receipt(r report.Report) reminders.Message {
	last, title := r.Latest(), r.Title()
	args := reminders.Args{
		"Number": reminders.Say(title.Key, title.Args), "What": t.subjectOf(r), "By": reminders.PersonName(last.By),
		"At": reminders.Instant(last.At), "Standing": standingText(r), "Brief": reminders.Text(""),
	}
	if last.Nil {
		args["Brief"] = reminders.Say("report.nil", nil)
	}
	m := reminders.Line("reportchat.receipt", args)
	row := []reminders.Button{{Label: "report.button.open", Verb: "page", Object: string(r.Handle())}}
	switch {
	case len(r.Versions) > 1 && last.Reason != "":
		m.Key = "reportchat.receipt_corrected"
		delete(args, "Standing")
	case last.Nil:
		row = []reminders.Button{{Label: "button.undo", Verb: "undo", Object: undoObject(r)}}
	case r.Kind == report.Incident:
		m.Key = "reportchat.receipt_incident"
		if r.Stage == report.Final {
			m.Key = "reportchat.receipt_final"
		}
		delete(args, "Standing")
		delete(args, "Brief")
		row = append(row, t.furtherButtons(r)...)
	}
	m.Buttons = [][]reminders.Button{row}
	return m
}

// standingText says whether a report came in time; nothing for one that nobody owes.
func standingText(r report.Report) reminders.Value {
	switch {
	case r.AfterClosing:
		return reminders.Say("reportchat.standing.closed", nil)
	case r.Standing == "late":
		return reminders.Say("reportchat.standing.late", nil)
	case r.Standing == "met":
		return reminders.Say("reportchat.standing.met", nil)
	}
	return reminders.Text("")
}

// subjectOf says of which unit and what a report is.
func (t *Turn) subjectOf(r report.Report) reminders.Value {
	args := reminders.Args{"Unit": reminders.UnitName(r.Unit)}
	switch {
	case r.Kind == report.Closing:
		args["Occasion"] = t.occasionOf(report.Draft{Day: r.Day, Block: r.Block})
		return reminders.Say("reportchat.what.closing", args)
	case r.Kind == report.Daily:
		args["Day"] = reminders.Day(r.Day.At(12, 0, t.zone()))
		return reminders.Say("reportchat.what.daily", args)
	case r.Stage == report.Final:
		return reminders.Say("reportchat.what.final", args)
	case r.Stage == report.FollowOn:
		args["Part"] = reminders.Number(r.Part - 1)
		return reminders.Say("reportchat.what.follow_on", args)
	}
	return reminders.Say("reportchat.what.first", args)
}
