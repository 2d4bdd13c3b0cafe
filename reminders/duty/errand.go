package duty

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// Errand is something the desk itself does at an instant: a row of its agenda. The
// name says what it is about; there is one of each name at a time.
type Errand struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`

	// One of these says what is to be done.
	Carry *Carry `json:"carry,omitempty"`
	First *First `json:"first,omitempty"`
}

// Advance does the next thing that is due: open what units owe a roster, carry a filed
// roster out one chunk further, or tell somebody of their first shift. It is a source
// of the clockwork.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	if more, next, err = d.advanceRosters(ctx, now); err != nil || more {
		return next, more, err
	}
	err = d.Units.Do(ctx, func(tx reminders.Tx) error {
		due, at, err := d.Store.DueErrands(tx, now, 1)
		if more = len(due) > 0; err != nil || !more {
			next = earlier(next, at)
			return err
		}
		return d.run(tx, due[0])
	})
	if err == nil && more {
		crashpoint.Pass(crashpoint.Step)
	}
	return next, more, err
}

// run does one errand, or one chunk of it.
func (d *Desk) run(tx reminders.Tx, e Errand) error {
	switch {
	case e.Carry != nil:
		return d.carry(tx, e)
	case e.First != nil:
		return d.tellFirst(tx, e)
	}
	return d.Store.DropErrand(tx, e.Name)
}

// PassOver does what is due as Advance does, but what it would say goes to quiet instead
// of the outbox: after a restore, when people have heard of it already. more says that
// something is left.
func (d *Desk) PassOver(ctx context.Context, now time.Time, quiet Outbox) (more bool, err error) {
	options := d.Options
	options.Outbox = quiet
	_, more, err = NewDesk(options).Advance(ctx, now)
	return more, err
}

// earlier gives the earlier of two instants, where zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
