package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Keys of the intake:
//
//	inbox/ID           a raw update that waits to be handled
//	seen/ID            when an update was accepted, for 48 hours
//	seen-at/INSTANT/ID the same by time, for forgetting
//	offset             where the next poll begins
//	quarantine/NUMBER  what could not be read or handled

// seenFor is how long an update is remembered: the chat service keeps updates for
// 24 hours and may start numbering lower after a quiet week.
const seenFor = 48 * time.Hour

// Update is a raw update that waits to be handled.
type Update struct {
	ID   int64            `json:"id"`
	Chat reminders.ChatID `json:"chat,omitempty"`
	JSON json.RawMessage  `json:"json"`
}

// Quarantined is something that could not be handled. The raw text is kept for
// the operator; the guard has been over it.
type Quarantined struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Raw    string    `json:"raw"`
}

func inboxKey(id int64) string { return "inbox/" + Digits(uint64(max(0, id))) }
func seenKey(id int64) string  { return "seen/" + Digits(uint64(max(0, id))) }

// Accept writes updates down, those seen before excepted, and then the offset of
// the next poll; a next of zero leaves the offset alone. More updates than fit into
// one unit of work take several: the offset comes with the last of them, and what
// is accepted twice counts once.
func (s *Store) Accept(ctx context.Context, updates []Update, next int64) error {
	for size := max(1, (s.MaxUnit()-1)/recordsOfUpdate); len(updates) > size; updates = updates[size:] {
		if err := s.accept(ctx, updates[:size], 0); err != nil {
			return err
		}
	}
	return s.accept(ctx, updates, next)
}

// recordsOfUpdate is how many records the acceptance of one update writes.
const recordsOfUpdate = 3

// accept is one unit of work of Accept.
func (s *Store) accept(ctx context.Context, updates []Update, next int64) error {
	return s.Do(ctx, func(tx reminders.Tx) error {
		for _, update := range updates {
			if err := acceptOne(tx, update); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		return save(tx, "offset", next)
	})
}

// acceptOne writes one update down unless it was seen before.
func acceptOne(tx reminders.Tx, update Update) error {
	if _, seen, err := load[time.Time](tx, seenKey(update.ID)); err != nil || seen {
		return err
	}
	if err := save(tx, seenKey(update.ID), tx.Now()); err != nil {
		return err
	}
	if err := save(tx, "seen-at/"+instant(tx.Now())+"/"+Digits(uint64(max(0, update.ID))), update.ID); err != nil {
		return err
	}
	return save(tx, inboxKey(update.ID), update)
}

// Offset is where the next poll begins.
func (s *Store) Offset(ctx context.Context) (offset int64, err error) {
	err = s.View(ctx, func(tx reminders.Tx) error {
		offset, _, err = load[int64](tx, "offset")
		return err
	})
	return offset, err
}

// Inbox lists what waits to be handled, oldest first.
func (s *Store) Inbox(tx reminders.Tx, limit int) ([]Update, error) {
	from, to := Prefix("inbox/")
	return list[Update](tx, from, to, limit)
}

// Take removes an update from the inbox, in the unit of work of its effect. It
// reports false if it was handled before.
func (s *Store) Take(tx reminders.Tx, id int64) (bool, error) {
	_, found, err := load[Update](tx, inboxKey(id))
	if err != nil || !found {
		return false, err
	}
	return true, drop(tx, inboxKey(id))
}

// Quarantine keeps what could not be handled.
func (s *Store) Quarantine(tx reminders.Tx, raw, reason string) error {
	u, err := unitOf(tx)
	if err != nil {
		return err
	}
	n, err := u.Number("quarantine")
	if err != nil {
		return err
	}
	return Save(u, "quarantine/"+Digits(n), Quarantined{At: tx.Now(), Reason: reason, Raw: raw})
}

// ForgetSeen drops up to limit updates that were seen more than 48 hours ago.
func (s *Store) ForgetSeen(tx reminders.Tx, limit int) (int, error) {
	u, err := unitOf(tx)
	if err != nil {
		return 0, err
	}
	from, to := upTo("seen-at/", tx.Now().Add(-seenFor))
	old, err := u.List(from, to, limit)
	if err != nil {
		return 0, err
	}
	for _, record := range old {
		var id int64
		if err := Decode(record.Value, &id); err != nil {
			return 0, err
		}
		u.Delete(record.Key)
		u.Delete(seenKey(id))
	}
	return len(old), nil
}
