package bot

import (
	"fmt"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// askedCaseWhy is the dialog that asks for the reason of a step; its Step is that step.
const askedCaseWhy = "casewhy"

// maxReason is how long a reason may be, in characters.
const maxReason = 300

// notedRule is the rule that the head lets pass.
const notedRule = "rule"

// submitCase hands a draft to a second person.
func submitCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	c, err := t.Cases.Submit(t.tx, c.Handle(), t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.caseSubmitted(c)
}

// caseSubmitted tells the others of the office that a case waits, and shows it.
func (t *Turn) caseSubmitted(c casebook.Case) (reminders.Message, error) {
	m := reminders.Line("casechat.told_waits", reminders.Args{"Title": t.titleOrNone(c), "By": reminders.PersonName(t.person.ID)})
	m.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: placeCase + "-" + workShow + "." + c.Handle()}}}
	if err := t.TellStaff(t.tx, t.caseKey(c, "waits"), m, t.person.ID); err != nil {
		return reminders.Message{}, err
	}
	return showCase(t, c, "")
}

// waitingCases shows the cases about which a second person has to decide, and reports
// whether there are any.
func (t *Turn) waitingCases() (said bool, err error) {
	waiting, err := t.Cases.Waiting(t.tx)
	if err != nil {
		return false, err
	}
	for _, c := range waiting[:min(len(waiting), shownAtOnce)] {
		m, err := showCase(t, c, "")
		if err != nil {
			return true, err
		}
		if err := t.say(m); err != nil {
			return true, err
		}
	}
	return len(waiting) > 0, nil
}

// caseKey names a message about a step of a case for ever.
func (t *Turn) caseKey(c casebook.Case, step string) string {
	return fmt.Sprintf("case/%s/%s/%d", c.ID, step, t.update.ID)
}

// TellStaff puts a message for everyone of the supervising office who has a chat into
// the outbox, once under each key, except for one person. It waits for the end of quiet
// hours.
func (b *Bot) TellStaff(tx reminders.Tx, key string, m reminders.Message, except reminders.PersonID) error {
	for record, err := range b.People.All(tx) {
		if err != nil {
			return err
		}
		if record.ID == except || !record.Enrolled() || !record.Roles.Has(reminders.Staff) || !record.Bound() {
			continue
		}
		if err := b.tellOne(tx, key, m, record.ID); err != nil {
			return err
		}
	}
	return nil
}

// TellHeld tells the office that a case is held back, and why.
func (b *Bot) TellHeld(tx reminders.Tx, c casebook.Case) error {
	m := reminders.Line("casechat.told_held", reminders.Args{"Title": reminders.Text(c.Title), "Why": reminders.Say("casechat.held."+c.Held, nil)})
	m.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: placeCase + "-" + workShow + "." + c.Handle()}}}
	return b.TellStaff(tx, fmt.Sprintf("case/%s/held/%d", c.ID, tx.Now().Unix()), m, "")
}

// tellOne puts a message about a case for one of the staff into the outbox.
func (b *Bot) tellOne(tx reminders.Tx, key string, m reminders.Message, id reminders.PersonID) error {
	return b.Outbox.Enqueue(tx, reminders.Delivery{
		Key: reminders.DeliveryKey(key + "/" + string(id)), Kind: "case", Act: reminders.ActSend, Person: id,
		Lane: reminders.LanePersonal, As: reminders.Staff, Reason: "case", NotBefore: tx.Now(), Lines: []reminders.Message{m},
	})
}

// approveCase approves what somebody else wrote: a case, which readers see from then on,
// or a correction.
func approveCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	return t.decideCase(c, true, "")
}

// decideCase approves or returns what waits, and tells whoever wrote it.
func (t *Turn) decideCase(c casebook.Case, approve bool, reason string) (reminders.Message, error) {
	lone, err := t.lone()
	if err != nil {
		return reminders.Message{}, err
	}
	drafter := c.By
	if c.Correction != nil {
		drafter = c.Correction.By
	}
	title := t.titleOrNone(c)
	if c, err = t.Cases.Decide(t.tx, c.Handle(), approve, reason, t.person.ID, lone); err != nil {
		return reminders.Message{}, err
	}
	if drafter != "" && drafter != t.person.ID {
		key := "casechat.told_returned"
		if approve {
			key = "casechat.told_approved"
		}
		m := reminders.Line(key, reminders.Args{"Title": title, "By": reminders.PersonName(t.person.ID), "Reason": reminders.Text(reason)})
		m.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: placeCase + "-" + workShow + "." + c.Handle()}}}
		if err := t.tellOne(t.tx, t.caseKey(c, "decided"), m, drafter); err != nil {
			return reminders.Message{}, err
		}
	}
	return showCase(t, c, "")
}

// whyCase asks for the reason of a step.
func whyCase(step string) caseStep {
	return func(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
		if step == workReturn && !c.Waits() || step == workTake && (c.Tombstone != nil || c.Published.IsZero()) {
			return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.case", "case.decided", nil)
		}
		return t.caseWhy(Dialog{Asked: askedCaseWhy, Step: step, Object: c.Handle()}, c)
	}
}

// caseWhy saves the dialog and asks for the reason.
func (t *Turn) caseWhy(d Dialog, c casebook.Case) (reminders.Message, error) {
	m := reminders.Line("casechat.why."+d.Step, reminders.Args{"Title": t.titleOrNone(c)})
	m.Buttons = [][]reminders.Button{{{Label: "button.cancel", Verb: "cancel", Object: askedCaseWhy}}}
	return m, t.saveDialog(d)
}

// passCase asks the head of the office why a problem may pass.
func passCase(t *Turn, c casebook.Case, rest string) (reminders.Message, error) {
	if !t.has(reminders.Head) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.case", "error.denied", nil)
	}
	problems := t.Cases.Problems(c, t.today())
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 || n >= len(problems) || problems[n].Hard {
		return showCase(t, c, "")
	}
	return t.caseWhy(Dialog{Asked: askedCaseWhy, Step: workPass, Object: c.Handle()}.with(notedRule, problems[n].Rule), c)
}

// caseReason takes the reason that was asked for, and takes the step.
func (t *Turn) caseReason(d Dialog, text string) error {
	if !t.has(office...) || d.Step == workPass && !t.has(reminders.Head) {
		return reminders.Fail(reminders.Denied, "bot.case", "error.denied", nil)
	}
	if len([]rune(text)) > maxReason {
		return t.say(reminders.Line("casechat.long", reminders.Args{"Limit": reminders.Number(maxReason)}))
	}
	c, err := t.Cases.Case(t.tx, d.Object)
	if err != nil {
		return err
	}
	var m reminders.Message
	switch d.Step {
	case workReturn:
		m, err = t.decideCase(c, false, text)
	case workPass:
		if c, err = t.Cases.Overrule(t.tx, d.Object, d.Noted[notedRule], text, t.person.ID); err == nil {
			m, err = showCase(t, c, "")
		}
	default:
		if c, err = t.Cases.Withdraw(t.tx, d.Object, text, t.person.ID); err == nil {
			m = t.tombstonePage(c)
		}
	}
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.say(m)
}

// lookCase shows a held case again: somebody has looked at its source.
func lookCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	c, err := t.Cases.Release(t.tx, c.Handle(), t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return showCase(t, c, "")
}

// dropCase gives a draft up, when asked a second time.
func dropCase(t *Turn, c casebook.Case, rest string) (reminders.Message, error) {
	if rest != "sure" {
		m := reminders.Line("casechat.drop_sure", reminders.Args{"Title": t.titleOrNone(c)})
		m.Buttons = [][]reminders.Button{{
			workButton("casechat.drop_now", workDrop, c.Handle(), "sure"), workButton("button.back", workShow, c.Handle()),
		}}
		return m, nil
	}
	c, err := t.Cases.Abandon(t.tx, c.Handle(), t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.tombstonePage(c), nil
}

// guideByCase begins a case guidance that is tied to a case which readers see.
func guideByCase(t *Turn, c casebook.Case, _ string) (reminders.Message, error) {
	if !c.ShownOn(t.today()) {
		return showCase(t, c, "")
	}
	p, err := t.Press.Begin(t.tx, notice.CaseGuidance, "chat", t.person.ID, t.lang)
	if err != nil {
		return reminders.Message{}, err
	}
	p, err = t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) {
		setBody(p, p.Lead, notice.Body{Prompt: &notice.Prompt{Cases: []string{c.ID}}})
	})
	if err != nil {
		return reminders.Message{}, err
	}
	if err := t.toast(reminders.Line("casechat.guided", nil), false); err != nil {
		return reminders.Message{}, err
	}
	return t.askPart(p, p.Lead, promptFields[0], false)
}
