package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// acknowledge answers what a message asked. Every copy of it then shows when.
func (t *Turn) acknowledge(object string) error {
	if object == previewAck {
		return t.toast(reminders.Line("noticechat.preview_tap", nil), true)
	}
	handle, owner, err := t.owner(object)
	if err != nil {
		return err
	}
	terms, before, err := t.Book.Find(t.tx, handle, owner)
	if err != nil {
		return err
	}
	if terms.Asking != nil { // a roster is filed, a report submitted: a tap is no answer
		return reminders.Fail(reminders.Invalid, "bot.acknowledge", "dutychat.no_tap", nil)
	}
	shown, err := t.shown(before)
	if err != nil {
		return err
	}
	line, err := t.Book.Answer(t.tx, handle, owner, t.person.ID, shown.TextHash)
	if err != nil && reminders.KindOf(err) == reminders.Closed {
		return t.tooLate(shown, err)
	}
	if err != nil {
		return err
	}
	if err := t.groupShows(t.tx, handle, line.Owner.Unit); err != nil {
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
	if done, err := t.undoReport(object); err != nil || done {
		return err
	}
	handle, owner, err := t.owner(object)
	if err != nil {
		return err
	}
	_, line, err := t.Book.Find(t.tx, handle, owner)
	if err != nil {
		return err
	}
	shown, err := t.shown(line)
	if err != nil {
		return err
	}
	undone, err := t.Book.Undo(t.tx, handle, owner, t.person.ID)
	if err != nil && reminders.KindOf(err) == reminders.Closed {
		return t.tooLate(shown, err)
	}
	if err != nil {
		return err
	}
	if err := t.groupShows(t.tx, handle, undone.Owner.Unit); err != nil {
		return err
	}
	return t.toast(reminders.Line("ack.undone", nil), false)
}

// tooLate says why nothing was changed, and takes the button that led here out of
// the message.
func (t *Turn) tooLate(shown reminders.Receipt, cause error) error {
	if shown.Key != "" {
		d := t.outgoing(reminders.ActEdit)
		d.Original = shown.Key
		if err := t.Outbox.Enqueue(t.tx, d); err != nil {
			return err
		}
	}
	return t.toast(reminders.MessageOf(cause), true)
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

// shown is the copy on which the person tapped, or the last one that was sent;
// the zero receipt if none was.
func (t *Turn) shown(line obligation.Obligation) (reminders.Receipt, error) {
	var last reminders.Receipt
	for _, key := range line.Copies {
		receipt, found, err := t.Receipts.Receipt(t.tx, key)
		if err != nil {
			return last, err
		}
		if !found {
			continue
		}
		last = receipt
		if t.update.Callback != nil && receipt.MessageID == t.update.Callback.MessageID {
			return last, nil
		}
	}
	return last, nil
}
