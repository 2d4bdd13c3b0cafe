package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Cases is the casebook, as far as notices show public cases: they keep the names of
// those that they show, and what stands there is asked for when they are shown.
type Cases interface {
	// Fitting names at most n cases for an occasion that readers may see now.
	Fitting(tx reminders.Tx, festivals []calendar.Festival, n int) ([]string, error)
	// Lines are lines with those of the cases that readers may see still.
	Lines(tx reminders.Tx, cases []string) ([]reminders.Message, error)
	// Sources are Lines with the way to the source below each.
	Sources(tx reminders.Tx, cases []string) ([]reminders.Message, error)
	// Pick chooses the case that a notice pushes, and remembers that it did; empty if
	// there is none that was not pushed before.
	Pick(tx reminders.Tx, notice string) (string, error)
	// Card is a case by itself, or what is said of one that was withdrawn.
	Card(tx reminders.Tx, id string) (reminders.Message, error)
}

// CaseCopies keeps which notices show which cases, and what is to be brought up to date.
type CaseCopies interface {
	// NoticesWith lists the notices that show a case.
	NoticesWith(tx reminders.Tx, id string) ([]string, error)
	// CopiesSent pages through the receipts of the copies of a notice, its chases too,
	// in order of their keys.
	CopiesSent(tx reminders.Tx, notice string, after reminders.DeliveryKey, limit int) ([]reminders.Receipt, error)
	Renewals(tx reminders.Tx) ([]Renewal, error)
	// SaveRenewal writes how far one has come; DropRenewal ends it.
	SaveRenewal(tx reminders.Tx, r Renewal) error
	DropRenewal(tx reminders.Tx, notice string) error
}

// WhyNoRoom is why the case of the week is left out: the push budget of the occasion has
// no room before the next one would come.
const WhyNoRoom = "budget-spent"

// casesFor is how many public cases a personal reminder carries at most: one, and two
// where it is for more than one festival.
func casesFor(festivals []calendar.Festival) int { return min(2, max(1, len(festivals))) }

// Optional lists the kinds of notice that readers can leave, by the names under which
// the register notes it (可退订主题).
func Optional() []Kind { return []Kind{CasePush, ThemeCard} }

// optional reports whether readers can leave what the notice says: it asks for nothing.
func (n Notice) optional() bool {
	return !n.Expects.Obliges() && slices.Contains(Optional(), n.Kind)
}

// Topic gives the topic to which a notice belongs for those who can leave it; empty for
// what nobody can leave.
func (d *Desk) Topic(tx reminders.Tx, id string) (topic string, err error) {
	n, found, err := d.Store.Notice(tx, id)
	if err != nil || !found || !n.optional() {
		return "", err
	}
	return string(n.Kind), nil
}

// readersAfter pages through those for whom a notice may be: the active people, without
// those who have left its topic.
func (d *Desk) readersAfter(tx reminders.Tx, n Notice, limit int) ([]reminders.Person, error) {
	after := reminders.PersonID(n.Cursor)
	if n.optional() {
		return d.Register.SubscribersAfter(tx, string(n.Kind), after, limit)
	}
	return d.Register.PeopleAfter(tx, after, limit)
}

// composePush picks the case of the week. Where the occasion leaves no room for it before
// the next one would come, it is left for later.
func (d *Desk) composePush(tx reminders.Tx, n *Notice) (why string, err error) {
	if !tx.Now().Before(n.Until) {
		return WhyTooLate, nil
	}
	items := d.items(tx.Now())
	period := PeriodAt(items, n.At)
	reserved := Reserved(items, nil)
	_, reason := d.Programme.Budget.Place(d.Calendar(), reminders.Window{From: n.At, To: n.Until}, period, reserved, nil)
	if reason == DueOverridesBudget {
		return WhyNoRoom, nil
	}
	id, err := d.Cases.Pick(tx, n.ID)
	if err != nil || id == "" {
		return WhyNothing, err
	}
	n.Cases, n.Block = []string{id}, period.Block
	return "", nil
}

// Renewal is the bringing up to date of what a notice has shown to its readers, after a
// case in it was corrected or withdrawn (更新已发出的消息).
type Renewal struct {
	Notice string                `json:"notice"`
	Mark   string                `json:"mark"` // the instant of the change, part of the keys of the edits
	Reason string                `json:"reason"`
	Cursor reminders.DeliveryKey `json:"cursor,omitempty"`
	Flying bool                  `json:"flying,omitempty"` // all that had arrived is dealt with; what was in flight follows
}

// CaseChanged brings the copies up to date that show a case: those that wait do so by
// themselves, those that were delivered are edited, piece by piece. Of a case that was
// withdrawn (by whom, otherwise empty) no further push goes out.
func (d *Desk) CaseChanged(tx reminders.Tx, id, reason string, withdrawnBy reminders.PersonID) error {
	notices, err := d.CaseCopies.NoticesWith(tx, id)
	if err != nil {
		return err
	}
	for _, name := range notices {
		n, found, err := d.Store.Notice(tx, name)
		if err != nil {
			return err
		}
		if !found || n.State == Skipped {
			continue
		}
		if n.Kind == CasePush && withdrawnBy != "" {
			_, err := d.Stop(tx, name, withdrawnBy)
			if kind := reminders.KindOf(err); err != nil && kind != reminders.Closed && kind != reminders.NotFound {
				return err
			}
		}
		r := Renewal{Notice: name, Mark: tx.Now().UTC().Format(time.RFC3339Nano), Reason: reason}
		if err := d.CaseCopies.SaveRenewal(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// renew takes the first renewal that need not wait one bounded piece further. The edits
// have keys of their own, so that a piece that is done again changes nothing.
func (d *Desk) renew(tx reminders.Tx) (more bool, err error) {
	if d.CaseCopies == nil {
		return false, nil
	}
	all, err := d.CaseCopies.Renewals(tx)
	if err != nil {
		return false, err
	}
	for _, r := range all {
		if r.Flying && r.Cursor == "" {
			if flying, err := d.Copies.InFlight(tx, r.Notice); err != nil {
				return false, err
			} else if flying > 0 {
				continue
			}
		}
		return true, d.renewPiece(tx, r)
	}
	return false, nil
}

// renewPiece enqueues the edits of the next copies that arrived.
func (d *Desk) renewPiece(tx reminders.Tx, r Renewal) error {
	room := d.chunk()
	page, err := d.CaseCopies.CopiesSent(tx, r.Notice, r.Cursor, room)
	if err != nil {
		return err
	}
	for _, receipt := range page {
		r.Cursor = receipt.Key
		if err := d.renewCopy(tx, r, receipt); err != nil {
			return err
		}
	}
	switch {
	case len(page) == room:
		return d.CaseCopies.SaveRenewal(tx, r)
	case r.Flying:
		return d.CaseCopies.DropRenewal(tx, r.Notice)
	}
	r.Cursor, r.Flying = "", true
	return d.CaseCopies.SaveRenewal(tx, r)
}

// renewCopy edits the message in which a copy arrived.
func (d *Desk) renewCopy(tx reminders.Tx, r Renewal, copied reminders.Receipt) error {
	if copied.Act != reminders.ActSend || !isCopy(copied.Delivery, r.Notice) {
		return nil
	}
	if copied.Result == reminders.Joined {
		host, found, err := d.Box.Receipt(tx, copied.JoinedTo)
		if err != nil || !found {
			return err
		}
		copied = host
	}
	if copied.Result != reminders.Sent {
		return nil
	}
	return d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: reminders.DeliveryKey("renew/"+r.Mark+"/") + copied.Key, Kind: copied.Kind, Act: reminders.ActEdit,
		Lane: reminders.LaneBroadcast, Reason: r.Reason, NotBefore: tx.Now(), Original: copied.Key,
	})
}
