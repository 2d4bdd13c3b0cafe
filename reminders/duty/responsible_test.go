package duty_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// responsible asks for one instant at two clocks.
func (w *world) responsible(unit reminders.UnitID, at, knownAt time.Time) duty.Answer {
	w.t.Helper()
	var a duty.Answer
	w.do(func(tx reminders.Tx) (err error) {
		a, err = w.desk.Responsible(tx, unit, at, knownAt)
		return err
	})
	return a
}

// One night with everything that can happen to it, asked afterwards at two clocks. What
// was recorded after an instant does not change who was responsible at it, and what was
// known then does not change at all.
func TestResponsible(t *testing.T) {
	w := newWorld(t)
	filed := september(25, 10, 0)
	w.at(filed)
	w.file(withBackup(w)) // 2 October: H2, backup H3
	swapped := september(30, 12, 0)
	w.at(swapped)
	s := w.onDuty("harbour", october(2, 12, 0))
	s.Officer = "H1"
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H4") })
	w.at(october(2, 8, 20))
	w.takeOver(s.ID, "H3") // the backup comes first
	imposed := october(3, 3, 0)
	w.at(imposed)
	s = w.onDuty("harbour", october(3, 3, 0))
	s.Officer, s.Backup = "H4", "H2" // at three in the night somebody else takes the rest
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H5") })
	w.at(october(3, 3, 5))
	w.takeOver(s.ID, "H4")
	corrected := october(9, 10, 0)
	w.at(corrected)

	for _, row := range []struct {
		name        string
		at, knownAt time.Time
		want        reminders.PersonID
		gap         bool
	}{
		{"before anything was filed", october(2, 12, 0), september(24, 0, 0), "", true},
		{"as it was filed", october(2, 12, 0), filed, "H2", false},
		{"after the replacement", october(2, 12, 0), swapped, "H1", false},
		{"before the take-over, known now", october(2, 8, 10), time.Time{}, "H1", false},
		{"after the take-over", october(2, 12, 0), time.Time{}, "H3", false},
		{"in the night, as known then", october(3, 2, 59), october(3, 2, 59), "H3", false},
		{"in the night, as known now", october(3, 2, 59), time.Time{}, "H3", false},
		{"after somebody else was set in", october(3, 3, 1), time.Time{}, "H4", false},
		{"at 03:10, as known at 03:02", october(3, 3, 10), october(3, 3, 2), "H4", false},
		{"at 03:10, as known at 02:00", october(3, 3, 10), october(3, 2, 0), "H3", false},
		{"the end of the shift belongs to the next", october(3, 8, 0), time.Time{}, "H1", false},
		{"after the block", october(8, 8, 0), time.Time{}, "", false},
		{"before the first shift", october(1, 7, 59), time.Time{}, "", false},
		{"a unit without a roster that keeps one", october(2, 12, 0), time.Time{}, "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			unit := reminders.UnitID("harbour")
			if row.name == "a unit without a roster that keeps one" {
				unit = "market"
			}
			a := w.responsible(unit, row.at, row.knownAt)
			if a.Person != row.want || a.Gap != row.gap {
				t.Errorf("%q, gap %v; want %q, gap %v", a.Person, a.Gap, row.want, row.gap)
			}
		})
	}

	s = w.onDuty("harbour", october(3, 3, 30))
	s.Officer, s.TakenBy = "H2", ""
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyCorrected, "S1") })
	if a := w.responsible("harbour", october(2, 12, 0), time.Time{}); a.Person != "H2" {
		t.Errorf("a correction counts for all of the shift: %q", a.Person)
	}
	if a := w.responsible("harbour", october(2, 12, 0), october(3, 2, 0)); a.Person != "H3" {
		t.Errorf("and not for what was known before: %q", a.Person)
	}
	w.sound()
}

// Time that a filed roster leaves open is a gap: the same for who asks for an instant
// and for who lists them; a unit that keeps no roster has none.
func TestGaps(t *testing.T) {
	w := newWorld(t)
	plan := w.whole("harbour", "H5", "H1", "H2")
	plan.Planned[2].End = october(3, 20, 0)
	w.file(plan)
	w.people.away["H2"] = []reminders.Window{{From: october(4, 0, 0), To: october(5, 0, 0)}}
	m := w.people.members["H1"]
	m.Active = false
	w.people.members["H1"] = m
	w.do(func(tx reminders.Tx) error {
		gaps, err := w.desk.Gaps(tx, "harbour", w.block(national))
		want := []string{
			"0 retired [H1] 01T08-02T08", "0 retired [H1] 03T08-03T20", "0 no-cover [] 03T20-04T08", "0 on-leave [H2] 04T08-05T08",
			"0 retired [H1] 05T08-06T08", "0 retired [H1] 07T08-08T08",
		}
		if diff := cmp.Diff(want, found(gaps)); diff != "" {
			t.Error(diff)
		}
		return err
	})
	for unit, want := range map[reminders.UnitID][]string{"city": nil, "market": {"0 no-cover [] 01T08-08T08"}} { // keeps none, filed none
		w.do(func(tx reminders.Tx) error {
			gaps, err := w.desk.Gaps(tx, unit, w.block(national))
			if diff := cmp.Diff(want, found(gaps)); diff != "" {
				t.Errorf("%s: %s", unit, diff)
			}
			return err
		})
	}
	w.do(func(tx reminders.Tx) error {
		days, err := w.desk.Days(tx, "harbour", w.block(national))
		for i, day := range days {
			if day.Date.Day != i+1 || day.Covered != (i != 2) || len(day.Shifts) != 1 || !day.Shifts[0].Start.Equal(day.Window.From) {
				t.Errorf("day %d: %+v", i+1, day)
			}
		}
		none, _ := w.desk.Days(tx, "city", w.block(national))
		open, _ := w.desk.Days(tx, "market", w.block(national))
		if len(days) != 7 || len(none) != 0 || len(open) != 7 || open[0].Covered || len(open[0].Shifts) != 0 {
			t.Errorf("%d days, %d, %+v", len(days), len(none), open)
		}
		return err
	})
	for _, row := range []struct {
		at   time.Time
		want bool
	}{{october(3, 19, 59), false}, {october(3, 20, 0), true}, {october(4, 7, 59), true}, {october(4, 8, 0), false}} {
		if a := w.responsible("harbour", row.at, time.Time{}); a.Gap != row.want || (a.Person == "") != row.want {
			t.Errorf("%s: %q, gap %v", row.at, a.Person, a.Gap)
		}
	}
}
