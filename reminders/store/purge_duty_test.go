package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	noun "github.com/qingfeng-bot/qingfeng/reminders/duty" // a test of this package is called duty
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// pastDuty writes one record of each kind of duty that ended at an instant.
func pastDuty(tx reminders.Tx, s *store.Store, name string, end time.Time) error {
	start, person := end.Add(-24*time.Hour), reminders.PersonID("E-"+name)
	unit := reminders.UnitID("u-" + name)
	shift := noun.Shift{ID: noun.IDOf(unit, start), Unit: unit, Start: start, End: end, Officer: person, Block: name, Version: 1}
	window := shift.Window()
	swap := noun.Swap{ID: noun.SwapID(name), Unit: unit, State: noun.SwapRefused, Expires: end, Given: shift.ID}
	live := swap
	live.ID, live.State = "live-"+swap.ID, noun.SwapAsked
	check := noun.SpotCheck{Unit: unit, Block: name, Number: 1, State: noun.SpotDone, Moment: end}
	waiting := check
	waiting.Number, waiting.State = 2, noun.SpotWaiting
	day := calendar.DateOf(end, time.UTC)
	for _, save := range []func() error{
		func() error { return s.Duty().SaveShift(tx, shift) },
		func() error {
			return s.Duty().SaveStint(tx, noun.Stint{Person: person, Unit: unit, Block: name, Window: window})
		},
		func() error {
			return s.Duty().SaveRoster(tx, noun.Roster{Unit: unit, Block: name, Version: 1, FiledAt: start, Window: window})
		},
		func() error {
			return s.Duty().SaveMatter(tx, noun.Matter{Unit: unit, Number: 1, OpenedAt: start, ClosedAt: end})
		},
		func() error { return s.Duty().SaveMatter(tx, noun.Matter{Unit: unit, Number: 2, OpenedAt: start}) },
		func() error {
			return s.Leaves().SaveLeave(tx, people.Leave{Person: person, Number: 1, From: day.AddDays(-1), To: day.AddDays(-1)})
		},
		func() error { return s.Swaps().SaveSwap(tx, swap) },
		func() error { return s.Swaps().SaveSwap(tx, live) },
		func() error { return s.SpotChecks().SaveSpotCheck(tx, check) },
		func() error { return s.SpotChecks().SaveSpotCheck(tx, waiting) },
		func() error { return s.SpotChecks().SaveSpotSecret(tx, name, "x") },
		func() error {
			return s.SpotChecks().SaveSpotBlock(tx, noun.SpotBlock{Block: name, Window: window, State: noun.DrawRevealed, RevealedAt: end})
		},
	} {
		if err := save(); err != nil {
			return err
		}
	}
	return nil
}

// Rosters and what came of them stay for two years from their end. What is still open, a
// matter, a swap, a check that waits, stays however old it is, and every shift that is
// left is found by whose it is.
func TestPurgeDuty(t *testing.T) {
	engine := mem.New()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const day = 24 * time.Hour
	for name, age := range map[string]time.Duration{"old": 731 * day, "young": 729 * day} {
		err := s.Do(t.Context(), func(tx reminders.Tx) error { return pastDuty(tx, s, name, eve.Add(-age)) })
		if err != nil {
			t.Fatal(err)
		}
	}
	before := keysOf(t, engine)
	purger := store.NewPurger(s, store.DefaultRetention())
	for more := true; more; {
		if _, more, err = purger.Advance(t.Context(), eve); err != nil {
			t.Fatal(err)
		}
		balanced(t, s)
	}
	end := eve.Add(-731 * day)
	check := noun.SpotCheck{Unit: "u-old", Block: "old", Number: 1}
	start := end.Add(-day)
	want := []string{
		"shift/" + string(noun.IDOf("u-old", start)) + "/000001", "roster/u-old/old/000001", "stint/E-old/u-old/old", "matter/u-old/000001",
		"leave/E-old/000001", "swap/old", "spot-block/old", "spot-secret/old", "spot/" + string(check.Handle()),
	}
	got := slices.DeleteFunc(gone(before, keysOf(t, engine)), func(key string) bool {
		return len(key) > 8 && (key[:8] == "spot-of/" || key[:8] == "spot-at/")
	})
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
}
