package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	noun "github.com/qingfeng-bot/qingfeng/reminders/duty" // a test of this package is called duty
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// openSwap waits for an answer until an hour after eve.
func openSwap() noun.Swap {
	return noun.Swap{
		ID: "s1", Unit: "u1", Given: "u1/20261001T0800", Back: "u1/20261002T0800", Giver: "A", Taker: "B", By: "A",
		State: noun.SwapAsked, Expires: eve.Add(time.Hour),
	}
}

// waitingCheck is drawn and not asked yet.
func waitingCheck() noun.SpotCheck {
	return noun.SpotCheck{Unit: "u1", Block: "b1", Number: 1, State: noun.SpotWaiting, Moment: eve.Add(2 * time.Hour)}
}

// dutyExtras fills a store with a swap, a draw and a check.
func dutyExtras(t *testing.T, s *store.Store) {
	t.Helper()
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		if err := s.Swaps().SaveSwap(tx, openSwap()); err != nil {
			return err
		}
		b := noun.SpotBlock{Block: "b1", State: noun.DrawDone, Window: reminders.Window{From: eve, To: eve.Add(24 * time.Hour)}}
		if err := s.SpotChecks().SaveSpotBlock(tx, b); err != nil {
			return err
		}
		return s.SpotChecks().SaveSpotCheck(tx, waitingCheck())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every row by which a swap, a draw or a check is found is lost, or stale, and reported.
func TestCheckHoldsSwapsAndSpotChecks(t *testing.T) {
	reported(t, dutyExtras, []damage{
		{"nothing", func(*testing.T, store.Engine) {}, nil},
		{"row of a shift lost", lost("swap-shift/u1/20261001T0800"), []string{"swaps missing swap"}},
		{"row of the other shift lost", lost("swap-shift/u1/20261002T0800"), []string{"swaps missing swap"}},
		{"row of the unit lost", lost("swap-live/"), []string{"swaps missing swap"}},
		{"expiry lost", lost("swap-due/"), []string{"swaps missing swap"}},
		{"swap lost", lost("swap/"), []string{"swaps orphan swap-shift", "swaps orphan swap-shift", "swaps orphan swap-live", "swaps orphan swap-due"}},
		{"swap ended behind the desk", swap("swap/", `"asked"`, `"refused"`), []string{
			"swaps stale swap-shift", "swaps stale swap-shift", "swaps stale swap-live", "swaps stale swap-due",
		}},
		{"draw forgotten", lost("spot-draw/"), []string{"draws missing spot-block"}},
		{"draw lost", lost("spot-block/"), []string{"draws orphan spot-draw"}},
		{"check not due any more", lost("spot-due/"), []string{"spots missing spot"}},
		{"check not of its unit", lost("spot-of/"), []string{"spots missing spot"}},
		{"check without its moment", lost("spot-at/"), []string{"spots missing spot"}},
		{"check lost", lost("spot/"), []string{"spots orphan spot-of", "spots orphan spot-at", "spots orphan spot-due"}},
		{"check asked behind the desk", swap("spot/", `"waiting"`, `"done"`), []string{"spots stale spot-due"}},
	})
}

// A swap is found by both shifts while it is open, by its unit while it is followed, and
// at the instant at which it ends; pages go through all units.
func TestSwapRecords(t *testing.T) {
	s := open(t, mem.New())
	dutyExtras(t, s)
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		r := s.Swaps()
		for i, unit := range []reminders.UnitID{"u1", "u10", "u2"} { // u1 begins u10
			other := openSwap()
			other.ID, other.Unit = noun.SwapID(fmt.Sprint("t", i)), unit
			other.Given, other.Back, other.State = noun.ShiftID(fmt.Sprint(unit, "/20261003T0800")), "", noun.SwapApplied
			if err := r.SaveSwap(tx, other); err != nil {
				return err
			}
		}
		live, next, err := r.LiveSwaps(tx, "u1", "", 0)
		if len(live) != 2 || next != "" || err != nil {
			t.Errorf("of u1: %d, %q, %v", len(live), next, err)
		}
		seen := 0
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			live, cursor, err = r.LiveSwaps(tx, "", cursor, 3)
			if err != nil || pages > 3 {
				t.Fatalf("page %d: %v", pages, err)
			}
			seen += len(live)
		}
		if seen != 4 {
			t.Errorf("%d swaps in pages", seen)
		}
		if id, busy, err := r.OpenSwapOn(tx, "u1/20261002T0800"); id != "s1" || !busy || err != nil {
			t.Errorf("open: %s, %t, %v", id, busy, err)
		}
		if id, next, err := r.DueSwap(tx, eve); id != "" || !next.Equal(eve.Add(time.Hour)) || err != nil {
			t.Errorf("due early: %s, %v, %v", id, next, err)
		}
		if id, _, err := r.DueSwap(tx, eve.Add(time.Hour)); id == "" || err != nil {
			t.Errorf("not due: %v", err)
		}
		moved := openSwap()
		moved.Given = "u1/20261001T0900"
		if err := r.SaveSwap(tx, moved); err != nil {
			return err
		}
		if _, busy, _ := r.OpenSwapOn(tx, "u1/20261001T0800"); busy {
			t.Error("the shift is still taken")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Draws come before checks, and each in its time.
func TestSpotRecords(t *testing.T) {
	s := open(t, mem.New())
	dutyExtras(t, s)
	err := s.Do(t.Context(), func(tx reminders.Tx) error {
		r := s.SpotChecks()
		due, next, err := r.DueSpot(tx, eve)
		if due != (noun.SpotDue{}) || !next.Equal(eve.Add(2*time.Hour)) || err != nil {
			t.Errorf("at first: %+v, %v, %v", due, next, err)
		}
		due, _, err = r.DueSpot(tx, eve.Add(2*time.Hour))
		if due.Check != waitingCheck().Handle() || err != nil {
			t.Errorf("the check: %+v, %v", due, err)
		}
		due, _, err = r.DueSpot(tx, eve.Add(24*time.Hour))
		if due.Block != "b1" || err != nil {
			t.Errorf("the draw goes first: %+v, %v", due, err)
		}
		in, err := r.SpotChecksIn(tx, reminders.Window{From: eve.Add(2 * time.Hour), To: eve.Add(3 * time.Hour)})
		if len(in) != 1 || err != nil {
			t.Errorf("in its hour: %+v, %v", in, err)
		}
		in, err = r.SpotChecksIn(tx, reminders.Window{From: eve, To: eve.Add(2 * time.Hour)})
		if len(in) != 0 || err != nil {
			t.Errorf("in the hour before: %+v, %v", in, err)
		}
		of, err := r.SpotChecksOf(tx, "u1", "b1")
		none, _ := r.SpotChecksOf(tx, "u", "b1")
		if len(of) != 1 || len(none) != 0 || err != nil {
			t.Errorf("of the unit: %+v, of another: %+v, %v", of, none, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
