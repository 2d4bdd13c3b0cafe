package store

import (
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Keys of the outbox:
//
//	delivery/KEY               what waits or is in flight
//	due/LANE/INSTANT/KEY       what waits, in the order in which it is sent
//	claimed/KEY                what is in flight
//	receipt/KEY                what became of it
//	diary/PERSON               the pushes that a person got or will get
//	pause                      until when the chat service asked us to wait

// Outbox gives the records of deliveries, receipts and diaries.
func (s *Store) Outbox() *OutboxRecords { return &OutboxRecords{} }

// OutboxRecords are deliveries, receipts and diaries of pushes.
type OutboxRecords struct{}

// Delivery gives what waits or is in flight under key.
func (*OutboxRecords) Delivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error) {
	return load[reminders.Delivery](tx, "delivery/"+string(key))
}

// SaveDelivery writes a delivery and moves it to its place.
func (r *OutboxRecords) SaveDelivery(tx reminders.Tx, d reminders.Delivery) error {
	before, found, err := r.Delivery(tx, d.Key)
	if err != nil {
		return err
	}
	is := outboxPlace(d)
	if was := outboxPlace(before); found && was != is {
		if err := drop(tx, was); err != nil {
			return err
		}
	}
	if !found || outboxPlace(before) != is {
		if err := save(tx, is, d.Key); err != nil {
			return err
		}
	}
	return save(tx, "delivery/"+string(d.Key), d)
}

// outboxPlace is the key under which a delivery waits or is in flight.
func outboxPlace(d reminders.Delivery) string {
	if !d.ClaimedAt.IsZero() {
		return "claimed/" + string(d.Key)
	}
	return lanePrefix(d.Lane) + instant(d.NotBefore) + "/" + string(d.Key)
}

func lanePrefix(lane reminders.Lane) string { return "due/" + strconv.Itoa(int(lane)) + "/" }

// RemoveDelivery takes a delivery out of the outbox.
func (r *OutboxRecords) RemoveDelivery(tx reminders.Tx, key reminders.DeliveryKey) error {
	d, found, err := r.Delivery(tx, key)
	if err != nil || !found {
		return err
	}
	if err := drop(tx, outboxPlace(d)); err != nil {
		return err
	}
	return drop(tx, "delivery/"+string(key))
}

// DueDeliveries lists what waits in a lane and is due at now, earliest first,
// and the instant of the first that is not due yet.
func (r *OutboxRecords) DueDeliveries(tx reminders.Tx, lane reminders.Lane, now time.Time, limit int) ([]reminders.Delivery, time.Time, error) {
	from, to := upTo(lanePrefix(lane), now)
	next, err := firstInstant(tx, lanePrefix(lane), to)
	if err != nil || limit == 0 {
		return nil, next, err
	}
	keys, err := list[reminders.DeliveryKey](tx, from, to, limit)
	if err != nil {
		return nil, next, err
	}
	due, err := r.all(tx, keys)
	return due, next, err
}

// Claimed lists what is in flight.
func (r *OutboxRecords) Claimed(tx reminders.Tx) ([]reminders.Delivery, error) {
	keys, err := listPrefix[reminders.DeliveryKey](tx, "claimed/")
	if err != nil {
		return nil, err
	}
	return r.all(tx, keys)
}

func (r *OutboxRecords) all(tx reminders.Tx, keys []reminders.DeliveryKey) ([]reminders.Delivery, error) {
	found := make([]reminders.Delivery, 0, len(keys))
	for _, key := range keys {
		d, ok, err := r.Delivery(tx, key)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, d)
		}
	}
	return found, nil
}

// Receipt gives what became of a delivery.
func (*OutboxRecords) Receipt(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Receipt, bool, error) {
	return load[reminders.Receipt](tx, "receipt/"+string(key))
}

// SaveReceipt writes what became of a delivery.
func (*OutboxRecords) SaveReceipt(tx reminders.Tx, r reminders.Receipt) error {
	return save(tx, "receipt/"+string(r.Key), r)
}

// ReceiptsAfter pages through the receipts in order of their keys.
func (*OutboxRecords) ReceiptsAfter(tx reminders.Tx, after reminders.DeliveryKey, limit int) ([]reminders.Receipt, error) {
	_, end := Prefix("receipt/")
	return list[reminders.Receipt](tx, After("receipt/"+string(after)), end, limit)
}

// Diary gives the pushes of a person.
func (*OutboxRecords) Diary(tx reminders.Tx, person reminders.PersonID) ([]reminders.Push, error) {
	diary, _, err := load[[]reminders.Push](tx, "diary/"+string(person))
	return diary, err
}

// SaveDiary writes the pushes of a person.
func (*OutboxRecords) SaveDiary(tx reminders.Tx, person reminders.PersonID, pushes []reminders.Push) error {
	return save(tx, "diary/"+string(person), pushes)
}

// PausedUntil is when the chat service accepts messages again.
func (*OutboxRecords) PausedUntil(tx reminders.Tx) (time.Time, error) {
	at, _, err := load[time.Time](tx, "pause")
	return at, err
}

// SavePausedUntil remembers when the chat service accepts messages again.
func (*OutboxRecords) SavePausedUntil(tx reminders.Tx, at time.Time) error {
	return save(tx, "pause", at)
}
