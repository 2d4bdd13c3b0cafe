package notice

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Copies keeps what is known of the copies of a notice beside the copies themselves:
// rows for the few that went another way, so that progress is counted and no
// settlement has to write into a record that all of them share.
type Copies interface {
	// Halts are what is paused or being stopped, in one record.
	Halts(tx reminders.Tx) ([]Halt, error)
	SaveHalts(tx reminders.Tx, halts []Halt) error
	// Retreat is how far the taking back of a stopped notice has come.
	Retreat(tx reminders.Tx, id string) (Retreat, error)
	// SaveRetreat writes it; nil removes it.
	SaveRetreat(tx reminders.Tx, id string, r *Retreat) error

	// UnderNotice pages through what waits or is in flight under the key of a
	// notice, its chases too, in order of the keys.
	UnderNotice(tx reminders.Tx, id string, after reminders.DeliveryKey, limit int) ([]reminders.Delivery, error)
	// InFlight counts what is in flight of that.
	InFlight(tx reminders.Tx, id string) (int, error)

	// Joined gives the message into which a copy was merged, while that waits.
	Joined(tx reminders.Tx, copied reminders.DeliveryKey) (host reminders.DeliveryKey, found bool, err error)
	// SaveJoined notes it; an empty host forgets it.
	SaveJoined(tx reminders.Tx, copied, host reminders.DeliveryKey) error
	// JoinedOf lists the copies of a notice that are merged into others, at most limit.
	JoinedOf(tx reminders.Tx, id string, limit int) ([]reminders.DeliveryKey, error)
	// SaveFate notes what became of a message; see PublicationStore.
	SaveFate(tx reminders.Tx, notice string, f Fate) error
	// SaveUnsent notes that a copy of a notice will not arrive.
	SaveUnsent(tx reminders.Tx, id string, copied reminders.DeliveryKey, result reminders.Result) error
	// CountCopies counts without reading the copies, as things stood before the unit
	// of work; steps are the names of the steps whose messages are none.
	CountCopies(tx reminders.Tx, id string, steps []string) (CopyCount, error)

	Follows(tx reminders.Tx) ([]Follow, error)
	Follow(tx reminders.Tx, id string, person reminders.PersonID) (Follow, bool, error)
	SaveFollow(tx reminders.Tx, f Follow) error
	DropFollow(tx reminders.Tx, id string, person reminders.PersonID) error
}

// CopyCount counts the copies of a notice that were not sent, or not yet.
type CopyCount struct {
	Waiting     int // in messages of their own or merged into others, those in flight too
	Unreachable int
	Dropped     int // withdrawn, refused, expired
}

// Box is the outbox as far as copies are taken back from it.
type Box interface {
	Delivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error)
	SaveDelivery(tx reminders.Tx, d reminders.Delivery) error
	RemoveDelivery(tx reminders.Tx, key reminders.DeliveryKey) error
	Receipt(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Receipt, bool, error)
	SaveReceipt(tx reminders.Tx, r reminders.Receipt) error
	Diary(tx reminders.Tx, person reminders.PersonID) ([]reminders.Push, error)
	SaveDiary(tx reminders.Tx, person reminders.PersonID, pushes []reminders.Push) error
}

// under is what the keys of a notice's copies begin with.
func under(id string) string { return id + "/" }

// isCopy reports whether a message is a copy of the notice, and not a chase under the
// same key nor another message into which a copy was merged.
func isCopy(m reminders.Delivery, id string) bool {
	return strings.HasPrefix(string(m.Key), under(id)) && slices.ContainsFunc(m.Lines, says(id))
}

// ofNotice reports whether what is asked is asked by the notice, in whatever round.
func ofNotice(ask reminders.Ask, id string) bool {
	return ask.Terms == id || strings.HasPrefix(ask.Terms, id+"~")
}

// says selects the lines that say what the notice says.
func says(id string) func(line reminders.Message) bool {
	return func(line reminders.Message) bool { return line.Ref == id }
}

// copiesIn gives the keys of the copies of a notice that a message may carry: its own,
// and those that were merged into it.
func copiesIn(m reminders.Delivery, id string) []reminders.DeliveryKey {
	if m.Group != "" {
		return []reminders.DeliveryKey{GroupKey(id, m.Group)}
	}
	keys := []reminders.DeliveryKey{reminders.DeliveryKey(under(id) + string(m.Person))}
	for _, ask := range m.Asks {
		if ofNotice(ask, id) && ask.Person == "" {
			keys = append(keys, reminders.DeliveryKey(under(id)+string(ask.Unit)+"/"+string(m.Person)))
		}
	}
	return keys
}

// Settled is told how a message ended, in the unit of work that settles it, and notes
// which copies of notices did not arrive with it. What arrived leaves nothing to note.
func (d *Desk) Settled(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	if isProgress(m) {
		return d.shown(tx, m, o)
	}
	if d.press != nil {
		if err := d.press.settled(tx, m, o); err != nil {
			return err
		}
	}
	if m.Group != "" {
		if err := d.groupSettled(tx, m, o); err != nil {
			return err
		}
	}
	if m.Act != reminders.ActSend {
		return nil
	}
	for _, line := range m.Lines {
		if line.Ref == "" {
			continue
		}
		for _, key := range copiesIn(m, line.Ref) {
			if err := d.settled(tx, m, line.Ref, key, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// settled notes how one copy ended, if it was in the message.
func (d *Desk) settled(tx reminders.Tx, m reminders.Delivery, id string, key reminders.DeliveryKey, o reminders.Outcome) error {
	if key != m.Key {
		host, found, err := d.Copies.Joined(tx, key)
		if err != nil || !found || host != m.Key {
			return err
		}
		if err := d.Copies.SaveJoined(tx, key, ""); err != nil {
			return err
		}
	}
	if o.Result == reminders.Sent {
		return nil
	}
	return d.Copies.SaveUnsent(tx, id, key, o.Result)
}

// lookedAtOnce is how many copies one look takes in.
const lookedAtOnce = 20

// anyWaits reports whether a copy of the notice waits to be sent.
func (d *Desk) anyWaits(tx reminders.Tx, id string) (bool, error) {
	joined, err := d.Copies.JoinedOf(tx, id, 1)
	if err != nil || len(joined) > 0 {
		return len(joined) > 0, err
	}
	for after := reminders.DeliveryKey(""); ; {
		page, err := d.Copies.UnderNotice(tx, id, after, lookedAtOnce)
		if err != nil {
			return false, err
		}
		for _, m := range page {
			if after = m.Key; isCopy(m, id) {
				return true, nil
			}
		}
		if len(page) < lookedAtOnce {
			return false, nil
		}
	}
}

// steps are the names under which a notice's chases go out.
func steps(n Notice) []string {
	if n.Terms == nil {
		return nil
	}
	var names []string
	for _, step := range n.Terms.Ladder {
		names = append(names, step.Name+"/")
	}
	return append(names, askedStep)
}

// askedStep begins the name of a chase that somebody asked for.
const askedStep = "asked-"
