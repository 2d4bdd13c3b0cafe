package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// slip is an engine of which one operation fails: the n-th since it was set.
type slip struct {
	store.Engine

	mu   sync.Mutex
	left int // until the operation that fails; zero: none does
	met  bool
}

// set lets the n-th operation from now on fail.
func (e *slip) set(n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.left, e.met = n, false
}

// slipped reports whether it has failed, and lets nothing more fail.
func (e *slip) slipped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.left = 0
	return e.met
}

// trip is the error of the operation that fails.
func (e *slip) trip() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.left == 0 {
		return nil
	}
	if e.left--; e.left > 0 {
		return nil
	}
	e.met = true
	return reminders.Internalf("test", "input/output error at sector %d", 4096)
}

func (e *slip) Apply(ctx context.Context, changes ...store.Change) error {
	if err := e.trip(); err != nil {
		return err
	}
	return e.Engine.Apply(ctx, changes...)
}

func (e *slip) Snapshot(ctx context.Context) (store.Snapshot, error) {
	if err := e.trip(); err != nil {
		return nil, err
	}
	state, err := e.Engine.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return slippery{state, e}, nil
}

// slippery is a view of such an engine.
type slippery struct {
	store.Snapshot
	engine *slip
}

func (s slippery) Get(ctx context.Context, key string) (store.Record, bool, error) {
	if err := s.engine.trip(); err != nil {
		return store.Record{}, false, err
	}
	return s.Snapshot.Get(ctx, key)
}

func (s slippery) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := s.engine.trip(); err != nil {
		return nil, err
	}
	return s.Snapshot.List(ctx, from, to, limit)
}

// utterances are commands and texts, each by somebody who may use it.
var utterances = []struct {
	id      reminders.PersonID
	command string
}{
	{"P1", "/start"},
	{"P1", "/help"},
	{"P1", "/outstanding"},
	{"P1", "/upcoming"},
	{"P1", "/settings"},
	{"P1", "/feedback 字小了"},
	{"P1", "一句话"},
	{"L1", "/unit"},
	{"S2", "/status"},
	{"S2", "/approve"},
	{"A1", "/people"},
	{"A1", "/invite P2"},
	{"A1", "/office"},
}

// machineWords are words of a machine, which no person reads.
var machineWords = []string{"error", "input/output", "sector", "panic", "store.", "bot.", "wire.", "<no value>", "%!", "{{"}

// human fails unless a text is for people.
func (s *scene) human(text, when string) {
	s.t.Helper()
	for _, word := range machineWords {
		if strings.Contains(strings.ToLower(text), word) || strings.TrimSpace(text) == "" {
			s.t.Errorf("%s somebody reads:\n%s", when, text)
			return
		}
	}
}

// Whichever operation of the store fails while a command is handled, it is answered
// once: with what was asked for, or with an apology. Nobody reads a word of the machine.
func TestEveryFailureOfTheStoreIsAnswered(t *testing.T) {
	for _, row := range utterances {
		t.Run(strings.Trim(row.command, "/"), func(t *testing.T) {
			play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
				s.end()
				disk := &slip{Engine: mem.New()}
				s.engine = disk
				s.begin()
				s.enrol(small)
				failures := 0
				for n := 1; ; n++ {
					time.Sleep(time.Minute) // until the clockwork rests
					before := s.received(row.id)
					disk.set(n)
					s.phone(row.id).Type(row.command)
					time.Sleep(time.Minute) // over every pause before another attempt
					s.settle()
					met := disk.slipped()
					if got := s.received(row.id) - before; got != 1 {
						t.Errorf("%s received %d answers when operation %d failed", row.id, got, n)
					}
					s.human(s.last(row.id).Text, "when an operation of the store fails")
					if !met {
						break
					}
					failures++
				}
				if failures < 5 {
					t.Errorf("only %d operations were made to fail", failures)
				}
				s.balanced()
			})
		})
	}
}

// Whatever the chat service does with an answer, it arrives: once, if it is certain
// that nothing had arrived before.
func TestEveryFailureOfTheChatServiceIsOvercome(t *testing.T) {
	for _, fault := range []struct {
		name string
		is   sandbox.Fault
		most int
	}{
		{"no connection", sandbox.Fault{Drop: sandbox.DropRefused}, 1},
		{"cut before", sandbox.Fault{Drop: sandbox.DropBefore}, 1},
		{"cut after", sandbox.Fault{Drop: sandbox.DropAfter}, 2},
		{"slow", sandbox.Fault{Delay: 10 * time.Second}, 1},
		{"too slow", sandbox.Fault{Delay: time.Minute}, 1},
		{"flood", sandbox.Fault{Status: http.StatusTooManyRequests, RetryAfter: 7}, 1},
		{"flood without an end", sandbox.Fault{Status: http.StatusTooManyRequests}, 1},
		{"internal error", sandbox.Fault{Status: http.StatusInternalServerError}, 1},
		{"page of a proxy", sandbox.Fault{Status: http.StatusBadGateway, Body: "<html>502</html>"}, 1},
		{"not a page", sandbox.Fault{Status: http.StatusOK, Body: "ok"}, 1},
	} {
		t.Run(fault.name, func(t *testing.T) {
			play(t, "2026-09-22T10:00:00+08:00", func(s *scene) {
				s.enrol(small)
				time.Sleep(time.Minute)
				for _, row := range utterances {
					before := s.received(row.id)
					fault.is.Method = "sendMessage"
					s.server.Fail(fault.is)
					s.phone(row.id).Type(row.command)
					time.Sleep(3 * time.Minute)
					if got := s.received(row.id) - before; got < 1 || got > fault.most {
						t.Errorf("%s: %d answers to %s", row.id, got, row.command)
					}
					s.human(s.last(row.id).Text, "when the chat service fails")
				}
				s.balanced()
			})
		})
	}
}
