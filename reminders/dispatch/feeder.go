package dispatch

import (
	"context"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// lanes in the order in which they are served.
var lanes = []reminders.Lane{
	reminders.LaneAnswer, reminders.LaneDuty, reminders.LanePersonal, reminders.LaneBroadcast,
}

// idle is how long, on the wall clock, the feeder rests when it does not know of
// anything due; a nudge ends the rest.
const idle = 30 * time.Second

// feed picks what is due in order of lanes, claims it in groups and hands it to
// the workers. It ends when ctx does and the workers are through.
func (c *Clockwork) feed(ctx context.Context) error {
	work := make(chan reminders.Delivery)
	var workers sync.WaitGroup
	for range max(1, c.Workers) {
		workers.Go(func() {
			for d := range work {
				c.carry(ctx, d)
			}
		})
	}
	defer workers.Wait()
	defer close(work)
	for ctx.Err() == nil {
		batch, again, err := c.pick(ctx)
		if err != nil {
			c.report(ctx, "pick", err)
			again = c.Wall.Now().Add(time.Second)
		}
		for _, d := range batch {
			work <- d
		}
		if len(batch) == 0 {
			c.rest(ctx, again)
		}
	}
	return nil
}

// pick chooses and claims the next batch. again is the wall instant at which to
// look once more if there is nothing now.
func (c *Clockwork) pick(ctx context.Context) (batch []reminders.Delivery, again time.Time, err error) {
	wall, now := c.Wall.Now(), c.Clock.Now()
	again = wall.Add(idle)
	if ready := c.pace.ready(wall); !ready.IsZero() {
		return nil, ready, nil
	}
	var due []reminders.Delivery
	err = c.Units.View(ctx, func(tx reminders.Tx) error {
		for _, lane := range lanes {
			page, _, err := c.Store.DueDeliveries(tx, lane, c.until(lane, now), c.window())
			if err != nil {
				return err
			}
			due = append(due, page...)
		}
		return nil
	})
	if err != nil {
		return nil, again, err
	}
	for _, d := range due {
		if len(batch) >= max(1, c.Workers) {
			break
		}
		ok, later := c.admit(d, wall)
		if ok {
			batch = append(batch, d)
		} else if !later.IsZero() && later.Before(again) {
			again = later
		}
	}
	c.pace.forget(wall)
	return c.claim(ctx, batch), again, nil
}

// window is how many deliveries a look at one lane takes in: enough to fill the
// workers past those in flight or held back.
func (c *Clockwork) window() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return 2*max(1, c.Workers) + len(c.inFlight) + len(c.hold)
}

// admit decides whether d goes now. If not, it gives the wall instant at which it
// may, or zero if only its worker can say.
func (c *Clockwork) admit(d reminders.Delivery, wall time.Time) (bool, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inFlight[d.Key] {
		return false, time.Time{}
	}
	if at := c.hold[d.Key]; wall.Before(at) {
		return false, at
	}
	ok, again := c.pace.admit(d, wall)
	if ok {
		delete(c.hold, d.Key)
		c.inFlight[d.Key] = true
	}
	return ok, again
}

// claim marks the new messages of the batch as in flight, in one unit of work.
// Edits and answers to taps may be repeated without harm and need no claim.
func (c *Clockwork) claim(ctx context.Context, batch []reminders.Delivery) []reminders.Delivery {
	if len(batch) == 0 {
		return nil
	}
	var claimed []reminders.Delivery
	err := c.Units.Do(ctx, func(tx reminders.Tx) error {
		claimed = claimed[:0]
		for _, d := range batch {
			kept, found, err := c.Store.Delivery(tx, d.Key)
			if err != nil {
				return err
			}
			if !found {
				continue // withdrawn since it was picked
			}
			if kept.Act == reminders.ActSend {
				kept.ClaimedAt = tx.Now()
				if err := c.Store.SaveDelivery(tx, kept); err != nil {
					return err
				}
			}
			claimed = append(claimed, kept)
		}
		return nil
	})
	if err != nil {
		c.report(ctx, "claim", err)
		claimed = nil
	}
	c.release(batch, claimed)
	return claimed
}

// release lets go of what was picked and not claimed.
func (c *Clockwork) release(batch, claimed []reminders.Delivery) {
	c.mu.Lock()
	defer c.mu.Unlock()
	keep := map[reminders.DeliveryKey]bool{}
	for _, d := range claimed {
		keep[d.Key] = true
	}
	for _, d := range batch {
		if !keep[d.Key] {
			delete(c.inFlight, d.Key)
		}
	}
}

// rest waits for the wall instant, for the next due instant of the service's
// clock, or for a nudge.
func (c *Clockwork) rest(ctx context.Context, until time.Time) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var waiters sync.WaitGroup
	waiters.Go(func() {
		select {
		case <-c.wakeFeed:
			cancel()
		case <-ctx.Done():
		}
	})
	if next := c.nextDue(ctx); !next.IsZero() {
		waiters.Go(func() {
			if c.Clock.WaitUntil(ctx, next) == nil {
				cancel()
			}
		})
	}
	_ = c.Wall.WaitUntil(ctx, until) // ends early on a nudge, which is no error
	cancel()
	waiters.Wait()
}

// nextDue is when, on the service's clock, the first waiting delivery that is
// not due yet becomes due; zero if none waits.
func (c *Clockwork) nextDue(ctx context.Context) time.Time {
	var first time.Time
	err := c.Units.View(ctx, func(tx reminders.Tx) error {
		for _, lane := range lanes {
			_, next, err := c.Store.DueDeliveries(tx, lane, c.Clock.Now(), 0)
			if err != nil {
				return err
			}
			if !next.IsZero() && (first.IsZero() || next.Before(first)) {
				first = next
			}
		}
		return nil
	})
	if err != nil {
		c.report(ctx, "next due", err)
	}
	return first
}
