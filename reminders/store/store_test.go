package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// TestDoFails: a unit whose function fails leaves nothing, not even a number.
func TestDoFails(t *testing.T) {
	s := memory(t)
	broken := errors.New("no")
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		unit(tx).Put("a", []byte("1"))
		unit(tx).Append(entry("x"))
		_, _ = unit(tx).Number("n")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	do(t, s, func(u *store.Unit) {
		if n, err := u.Number("n"); n != 1 || err != nil {
			t.Errorf("the next number is %d, %v", n, err)
		}
	})
	if got := value(t, s, "a"); got != "none" {
		t.Errorf("got %q", got)
	}
}

// TestDoRunsAgain: a unit that read what somebody else then changed runs again
// on the new state, also when what it read was that there was nothing.
func TestDoRunsAgain(t *testing.T) {
	reads := map[string]func(u *store.Unit){
		"get":    func(u *store.Unit) { _, _, _ = u.Get("a") },
		"absent": func(u *store.Unit) { _, _, _ = u.Get("b") },
		"list":   func(u *store.Unit) { _, _ = u.List("", "", 0) },
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			s := memory(t)
			do(t, s, func(u *store.Unit) { u.Put("a", []byte("0")) })
			runs := 0
			do(t, s, func(u *store.Unit) {
				read(u)
				if runs++; runs == 1 {
					do(t, s, func(u *store.Unit) {
						u.Put("a", []byte("1"))
						u.Put("b", []byte("1"))
					})
				}
				u.Put("c", nil)
			})
			if runs != 2 {
				t.Errorf("it ran %d times, want 2", runs)
			}
		})
	}
}

// TestBlindWrites: units that never read cannot be in each other's way.
func TestBlindWrites(t *testing.T) {
	s := memory(t)
	runs := 0
	do(t, s, func(u *store.Unit) {
		runs++
		do(t, s, func(u *store.Unit) { u.Put("a", []byte("inner")) })
		u.Put("a", []byte("outer"))
	})
	if got := value(t, s, "a"); got != "outer" || runs != 1 {
		t.Errorf("got %q after %d runs", got, runs)
	}
}

// TestDoGetsThrough: a unit that always loses gets a turn of its own, over the
// state that its commit will find; its runs are bounded.
func TestDoGetsThrough(t *testing.T) {
	s := memory(t)
	runs := 0
	do(t, s, func(u *store.Unit) {
		runs++
		got, _, err := u.Get("n")
		if err != nil {
			t.Error(err)
		}
		if runs <= 3 { // somebody else is always quicker
			do(t, s, func(u *store.Unit) { u.Put("n", fmt.Appendf(nil, "%d", runs)) })
		}
		u.Put("n", append(got, '+'))
	})
	if got := value(t, s, "n"); got != "3+" || runs != 4 {
		t.Errorf("got %q after %d runs", got, runs)
	}
}

// TestNumbers: numbers of one series are gap-free and unique however many draw at
// once, and every series counts for itself.
func TestNumbers(t *testing.T) {
	s := memory(t)
	const people, times = 32, 10
	var group sync.WaitGroup
	for range people {
		group.Go(func() {
			for range times {
				do(t, s, func(u *store.Unit) {
					n, err := u.Number("feedback/2026")
					if err != nil {
						t.Error(err)
					}
					u.Put("seen/"+store.Digits(n), nil)
				})
			}
		})
	}
	group.Wait()
	do(t, s, func(u *store.Unit) {
		seen, err := u.List("seen/", "seen0", 0)
		n, _ := u.Number("feedback/2026")
		first, _ := u.Number("feedback/2027")
		if err != nil || len(seen) != people*times || n != people*times+1 || first != 1 {
			t.Errorf("%d numbers, then %d; another series begins with %d; %v", len(seen), n, first, err)
		}
	})
}

// TestTurnIsGivenBack: a function that panics or fails during its turn harms
// nobody else.
func TestTurnIsGivenBack(t *testing.T) {
	endings := map[string]func() error{
		"panic": func() error { panic("mine") },
		"error": func() error { return errDisk },
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			s := memory(t)
			runs := 0
			err := func() (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = fmt.Errorf("%v: %w", p, errDisk)
					}
				}()
				return s.Do(t.Context(), func(tx reminders.Tx) error {
					if runs++; runs == 4 {
						return end()
					}
					_, _, _ = unit(tx).Get("n")
					do(t, s, func(u *store.Unit) { u.Put("n", fmt.Append(nil, runs)) })
					unit(tx).Put("n", nil)
					return nil
				})
			}()
			if !errors.Is(err, errDisk) || runs != 4 {
				t.Errorf("got %v after %d runs", err, runs)
			}
			do(t, s, func(u *store.Unit) { u.Put("after", nil) })
			if got := value(t, s, "n"); got != "3" {
				t.Errorf("the failed unit left %q", got)
			}
		})
	}
}

// TestGroupCommit: while one commit is written the units that arrive gather, and
// go together.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := &faulty{Engine: mem.New()}
		s := open(t, engine)
		gate := make(chan struct{})
		engine.set(func() { engine.gate, engine.applies = gate, 0 })
		var group sync.WaitGroup
		for i := range 31 {
			group.Go(func() {
				do(t, s, func(u *store.Unit) {
					u.Append(entry(fmt.Sprint(i)))
				})
			})
			synctest.Wait() // the first is being applied, the others wait
		}
		if n := engine.count(); n != 1 {
			t.Errorf("%d commits are under way, want 1", n)
		}
		close(gate)
		group.Wait()
		if n := engine.count(); n != 2 {
			t.Errorf("31 units took %d commits, want 2", n)
		}
		sound(t, s)
	})
}

// TestPacking: units that do not fit into one Apply go into the next, in order.
func TestPacking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := &faulty{Engine: mem.New()}
		s := open(t, engine)
		gate := make(chan struct{})
		engine.set(func() { engine.gate, engine.applies = gate, 0 })
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				do(t, s, func(u *store.Unit) {
					for k := range 50 { // two of these fit into 128
						u.Put(fmt.Sprintf("%d/%d", i, k), nil)
					}
					u.Append(entry(fmt.Sprint(i)))
				})
			})
			synctest.Wait()
		}
		close(gate)
		group.Wait()
		if n := engine.count(); n != 1+5 {
			t.Errorf("1 and 9 units took %d commits, want 6", n)
		}
		all, err := s.Ledger(t.Context(), 1, 0)
		for i, e := range all {
			if e.Reason != fmt.Sprint(i) {
				t.Errorf("entry %d is of unit %s", i, e.Reason)
			}
		}
		if err != nil || len(all) != 10 {
			t.Errorf("%d entries, %v", len(all), err)
		}
	})
}

// TestCancelled: a unit whose context ends while it waits is not committed; one
// that is being committed is waited for.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := &faulty{Engine: mem.New()}
		s := open(t, engine)
		gate := make(chan struct{})
		engine.set(func() { engine.gate = gate })
		ctx, cancel := context.WithCancel(t.Context())
		outcome := map[string]chan error{"first": make(chan error, 1), "second": make(chan error, 1)}
		for _, name := range []string{"first", "second"} {
			go func() {
				outcome[name] <- s.Do(ctx, func(tx reminders.Tx) error {
					unit(tx).Put(name, []byte("done"))
					return nil
				})
			}()
			synctest.Wait() // the first is being applied, the second waits
		}
		cancel()
		if err := <-outcome["second"]; !errors.Is(err, context.Canceled) {
			t.Errorf("the waiting unit gave %v", err)
		}
		close(gate)
		if err := <-outcome["first"]; err != nil {
			t.Errorf("the unit under way gave %v", err)
		}
		if a, b := value(t, s, "first"), value(t, s, "second"); a != "done" || b != "none" {
			t.Errorf("first is %q, second is %q", a, b)
		}
		never := s.Do(ctx, func(reminders.Tx) error { t.Error("it ran"); return nil })
		if !errors.Is(never, context.Canceled) {
			t.Errorf("an ended context gave %v", never)
		}
	})
}

// TestFailingEngine: an error of the engine reaches those whose commit it was,
// and nobody else; the chain goes on from what the engine really has.
func TestFailingEngine(t *testing.T) {
	failures := map[string]func(f *faulty){
		"nothing written": func(f *faulty) { f.fail = func(int) error { return errDisk } },
		// The worst disk: it wrote, and says that it did not.
		"all written": func(f *faulty) { f.after = func(int) error { return errDisk } },
	}
	for name, breakIt := range failures {
		t.Run(name, func(t *testing.T) {
			engine := &faulty{Engine: mem.New()}
			s := open(t, engine)
			do(t, s, func(u *store.Unit) { u.Append(entry("before")) })
			engine.set(func() { breakIt(engine) })
			err := s.Do(t.Context(), func(tx reminders.Tx) error {
				unit(tx).Append(entry("during"))
				return nil
			})
			if !errors.Is(err, errDisk) {
				t.Errorf("got %v", err)
			}
			engine.set(func() { engine.fail, engine.after = nil, nil })
			do(t, s, func(u *store.Unit) { u.Append(entry("after")) })
			sound(t, s)
		})
	}
}

// TestCommitted: each commit that changed something is signalled; signals merge.
func TestCommitted(t *testing.T) {
	s := memory(t)
	pending := func() bool {
		select {
		case <-s.Committed():
			return true
		default:
			return false
		}
	}
	do(t, s, func(*store.Unit) {})
	_ = value(t, s, "a")
	if pending() {
		t.Error("a signal though nothing changed")
	}
	for i := range 3 {
		do(t, s, func(u *store.Unit) { u.Put("a", fmt.Append(nil, i)) })
	}
	if !pending() || pending() {
		t.Error("three commits are not one signal")
	}
}

// TestClose: what waits is committed, what comes later is refused.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine := &faulty{Engine: mem.New()}
		s := open(t, engine)
		gate := make(chan struct{})
		engine.set(func() { engine.gate = gate })
		var group sync.WaitGroup
		for i := range 3 {
			group.Go(func() { do(t, s, func(u *store.Unit) { u.Put(fmt.Sprint(i), nil) }) })
			synctest.Wait()
		}
		group.Go(func() { _ = s.Close() })
		synctest.Wait()
		err := s.Do(t.Context(), func(tx reminders.Tx) error { unit(tx).Put("late", nil); return nil })
		if reminders.KindOf(err) != reminders.Closed {
			t.Errorf("got %v, want Closed", err)
		}
		close(gate)
		group.Wait()
		for i := range 3 {
			if got := value(t, s, fmt.Sprint(i)); got != "" {
				t.Errorf("unit %d: %q", i, got)
			}
		}
	})
}
