package dispatch

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// Hold says what is kept back (静默): a store that was restored from a backup does
// not know what was sent since.
type Hold int

// The holds.
const (
	Free     Hold = iota // everything goes its way
	Muted                // nothing goes but what Lets allows, and no source is asked
	Skipping             // likewise, while what is due is settled without being sent
)

// Mute keeps the clockwork back until somebody has decided what becomes of all that
// has been due since the backup.
type Mute struct {
	// Hold gives what is kept back, and since when: a delivery made after that is no
	// leftover of the backup. Once it says Free, it is not asked again.
	Hold func(tx reminders.Tx) (Hold, time.Time, error)
	// Lets reports whether a delivery goes all the same: an answer to an admin.
	Lets func(tx reminders.Tx, d reminders.Delivery) (bool, error)
	// PassOver settle, in this order and one bounded piece at a time, what would
	// become due by itself.
	PassOver []func(ctx context.Context, now time.Time) (more bool, err error)
	// Lift ends the hold, in the unit of work in which nothing was left to skip.
	Lift func(tx reminders.Tx) error
}

// RestoredCode is the code of a delivery that was skipped after a restore.
const RestoredCode = "restored"

// withdrawnAtOnce is how many deliveries one unit of work settles unsent: up to six
// records each, of 128 that the smallest engine takes.
const withdrawnAtOnce = 20

// held gives what is kept back, from a state that stays what it is once it is free.
func (c *Clockwork) held(tx reminders.Tx) (Hold, time.Time, error) {
	if c.Mute == nil || c.free.Load() {
		return Free, time.Time{}, nil
	}
	hold, since, err := c.Mute.Hold(tx)
	if err == nil && hold == Free {
		c.free.Store(true)
	}
	return hold, since, err
}

// Holding reports whether something is kept back.
func (c *Clockwork) Holding(tx reminders.Tx) (bool, error) {
	hold, _, err := c.held(tx)
	return hold != Free, err
}

// keptBack does what a hold asks for in a round of the sources and reports whether
// there is one, and whether to go on at once.
func (c *Clockwork) keptBack(ctx context.Context, now time.Time) (held, more bool) {
	if c.Mute == nil || c.free.Load() {
		return false, false
	}
	var hold Hold
	var since time.Time
	err := c.Units.View(ctx, func(tx reminders.Tx) (err error) {
		hold, since, err = c.held(tx)
		return err
	})
	if err == nil && hold == Skipping {
		if more, err = c.skip(ctx, now, since); err == nil && !more {
			return false, false // the hold has ended
		}
	}
	if err != nil {
		c.report(ctx, "mute", err)
		return true, false
	}
	return hold != Free, more
}

// skip settles one piece of what is due without sending it, and lifts the hold when
// nothing is left.
func (c *Clockwork) skip(ctx context.Context, now, since time.Time) (more bool, err error) {
	defer func() {
		if more {
			crashpoint.Pass(crashpoint.Skip)
		}
	}()
	for _, pass := range c.Mute.PassOver {
		if more, err := pass(ctx, now); more || err != nil {
			return more, err
		}
	}
	err = c.Units.Do(ctx, func(tx reminders.Tx) error {
		old, err := c.leftover(tx, now, since)
		if err != nil {
			return err
		}
		if more = len(old) > 0; !more {
			return c.Mute.Lift(tx)
		}
		for _, d := range old {
			outcome := reminders.Outcome{Result: reminders.Withdrawn, Reason: RestoredCode}
			if err := c.end(tx, d, outcome); err != nil {
				return err
			}
		}
		return nil
	})
	return more, err
}

// leftover lists some of what waits, is due at now, and was made before since.
func (c *Clockwork) leftover(tx reminders.Tx, now, since time.Time) (old []reminders.Delivery, err error) {
	for _, lane := range lanes {
		for window := withdrawnAtOnce; ; window *= 8 {
			due, err := c.Store.DueDeliveries(tx, lane, now, window)
			if err != nil {
				return nil, err
			}
			old = old[:0]
			for _, d := range due {
				if d.CreatedAt.Before(since) && len(old) < withdrawnAtOnce {
					old = append(old, d)
				}
			}
			if len(old) > 0 {
				return old, nil
			}
			if len(due) < window {
				break // what is left was made since
			}
		}
	}
	return nil, nil
}

// allowed gives those of a page that go in spite of the hold.
func (c *Clockwork) allowed(tx reminders.Tx, page []reminders.Queued) ([]reminders.Queued, error) {
	var some []reminders.Queued
	for _, q := range page {
		d, found, err := c.Store.Delivery(tx, q.Key)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		lets, err := c.Mute.Lets(tx, d)
		if err != nil {
			return nil, err
		}
		if lets {
			some = append(some, q)
		}
	}
	return some, nil
}

// Discard is an outbox that sends nothing: what is put into it is settled at once, as
// withdrawn because of a restore.
type Discard struct {
	Store   Store
	Witness Witness
}

// Enqueue settles d unless its key was dealt with before.
func (o Discard) Enqueue(tx reminders.Tx, d reminders.Delivery) error {
	if known, err := (&Post{store: o.Store}).known(tx, d.Key); err != nil || known {
		return err
	}
	outcome := reminders.Outcome{Result: reminders.Withdrawn, Reason: RestoredCode}
	if err := o.Store.SaveReceipt(tx, receipt(d, outcome, tx.Now())); err != nil {
		return err
	}
	return o.Witness.Settled(tx, d, outcome)
}
