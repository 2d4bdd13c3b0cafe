package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// reportPage shows one report with what the person can do about it.
func (t *Turn) reportPage(h report.Handle, notes ...reminders.Message) (reminders.Message, error) {
	r, err := t.Reports.ByHandle(t.tx, h)
	if err != nil {
		return reminders.Message{}, err
	}
	if err := t.mustSeeReports(r.Unit); err != nil {
		return reminders.Message{}, err
	}
	title, last := r.Title(), r.Latest()
	m := reminders.Line("reportchat.page", reminders.Args{
		"Number": reminders.Say(title.Key, title.Args), "What": t.subjectOf(r), "State": stateText(r),
		"Lines": reminders.List(t.Reports.Forms.Of(r.Kind).Lines(last)...), "Doubts": reminders.List(doubtLines(last)...),
		"By": reminders.PersonName(last.By), "At": reminders.Instant(last.At), "Standing": lateText(r),
		"History": reminders.List(historyLines(r)...), "Note": reminders.List(notes...),
	})
	m.Buttons, err = t.reportWaysOn(r)
	return m, err
}

// lateText says that a report came late; nothing of one in time.
func lateText(r report.Report) reminders.Value {
	if r.Standing == "met" && !r.AfterClosing {
		return reminders.Text("")
	}
	return standingText(r)
}

// doubtLines are what the rules of plausibility asked, with the answers.
func doubtLines(v report.Version) []reminders.Message {
	var lines []reminders.Message
	for _, q := range v.Questions {
		args := reminders.Args{"Question": reminders.Say(q.Text.Key, q.Text.Args), "Why": reminders.Text(q.Why)}
		key := "reportchat.doubted"
		if q.Why == "" {
			key = "reportchat.doubted_open"
			delete(args, "Why")
		}
		lines = append(lines, reminders.Line(key, args))
	}
	return lines
}

// historyLines say what became of a report: corrections, the last step of its review, that
// it was contradicted.
func historyLines(r report.Report) []reminders.Message {
	var lines []reminders.Message
	if last := r.Latest(); last.Reason != "" {
		m := reminders.Line("reportchat.version", reminders.Args{"Version": reminders.Number(len(r.Versions)), "Reason": reminders.Text(last.Reason)})
		if slices.ContainsFunc(r.Reviews, func(step report.Review) bool { return step.Version == len(r.Versions)-1 && step.Reason == last.Reason }) {
			m.Key = "reportchat.version_returned"
		}
		lines = append(lines, m)
	}
	step := r.Review()
	args := reminders.Args{"By": reminders.PersonName(step.By), "At": reminders.Instant(step.At)}
	switch {
	case step.State == report.Returned && r.State == report.Returned:
		args["Reason"] = reminders.Text(step.Reason)
		lines = append(lines, reminders.Line("reportchat.was_returned", args))
	case step.State == report.Accepted && r.State == report.Accepted:
		lines = append(lines, reminders.Line("reportchat.was_accepted", args))
	}
	if r.Overturned != nil {
		lines = append(lines, reminders.Line("reportchat.was_overturned", reminders.Args{
			"By": reminders.PersonName(r.Overturned.By), "At": reminders.Instant(r.Overturned.At), "Ref": reminders.Text(r.Overturned.Ref),
		}))
	}
	return lines
}

// reportWaysOn are the buttons of a report's page: the review for the office, corrections
// and further parts for the unit, the files, and the way back.
func (t *Turn) reportWaysOn(r report.Report) ([][]reminders.Button, error) {
	object := string(r.Handle())
	var rows [][]reminders.Button
	if t.has(office...) {
		rows = append(rows, reviewButtons(r)...)
	}
	if t.Reports.May(t.tx, r.Unit, t.person.ID, r.Kind, true) == nil && r.State != report.TakenBack {
		row := []reminders.Button{{Label: "reportchat.button.correct", Verb: "report", Object: object}}
		parts, err := t.lastPart(r)
		if err != nil {
			return nil, err
		}
		rows = append(rows, append(row, t.furtherButtons(parts)...))
	}
	var row []reminders.Button
	if n := len(r.Latest().Files); n > 0 {
		row = append(row, reminders.Button{Label: "reportchat.button.files", Args: reminders.Args{"N": reminders.Number(n)}, Verb: "files", Object: object})
	}
	if t.has(readers...) {
		row = append(row, reminders.Button{Label: "reportchat.button.to_review", Verb: "page", Object: placeReview})
	} else {
		row = append(row, reminders.Button{Label: "button.back", Verb: "page", Object: placeReports + "-" + string(r.Unit)})
	}
	return append(rows, row), nil
}

// lastPart gives the last report of the incident to which a report belongs, or the report.
func (t *Turn) lastPart(r report.Report) (report.Report, error) {
	if r.Kind != report.Incident {
		return r, nil
	}
	parts, err := t.Reports.Incidents(t.tx, r.Incident)
	if err != nil {
		return r, err
	}
	return parts[len(parts)-1], nil
}

// reviewButtons decide about a report.
func reviewButtons(r report.Report) [][]reminders.Button {
	object := seen(r)
	accept := reminders.Button{Label: "reportchat.button.accept", Verb: "accept", Object: object}
	back := reminders.Button{Label: "button.reject", Verb: "return", Object: object}
	var rows [][]reminders.Button
	switch r.State {
	case report.Submitted:
		rows = append(rows, []reminders.Button{accept, back})
	case report.Returned:
		accept.Label = "reportchat.button.accept_anyway"
		rows = append(rows, []reminders.Button{accept})
	case report.Accepted:
		rows = append(rows, []reminders.Button{back})
	}
	if r.Latest().Nil && r.Overturned == nil && r.State != report.TakenBack {
		rows = append(rows, []reminders.Button{{Label: "reportchat.button.overturn", Verb: "overturn", Object: string(r.Handle())}})
	}
	return rows
}

// seen names a report as it was when somebody saw it: HANDLE.VERSIONS.STEPS. What was
// changed meanwhile is neither accepted nor returned unseen.
func seen(r report.Report) string {
	return fmt.Sprintf("%s.%d.%d", r.Handle(), len(r.Versions), len(r.Reviews))
}

// asSeen gives the report of a button, and whether it still is as it was seen.
func (t *Turn) asSeen(object string) (report.Report, bool, error) {
	handle, _, _ := strings.Cut(object, ".")
	r, err := t.Reports.ByHandle(t.tx, report.Handle(handle))
	return r, seen(r) == object, err
}

// reportFiles sends the photos and documents of a report.
func (t *Turn) reportFiles(object string) error {
	r, err := t.Reports.ByHandle(t.tx, report.Handle(object))
	if err != nil {
		return err
	}
	if err := t.mustSeeReports(r.Unit); err != nil {
		return err
	}
	title := r.Title()
	files := r.Latest().Files
	pictures := slices.DeleteFunc(slices.Clone(files), func(f reminders.File) bool { return !f.Picture() })
	others := slices.DeleteFunc(slices.Clone(files), reminders.File.Picture)
	for _, sort := range [][]reminders.File{pictures, others} { // they do not go together
		if len(sort) == 0 {
			continue
		}
		d := t.outgoing(reminders.ActSend)
		d.Files = sort
		d.Lines = []reminders.Message{reminders.Line("reportchat.files", reminders.Args{
			"Number": reminders.Say(title.Key, title.Args), "Unit": reminders.UnitName(r.Unit),
		})}
		if err := t.Outbox.Enqueue(t.tx, d); err != nil {
			return err
		}
	}
	return nil
}
