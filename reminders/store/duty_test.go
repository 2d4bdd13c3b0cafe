package store_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	noun "github.com/qingfeng-bot/qingfeng/reminders/duty" // a test of this package is called duty
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// onDuty fills a store with one record of each kind of duty that is found by another.
func onDuty(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		shift := noun.Shift{ID: "u1/20261001T0800", Unit: "u1", Start: eve, End: eve.Add(time.Hour), Officer: "E1", Block: "b", Version: 1}
		for _, save := range []func() error{
			func() error { return s.Duty().SaveShift(tx, shift) },
			func() error {
				return s.Duty().SaveStint(tx, noun.Stint{Person: "E1", Unit: "u1", Block: "b", Window: shift.Window()})
			},
			func() error { return s.Duty().SaveErrand(tx, noun.Errand{Name: "first/b/E1", At: eve}) },
			func() error { return s.Duty().SaveErrand(tx, noun.Errand{Name: "first/b/E1", At: eve.Add(time.Hour)}) },
			func() error {
				return s.Duty().SaveFeed(tx, noun.Feed{Hash: "h1", Whose: noun.Whose{Person: "E1"}})
			},
		} {
			if err := save(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every row by which a record of duty is found is deleted, or its record, or one of them
// altered; each is reported.
func TestCheckHoldsDuty(t *testing.T) {
	reported(t, onDuty, []damage{
		{"nothing", func(*testing.T, store.Engine) {}, nil},
		{"instant of an errand lost", lost("errand-at/"), []string{"errands missing errand"}},
		{"errand lost", lost("errand/"), []string{"errands orphan errand-at"}},
		{"errand moved behind the agenda", swap("errand/", `"at":"`, `"at":"2026-01-01T00:00:00Z","x":"`), []string{"errands missing errand", "errands stale errand-at"}},
		{"whose feed lost", lost("feed-of/"), []string{"feeds missing feed"}},
		{"feed lost", lost("feed/"), []string{"feeds orphan feed-of"}},
		{"stint lost", lost("stint/"), []string{"stints missing shift"}},
		{"officer changed behind the desk", swap("shift/", `"officer":"E1"`, `"officer":"E2"`), []string{"stints missing shift"}},
		{"stint cut short", swap("stint/", `"window":{`, `"window":{"from":"2027-01-01T00:00:00Z"},"x":{`), []string{"stints wrong shift"}},
	})
}

// An errand that is moved stands at its new instant only; versions come in order and
// within their names.
func TestDutyRecords(t *testing.T) {
	s := open(t, mem.New())
	onDuty(t, s)
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		due, next, err := s.Duty().DueErrands(tx, eve, 10)
		if len(due) != 0 || !next.Equal(eve.Add(time.Hour)) {
			t.Errorf("due %+v, next %s", due, next)
		}
		if err != nil {
			return err
		}
		for version := 2; version <= 11; version++ {
			shift := noun.Shift{ID: "u1/20261001T0800", Unit: "u1", Officer: "E1", Version: version}
			if err := s.Duty().SaveShift(tx, shift); err != nil {
				return err
			}
		}
		if err := s.Duty().SaveShift(tx, noun.Shift{ID: "u1/20261001T0801", Unit: "u1", Version: 1}); err != nil {
			return err
		}
		versions, err := s.Duty().Versions(tx, "u1", "u1/20261001T0800", "u1/20261001T0801")
		if len(versions) != 11 || versions[10].Version != 11 {
			t.Errorf("%d versions", len(versions))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
