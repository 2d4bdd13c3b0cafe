package main

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// meddler is an engine that does something the first time that lines of the book are
// counted, and knows how often they were.
type meddler struct {
	store.Engine
	mu     sync.Mutex
	meddle func() // once
	counts int
}

// Snapshot implements store.Engine.
func (m *meddler) Snapshot(ctx context.Context) (store.Snapshot, error) {
	state, err := m.Engine.Snapshot(ctx)
	return meddled{state, m}, err
}

type meddled struct {
	store.Snapshot
	by *meddler
}

// List implements store.Reader.
func (m meddled) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if strings.HasPrefix(from, "line/") {
		m.by.mu.Lock()
		m.by.counts++
		meddle := m.by.meddle
		m.by.meddle = nil
		m.by.mu.Unlock()
		if meddle != nil {
			meddle()
		}
	}
	return m.Snapshot.List(ctx, from, to, limit)
}

// Counting for the board is not begun anew because somebody answers meanwhile: with
// many lines and many taps it would never end before its last, exclusive attempt.
func TestBoardIsCountedOnce(t *testing.T) {
	play(t, "2026-09-22T08:00:00+08:00", func(s *scene) {
		s.enrol(small)
		s.lives("2026-09-22 09:05")
		s.end()
		m := &meddler{Engine: s.engine}
		s.engine = m
		s.begin()
		live, terms := s.live, obligation.TermsID("2026-mid-autumn+national-day/holiday-reminder")
		m.mu.Lock()
		m.counts, m.meddle = 0, func() {
			err := live.store.Do(context.Background(), func(tx reminders.Tx) error {
				p, _, err := live.people.Person(tx, "P1")
				if err != nil {
					return err
				}
				_, err = live.book.Answer(tx, obligation.HandleOf(terms), obligation.Owner{Person: p.ID, Unit: p.Unit}, p.ID, "")
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
		m.mu.Unlock()
		s.types("S2", "/status")
		s.reads("S2", "0/9")
		if m.counts != 1 || m.meddle != nil {
			t.Errorf("the lines were counted %d times", m.counts)
		}
		s.types("S2", "/status")
		s.reads("S2", "1/9")
	})
}
