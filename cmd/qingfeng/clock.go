package main

import (
	"context"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// recheck is how often a waiting wall clock looks whether it was stepped.
const recheck = 30 * time.Second

// wallClock is the time of the machine.
type wallClock struct{}

// Now is the current instant.
func (wallClock) Now() time.Time { return time.Now() }

// WaitUntil waits in pieces, so that a clock that is stepped, or a machine that
// slept, is noticed.
func (c wallClock) WaitUntil(ctx context.Context, t time.Time) error {
	for {
		left := t.Sub(c.Now().Round(0)) // without the monotonic reading, which stands still in sleep
		if left <= 0 {
			return nil
		}
		if err := pause(ctx, min(left, recheck)); err != nil {
			return err
		}
	}
}

// fastClock began at an instant and runs speed times as fast as the wall.
type fastClock struct {
	start, began time.Time
	speed        float64
}

// newFastClock starts a clock at start.
func newFastClock(start time.Time, speed float64) *fastClock {
	return &fastClock{start: start, began: time.Now(), speed: speed}
}

// Now is the simulated instant.
func (c *fastClock) Now() time.Time {
	return c.start.Add(time.Duration(float64(time.Since(c.began)) * c.speed))
}

// WaitUntil waits until the simulated clock shows t.
func (c *fastClock) WaitUntil(ctx context.Context, t time.Time) error {
	for {
		left := t.Sub(c.Now())
		if left <= 0 {
			return nil
		}
		if err := pause(ctx, min(time.Duration(float64(left)/c.speed)+time.Microsecond, recheck)); err != nil {
			return err
		}
	}
}

// pause waits on the wall clock.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// showClock is the clock of the demo: it runs quickly to the next event, then
// goes on in real time until somebody plays on, and can be paused.
type showClock struct {
	mu      sync.Mutex
	sim     time.Time // simulated instant at wall
	wall    time.Time
	rate    float64
	speed   int
	target  time.Time // where running quickly ends; zero while not running
	changed chan struct{}
	// next is the event after an instant.
	next func(after time.Time) time.Time
}

func newShowClock(start time.Time, speed int) *showClock {
	return &showClock{sim: start, wall: time.Now(), rate: 1, speed: speed, changed: make(chan struct{})}
}

// Now is the simulated instant.
func (c *showClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now())
}

// at gives the simulated instant at a wall instant and ends a run that has
// reached its event. Must be locked.
func (c *showClock) at(wall time.Time) time.Time {
	now := c.sim.Add(time.Duration(float64(wall.Sub(c.wall)) * c.rate))
	if c.target.IsZero() || now.Before(c.target) {
		return now
	}
	over := time.Duration(float64(now.Sub(c.target)) / c.rate)
	c.sim, c.wall, c.rate, c.target = c.target, wall.Add(-over), 1, time.Time{}
	c.announce()
	return c.sim.Add(over)
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
	c.announce()
}

// Play runs quickly to the next event.
func (c *showClock) Play() {
	event := c.next(c.Now())
	c.change(func(now time.Time) {
		if event.IsZero() || !event.After(now) {
			event = now.Add(24 * time.Hour)
		}
		c.target, c.rate = event, float64(c.speed)
	})
}

// Pause stops the clock where it is.
func (c *showClock) Pause() {
	c.change(func(time.Time) { c.target, c.rate = time.Time{}, 0 })
}

// SetSpeed sets how quickly the clock runs while it runs quickly.
func (c *showClock) SetSpeed(n int) {
	c.change(func(time.Time) {
		c.speed = max(1, n)
		if !c.target.IsZero() {
			c.rate = float64(c.speed)
		}
	})
}

// state tells how the clock stands.
func (c *showClock) state() (now time.Time, running, paused bool, speed int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now = c.at(time.Now())
	return now, !c.target.IsZero(), c.rate == 0, c.speed
}

// WaitUntil waits until the simulated clock shows t, however its pace changes.
func (c *showClock) WaitUntil(ctx context.Context, t time.Time) error {
	for {
		c.mu.Lock()
		now, changed, rate, target := c.at(time.Now()), c.changed, c.rate, c.target
		c.mu.Unlock()
		left := t.Sub(now)
		if left <= 0 {
			return nil
		}
		if !target.IsZero() && target.Before(t) {
			left = target.Sub(now)
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

var _, _, _ reminders.Clock = wallClock{}, (*fastClock)(nil), (*showClock)(nil)
