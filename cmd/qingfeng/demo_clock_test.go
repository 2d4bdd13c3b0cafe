package main

import (
	"testing"
	"testing/synctest"
	"time"
)

// However quickly the clock of the demo runs, who waits for a full minute wakes at it, and
// the clock goes on only when it is told that what was due is done. Between full minutes
// nobody is waited for. While somebody is busy it does not run at all.
func TestShowClockLands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 9, 10, 8, 0, 0, 0, time.UTC)
		c := newShowClock(start, 86400)
		c.next = func(time.Time) time.Time { return start.Add(48 * time.Hour) }
		woken := make(chan time.Time, 1)
		go func() {
			_ = c.WaitUntil(t.Context(), start.Add(5*time.Hour+7*time.Second)) // a heartbeat
			_ = c.WaitUntil(t.Context(), start.Add(25*time.Hour))
			woken <- c.Now()
		}()
		synctest.Wait()
		c.Play()
		c.Resume() // nothing is under way
		if late := (<-woken).Sub(start.Add(25 * time.Hour)); late > time.Second {
			t.Errorf("woken %v late", late)
		}
		time.Sleep(time.Minute)
		if !c.Landed() || c.Now().After(start.Add(25*time.Hour+2*time.Minute)) {
			t.Errorf("landed %v, and yet it is %v", c.Landed(), c.Now())
		}
		release := c.Hold()
		c.Resume()
		time.Sleep(time.Minute)
		if now := c.Now(); now.After(start.Add(25*time.Hour + 3*time.Minute)) {
			t.Errorf("held, and yet it is %v", now)
		}
		release()
		time.Sleep(2 * time.Second)
		if s := c.state(); s.running || s.now.Sub(start.Add(48*time.Hour)) > 3*time.Second || s.now.Before(start.Add(48*time.Hour)) {
			t.Errorf("at the event it is %v, running %v", s.now, s.running)
		}
	})
}
