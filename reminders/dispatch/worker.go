package dispatch

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// settleTime bounds how long a settlement may take after the service was told to
// stop: what was sent must be recorded.
const settleTime = 8 * time.Second

// firstRetry and lastRetry bound the back-off of a delivery that was not sent.
const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// carry sends one claimed delivery and settles it.
func (c *Clockwork) carry(ctx context.Context, d reminders.Delivery) {
	outcome := reminders.Outcome{Result: reminders.Expired, Reason: "too-late"}
	if d.Until.IsZero() || c.Clock.Now().Before(d.Until) {
		sending, stop := outlast(ctx, settleTime)
		crashpoint.Pass(crashpoint.Send)
		outcome = c.Sender.Send(sending, d)
		crashpoint.Pass(crashpoint.Sent)
		stop()
	}
	c.record(ctx, d, outcome)
	c.mu.Lock()
	delete(c.inFlight, d.Key)
	c.mu.Unlock()
	c.nudge()
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

// outlast gives a context that goes on for a while after ctx has ended, so that
// what is in flight at a stop can arrive.
func outlast(ctx context.Context, while time.Duration) (context.Context, func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return longer, func() { stop(); cancel() }
}

// settle records how an attempt ended: for good, or to be tried again.
func (c *Clockwork) settle(ctx context.Context, d reminders.Delivery, o reminders.Outcome) error {
	switch o.Result {
	case reminders.NotSent, reminders.Unknown, reminders.Wait, reminders.Moved:
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
	if err := c.Witness.Settled(tx, d, o); err != nil {
		return err
	}
	if err := c.Store.RemoveDelivery(tx, d.Key); err != nil {
		return err
	}
	crashpoint.Pass(crashpoint.Settle)
	return nil
}

// receipt is what remains of a settled delivery.
func receipt(d reminders.Delivery, o reminders.Outcome, now time.Time) reminders.Receipt {
	duplicate := d.Uncertain && o.Result == reminders.Sent
	r := reminders.Receipt{
		Delivery: d, Chat: d.Chat, Result: o.Result, Code: o.Reason, TextHash: o.TextHash, Duplicate: duplicate,
	}
	if o.Chat != 0 {
		r.Chat = o.Chat
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
	diary, err := c.Store.Diary(tx, d.Person)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(diary, func(p reminders.Push) bool { return p.Key == d.Key })
	switch {
	case at < 0:
		return nil
	case o.Result == reminders.Sent:
		diary[at].Sent = true
	default: // it disturbed nobody
		diary = slices.Delete(diary, at, at+1)
	}
	return c.Store.SaveDiary(tx, d.Person, diary)
}

// again puts an attempt that did not end back into the outbox.
func (c *Clockwork) again(ctx context.Context, d reminders.Delivery, o reminders.Outcome) error {
	moved := o.Result == reminders.Moved && o.MovedTo != 0 && o.MovedTo != d.Chat
	switch {
	case o.Result == reminders.Wait:
		if err := c.pause(ctx, o.RetryAfter); err != nil {
			return err
		}
	case !moved:
		c.holdBack(d, backoff(d.Attempts))
	}
	return c.Units.Do(ctx, func(tx reminders.Tx) error {
		kept, found, err := c.Store.Delivery(tx, d.Key)
		if err != nil || !found {
			return err
		}
		kept.ClaimedAt = time.Time{}
		kept.Attempts++
		if len(o.Parts) > len(kept.Parts) { // an attempt that failed early knows of none
			kept.Parts = o.Parts
		}
		kept.Uncertain = kept.Uncertain || (o.Result == reminders.Unknown && d.Act == reminders.ActSend)
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
func (c *Clockwork) holdBack(d reminders.Delivery, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold[d.Key] = c.Wall.Now().Add(wait)
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
