package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// acknowledge answers what a message asked. Every copy of it then shows when.
func (t *Turn) acknowledge(object string) error {
	handle, owner, err := t.owner(object)
	if err != nil {
		return err
	}
	_, before, err := t.Book.Find(t.tx, handle, owner)
	if err != nil {
		return err
	}
	hash, err := t.shownHash(before)
	if err != nil {
		return err
	}
	line, err := t.Book.Answer(t.tx, handle, owner, t.person.ID, hash)
	if err != nil {
		return err
	}
	at := reminders.Args{"At": reminders.Instant(line.AnsweredAt)}
	if before.State.Final() {
		return t.toast(reminders.Line("ack.again", at), false)
	}
	return t.toast(reminders.Line("ack.done", at), false)
}

// undo takes an answer back.
func (t *Turn) undo(object string) error {
	handle, owner, err := t.owner(object)
	if err != nil {
		return err
	}
	if _, err := t.Book.Undo(t.tx, handle, owner, t.person.ID); err != nil {
		return err
	}
	return t.toast(reminders.Line("ack.undone", nil), false)
}

// owner reads the object of a button: the handle of terms, and the unit if the
// person answers for a unit. Only a liaison whom the unit's notices reach may.
func (t *Turn) owner(object string) (obligation.Handle, obligation.Owner, error) {
	handle, unit, byUnit := strings.Cut(object, ".")
	if !byUnit {
		return obligation.Handle(handle), obligation.Owner{Person: t.person.ID, Unit: t.person.Unit}, nil
	}
	liaisons, err := t.People.Liaisons(t.tx, reminders.UnitID(unit))
	if err != nil {
		return "", obligation.Owner{}, err
	}
	for _, liaison := range liaisons {
		if liaison == t.person.ID {
			return obligation.Handle(handle), obligation.Owner{Unit: reminders.UnitID(unit)}, nil
		}
	}
	return "", obligation.Owner{}, reminders.Fail(reminders.Denied, "bot.owner", "error.denied", nil)
}

// shownHash is the hash of the text on which the person tapped: that of the copy
// with the tapped button, or of the last one that was sent.
func (t *Turn) shownHash(line obligation.Obligation) (string, error) {
	hash := ""
	for _, key := range line.Copies {
		receipt, found, err := t.Receipts.Receipt(t.tx, key)
		if err != nil {
			return "", err
		}
		if !found {
			continue
		}
		hash = receipt.TextHash
		if t.update.Callback != nil && receipt.MessageID == t.update.Callback.MessageID {
			return hash, nil
		}
	}
	return hash, nil
}
