package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// GroupErrand is what is left to do, in bounded pieces, after a message for a group has
// ended: whoever was asked by it was reached, or is told one by one.
type GroupErrand struct {
	Key  reminders.DeliveryKey `json:"key"` // of the message
	Unit reminders.UnitID      `json:"unit"`
	// Terms are those under which the people of the unit were asked; empty for a message
	// that did not arrive.
	Terms     string             `json:"terms,omitempty"`
	Notice    string             `json:"notice,omitempty"` // whose copy it was
	At        time.Time          `json:"at"`
	Hash      string             `json:"hash,omitempty"` // of the text that was shown
	Duplicate bool               `json:"duplicate,omitempty"`
	Cursor    reminders.PersonID `json:"cursor,omitempty"` // who was dealt with last
}

// GroupStore keeps the errands, and which messages in groups ask for what.
type GroupStore interface {
	GroupErrands(tx reminders.Tx, limit int) ([]GroupErrand, error)
	SaveGroupErrand(tx reminders.Tx, e GroupErrand) error
	DropGroupErrand(tx reminders.Tx, e GroupErrand) error
	// GroupCopies lists the messages in the group of a unit that ask for something.
	GroupCopies(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID) ([]reminders.DeliveryKey, error)
	SaveGroupCopies(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID, keys []reminders.DeliveryKey) error
}

// Told lists the messages in the group of a unit that ask for something.
func (d *Desk) Told(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID) ([]reminders.DeliveryKey, error) {
	if d.GroupStore == nil {
		return nil, nil
	}
	return d.GroupStore.GroupCopies(tx, terms, unit)
}

// groupSettled notes what follows from the end of a message for a group.
func (d *Desk) groupSettled(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	if m.Act == reminders.ActEdit && m.Kind == kindCorrection && o.Result == reminders.Sent {
		m.Key = m.Original // which may ask anew from now on
		return d.groupTold(tx, m, o)
	}
	if m.Act != reminders.ActSend {
		return nil
	}
	switch o.Result {
	case reminders.Sent:
		return d.groupTold(tx, m, o)
	case reminders.Unreachable, reminders.Refused:
		for _, line := range m.Lines {
			if line.Ref == "" {
				continue
			}
			err := d.GroupStore.SaveGroupErrand(tx, GroupErrand{Key: m.Key, Unit: m.Group, Notice: line.Ref, At: tx.Now()})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// groupTold notes what a message asks that has arrived in a group.
func (d *Desk) groupTold(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	for _, ask := range m.Asks {
		terms := obligation.HandleOf(obligation.TermsID(ask.Terms))
		keys, err := d.GroupStore.GroupCopies(tx, terms, m.Group)
		if err != nil {
			return err
		}
		if !slices.Contains(keys, m.Key) {
			if err := d.GroupStore.SaveGroupCopies(tx, terms, m.Group, append(keys, m.Key)); err != nil {
				return err
			}
		}
		e := GroupErrand{Key: m.Key, Unit: m.Group, Terms: ask.Terms, At: tx.Now(), Hash: o.TextHash, Duplicate: m.Uncertain}
		if len(m.Lines) > 0 {
			e.Notice = m.Lines[0].Ref
		}
		if err := d.GroupStore.SaveGroupErrand(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// errandsLooked is how many errands one look takes in.
const errandsLooked = 50

// runErrand takes the first errand that need not wait one piece further.
func (d *Desk) runErrand(tx reminders.Tx) (more bool, err error) {
	if d.GroupStore == nil {
		return false, nil
	}
	errands, err := d.GroupStore.GroupErrands(tx, errandsLooked)
	if err != nil {
		return false, err
	}
	for _, e := range errands {
		n, found, err := d.Store.Notice(tx, e.Notice)
		if err != nil {
			return false, err
		}
		if found && n.State == Publishing {
			continue // not everyone has a line yet
		}
		if e.Terms != "" {
			return true, d.reach(tx, e)
		}
		return true, d.tellEach(tx, n, e)
	}
	return false, nil
}

// reach notes for those who were asked in a group that the message has arrived.
func (d *Desk) reach(tx reminders.Tx, e GroupErrand) error {
	t, line, err := d.Book.Standing(tx, reminders.Ask{Terms: e.Terms, Unit: e.Unit})
	if err != nil {
		return err
	}
	lines := []obligation.Obligation{line} // of the unit as a whole
	if line.Terms == "" {
		if lines, err = d.Book.InUnit(tx, t, e.Unit); err != nil {
			return err
		}
	}
	done := 0
	for _, line := range lines {
		if e.Cursor != "" && line.Owner.Person <= e.Cursor {
			continue
		}
		if done == takenBack {
			return d.GroupStore.SaveGroupErrand(tx, e)
		}
		if err := d.Book.Reached(tx, line.Terms, line.Owner, e.At, e.Duplicate, e.Hash); err != nil {
			return err
		}
		e.Cursor = line.Owner.Person
		done++
	}
	return d.GroupStore.DropGroupErrand(tx, e)
}

// tellEach tells the people of a unit one by one what its group could not be told.
func (d *Desk) tellEach(tx reminders.Tx, n Notice, e GroupErrand) error {
	if n.State != Published || n.Ended != nil || !n.Until.IsZero() && !tx.Now().Before(n.Until) {
		return d.GroupStore.DropGroupErrand(tx, e)
	}
	if n.Expects == ExpectPerUnit {
		return d.tellUnit(tx, n, e)
	}
	members, err := d.Groups.Members(tx, e.Unit)
	if err != nil {
		return err
	}
	done := 0
	for _, p := range members {
		if p.ID <= e.Cursor || !n.Audience.Includes(p) {
			continue
		}
		if done == takenBack {
			if err := d.GroupStore.SaveGroupErrand(tx, e); err != nil {
				return err
			}
			return d.Store.SaveNotice(tx, n)
		}
		if err := d.tellOne(tx, &n, p); err != nil {
			return err
		}
		e.Cursor = p.ID
		done++
	}
	if err := d.GroupStore.DropGroupErrand(tx, e); err != nil {
		return err
	}
	return d.Store.SaveNotice(tx, n)
}

// tellOne sends a copy to one person of a group that was not told, unless they have
// answered by another way.
func (d *Desk) tellOne(tx reminders.Tx, n *Notice, p reminders.Person) error {
	var asks []reminders.Ask
	if n.Terms != nil && n.Expects.Obliges() {
		ask := reminders.Ask{Terms: string(n.Terms.ID), Person: p.ID, Unit: p.Unit}
		_, line, err := d.Book.Standing(tx, ask)
		if err != nil || line.State.Final() {
			return err
		}
		asks = []reminders.Ask{ask}
	}
	return d.send(tx, n, p.ID, d.capacity(*n, p), asks)
}

// tellUnit sends the copies of a notice that asks a unit as a whole.
func (d *Desk) tellUnit(tx reminders.Tx, n Notice, e GroupErrand) error {
	copies, err := d.copies(tx, n, e.Unit)
	if err != nil {
		return err
	}
	for _, c := range copies {
		if err := d.send(tx, &n, c.person, c.as, c.asks); err != nil {
			return err
		}
	}
	if err := d.GroupStore.DropGroupErrand(tx, e); err != nil {
		return err
	}
	return d.Store.SaveNotice(tx, n)
}
