package store

import (
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Keys of the outbox:
//
//	delivery/KEY               what waits or is in flight
//	due/LANE/INSTANT/KEY       what waits, in the order in which it is sent
//	claimed/KEY                what is in flight, and since when
//	receipt/KEY                what became of it
//	diary/PERSON               the pushes that a person got or will get
//	pause                      until when the chat service asked us to wait
//
// Whether a delivery is in flight stands in its row and not in its record, so
// that a claim writes a few bytes and not the message once more.

// Outbox gives the records of deliveries, receipts and diaries.
func (s *Store) Outbox() *OutboxRecords { return &OutboxRecords{} }

// OutboxRecords are deliveries, receipts and diaries of pushes.
type OutboxRecords struct{}

// claim is the row of a delivery in flight.
type claim struct {
	Key reminders.DeliveryKey `json:"k"`
	At  time.Time             `json:"at"`
}

// Delivery gives what waits or is in flight under key.
func (*OutboxRecords) Delivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error) {
	d, found, err := load[reminders.Delivery](tx, "delivery/"+string(key))
	if err != nil || !found {
		return d, false, err
	}
	row, claimed, err := load[claim](tx, claimedKey(key))
	if claimed {
		d.ClaimedAt = row.At
	}
	return d, true, err
}

// SaveDelivery writes a delivery and moves it to its place.
func (r *OutboxRecords) SaveDelivery(tx reminders.Tx, d reminders.Delivery) error {
	before, found, err := r.Delivery(tx, d.Key)
	if err != nil {
		return err
	}
	if was := outboxPlace(before); found && was != outboxPlace(d) {
		if err := drop(tx, was); err != nil {
			return err
		}
	}
	if !d.ClaimedAt.IsZero() {
		err = save(tx, claimedKey(d.Key), claim{d.Key, d.ClaimedAt})
	} else {
		err = save(tx, outboxPlace(d), queuedOf(d))
	}
	if err != nil {
		return err
	}
	d.ClaimedAt = time.Time{}
	return save(tx, "delivery/"+string(d.Key), d)
}

// ClaimDelivery marks what waits under key as in flight since the instant of tx and
// gives it. It reports false for what does not wait there any more.
func (r *OutboxRecords) ClaimDelivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error) {
	d, found, err := r.Delivery(tx, key)
	if err != nil || !found || !d.ClaimedAt.IsZero() {
		return d, false, err
	}
	if err := drop(tx, outboxPlace(d)); err != nil {
		return d, false, err
	}
	d.ClaimedAt = tx.Now()
	return d, true, save(tx, claimedKey(key), claim{key, d.ClaimedAt})
}

// outboxPlace is the key under which a delivery waits or is in flight.
func outboxPlace(d reminders.Delivery) string {
	if !d.ClaimedAt.IsZero() {
		return claimedKey(d.Key)
	}
	return lanePrefix(d.Lane) + instant(d.NotBefore) + "/" + string(d.Key)
}

func claimedKey(key reminders.DeliveryKey) string { return "claimed/" + string(key) }

func lanePrefix(lane reminders.Lane) string { return "due/" + strconv.Itoa(int(lane)) + "/" }

// RemoveDelivery takes a delivery out of the outbox.
func (r *OutboxRecords) RemoveDelivery(tx reminders.Tx, key reminders.DeliveryKey) error {
	d, found, err := r.Delivery(tx, key)
	if err != nil || !found {
		return err
	}
	return r.drop(tx, d)
}

// RemoveClaimed takes d, which the caller has claimed, out of the outbox without
// reading it again: nobody else changes what is in flight.
func (r *OutboxRecords) RemoveClaimed(tx reminders.Tx, d reminders.Delivery) error {
	return r.drop(tx, d)
}

func (*OutboxRecords) drop(tx reminders.Tx, d reminders.Delivery) error {
	if err := drop(tx, outboxPlace(d)); err != nil {
		return err
	}
	return drop(tx, "delivery/"+string(d.Key))
}

// queuedOf is what the row of a delivery says about it.
func queuedOf(d reminders.Delivery) reminders.Queued {
	w := reminders.Queued{Key: d.Key, Person: d.Person, Group: d.Group, Chat: d.Chat}
	if !d.Makes() {
		w.Act = d.Act
		if d.Person == "" && d.Group == "" && d.Chat == 0 {
			w.Original = d.Original
		}
	} else if n := d.Next(); n > 1 {
		w.Count = n
	}
	return w
}

// Queue lists what waits in a lane and is due at now, earliest first and at most
// limit of it, but for copies of the notices in without. It reads rows only: the
// messages themselves are read by whoever claims them.
func (*OutboxRecords) Queue(tx reminders.Tx, lane reminders.Lane, now time.Time, limit int, without ...string) ([]reminders.Queued, error) {
	u, err := unitOf(tx)
	if err != nil {
		return nil, err
	}
	from, to := upTo(lanePrefix(lane), now)
	var found []reminders.Queued
	for len(found) < limit {
		page, err := u.List(from, to, limit-len(found))
		if err != nil || len(page) == 0 {
			return found, err
		}
		for _, record := range page {
			var w reminders.Queued
			if err := Decode(record.Value, &w); err != nil {
				return nil, reminders.Wrap("store.queue", err)
			}
			from = After(record.Key)
			if notice := copyOf(w.Key, without); notice != "" {
				_, from = Prefix(strings.TrimSuffix(record.Key, string(w.Key)) + notice + "/")
				break
			}
			found = append(found, w)
		}
	}
	return found, nil
}

// copyOf gives the notice, among some, of which the delivery is a copy; empty if it
// is of none.
func copyOf(key reminders.DeliveryKey, notices []string) string {
	for _, id := range notices {
		if strings.HasPrefix(string(key), id+"/") {
			return id
		}
	}
	return ""
}

// NextDue gives the instant of the first delivery of a lane that is not due at now;
// zero if there is none.
func (*OutboxRecords) NextDue(tx reminders.Tx, lane reminders.Lane, now time.Time) (time.Time, error) {
	_, to := upTo(lanePrefix(lane), now)
	return firstInstant(tx, lanePrefix(lane), to)
}

// DueDeliveries lists the messages that wait in a lane and are due at now, earliest
// first; limit <= 0 means all.
func (r *OutboxRecords) DueDeliveries(tx reminders.Tx, lane reminders.Lane, now time.Time, limit int) ([]reminders.Delivery, error) {
	from, to := upTo(lanePrefix(lane), now)
	rows, err := list[reminders.Queued](tx, from, to, limit)
	if err != nil {
		return nil, err
	}
	return named(tx, rows, func(tx reminders.Tx, row reminders.Queued) (reminders.Delivery, bool, error) {
		return r.Delivery(tx, row.Key)
	})
}

// Claimed lists what is in flight.
func (r *OutboxRecords) Claimed(tx reminders.Tx) ([]reminders.Delivery, error) {
	rows, err := listPrefix[claim](tx, "claimed/")
	if err != nil {
		return nil, err
	}
	return named(tx, rows, func(tx reminders.Tx, row claim) (reminders.Delivery, bool, error) { return r.Delivery(tx, row.Key) })
}
