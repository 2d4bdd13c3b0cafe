package store_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// fixing is an engine that counts the states that are fixed, and the reads in them.
type fixing struct {
	store.Engine
	states, reads atomic.Int64
}

// Snapshot implements store.Engine.
func (f *fixing) Snapshot(ctx context.Context) (store.Snapshot, error) {
	f.states.Add(1)
	state, err := f.Engine.Snapshot(ctx)
	return fixed{state, &f.reads}, err
}

// fixed is one of its states.
type fixed struct {
	store.Snapshot
	reads *atomic.Int64
}

// Get implements store.Reader.
func (f fixed) Get(ctx context.Context, key string) (store.Record, bool, error) {
	f.reads.Add(1)
	return f.Snapshot.Get(ctx, key)
}

// Of a state to which nothing was applied since, nothing is read again: whoever
// writes alone, as a long publication does, pays for each read once.
func TestNothingIsReadTwiceAlone(t *testing.T) {
	engine := &fixing{Engine: mem.New()}
	s := open(t, engine)
	do(t, s, func(u *store.Unit) { u.Put("a", []byte("1")) })
	before := engine.states.Load()
	do(t, s, func(u *store.Unit) {
		if _, found, err := u.Get("a"); err != nil || !found {
			t.Fatal(found, err)
		}
		u.Put("a", []byte("2"))
	})
	if got := engine.states.Load() - before; got != 1 {
		t.Errorf("%d states were fixed, want that of the unit alone", got)
	}
}

// A unit of work asks once for what is not there: several nouns make sure, one after the
// other, that they write something for the first time. What it writes then is seen.
func TestAbsenceIsReadOnce(t *testing.T) {
	engine := &fixing{Engine: mem.New()}
	s := open(t, engine)
	do(t, s, func(u *store.Unit) {
		for range 3 {
			if _, found, err := u.Get("a"); err != nil || found {
				t.Fatal(found, err)
			}
		}
		if got := engine.reads.Load(); got != 1 {
			t.Errorf("what is absent was looked for %d times", got)
		}
		u.Put("a", []byte("1"))
		if got, found, err := u.Get("a"); err != nil || !found || string(got) != "1" {
			t.Errorf("after writing: %q, %v, %v", got, found, err)
		}
	})
}

// Units that share a commit are laid one over the other in their order, whether they
// make many changes or few: the last one's value stands.
func TestUnitsOverUnits(t *testing.T) {
	for _, many := range []int{1, 40} {
		synctest.Test(t, func(t *testing.T) {
			engine := &faulty{Engine: mem.New()}
			s := open(t, engine)
			gate := make(chan struct{})
			engine.set(func() { engine.gate, engine.applies = gate, 0 })
			var group sync.WaitGroup
			for at, n := range []int{1, many, 2} { // the first is being applied, the others gather
				group.Go(func() {
					do(t, s, func(u *store.Unit) {
						for k := range n {
							u.Put(fmt.Sprint(k), []byte(fmt.Sprint("of ", at)))
						}
					})
				})
				synctest.Wait()
			}
			close(gate)
			group.Wait()
			want := map[string]string{"0": "of 2", "1": "of 2", "39": "of 1"}
			if many == 1 {
				want["39"] = "none"
			}
			for key, want := range want {
				if got := value(t, s, key); got != want {
					t.Errorf("with %d changes, %s is %q, want %q", many, key, got, want)
				}
			}
			if n := engine.count(); n != 2 {
				t.Errorf("%d commits, want 2", n)
			}
		})
	}
}

// An Apply that fails may have taken effect all the same: what was read before it
// is looked at again.
func TestFailedApplyIsNoticed(t *testing.T) {
	engine := &faulty{Engine: mem.New()}
	s := open(t, engine)
	do(t, s, func(u *store.Unit) { u.Put("a", []byte("1")) })
	engine.set(func() { engine.after = func(int) error { return errDisk } })
	runs := 0
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		seen, _, err := unit(tx).Get("a")
		if err != nil {
			return err
		}
		if runs++; runs == 1 {
			overtake := s.Do(t.Context(), func(tx reminders.Tx) error { unit(tx).Put("a", []byte("2")); return nil })
			if overtake == nil {
				t.Error("the disk did not fail")
			}
			engine.set(func() { engine.after = nil })
		}
		unit(tx).Put("b", append([]byte("after "), seen...))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := value(t, s, "b"); runs != 2 || got != "after 2" {
		t.Errorf("after %d runs b is %q", runs, got)
	}
}
