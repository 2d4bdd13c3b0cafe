package bot

import (
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// askedForm is the dialog of a report that is being filled in.
const askedForm = "form"

// The steps of filling a report in.
const (
	formAsk     = "ask"     // a field is asked
	formPreview = "preview" // what would be filed
	formChange  = "change"  // which answer is to be changed
	formMore    = "more"    // what else there is to say
	formDoubt   = "doubt"   // a rule of plausibility asks
	formReason  = "reason"  // why a report is corrected
)

// mostForms is how many half-finished reports a chat keeps: an incident may come in the
// middle of a daily report.
const mostForms = 3

// form is a report that is being filled in (填报). It outlives other conversations, and
// the process; filing or cancelling it ends it.
type form struct {
	report.Dialog

	At   time.Time `json:"at"`
	Step string    `json:"step"`
	// Tag changes with every step: the buttons of earlier ones do nothing any more.
	Tag  string `json:"tag"`
	Page int    `json:"page,omitempty"` // of a list of fields
	// Picked says that the field was chosen from a list: its answer leads back to the
	// preview.
	Picked bool   `json:"picked,omitempty"`
	Rule   string `json:"rule,omitempty"`  // that asks
	Album  string `json:"album,omitempty"` // whose pictures came last
}

// about reports whether the form is filled in for what a draft begins.
func (f form) about(d report.Draft) bool {
	return f.Kind == d.Kind && f.Unit == d.Unit && f.Day == d.Day && f.Report == d.Report && f.Base == d.Base && f.Stage == d.Stage
}

// incident reports whether it is an incident that somebody reports, not corrects.
func (f form) incident() bool { return f.Kind == report.Incident && f.Base == 0 }

// formOf is the form in force for what is being filled in.
func (t *Turn) formOf(f form) report.Form { return t.Reports.Forms.Of(f.Kind) }

// zone is that of the place.
func (t *Turn) zone() *time.Location { return t.Years.Calendar().Location() }

// beginForm asks for what a draft has not said yet, or goes on where the person stopped.
// What is complete already, such as a correction or the sums of a block, begins with the
// preview.
func (t *Turn) beginForm(draft report.Draft) error {
	if err := t.Reports.May(t.tx, draft.Unit, t.person.ID, draft.Kind, draft.Base > 0); err != nil {
		return err
	}
	forms, err := t.forms()
	if err != nil {
		return err
	}
	if n := slices.IndexFunc(forms, func(f form) bool { return f.about(draft) }); n >= 0 {
		return t.goOn(forms[n])
	}
	f := form{Dialog: report.Begin(t.Reports.Forms.Of(draft.Kind), draft), Step: formAsk}
	var notes []reminders.Message
	if draft.FormVersion != 0 {
		f.FormVersion = draft.FormVersion // of what is corrected
		if changed, note := t.renewed(&f); changed {
			notes = append(notes, note)
		}
	}
	complete := len(f.Missing(t.formOf(f))) == 0
	if complete && (draft.Base > 0 || draft.Kind == report.Closing || draft.Stage == report.FollowOn) {
		f.ToPreview()
	}
	return t.sayForm(f, notes...)
}

// goOn shows a half-finished form again, over the form in force.
func (t *Turn) goOn(f form) error {
	note := reminders.Line("reportchat.goes_on", nil)
	if changed, to := t.renewed(&f); changed {
		note = to
	}
	return t.sayForm(f, note)
}

// renewed brings a form up to one that was changed meanwhile, and says what became of
// what was entered.
func (t *Turn) renewed(f *form) (changed bool, note reminders.Message) {
	was := t.formOf(*f)
	change := f.Resume(was, t.tx.Now())
	if !change.Changed() {
		return false, reminders.Message{}
	}
	f.Step, f.Picked, f.Answers = formAsk, false, nil
	if len(change.Left) == 0 {
		return true, reminders.Line("reportchat.form_changed", nil)
	}
	return true, reminders.Line("reportchat.form_changed_left", reminders.Args{"Count": reminders.Number(len(change.Left))})
}

// forms lists the half-finished reports of the chat, the last one first.
func (t *Turn) forms() ([]form, error) {
	var d Dialog
	_, err := t.Memory.Dialog(t.tx, t.update.Chat, &d)
	return d.Forms, err
}

// openForm gives the form to whose step a button belongs; a text belongs to any.
func (t *Turn) openForm(tag string) (form, error) {
	d, found, err := t.dialog()
	if err == nil && (!found || d.Asked != askedForm || len(d.Forms) == 0 || tag != "" && d.Forms[0].Tag != tag) {
		err = reminders.Fail(reminders.Closed, "bot.form", "reportchat.step_over", nil)
	}
	if err != nil {
		return form{}, err
	}
	return d.Forms[0], nil
}

// keepForm remembers a form as what the chat is asked now.
func (t *Turn) keepForm(f *form) error {
	forms, err := t.forms()
	if err != nil {
		return err
	}
	forms = slices.DeleteFunc(forms, func(o form) bool { return o.about(f.Draft) })
	f.At = t.tx.Now()
	forms = append([]form{*f}, forms...)
	takes := slices.ContainsFunc(t.formOf(*f).Fields, func(field report.Field) bool { return field.Type == report.TypeAttachment })
	return t.saveDialog(Dialog{Asked: askedForm, Files: takes && !f.Nil, Forms: forms[:min(len(forms), mostForms)]})
}

// dropForm forgets a form that was filed or cancelled.
func (t *Turn) dropForm(f form) error {
	d, asked, err := t.dialog()
	if err != nil {
		return err
	}
	d.Forms = slices.DeleteFunc(slices.Clone(d.Forms), func(o form) bool { return o.about(f.Draft) })
	if asked && d.Asked != askedForm {
		return t.Memory.SaveDialog(t.tx, t.update.Chat, d)
	}
	return t.Memory.SaveDialog(t.tx, t.update.Chat, onlyForms(d.Forms))
}

// onlyForms is a dialog that asks nothing and keeps half-finished reports; nothing
// without any.
func onlyForms(forms []form) any {
	if len(forms) == 0 {
		return nil
	}
	return Dialog{Forms: forms}
}

// cancelForm ends a form without filing it.
func (t *Turn) cancelForm(tag string) error {
	f, err := t.openForm(tag)
	if err != nil {
		return err
	}
	if err := t.dropForm(f); err != nil {
		return err
	}
	return t.replace(reminders.Line("reportchat.cancelled", nil))
}

// sayForm shows a form in a message of its own.
func (t *Turn) sayForm(f form, notes ...reminders.Message) error {
	m, err := t.nextStep(&f, notes)
	if err != nil {
		return err
	}
	return t.say(m)
}

// showForm shows the next step in the place of what was tapped, or behind what was typed.
func (t *Turn) showForm(f form, notes ...reminders.Message) error {
	m, err := t.nextStep(&f, notes)
	if err != nil {
		return err
	}
	return t.replace(m)
}

// nextStep remembers the step at which a form is and puts it into a message.
func (t *Turn) nextStep(f *form, notes []reminders.Message) (reminders.Message, error) {
	f.Tag = strconv.FormatInt(t.update.ID, 36)
	if _, asked := f.Current(t.formOf(*f)); f.Step == formAsk && !asked {
		f.Step = formPreview
	}
	if err := t.keepForm(f); err != nil {
		return reminders.Message{}, err
	}
	return t.formMessage(*f, notes)
}

// again is the form back at its question, or at the preview where there is none.
func (f form) again() form {
	f.Step, f.Page, f.Rule = formAsk, 0, ""
	return f
}

// answered is the form after an answer: the doubts about the answers before are void.
func (f form) answered() form {
	f.Answers = nil
	if f.Picked {
		f.ToPreview()
		f.Picked = false
	}
	return f.again()
}
