package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
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

// longestBoard is how many lines fit on the screen of a phone, buttons apart.
const longestBoard = 16

// asksCover lets somebody ask another to take over a shift of a unit.
func (s *scene) asksCover(unit, stamp string, by, taker reminders.PersonID) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		_, err := s.live.swaps.Ask(tx, duty.SwapRequest{By: by, Given: duty.ShiftID(string(s.unitID(unit)) + "/" + stamp), Taker: taker})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// The board shows duty and reports as counts on one screen, to the office and to auditors:
// no name, and of spot checks only the hours. Names come with one unit, and to nobody else
// than those who oversee it.
func TestBoardOfDuty(t *testing.T) {
	play(t, "2026-09-16T09:00:00+08:00", func(s *scene) {
		s.enrol(district, "P5")
		s.dutyUnits("样例局", "示例委", "例样站")
		s.rota(week("样例局", "B1", "", "P1", "P2"))
		s.rota(week("示例委", "B2", "", "P4"))
		s.rota(week("例样站", "B3", "", "L3"))
		s.until("2026-10-01 08:05")
		s.tap("P1", "接班")
		s.until("2026-10-01 15:00")
		s.daily("样例局", "P1", nil)
		s.incident("样例局", "P1")
		s.asksCover("样例局", "20261003T0800", "P1", "P2")
		for _, id := range []reminders.PersonID{"S1", "S2", "U1"} {
			s.types(id, "/status")
			text := s.last(id).Text
			if lines := strings.Count(text, "\n") + 1; lines > longestBoard {
				t.Errorf("the board of %s has %d lines:\n%s", id, lines, text)
			}
			for _, name := range []string{"白样本", "安示范", "方样张", "孙样稿", "李例句", "吴待定", "许例文"} {
				if strings.Contains(text, name) {
					t.Errorf("the board of %s names %s", id, name)
				}
			}
		}
		for _, line := range []string{
			"现在应值班 3 个单位：已接班 1，未接班 2，无人值班 0", "国庆值班表：已报 3/3，未报 0，有缺口 0",
			"今日日报 3 份（16:00 前）：按时 1，逾期 0，未报 2，缺报 0", "未终报的即时报告：1 起", "待办换班：1 件",
			"抽查时段：每天 09:00 至 21:00",
		} {
			s.reads("S2", line)
		}
		s.tap("S2", "按单位查看：国庆值班")
		s.byName("the board", s.labels("S2"))
		s.types("S2", "/duty")
		s.byName("who is on duty", strings.Split(s.last("S2").Text, "\n"))
		s.types("S2", "/roster")
		s.byName("rosters", s.labels("S2"))
		s.types("L1", "/unit")
		s.tap("L1", "按天查看：国庆值班")
		s.reads("L1", "样例局当班：方样张")
		s.balanced()
	})
}

// The names stand in another order than the identifiers: else the tests of the order would
// pass whatever it is.
func TestUnitsOfTheDistrictAreShuffled(t *testing.T) {
	names := []string{"例样站", "样例局", "示例委"}
	byID := slices.SortedFunc(slices.Values(names), func(a, b string) int {
		return strings.Compare(string(people.UnitIDOf(a)), string(people.UnitIDOf(b)))
	})
	if !slices.IsSorted(names) || slices.Equal(names, byID) {
		t.Errorf("by name %v, by identifier %v", names, byID)
	}
}
