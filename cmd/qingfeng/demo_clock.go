package main

import (
	"context"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// showClock is the clock of the demo: it runs quickly to the next event, then
// goes on in real time until somebody plays on, and can be paused. On its way it lands
// at every full minute that somebody waits for, and goes on in real time until the
// service has done what was due then: however quickly it runs, nothing is late.
type showClock struct {
	mu      sync.Mutex
	sim     time.Time // simulated instant at wall
	wall    time.Time
	rate    float64
	speed   int
	target  time.Time // where running quickly ends; zero while not running
	landed  bool      // on the way, until Resume
	held    int       // people who are busy; as long as there are any it does not run quickly
	waits   map[*time.Time]bool
	changed chan struct{}
	// next is the event after an instant.
	next func(after time.Time) time.Time
}

func newShowClock(start time.Time, speed int) *showClock {
	return &showClock{
		sim: start, wall: time.Now(), rate: 1, speed: speed, waits: map[*time.Time]bool{}, changed: make(chan struct{}),
	}
}

// Now is the simulated instant.
func (c *showClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now())
}

// at gives the simulated instant at a wall instant, and lands where a run has come to
// its event, or to what somebody waits for. Must be locked.
func (c *showClock) at(wall time.Time) time.Time {
	now := c.sim.Add(time.Duration(float64(wall.Sub(c.wall)) * c.rate))
	stop := c.stop()
	if stop.IsZero() || now.Before(stop) {
		return now
	}
	over := time.Duration(float64(now.Sub(stop)) / c.rate)
	// A moment later, so that a wait of a minute from here is none for a full minute.
	c.sim, c.wall, c.rate, c.landed = stop.Add(time.Millisecond).In(c.sim.Location()), wall.Add(-over), 1, true
	if !stop.Before(c.target) {
		c.target, c.landed = time.Time{}, false
	}
	c.announce()
	return c.sim.Add(over)
}

// stop is where running quickly ends for now; zero while not running so. Must be locked.
func (c *showClock) stop() time.Time {
	if c.target.IsZero() || c.landed {
		return time.Time{}
	}
	first := c.target
	for t := range c.waits {
		if t.After(c.sim) && t.Before(first) && t.Equal(t.Truncate(time.Minute)) {
			first = *t
		}
	}
	return first
}

// announce wakes everyone who waits on the clock. Must be locked.
func (c *showClock) announce() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// change sets a new pace from now on.
func (c *showClock) change(f func(now time.Time)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := time.Now()
	now := c.at(wall)
	c.sim, c.wall = now, wall
	f(now)
	c.pace()
	c.announce()
}

// pace sets the rate after a change. Must be locked.
func (c *showClock) pace() {
	if !c.target.IsZero() {
		c.rate = 1
		if c.held == 0 && !c.landed {
			c.rate = float64(c.speed)
		}
	}
}

// Play runs quickly to the next event, as soon as the service has done what is under way.
func (c *showClock) Play() {
	event := c.next(c.Now())
	c.change(func(now time.Time) {
		if event.IsZero() || !event.After(now) {
			event = now.Add(24 * time.Hour)
		}
		c.target, c.landed = event, true
	})
}

// Resume goes on from where the clock has landed: what was due is done.
func (c *showClock) Resume() { c.change(func(time.Time) { c.landed = false }) }

// Landed reports whether the clock waits on its way for the service.
func (c *showClock) Landed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at(time.Now())
	return c.landed
}

// Hold lets the clock go on in real time, however quickly it runs, until release is
// called: somebody is in the middle of something.
func (c *showClock) Hold() (release func()) {
	c.change(func(time.Time) { c.held++ })
	return sync.OnceFunc(func() { c.change(func(time.Time) { c.held-- }) })
}

// Pause stops the clock where it is.
func (c *showClock) Pause() {
	c.change(func(time.Time) { c.target, c.landed, c.rate = time.Time{}, false, 0 })
}

// SetSpeed sets how quickly the clock runs while it runs quickly.
func (c *showClock) SetSpeed(n int) { c.change(func(time.Time) { c.speed = max(1, n) }) }

// clockState is how the clock stands.
type clockState struct {
	now             time.Time
	running, paused bool
	speed           int
	rate            float64
}

// state tells how the clock stands.
func (c *showClock) state() clockState {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.at(time.Now())
	return clockState{now: now, running: !c.target.IsZero(), paused: c.rate == 0, speed: c.speed, rate: c.rate}
}

// WaitUntil waits until the simulated clock shows t, however its pace changes.
func (c *showClock) WaitUntil(ctx context.Context, t time.Time) error {
	defer c.expect(&t)()
	for {
		c.mu.Lock()
		now := c.at(time.Now())
		changed, rate, stop := c.changed, c.rate, c.stop()
		c.mu.Unlock()
		left := t.Sub(now)
		if left <= 0 {
			return nil
		}
		if !stop.IsZero() && stop.Before(t) {
			left = stop.Sub(now)
		}
		wait := recheck
		if rate > 0 {
			wait = min(recheck, time.Duration(float64(left)/rate)+time.Microsecond)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// expect notes for what somebody waits, until done is called.
func (c *showClock) expect(t *time.Time) (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at(time.Now())
	c.waits[t] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.waits, t)
	}
}

var _ reminders.Clock = (*showClock)(nil)
