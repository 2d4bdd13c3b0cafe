package dispatch

import (
	"context"
	"maps"
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

// Ahead is how many deliveries may be claimed and not settled, for each worker: those
// that it sends now and next, and those whose settlement is being written. Fewer made
// smaller commits and slower sending, more did not help. It matters only where no
// limit is kept: otherwise a delivery is claimed when its turn has come. After a
// crash that many at most are marked as possible duplicates.
const Ahead = 8

// feed picks what is due in order of lanes, claims it in groups and hands it to
// the workers, who hand what they sent to the settlers. It ends when ctx does, what
// was on the way to the chat service has been settled, and what was claimed and not
// sent has been put back.
func (c *Clockwork) feed(ctx context.Context) error {
	most := Ahead * c.Workers
	work := make(chan reminders.Delivery, most)
	ended := make(chan attempt, most)
	var workers, settlers sync.WaitGroup
	for range c.Workers {
		workers.Go(func() {
			for d := range work {
				c.carry(ctx, d, ended)
			}
		})
	}
	for range settling {
		settlers.Go(func() { c.settleAll(ctx, ended) })
	}
	c.pickAll(ctx, most, work)
	close(work)
	workers.Wait()
	close(ended)
	settlers.Wait()
	return c.putAllBack(ctx)
}

// pickAll hands batch after batch to the workers until ctx ends.
func (c *Clockwork) pickAll(ctx context.Context, most int, work chan<- reminders.Delivery) {
	for ctx.Err() == nil {
		now := c.Clock.Now()
		room := most - c.flying()
		if room < c.Workers { // so there is a settlement to come, which nudges
			select {
			case <-c.wakeFeed:
			case <-ctx.Done():
			}
			continue
		}
		batch, again, err := c.pick(ctx, now, room)
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
}

// flying counts what is claimed and not settled.
func (c *Clockwork) flying() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.inFlight)
}

// pick chooses and claims the next batch of what is due at now, room of it at most.
// again is the wall instant at which to look once more if there is nothing.
func (c *Clockwork) pick(ctx context.Context, now time.Time, room int) (batch []reminders.Delivery, again time.Time, err error) {
	wall := c.Wall.Now()
	again = wall.Add(idle)
	if ready := c.pace.ready(wall); !ready.IsZero() {
		return nil, ready, nil
	}
	if err := c.putBack(ctx); err != nil {
		return nil, again, err
	}
	seen, err := c.look(ctx, now, c.window(wall, room))
	if err != nil {
		return nil, again, err
	}
	var chosen []reminders.Queued
	for _, q := range seen.due {
		if len(chosen) >= room {
			break
		}
		if ready := c.pace.ready(wall); !ready.IsZero() {
			again, seen.full = ready, false
			break
		}
		ok, later := c.admit(q, wall)
		if ok {
			chosen = append(chosen, q)
		} else if !later.IsZero() && later.Before(again) {
			again = later
		}
	}
	c.pace.forget(wall)
	if c.reach(seen.full && len(chosen) == 0) {
		again = wall // behind those that wait may be some that need not
	}
	return c.claim(ctx, chosen), again, nil
}

// view is what one look at the outbox shows.
type view struct {
	due  []reminders.Queued
	full bool // a lane holds more
}

// look reads what is due in order of lanes, at most window of each.
func (c *Clockwork) look(ctx context.Context, now time.Time, window int) (seen view, err error) {
	hushed := !c.hush(now).IsZero()
	err = c.Units.View(ctx, func(tx reminders.Tx) error {
		hold, _, err := c.held(tx)
		if err != nil {
			return err
		}
		paused, err := c.paused(tx)
		if err != nil {
			return err
		}
		for _, lane := range lanes {
			page, err := c.Store.Queue(tx, lane, c.until(lane, now), window, paused...)
			if err != nil {
				return err
			}
			seen.full = seen.full || len(page) == window
			if hold != Free {
				if page, err = c.allowed(tx, page); err != nil {
					return err
				}
			}
			for _, q := range page {
				if !hushed || !disturbs(q, lane) {
					seen.due = append(seen.due, q)
				}
			}
		}
		return nil
	})
	return seen, err
}

// disturbs reports whether q is a push that quiet hours concern.
func disturbs(q reminders.Queued, lane reminders.Lane) bool {
	return placed(reminders.Delivery{Act: actOf(q), Person: q.Person, Group: q.Group, Lane: lane})
}

// actOf is what q does at the chat service.
func actOf(q reminders.Queued) reminders.Act {
	if q.Act == "" {
		return reminders.ActSend
	}
	return q.Act
}

// hush gives the instant, on the service's clock, until which pushes wait because
// people are not to be disturbed; zero if they may go. What was placed before the
// quiet hours began and did not get through is held by it.
func (c *Clockwork) hush(now time.Time) time.Time {
	if c.Hush == nil {
		return time.Time{}
	}
	return c.Hush(now)
}

// paused lists the notices whose copies wait.
func (c *Clockwork) paused(tx reminders.Tx) ([]string, error) {
	if c.Paused == nil {
		return nil, nil
	}
	return c.Paused(tx)
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
// room past those held back.
func (c *Clockwork) window(wall time.Time, room int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.hold, func(_ reminders.DeliveryKey, at time.Time) bool { return !wall.Before(at) })
	return 2*room + c.unclaimed + len(c.hold) + c.deeper
}

// admit decides whether q goes now. If not, it gives the wall instant at which it
// may, or zero if only its worker can say.
func (c *Clockwork) admit(q reminders.Queued, wall time.Time) (bool, time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, found := c.inFlight[q.Key]; found || c.busy[chatOf(q)] {
		return false, time.Time{}
	}
	if at := c.hold[q.Key]; wall.Before(at) {
		return false, at
	}
	ok, again := c.pace.admit(q, wall)
	if ok {
		delete(c.hold, q.Key)
		c.takeOff(q)
	}
	return ok, again
}

// flight is a delivery on its way. To one chat there is one at a time: of two edits
// of a message the older must not arrive last.
type flight struct {
	claims bool // it is a new message
	chat   string
}

// takeOff notes that a delivery is on its way. The caller holds c.mu.
func (c *Clockwork) takeOff(q reminders.Queued) {
	f := flight{claims: actOf(q) == reminders.ActSend, chat: chatOf(q)}
	c.inFlight[q.Key], c.busy[f.chat] = f, true
	if !f.claims {
		c.unclaimed++
	}
}

// land notes that deliveries are not on their way any more.
func (c *Clockwork) land(keys ...reminders.DeliveryKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range keys {
		f, found := c.inFlight[key]
		if !found {
			continue
		}
		if !f.claims {
			c.unclaimed--
		}
		delete(c.inFlight, key)
		delete(c.busy, f.chat)
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
// due at now becomes due, or the quiet hours end; zero if nothing is known to come.
func (c *Clockwork) nextDue(ctx context.Context, now time.Time) time.Time {
	first := c.hush(now)
	err := c.Units.View(ctx, func(tx reminders.Tx) error {
		for _, lane := range lanes {
			next, err := c.Store.NextDue(tx, lane, now)
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
