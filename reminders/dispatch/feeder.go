package dispatch

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
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
		now := c.Clock.Now()
		batch, again, err := c.pick(ctx, now)
		if err != nil {
			c.report(ctx, "pick", err)
			again = c.Wall.Now().Add(time.Second)
		}
		for _, d := range batch {
			work <- d
		}
		if len(batch) == 0 {
			c.rest(ctx, again, now)
		}
	}
	return nil
}

// pick chooses and claims the next batch of what is due at now. again is the wall
// instant at which to look once more if there is nothing.
func (c *Clockwork) pick(ctx context.Context, now time.Time) (batch []reminders.Delivery, again time.Time, err error) {
	wall := c.Wall.Now()
	again = wall.Add(idle)
	if ready := c.pace.ready(wall); !ready.IsZero() {
		return nil, ready, nil
	}
	if err := c.putBack(ctx); err != nil {
		return nil, again, err
	}
	due, full, err := c.look(ctx, now, c.window(wall))
	if err != nil {
		return nil, again, err
	}
	for _, d := range due {
		if len(batch) >= max(1, c.Workers) {
			break
		}
		if ready := c.pace.ready(wall); !ready.IsZero() {
			again, full = ready, false
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
	if c.reach(full && len(batch) == 0) {
		again = wall // behind those that wait may be some that need not
	}
	return c.claim(ctx, batch), again, nil
}

// look reads what is due in order of lanes, at most window of each. full says that
// a lane holds more.
func (c *Clockwork) look(ctx context.Context, now time.Time, window int) (due []reminders.Delivery, full bool, err error) {
	err = c.Units.View(ctx, func(tx reminders.Tx) error {
		hold, _, err := c.held(tx)
		if err != nil {
			return err
		}
		for _, lane := range lanes {
			page, _, err := c.Store.DueDeliveries(tx, lane, c.until(lane, now), window)
			if err != nil {
				return err
			}
			full = full || len(page) == window
			if hold != Free {
				if page, err = c.allowed(tx, page); err != nil {
					return err
				}
			}
			due = append(due, page...)
		}
		return nil
	})
	return due, full, err
}

// deepest bounds how far the feeder looks past deliveries that have to wait.
const deepest = 4096

// reach makes the next look go deeper if this one met only deliveries that have to
// wait, many for one chat for instance, and as far as usual otherwise. It reports
// whether to look again at once.
func (c *Clockwork) reach(stuck bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !stuck:
		c.deeper = 0
		return false
	case c.deeper >= deepest && (c.Mute == nil || c.free.Load()):
		return false // while muted, the answer to an admin is found wherever it is
	}
	c.deeper = max(64, 2*c.deeper)
	return true
}

// window is how many deliveries a look at one lane takes in: enough to fill the
// workers past those in flight or held back.
func (c *Clockwork) window(wall time.Time) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.hold, func(_ reminders.DeliveryKey, at time.Time) bool { return !wall.Before(at) })
	return 2*max(1, c.Workers) + len(c.inFlight) + len(c.hold) + c.deeper
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
	crashpoint.Pass(crashpoint.Claim)
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
		c.doubt(batch)
	}
	crashpoint.Pass(crashpoint.Claimed)
	c.release(batch, claimed)
	return claimed
}

// doubt notes deliveries whose claim failed: nobody knows whether it was committed,
// but they were certainly not sent.
func (c *Clockwork) doubt(batch []reminders.Delivery) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range batch {
		c.unsure = append(c.unsure, d.Key)
	}
}

// putBack makes deliveries whose claim failed due again.
func (c *Clockwork) putBack(ctx context.Context) error {
	c.mu.Lock()
	unsure := c.unsure[:min(len(c.unsure), recoveredAtOnce)]
	c.mu.Unlock()
	if len(unsure) == 0 {
		return nil
	}
	err := c.Units.Do(ctx, func(tx reminders.Tx) error {
		for _, key := range unsure {
			d, found, err := c.Store.Delivery(tx, key)
			if err != nil {
				return err
			}
			if !found || d.ClaimedAt.IsZero() {
				continue
			}
			d.ClaimedAt = time.Time{}
			if err := c.Store.SaveDelivery(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		c.mu.Lock()
		c.unsure = c.unsure[len(unsure):]
		c.mu.Unlock()
	}
	return err
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

// rest waits for the wall instant, for the first instant of the service's clock
// after now at which something is due, or for a nudge.
func (c *Clockwork) rest(ctx context.Context, until, now time.Time) {
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
	if next := c.nextDue(ctx, now); !next.IsZero() {
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

// nextDue is when, on the service's clock, the first waiting delivery that is not
// due at now becomes due; zero if none waits.
func (c *Clockwork) nextDue(ctx context.Context, now time.Time) time.Time {
	var first time.Time
	err := c.Units.View(ctx, func(tx reminders.Tx) error {
		for _, lane := range lanes {
			_, next, err := c.Store.DueDeliveries(tx, lane, now, 0)
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
