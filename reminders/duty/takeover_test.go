package duty_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// withBackup is a roster of the harbour: H1 and H2 by turns, H5 leads, H3 is the backup.
func withBackup(w *world) duty.Plan {
	plan := w.whole("harbour", "H5", "H1", "H2")
	for i := range plan.Planned {
		plan.Planned[i].Backup = "H3"
	}
	return plan
}

// takeOver takes a shift over.
func (w *world) takeOver(id duty.ShiftID, by reminders.PersonID) duty.Taken {
	w.t.Helper()
	var taken duty.Taken
	w.do(func(tx reminders.Tx) (err error) {
		taken, err = w.desk.TakeOver(tx, id, by)
		return err
	})
	return taken
}

// Half an hour before the start to half an hour after it is on time, both included;
// after that until the end it is late, whoever on the shift does it.
func TestTakeOver(t *testing.T) {
	for _, row := range []struct {
		name string
		at   time.Time
		by   reminders.PersonID
		late bool
		want obligation.State
	}{
		{"early by half an hour", october(1, 7, 30), "H1", false, obligation.Met},
		{"at the start", october(1, 8, 0), "H1", false, obligation.Met},
		{"at the end of the grace", october(1, 8, 30), "H1", false, obligation.Met},
		{"a minute after it", october(1, 8, 31), "H1", true, obligation.Late},
		{"the backup, in the last minute of the shift", october(2, 7, 59), "H3", true, obligation.Late},
		{"the leader", october(1, 8, 10), "H5", false, obligation.Met},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.file(withBackup(w))
			w.at(row.at)
			s := w.onDuty("harbour", october(1, 9, 0))
			taken := w.takeOver(s.ID, row.by)
			if taken.Late != row.late || taken.Shift.TakenBy != row.by {
				t.Errorf("taken %+v", taken)
			}
			if line := w.line(s.TakeOverTerms(), "harbour"); line.State != row.want || line.By != row.by {
				t.Errorf("%q by %s", line.State, line.By)
			}
			if again := w.takeOver(s.ID, row.by); !again.Again || again.Shift.Version != taken.Shift.Version {
				t.Errorf("a second tap changed something: %+v", again)
			}
			entries := w.entries(ledger.TookOver)
			if len(entries) != 1 || entries[0].Actor != string(row.by) || entries[0].Reason != string(s.PlaceOf(row.by)) {
				t.Errorf("ledger %+v", entries)
			}
			w.sound()
		})
	}
}

// Each row is a tap that is refused with the reason, and changes nothing.
func TestTakeOverRefused(t *testing.T) {
	for _, row := range []struct {
		name string
		at   time.Time
		by   reminders.PersonID
		kind reminders.Kind
		key  string
		also func(w *world, s duty.Shift)
	}{
		{"a minute too early", october(1, 7, 29), "H1", reminders.Closed, "duty.takeover.early", nil},
		{"when it is over", october(2, 8, 0), "H1", reminders.Closed, "duty.takeover.over", nil},
		{"somebody without a place on it", october(1, 8, 0), "H2", reminders.Denied, "duty.takeover.not_yours", nil},
		{"after the backup did", october(1, 8, 0), "H1", reminders.Conflict, "duty.takeover.taken", func(w *world, s duty.Shift) { w.takeOver(s.ID, "H3") }},
		{"somebody who was replaced", october(1, 8, 0), "H1", reminders.Denied, "duty.takeover.not_yours", func(w *world, s duty.Shift) {
			s.Officer = "H4"
			w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H4") })
		}},
		{"a shift that was cancelled", october(1, 8, 0), "H1", reminders.NotFound, "duty.shift_gone", func(w *world, s duty.Shift) {
			w.do(func(tx reminders.Tx) error { return w.desk.Cancel(tx, s.ID, "H4") })
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.file(withBackup(w))
			w.at(row.at)
			s := w.onDuty("harbour", october(1, 9, 0))
			if row.also != nil {
				row.also(w, s)
			}
			w.fails(row.kind, row.key, func(tx reminders.Tx) error {
				_, err := w.desk.TakeOver(tx, s.ID, row.by)
				return err
			})
			w.sound()
		})
	}
}

// A take-over that does not come: the officer is asked at the start, backup and leader
// hear of it half an hour later, once, and the line ends as missed with the shift.
func TestTakeOverMissed(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	w.at(september(30, 18, 0))
	w.sent()
	w.at(october(1, 8, 0))
	if diff := cmp.Diff([]string{"H1 duty.takeover.ask 10-01T08:00"}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.sent()
	w.at(october(1, 8, 30))
	w.at(october(1, 9, 0))
	want := []string{"H3 duty.takeover.missing 10-01T08:30", "H5 duty.takeover.missing 10-01T08:30"}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Error(diff)
	}
	for _, d := range w.outbox() {
		if d.Lane != reminders.LaneDuty || d.Lines[0].Buttons[0][0].Verb != "takeover" {
			t.Errorf("lane %d, button %+v", d.Lane, d.Lines[0].Buttons)
		}
	}
	s := w.onDuty("harbour", october(1, 9, 0))
	w.at(october(2, 8, 0))
	if line := w.line(s.TakeOverTerms(), "harbour"); line.State != obligation.Missed {
		t.Errorf("%q", line.State)
	}
	w.sound()
}

// Where a shift has neither backup nor leader, the staff hear of a missed take-over.
func TestSomebodyAlwaysHears(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "", "H1", "H2"))
	w.at(october(1, 8, 0))
	w.sent()
	w.at(october(1, 8, 30))
	want := []string{"S1 duty.takeover.missing 10-01T08:30", "S2 duty.takeover.missing 10-01T08:30"}
	if diff := cmp.Diff(want, w.said("duty.takeover.missing")); diff != "" {
		t.Error(diff)
	}
}

// A roster that is filed when its first shift runs asks at once, and half an hour from
// then is on time.
func TestFiledTooLate(t *testing.T) {
	w := newWorld(t)
	w.at(october(1, 12, 0))
	w.sent()
	w.file(withBackup(w))
	if said := w.said("duty.takeover.ask"); !slices.Equal(said, []string{"H1 duty.takeover.ask 10-01T12:00"}) {
		t.Errorf("asked %q", said)
	}
	w.at(october(1, 12, 20))
	if taken := w.takeOver(w.onDuty("harbour", october(1, 12, 20)).ID, "H1"); taken.Late {
		t.Error("late before it could be known")
	}
	w.sound()
}

// The places on a shift follow the roster, who took over, and the office's own roster.
func TestPlaces(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	in := func(unit reminders.UnitID, role reminders.Role, at time.Time) (people []reminders.PersonID) {
		w.do(func(tx reminders.Tx) (err error) {
			people, err = w.desk.InPlace(tx, unit, role, at)
			return err
		})
		return people
	}
	noon := october(1, 12, 0)
	for _, row := range []struct {
		role reminders.Role
		at   time.Time
		want []reminders.PersonID
	}{
		{reminders.DutyOfficer, noon, []reminders.PersonID{"H1"}},
		{reminders.DutyLeader, noon, []reminders.PersonID{"H5"}},
		{reminders.DutyBackup, noon, []reminders.PersonID{"H3"}},
		{reminders.DutyOfficer, october(8, 8, 0), nil},
		{reminders.StaffOnDuty, noon, []reminders.PersonID{"S1", "S2"}},
	} {
		if diff := cmp.Diff(row.want, in("harbour", row.role, row.at)); diff != "" {
			t.Errorf("%s: %s", row.role, diff)
		}
	}
	w.file(w.whole("conduct", "C1", "S2"))
	if got := in("", reminders.StaffOnDuty, noon); !slices.Equal(got, []reminders.PersonID{"S2", "C1"}) {
		t.Errorf("the office's own roster: %q", got)
	}
	w.at(october(1, 8, 0))
	w.takeOver(w.onDuty("harbour", noon).ID, "H3")
	if got := in("harbour", reminders.DutyOfficer, noon); !slices.Equal(got, []reminders.PersonID{"H3"}) {
		t.Errorf("the backup took over: %q", got)
	}
}
