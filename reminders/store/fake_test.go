package store_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// eve is when these tests take place.
var eve = time.Date(2026, 9, 24, 9, 0, 0, 0, time.FixedZone("", 8*3600))

// still is a clock that stands.
type still struct{}

func (still) Now() time.Time                                   { return eve }
func (still) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// quiet drops what is logged.
var quiet = slog.New(slog.DiscardHandler)

// faulty is an engine whose Apply can be held up and made to fail.
type faulty struct {
	store.Engine
	mu      sync.Mutex
	applies int
	fail    func(n int) error // before the n-th Apply, from 1
	after   func(n int) error // after it
	gate    chan struct{}     // if not nil, each Apply takes one from it
	entered chan struct{}     // if not nil, gets one when an Apply begins
}

// Apply implements store.Engine.
func (f *faulty) Apply(ctx context.Context, changes ...store.Change) error {
	f.mu.Lock()
	f.applies++
	n, fail, after, gate, entered := f.applies, f.fail, f.after, f.gate, f.entered
	f.mu.Unlock()
	if entered != nil {
		entered <- struct{}{}
	}
	if gate != nil {
		<-gate
	}
	if fail != nil {
		if err := fail(n); err != nil {
			return err
		}
	}
	if err := f.Engine.Apply(ctx, changes...); err != nil || after == nil {
		return err
	}
	return after(n)
}

// count is how many Applies there were.
func (f *faulty) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.applies
}

// set changes the faults while others write.
func (f *faulty) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// open opens a store on an engine and closes it at the end of the test.
func open(t testing.TB, engine store.Engine) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// memory opens a store on an empty memory.
func memory(t testing.TB) *store.Store {
	t.Helper()
	return open(t, mem.New())
}

// unit gives the unit of work behind tx.
func unit(tx reminders.Tx) *store.Unit { return tx.(*store.Unit) }

// do runs f in a unit of work or ends the test.
func do(t testing.TB, s *store.Store, f func(u *store.Unit)) {
	t.Helper()
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		f(unit(tx))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// value reads a record as it is now.
func value(t testing.TB, s *store.Store, key string) string {
	t.Helper()
	var text string
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		v, ok, err := unit(tx).Get(key)
		text = string(v)
		if !ok {
			text = "none"
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// entry is an entry that says what.
func entry(what string) ledger.Entry {
	return ledger.Entry{Actor: ledger.System, Verb: ledger.Audit, Reason: what}
}

// sound wants Check to find nothing.
func sound(t testing.TB, s *store.Store) {
	t.Helper()
	problems, err := s.Check(context.WithoutCancel(t.Context()))
	if err != nil || len(problems) > 0 {
		t.Errorf("Check found %v, %v", problems, err)
	}
}

// errDisk is a disk that fails.
var errDisk = errors.New("disk")
