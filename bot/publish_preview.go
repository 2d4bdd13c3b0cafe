package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// kindPreview is the kind of a delivery that shows what readers of a language will see,
// whatever language its reader has.
const kindPreview = "preview"

// previewAck is the object of the button of a preview, which answers nothing.
const previewAck = "preview"

// spokenIn lets a preview be put into the words of its language.
func spokenIn(d reminders.Delivery, to reader) reader {
	if d.Kind == kindPreview && d.Language != "" {
		to.lang, to.person.Language = d.Language, d.Language
	}
	return to
}

// previewDraft sends a publication exactly as readers will receive it, once for each language
// in which there is a text.
func (t *Turn) previewDraft(p notice.Publication, _ string) (reminders.Message, error) {
	if len(p.Bodies) == 0 {
		return reminders.Message{}, reminders.Fail(reminders.Invalid, "bot.press", "publication.problem.no-text", nil)
	}
	for _, lang := range languagesOf(p) {
		copied := reminders.Copy("preview/" + p.ID)
		if p.Expects.Obliges() {
			copied.Buttons = [][]reminders.Button{{{Label: "button.ack", Verb: "ack", Object: previewAck}}}
		}
		d := t.outgoing(reminders.ActSend)
		d.Kind, d.Language, d.Files, d.Lines = kindPreview, lang, p.Files, []reminders.Message{copied}
		if err := t.Outbox.Enqueue(t.tx, d); err != nil {
			return reminders.Message{}, err
		}
	}
	return reminders.Line("noticechat.preview_sent", reminders.Args{"Head": headOf(p), "N": reminders.Number(len(p.Bodies))}), nil
}

// reviewers offers the people of the office for a test: each receives it exactly as
// readers will, marked as a test.
func (t *Turn) reviewers(p notice.Publication, tag string) (reminders.Message, error) {
	staff, err := t.Press.Approvers(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	h := p.Handle()
	if tag != "" {
		to := staff
		if tag != "all" {
			to = slices.DeleteFunc(slices.Clone(staff), func(id reminders.PersonID) bool { return tagOf(string(id)) != tag })
		}
		if err := t.Press.Test(t.tx, h, t.person.ID, to); err != nil {
			return reminders.Message{}, err
		}
		if err := t.toast(reminders.Line("noticechat.tested", reminders.Args{"N": reminders.Number(len(to))}), false); err != nil {
			return reminders.Message{}, err
		}
	}
	m := reminders.Line("noticechat.test", reminders.Args{"Head": headOf(p)})
	var row []reminders.Button
	for _, id := range staff {
		b := stepButton("noticechat.button.tester", "t", h, tagOf(string(id)))
		b.Args = reminders.Args{"Name": reminders.PersonName(id)}
		if row = append(row, b); len(row) == 2 {
			m.Buttons, row = append(m.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	m.Buttons = append(m.Buttons, []reminders.Button{stepButton("noticechat.button.test_all", "t", h, "all"), stepButton("button.back", pressShow, h)})
	return m, nil
}

// submitDraft hands a draft to a second person.
func (t *Turn) submitDraft(p notice.Publication, _ string) (reminders.Message, error) {
	_, err := t.Press.Submit(t.tx, p.Handle(), t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return standingOfPublication(p.Handle()), t.toast(reminders.Line("noticechat.submitted", nil), false)
}

// abandon gives a publication up before it is sent, once it is sure.
func (t *Turn) abandon(p notice.Publication, rest string) (reminders.Message, error) {
	if rest != "sure" {
		m := reminders.Line("noticechat.ask.abandon", reminders.Args{"Head": headOf(p)})
		m.Buttons = [][]reminders.Button{{
			stepButton("noticechat.button.abandon_sure", "x", p.Handle(), "sure"), stepButton("button.back", pressShow, p.Handle()),
		}}
		return m, nil
	}
	_, err := t.Press.Abandon(t.tx, p.Handle(), t.person.ID)
	return standingOfPublication(p.Handle()), err
}
