package dispatch

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Source does work that becomes due by itself: publishing, chasing, auditing.
type Source interface {
	// Advance does one bounded piece of what is due at now. more says that
	// something is left to do now; next is when it wants to be asked again,
	// zero if it has no wish.
	Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error)
}

// Sender carries one delivery to the chat service. It never returns an error:
// every end of an attempt is an Outcome.
type Sender interface {
	Send(ctx context.Context, d reminders.Delivery) reminders.Outcome
}

// Witness is told how a delivery ended, in the unit of work that settles it.
type Witness interface {
	Settled(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error
}

// Store keeps the outbox, the receipts and the diaries of pushes.
type Store interface {
	// Delivery gives a delivery that waits in the outbox or is in flight.
	Delivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error)
	// SaveDelivery writes a delivery and moves it to its place in the outbox;
	// one with ClaimedAt set is in flight and not due.
	SaveDelivery(tx reminders.Tx, d reminders.Delivery) error
	RemoveDelivery(tx reminders.Tx, key reminders.DeliveryKey) error
	// DueDeliveries lists what waits in a lane and is due at now, earliest first.
	DueDeliveries(tx reminders.Tx, lane reminders.Lane, now time.Time, limit int) ([]reminders.Delivery, error)
	// Queue lists the same without reading the messages, but for copies of the
	// notices in without.
	Queue(tx reminders.Tx, lane reminders.Lane, now time.Time, limit int, without ...string) ([]reminders.Queued, error)
	// NextDue gives the instant of the first that is not due yet; zero if none waits.
	NextDue(tx reminders.Tx, lane reminders.Lane, now time.Time) (time.Time, error)

	// ClaimDelivery marks what waits under key as in flight and gives it. It reports
	// false for what does not wait any more.
	ClaimDelivery(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Delivery, bool, error)
	// RemoveClaimed takes out what the caller has claimed.
	RemoveClaimed(tx reminders.Tx, d reminders.Delivery) error
	// Claimed lists what is in flight.
	Claimed(tx reminders.Tx) ([]reminders.Delivery, error)

	Receipt(tx reminders.Tx, key reminders.DeliveryKey) (reminders.Receipt, bool, error)
	SaveReceipt(tx reminders.Tx, r reminders.Receipt) error

	Diary(tx reminders.Tx, person reminders.PersonID) ([]reminders.Push, error)
	SaveDiary(tx reminders.Tx, person reminders.PersonID, pushes []reminders.Push) error

	// PausedUntil is when the chat service accepts messages again, on the wall
	// clock; it survives a restart.
	PausedUntil(tx reminders.Tx) (time.Time, error)
	SavePausedUntil(tx reminders.Tx, at time.Time) error
}

// Placer says when a push may go, and why then: quiet hours and the push budget.
type Placer interface {
	// Place gives the instant for d among what the person's diary holds.
	Place(d reminders.Delivery, diary []reminders.Push, now time.Time) (at time.Time, reason string)
}
