package people

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Retire takes a person out of service: no more notices, the chat is untied and
// an open invitation ends. The record stays. It gives the chat that was
// bound, which may be told. Retiring somebody twice changes nothing. It fails
// with NotFound for an unknown person and with Closed for the last admin.
//
// What is still expected of the person is excused by the caller in the same
// unit of work; the register does not know obligations.
func (d *Desk) Retire(tx reminders.Tx, id reminders.PersonID, reason, actor string) (reminders.ChatID, error) {
	r, err := d.find(tx, "people.retire", id)
	if err != nil || !r.Active() {
		return 0, err
	}
	if last, err := d.lastAdmin(tx, r); err != nil {
		return 0, err
	} else if last {
		return 0, reminders.Fail(reminders.Closed, "people.retire", "people.last_admin", nil)
	}
	if err := d.endInvitation(tx, id); err != nil {
		return 0, err
	}
	chat := r.Chat
	r.Status, r.RetiredReason, r.RetiredAt = Retired, reason, tx.Now()
	r.Chat, r.BoundAt, r.Unreachable = 0, time.Time{}, Unreachable{}
	return chat, d.change(tx, r, ledger.Retired, "retired", actor)
}

// Reinstate brings a retired person back; a new invitation binds their chat. It
// fails with NotFound for an unknown person and for the placeholder.
func (d *Desk) Reinstate(tx reminders.Tx, id reminders.PersonID, actor string) error {
	r, err := d.find(tx, "people.reinstate", id)
	if err != nil || r.Active() {
		return err
	}
	if id == Placeholder {
		return reminders.Fail(reminders.NotFound, "people.reinstate", "people.unknown", reminders.Args{"StaffNo": reminders.Text(string(id))})
	}
	r.Status, r.RetiredReason, r.RetiredAt = Active, "", time.Time{}
	return d.change(tx, r, ledger.Changed, "reinstated", actor)
}

// lastAdmin reports whether r is the only active admin.
func (d *Desk) lastAdmin(tx reminders.Tx, r Record) (bool, error) {
	if !r.Roles.Has(reminders.Admin) {
		return false, nil
	}
	for other, err := range d.All(tx) {
		if err != nil {
			return false, err
		}
		if other.ID != r.ID && other.Active() && other.Roles.Has(reminders.Admin) {
			return false, nil
		}
	}
	return true, nil
}

// MarkUnreachable notes that messages to a person do not arrive, with the short
// code of the send, and reports whether that is new. The instant of the first
// such send stays. A person without a chat is left alone: they are unreachable
// for another reason.
func (d *Desk) MarkUnreachable(tx reminders.Tx, id reminders.PersonID, reason Reach) (bool, error) {
	r, err := d.find(tx, "people.unreachable", id)
	if err != nil || !r.Bound() || r.Unreachable.Reason == reason {
		return false, err
	}
	if r.Unreachable.Since.IsZero() {
		r.Unreachable.Since = tx.Now()
	}
	r.Unreachable.Reason = reason
	return true, d.change(tx, r, ledger.Unreachable, string(reason), ledger.System)
}

// MarkReachable notes that messages arrive again, and reports whether that is new.
func (d *Desk) MarkReachable(tx reminders.Tx, id reminders.PersonID) (bool, error) {
	r, err := d.find(tx, "people.reachable", id)
	if err != nil || r.Unreachable.Reason == "" {
		return false, err
	}
	r.Unreachable = Unreachable{}
	return true, d.change(tx, r, ledger.Reachable, "", ledger.System)
}
