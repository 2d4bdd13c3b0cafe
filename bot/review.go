package bot

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// maxOwnText is how long an own text of the office may be, in characters.
const maxOwnText = 1500

// keep records that the shipped texts of a block are kept.
func (t *Turn) keep(object string) error {
	review, err := t.Notices.Keep(t.tx, object, t.person.ID)
	if err != nil {
		return err
	}
	text := reminders.Copy(review.ID)
	text.Buttons = [][]reminders.Button{{{Label: "button.change", Verb: "change", Object: object}}}
	return t.replace(text, reminders.Line("draft.kept", reminders.Args{
		"By": reminders.PersonName(t.person.ID), "At": reminders.Instant(t.tx.Now()),
	}))
}

// change asks for an own text in place of the shipped reminder.
func (t *Turn) change(object string) error {
	if _, err := t.Notices.Review(t.tx, object); err != nil {
		return err
	}
	if err := t.toast(reminders.Message{}, false); err != nil {
		return err
	}
	return t.ask(Dialog{Asked: askedText, Object: object, Lang: t.lang}, reminders.Line("draft.ask", reminders.Args{
		"Language": reminders.Say("settings.language."+string(t.lang), nil),
	}))
}

// takeText drafts the text that the office wrote.
func (t *Turn) takeText(d Dialog, text string) error {
	if len([]rune(text)) > maxOwnText {
		return t.say(reminders.Line("draft.long", reminders.Args{"Limit": reminders.Number(maxOwnText)}))
	}
	if findings := t.Content.Lint(text); len(findings) > 0 {
		return t.say(reminders.Line(findings[0].Explain, reminders.Args{"Match": reminders.Text(findings[0].Match)}))
	}
	draft, err := t.Notices.Change(t.tx, d.Object, d.Lang, text, t.person.ID)
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.say(reminders.Line("draft.waiting", reminders.Args{"Text": reminders.Text(draft.Text)}))
}

// approvals lists the drafts that wait for a second person.
func (t *Turn) approvals(string) error {
	waiting, err := t.Notices.Waiting(t.tx)
	if err != nil {
		return err
	}
	said, err := t.waitingPublications()
	if err != nil {
		return err
	}
	saidCases, err := t.waitingCases()
	said = said || saidCases
	if err != nil || len(waiting) == 0 && said {
		return err
	}
	if len(waiting) == 0 {
		return t.say(reminders.Line("draft.none", nil))
	}
	lone, err := t.lone()
	if err != nil {
		return err
	}
	for _, draft := range waiting {
		review, _, err := t.Notices.Store.Notice(t.tx, draft.Notice)
		if err != nil {
			return err
		}
		if err := t.say(t.draftPage(draft, notice.Occasion(review.Festivals), lone)); err != nil {
			return err
		}
	}
	return nil
}

// draftPage shows one draft, with the decision for whoever may take it.
func (t *Turn) draftPage(draft notice.Draft, occasion reminders.Value, lone bool) reminders.Message {
	m := reminders.Line("draft.page", reminders.Args{
		"By": reminders.PersonName(draft.By), "At": reminders.Instant(draft.At), "Text": reminders.Text(draft.Text),
		"Language": reminders.Say("settings.language."+string(draft.Language), nil), "Occasion": occasion,
	})
	if draft.By == t.person.ID && !lone {
		m.Key = "draft.page_own"
		return m
	}
	if draft.By == t.person.ID {
		m.Key = "draft.page_lone"
	}
	m.Buttons = [][]reminders.Button{{
		{Label: "button.approve", Verb: "approve", Object: draft.Handle()},
		{Label: "button.reject", Verb: "reject", Object: draft.Handle()},
	}}
	return m
}

func (t *Turn) approve(object string) error { return t.decide(object, true) }
func (t *Turn) reject(object string) error  { return t.decide(object, false) }

// decide approves or rejects a draft that somebody else wrote.
func (t *Turn) decide(object string, approve bool) error {
	if handle, ok := ofPublication(object); ok {
		return t.decidePublication(handle, approve)
	}
	lone, err := t.lone()
	if err != nil {
		return err
	}
	draft, err := t.Notices.Decide(t.tx, object, approve, t.person.ID, lone)
	if err != nil {
		return err
	}
	key := "draft.rejected"
	switch {
	case approve && draft.Lone:
		key = "draft.approved_lone"
	case approve:
		key = "draft.approved"
	}
	return t.replace(reminders.Line(key, reminders.Args{
		"By": reminders.PersonName(draft.DecidedBy), "At": reminders.Instant(t.tx.Now()), "Text": reminders.Text(draft.Text),
	}))
}

// lone reports whether the person is the only one of the office who could
// approve anything.
func (t *Turn) lone() (bool, error) {
	for record, err := range t.People.All(t.tx) {
		if err != nil {
			return false, err
		}
		if record.ID != t.person.ID && record.Enrolled() && record.Bound() && record.Roles.Has(reminders.Staff) {
			return false, nil
		}
	}
	return true, nil
}
