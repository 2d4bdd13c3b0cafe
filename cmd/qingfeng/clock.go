package main

import (
	"context"
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

var _, _ reminders.Clock = wallClock{}, (*fastClock)(nil)
