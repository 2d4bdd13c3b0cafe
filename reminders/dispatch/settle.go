package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// settling is how many goroutines settle: while the group of one is being written,
// another makes the next ready.
const settling = 2

// firstRetry and lastRetry bound the back-off of a delivery that was not sent.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// settleAll settles in groups what the workers hand on, until ended is closed.
func (c *Clockwork) settleAll(ctx context.Context, ended <-chan attempt) {
	for a := range ended {
		group := c.gather(a, ended)
		if len(group) == 1 || !c.settleGroup(ctx, group) {
			for _, one := range group {
				c.record(ctx, one.Delivery, one.Outcome)
			}
		}
		keys := make([]reminders.DeliveryKey, len(group))
		for i, one := range group {
			keys[i] = one.Key
		}
		c.land(keys...)
		c.nudge()
	}
}

// gather adds to a what waits to be settled as well, as far as one unit of work can
// take it. It does not wait for more.
func (c *Clockwork) gather(a attempt, ended <-chan attempt) []attempt {
	group := append(make([]attempt, 0, 1+len(ended)), a)
	for room := c.MaxUnit - weight(a); room >= weight(attempt{}); {
		select {
		case next, open := <-ended:
			if !open {
				return group
			}
			group = append(group, next)
			room -= weight(next)
		default:
			return group
		}
	}
	return group
}

// weight is how many changes a settlement brings at most: receipt, ledger, row,
// record, diary, the count of what did not arrive, the register's mark of an
// unreachable person with its rows; and for each thing that is asked its line with its rows.
func weight(a attempt) int { return 9 + 3*len(a.Asks) }

// settleGroup settles, in one unit of work, a group of attempts that all ended for
// good. It reports false if it did not: each is then settled by itself.
func (c *Clockwork) settleGroup(ctx context.Context, group []attempt) bool {
	total := 0
	for _, a := range group {
		if total += weight(a); repeats(a.Outcome) || total > c.MaxUnit {
			return false
		}
	}
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	err := c.Units.Do(settling, func(tx reminders.Tx) error {
		for _, a := range group {
			if err := c.end(tx, a.Delivery, a.Outcome); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		crashpoint.Pass(crashpoint.Settled)
	}
	return err == nil
}

// repeats reports whether an attempt will be followed by another.
func repeats(o reminders.Outcome) bool {
	switch o.Result {
	case reminders.NotSent, reminders.Unknown, reminders.Wait, reminders.Moved, reminders.Partly:
		return true
	}
	return false
}

// settleTries is how often a settlement is tried while the service runs: with a
// growing wait in between, for a good two minutes.
const settleTries = 8

// record settles an attempt. What was sent and could not be recorded would be sent
// again, so a settlement that fails is tried again; the last resort is the next
// start, which finds the claim and marks a possible duplicate.
func (c *Clockwork) record(ctx context.Context, d reminders.Delivery, o reminders.Outcome) {
	for try := range settleTries {
		settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
		err := c.settle(settling, d, o)
		cancel()
		if err == nil {
			crashpoint.Pass(crashpoint.Settled)
			return
		}
		c.Log.ErrorContext(ctx, "a settlement failed", "kind", d.Kind, "error", err)
		if c.Wall.WaitUntil(ctx, c.Wall.Now().Add(backoff(try))) != nil {
			return
		}
	}
}

// settle records how an attempt ended: for good, or to be tried again.
func (c *Clockwork) settle(ctx context.Context, d reminders.Delivery, o reminders.Outcome) error {
	if repeats(o) {
		return c.again(ctx, d, o)
	}
	return c.Units.Do(ctx, func(tx reminders.Tx) error { return c.end(tx, d, o) })
}

// end takes a delivery out of the outbox for good.
func (c *Clockwork) end(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	if d.Act == reminders.ActSend {
		if err := c.Store.SaveReceipt(tx, receipt(d, o, tx.Now())); err != nil {
			return err
		}
		if err := c.enter(tx, d, o); err != nil {
			return err
		}
	}
	if err := c.Witness.Settled(tx, d, o); err != nil { // who still sees the receipt of the original as it was
		return err
	}
	if err := c.keepTrue(tx, d, o); err != nil {
		return err
	}
	if err := c.remove(tx, d); err != nil {
		return err
	}
	crashpoint.Pass(crashpoint.Settle)
	return nil
}

// remove takes a delivery out of the outbox.
func (c *Clockwork) remove(tx reminders.Tx, d reminders.Delivery) error {
	if d.ClaimedAt.IsZero() {
		return c.Store.RemoveDelivery(tx, d.Key)
	}
	return c.Store.RemoveClaimed(tx, d)
}

// receipt is what remains of a settled delivery.
func receipt(d reminders.Delivery, o reminders.Outcome, now time.Time) reminders.Receipt {
	duplicate := d.Uncertain && o.Result == reminders.Sent
	d.ClaimedAt = time.Time{}
	r := reminders.Receipt{
		Delivery: d, Chat: d.Chat, Result: o.Result, Code: o.Reason, TextHash: o.TextHash, Duplicate: duplicate,
	}
	if o.Chat != 0 {
		r.Chat = o.Chat
	}
	if o.Files != nil {
		r.Files = o.Files
	}
	if o.Result == reminders.Sent {
		r.SentAt, r.MessageID, r.Parts = now, o.MessageID, o.Parts
	}
	return r
}

// enter closes the line in the person's diary of pushes: nothing joins a message
// that has gone, and what never went does not count.
func (c *Clockwork) enter(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	if !placed(d) {
		return nil
	}
	diary, err := c.Store.Diary(tx, d.Diary())
	if err != nil {
		return err
	}
	at := slices.IndexFunc(diary, func(p reminders.Push) bool { return p.Key == d.Key })
	switch {
	case at < 0:
		return nil
	case o.Result == reminders.Sent:
		diary[at].Sent = true
		if d.Group != "" {
			diary[at].At = tx.Now() // a group has one push a day, also if this one was held up
		}
	default: // it disturbed nobody
		diary = slices.Delete(diary, at, at+1)
	}
	return c.Store.SaveDiary(tx, d.Diary(), diary)
}

// again puts an attempt that did not end back into the outbox.
func (c *Clockwork) again(ctx context.Context, d reminders.Delivery, o reminders.Outcome) error {
	moved := o.Result == reminders.Moved && o.MovedTo != 0 && o.MovedTo != d.Chat
	switch {
	case o.Result == reminders.Partly: // the rest follows as soon as the chat takes it
	case o.Result == reminders.Wait:
		if err := c.pause(ctx, o.RetryAfter); err != nil {
			return err
		}
	case !moved:
		c.holdBack(d.Key, backoff(d.Attempts))
	}
	return c.Units.Do(ctx, func(tx reminders.Tx) error {
		kept, found, err := c.Store.Delivery(tx, d.Key)
		if err != nil || !found {
			return err
		}
		kept.ClaimedAt = time.Time{}
		kept.Attempts++
		if err := c.proceed(tx, &kept, o); err != nil {
			return err
		}
		if err := c.keepTrue(tx, kept, o); err != nil {
			return err
		}
		kept.Uncertain = kept.Uncertain || (o.Result == reminders.Unknown && d.Makes())
		if moved {
			kept.Chat = o.MovedTo
		}
		return c.Store.SaveDelivery(tx, kept)
	})
}

// pause obeys the chat service's wish for the whole bot, also after a restart.
func (c *Clockwork) pause(ctx context.Context, wait time.Duration) error {
	until := c.Wall.Now().Add(wait)
	c.pace.pauseUntil(until)
	c.Log.WarnContext(ctx, "the chat service asks to wait", "seconds", wait.Seconds())
	return c.Units.Do(ctx, func(tx reminders.Tx) error {
		if known, err := c.Store.PausedUntil(tx); err != nil || !until.After(known) {
			return err
		}
		return c.Store.SavePausedUntil(tx, until)
	})
}

// holdBack keeps a delivery from being picked for a while.
func (c *Clockwork) holdBack(key reminders.DeliveryKey, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold[key] = c.Wall.Now().Add(wait)
}

// backoff doubles from firstRetry to lastRetry.
func backoff(attempts int) time.Duration {
	wait := firstRetry
	for range attempts {
		if wait *= 2; wait >= lastRetry {
			return lastRetry
		}
	}
	return wait
}
