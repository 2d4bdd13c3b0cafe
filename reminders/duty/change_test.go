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

// A replacement is a new version: what is expected follows, those affected hear the
// difference in one message, who did it hears nothing, and the ledger says why.
func TestReplace(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	w.at(october(1, 9, 0))
	w.sent()
	a, b := w.onDuty("harbour", october(2, 9, 0)), w.onDuty("harbour", october(3, 9, 0))
	a.Officer, b.Officer = b.Officer, a.Officer
	w.do(func(tx reminders.Tx) error {
		return w.desk.ReplaceAll(tx, []duty.Shift{a, b}, duty.WhySwap, "H4")
	})
	want := []string{"H1 duty.change 10-01T09:00", "H2 duty.change 10-01T09:00"}
	if diff := cmp.Diff(want, w.said("duty.change")); diff != "" {
		t.Error(diff)
	}
	for _, d := range w.outbox() {
		if n := len(d.Lines[0].Args["Changes"].List); d.Lines[0].Key == "duty.change" && n != 2 {
			t.Errorf("%s is told %d differences", d.Person, n)
		}
	}
	w.sent()
	w.at(october(2, 8, 0))
	if said := w.said("duty.takeover.ask"); !slices.Equal(said, []string{"H1 duty.takeover.ask 10-02T08:00"}) {
		t.Errorf("asked %q", said)
	}
	if entries := w.entries(ledger.Changed); len(entries) != 2 || entries[0].Reason != duty.WhySwap {
		t.Errorf("ledger %+v", entries)
	}
	w.sound()
}

// Who is set in while a shift runs is told at once, with the button to take over.
func TestReplaceDuringTheShift(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	w.at(october(1, 8, 0))
	s := w.onDuty("harbour", october(1, 9, 0))
	w.takeOver(s.ID, "H1")
	w.sent()
	w.at(october(1, 23, 30)) // in the night
	s = w.onDuty("harbour", october(1, 9, 0))
	s.Officer = "H2"
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H5") })
	told := slices.DeleteFunc(w.outbox(), func(d reminders.Delivery) bool { return d.Person != "H2" || d.Lines[0].Key != "duty.change" })
	if len(told) != 1 || !told[0].NotBefore.Equal(w.clock.now) || len(told[0].Lines[0].Buttons) != 1 {
		t.Fatalf("told %+v", told)
	}
	if taken := w.takeOver(s.ID, "H2"); taken.Shift.TakenBy != "H2" || !taken.Shift.TakenAt.Equal(w.clock.now) {
		t.Errorf("taken %+v", taken.Shift)
	}
	if line := w.line(s.TakeOverTerms(), "harbour"); line.State != obligation.Met {
		t.Errorf("the first one was on time: %q", line.State)
	}
	w.sound()
}

// Each row is a replacement that cannot be: nothing of it is written.
func TestReplaceRefused(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	w.file(w.whole("market", "C1", "M1", "M2"))
	s := w.onDuty("harbour", october(2, 9, 0))
	with := func(f func(*duty.Shift)) duty.Shift {
		changed := s
		f(&changed)
		return changed
	}
	for _, row := range []struct {
		name  string
		shift duty.Shift
		kind  reminders.Kind
		key   string
	}{
		{"somebody on duty elsewhere", with(func(s *duty.Shift) { s.Officer = "M2" }), reminders.Conflict, "duty.replace.double"},
		{"somebody who is not there", with(func(s *duty.Shift) { s.Officer = "X1" }), reminders.Invalid, "duty.replace.unknown"},
		{"an end within the next shift", with(func(s *duty.Shift) { s.End = october(3, 9, 0) }), reminders.Conflict, "duty.replace.overlap"},
		{"what was read before a change", with(func(s *duty.Shift) { s.Version = 7 }), reminders.Conflict, "duty.shift_changed"},
		{"no such shift", with(func(s *duty.Shift) { s.ID = "harbour/20261002T0900" }), reminders.NotFound, "duty.shift_gone"},
		{"a name that is none", with(func(s *duty.Shift) { s.ID = "harbour" }), reminders.NotFound, "duty.shift_gone"},
		{"no officer", with(func(s *duty.Shift) { s.Officer = "" }), reminders.Internal, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.t = t
			if row.shift.End.After(october(3, 8, 30)) { // more than a day is refused before
				row.shift.Start = october(2, 9, 0)
			}
			w.fails(row.kind, row.key, func(tx reminders.Tx) error { return w.desk.Replace(tx, row.shift, duty.WhyImposed, "H4") })
			if now := w.onDuty("harbour", october(2, 9, 0)); now.Version != 1 {
				t.Errorf("written: %+v", now)
			}
		})
	}
	w.t = t
	w.sound()
}

// People are told at 18:00 of the day before, of the shifts that they have then; what
// comes too late for that is told at once, but not at night, unless it begins by then.
func TestWhenPeopleAreTold(t *testing.T) {
	for _, row := range []struct {
		name string
		at   time.Time
		want string
	}{
		{"days before", september(29, 10, 0), "H1 duty.first 09-30T18:00"},
		{"in the evening before", september(30, 19, 0), "H1 duty.first 09-30T19:00"},
		{"in the night before", september(30, 23, 0), "H1 duty.first 09-30T23:00"}, // it begins at 08:00: a morning would be too late
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.at(row.at)
			w.file(w.whole("harbour", "H5", "H1"))
			if at := september(30, 18, 0); row.at.Before(at) {
				w.at(at)
			}
			said := slices.DeleteFunc(w.said("duty.first"), func(s string) bool { return s[:2] != "H1" })
			if diff := cmp.Diff([]string{row.want}, said); diff != "" {
				t.Error(diff)
			}
		})
	}
	// A change of a shift some days later waits for the morning.
	w := newWorld(t)
	w.file(withBackup(w))
	w.at(september(28, 23, 0))
	s := w.onDuty("harbour", october(2, 9, 0))
	s.Officer = "H4"
	w.do(func(tx reminders.Tx) error { return w.desk.Replace(tx, s, duty.WhyImposed, "H5") })
	want := []string{"H2 duty.change 09-29T07:00", "H4 duty.change 09-29T07:00"}
	if diff := cmp.Diff(want, w.said("duty.change")); diff != "" {
		t.Error(diff)
	}
}

// Whose first shift moved to a later day hears of it on the day before that; who has none
// left hears nothing; nobody hears twice.
func TestFirstNoticeFollows(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
	w.at(september(28, 10, 0))
	first, second := w.onDuty("harbour", october(1, 9, 0)), w.onDuty("harbour", october(2, 9, 0))
	first.Officer, second.Officer = "H2", "H1"
	w.do(func(tx reminders.Tx) error {
		return w.desk.ReplaceAll(tx, []duty.Shift{first, second}, duty.WhySwap, "H4")
	})
	for day := 1; day <= 7; day++ {
		w.at(october(day, 18, 0).AddDate(0, 0, -1))
	}
	want := []string{"H1 duty.first 10-01T18:00", "H2 duty.first 09-30T18:00", "H3 duty.first 10-02T18:00", "H5 duty.first 09-30T18:00"}
	if diff := cmp.Diff(want, w.said("duty.first")); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// Who leaves, or goes on leave, over a shift: the liaison hears which shifts need
// somebody else, in office hours unless it is near; nobody else, and nobody if there are
// none.
func TestWhoCannotCome(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2"))
	w.do(func(tx reminders.Tx) error {
		shifts, err := w.desk.PersonGone(tx, "H2")
		if len(shifts) != 3 {
			t.Errorf("%d shifts", len(shifts))
		}
		return err
	})
	w.do(func(tx reminders.Tx) error {
		shifts, err := w.desk.LeaveEntered(tx, "H1", reminders.Window{From: october(1, 0, 0), To: october(4, 0, 0)}, "H1")
		if len(shifts) != 2 {
			t.Errorf("%d shifts", len(shifts))
		}
		return err
	})
	w.do(func(tx reminders.Tx) error {
		none, err := w.desk.LeaveEntered(tx, "H3", reminders.Window{From: october(1, 0, 0), To: october(4, 0, 0)}, "H3")
		if len(none) != 0 {
			t.Errorf("%d shifts of somebody who has none", len(none))
		}
		own, err2 := w.desk.LeaveEntered(tx, "H1", reminders.Window{From: october(5, 0, 0), To: october(6, 0, 0)}, "H4")
		if len(own) != 1 {
			t.Errorf("%d shifts", len(own))
		}
		return cmpOr(err, err2)
	})
	if diff := cmp.Diff([]string{"H4 duty.gone 09-10T09:00", "H4 duty.leave 09-10T09:00"}, w.said("duty.gone", "duty.leave")); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// cmpOr gives the first error.
func cmpOr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Counts add up: every shift has one officer, whoever took over.
func TestCounts(t *testing.T) {
	w := newWorld(t)
	w.file(withBackup(w))
	w.at(october(1, 8, 0))
	w.takeOver(w.onDuty("harbour", october(1, 9, 0)).ID, "H3")
	w.do(func(tx reminders.Tx) error {
		counts, err := w.desk.Counts(tx, "harbour", reminders.Window{From: october(1, 0, 0), To: october(9, 0, 0)})
		want := map[reminders.PersonID]duty.Served{
			"H1": {Officer: 3, Hours: 72}, "H2": {Officer: 3, Hours: 72}, "H3": {Officer: 1, Hours: 24, Backup: 6}, "H5": {Leader: 7},
		}
		if diff := cmp.Diff(want, counts); diff != "" {
			t.Error(diff)
		}
		return err
	})
}
