package store_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// fixing is an engine that counts the states that are fixed.
type fixing struct {
	store.Engine
	states atomic.Int64
}

// Snapshot implements store.Engine.
func (f *fixing) Snapshot(ctx context.Context) (store.Snapshot, error) {
	f.states.Add(1)
	return f.Engine.Snapshot(ctx)
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
