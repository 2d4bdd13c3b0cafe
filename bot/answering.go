package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// answering says how what terms of one kind expect is answered, and what it says then.
// Terms without it are acknowledged.
type answering struct {
	// offer gives the buttons of an open line; none means that it is done elsewhere.
	offer func(t obligation.Terms, line obligation.Obligation) []reminders.Button
	// met and late are the texts of an answered line, with Name and At.
	met, late string
	// undo says that the answer can be taken back for a while.
	undo bool
	// done says more about an answered line, with the buttons that belong to it; false
	// without anything to say. It may be nil.
	done func(b *Bot, tx reminders.Tx, t obligation.Terms, line obligation.Obligation) (reminders.Message, []reminders.Button, bool)
}

// answerings are the kinds of terms that are not acknowledged.
func answerings() map[string]answering { return joined(dutyAnswers(), reportAnswers(), themeAnswers()) }

// standingOf is the status of one line of the book in words, and the buttons that it
// offers.
func (b *Bot) standingOf(t obligation.Terms, line obligation.Obligation, tx reminders.Tx) (reminders.Message, []reminders.Button) {
	how, special := b.answers[t.Kind]
	if !special {
		status, offer := state(t, line, tx)
		if offer.Verb == "" {
			return status, nil
		}
		return status, []reminders.Button{offer}
	}
	if how.done != nil && (line.State == obligation.Met || line.State == obligation.Late) {
		if status, buttons, told := how.done(b, tx, t, line); told {
			return status, buttons
		}
	}
	args := reminders.Args{"Name": reminders.PersonName(line.By), "At": reminders.Instant(line.AnsweredAt)}
	var undo []reminders.Button
	if how.undo && line.CanUndo(tx.Now()) {
		undo = []reminders.Button{{Label: "button.undo", Verb: "undo", Object: objectOf(t, line.Owner)}}
	}
	switch {
	case line.State == obligation.Open && t.Closed:
		return reminders.Line("ask.closed", nil), nil
	case line.State == obligation.Open:
		return reminders.Message{}, how.offer(t, line)
	case line.State == obligation.Met:
		return reminders.Line(how.met, args), undo
	case line.State == obligation.Late:
		return reminders.Line(how.late, args), undo
	}
	return reminders.Line("ask."+string(line.State), nil), nil
}

// objectOf is the object of a button that answers a line: the handle of the terms, and
// the unit where a unit owes.
func objectOf(t obligation.Terms, owner obligation.Owner) string {
	if owner.ByUnit() {
		return string(t.Handle) + "." + string(owner.Unit)
	}
	return string(t.Handle)
}

// unoffered leaves the buttons out of a line that asks, by which it is answered: they
// stand below it as long as the answer is awaited.
func (b *Bot) unoffered(line reminders.Message) reminders.Message {
	var rows [][]reminders.Button
	for _, row := range line.Buttons {
		row = slices.DeleteFunc(slices.Clone(row), func(button reminders.Button) bool { return answers(button.Verb) })
		if len(row) > 0 {
			rows = append(rows, row)
		}
	}
	line.Buttons = rows
	return line
}

// answers reports whether a verb answers what is expected of somebody on duty.
func answers(verb string) bool {
	return slices.Contains([]string{"takeover", "present", "nil", "report"}, verb)
}
