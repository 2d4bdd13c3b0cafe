package store

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

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
