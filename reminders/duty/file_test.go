package duty_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// A filed roster is in force at once; what follows is one obligation a shift, and a
// notice at 18:00 of the day before each person's first one.
func TestFile(t *testing.T) {
	w := newWorld(t)
	filed := w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
	if !filed.First || len(filed.Changes) != 7 || filed.Roster.Version != 1 || filed.Roster.Hash != reminders.HashText(filed.Roster.Text) {
		t.Errorf("filed %+v", filed.Roster)
	}
	if s := w.onDuty("harbour", october(2, 7, 59)); s.Officer != "H1" || s.Leader != "H5" {
		t.Errorf("on duty %+v", s)
	}
	for day := 1; day <= 7; day++ {
		s := w.onDuty("harbour", october(day, 8, 0))
		if line := w.line(s.TakeOverTerms(), "harbour"); line.State != obligation.Open {
			t.Errorf("take-over of %s is %q", s.ID, line.State)
		}
	}
	if said := w.said(); len(said) != 0 {
		t.Errorf("a first roster is no change: %q", said)
	}
	for _, now := range []time.Time{
		september(30, 17, 59), september(30, 18, 0), october(1, 8, 0), october(1, 18, 0), october(2, 8, 0), october(2, 18, 0),
	} {
		w.at(now)
	}
	want := []string{
		"H1 duty.first 09-30T18:00", "H1 duty.takeover.ask 10-01T08:00", "H2 duty.first 10-01T18:00", "H2 duty.takeover.ask 10-02T08:00",
		"H3 duty.first 10-02T18:00", "H5 duty.first 09-30T18:00",
	}
	if diff := cmp.Diff(want, w.said("duty.first", "duty.takeover.ask")); diff != "" {
		t.Error(diff)
	}
	if entries := w.entries(ledger.Filed); len(entries) != 1 || entries[0].TextHash != filed.Roster.Hash {
		t.Errorf("ledger %+v", entries)
	}
	w.sound()
}

// Filing the same again changes nothing; a new version changes what differs and tells
// those whom it concerns, each once, with the difference.
func TestFileAgain(t *testing.T) {
	w := newWorld(t)
	plan := w.whole("harbour", "H5", "H1", "H2", "H3")
	first := w.file(plan)
	if again := w.file(plan); len(again.Changes) != 0 || again.Roster.Version != 1 || again.Unchanged != 7 {
		t.Errorf("the same again: %+v", again)
	}
	plan = w.whole("harbour", "H5", "H1", "H2", "H3")
	plan.Planned[1].Officer = "H3"                                                                   // 2 October, from H2
	plan.Planned[2].End = october(3, 20, 0)                                                          // H3 until the evening
	plan.Planned = append(plan.Planned, shift("harbour", october(3, 20, 0), october(4, 8, 0), "H2")) // and H2 by night
	plan.Planned = append(plan.Planned[:6], plan.Planned[7:]...)                                     // nobody on 7 October, where H1 was
	second := w.file(plan)
	if second.First || len(second.Changes) != 4 || second.Roster.Version != 2 || second.Roster.Hash == first.Roster.Hash {
		t.Errorf("second: %d changes, version %d", len(second.Changes), second.Roster.Version)
	}
	lines := map[reminders.PersonID][]string{}
	for _, d := range w.outbox() {
		for _, line := range d.Lines[0].Args["Changes"].List {
			lines[d.Person] = append(lines[d.Person], line.Key+" "+line.Args["Start"].Instant.In(place).Format("02T15"))
		}
	}
	want := map[reminders.PersonID][]string{
		"H1": {"duty.change.removed 07T08"},
		"H2": {"duty.change.removed 02T08", "duty.change.added 03T20"},
		"H3": {"duty.change.added 02T08", "duty.change.end 03T08"},
		"H5": {"duty.change.end 03T08", "duty.change.removed 07T08"},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	gone := duty.Shift{ID: duty.IDOf("harbour", october(7, 8, 0))}
	if line := w.line(gone.TakeOverTerms(), "harbour"); line.State != obligation.Withdrawn {
		t.Errorf("the take-over of a cancelled shift is %q", line.State)
	}
	w.sound()
}

// A shift that comes back after it was cancelled is to be taken over anew.
func TestShiftComesBack(t *testing.T) {
	w := newWorld(t)
	plan := w.whole("harbour", "H5", "H1", "H2")
	w.file(plan)
	without := plan
	without.Planned = plan.Planned[:6]
	w.file(without)
	w.file(plan)
	s := w.onDuty("harbour", october(7, 9, 0))
	if line := w.line(s.TakeOverTerms(), "harbour"); line.State != obligation.Open || s.Life != 1 || s.Version != 3 {
		t.Errorf("%s: %q, life %d, version %d", s.TakeOverTerms(), line.State, s.Life, s.Version)
	}
	w.at(october(7, 8, 0))
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.TakeOver(tx, s.ID, s.Officer)
		return err
	})
	if line := w.line(s.TakeOverTerms(), "harbour"); line.State != obligation.Met {
		t.Errorf("taken over: %q", line.State)
	}
	w.sound()
}

// What blocks and what warns; nothing is written in either case.
func TestFileRefused(t *testing.T) {
	w := newWorld(t)
	overlap := w.whole("harbour", "H5", "H1", "H2")
	overlap.Planned[1].Start, overlap.Planned[1].ID = october(2, 7, 0), duty.IDOf("harbour", october(2, 7, 0))
	w.fails(reminders.Invalid, "duty.file.blocked", func(tx reminders.Tx) error {
		filed, err := w.desk.File(tx, overlap, "H4", true)
		if !filed.Blocked() {
			t.Errorf("problems %q", found(filed.Problems))
		}
		return err
	})
	warned := w.whole("harbour", "", "H1", "H2")
	w.fails(reminders.Conflict, "duty.file.confirm", func(tx reminders.Tx) error {
		filed, err := w.desk.File(tx, warned, "H4", false)
		if len(filed.Problems) != 7 {
			t.Errorf("problems %q", found(filed.Problems))
		}
		return err
	})
	w.do(func(tx reminders.Tx) error {
		if _, found, err := w.desk.Roster(tx, "harbour", national); found || err != nil {
			t.Errorf("a roster was written: %v", err)
		}
		return nil
	})
	if filed := w.file(warned); !cmp.Equal(filed.Roster.Accepted, []duty.Reason{duty.NoLeader}) {
		t.Errorf("accepted %q", filed.Roster.Accepted)
	}
	w.sound()
}

// Once the block runs, a new version leaves alone what has begun: it stays if it is not
// named, and cannot change.
func TestFileAfterTheBeginning(t *testing.T) {
	w := newWorld(t)
	plan := w.whole("harbour", "H5", "H1", "H2")
	w.file(plan)
	w.at(october(2, 12, 0))
	changed := w.whole("harbour", "H5", "H1", "H2")
	changed.Planned[1].Officer = "H3"
	w.fails(reminders.Invalid, "duty.file.blocked", func(tx reminders.Tx) error {
		_, err := w.desk.File(tx, changed, "H4", true)
		return err
	})
	rest := w.whole("harbour", "H5", "H1", "H2")
	rest.Planned = rest.Planned[2:]
	rest.Planned[0].Officer = "H3"
	filed := w.file(rest)
	if len(filed.Changes) != 1 || w.onDuty("harbour", october(2, 12, 0)).Officer != "H2" || w.onDuty("harbour", october(3, 12, 0)).Officer != "H3" {
		t.Errorf("%d changes", len(filed.Changes))
	}
	w.sound()
}

// A unit that is on two rosters at one time is found across filings.
func TestFileAcrossUnits(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "C1", "H1", "H2"))
	w.fails(reminders.Invalid, "duty.file.blocked", func(tx reminders.Tx) error {
		_, err := w.desk.File(tx, w.whole("market", "C1", "M1", "M2"), "M3", true)
		return err
	})
}

// After a loss of power at every commit of filing and of what follows, the roster is
// either not there or whole, and everything follows once.
func TestFileSurvives(t *testing.T) {
	for _, after := range []bool{false, true} {
		for left := 1; ; left++ {
			w := newWorld(t)
			w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
			plan := w.whole("harbour", "H5", "H3", "H1", "H2")
			w.engine.left, w.engine.after = left, after
			err := w.store.Do(t.Context(), func(tx reminders.Tx) error {
				_, err := w.desk.File(tx, plan, "H4", true)
				return err
			})
			if err == nil {
				err = w.advance()
			}
			failed := err != nil
			w.restart()
			w.file(plan) // the liaison sends it again
			if s := w.onDuty("harbour", october(1, 9, 0)); s.Officer != "H3" || s.Version != 2 {
				t.Fatalf("after %d: %+v", left, s)
			}
			if people := w.said(); len(people) != 3 {
				t.Errorf("after %d: told %q", left, people)
			}
			w.sound()
			if !failed {
				if left < 4 {
					t.Errorf("only %d commits", left)
				}
				break
			}
		}
	}
}

// The largest roster that is taken fits one unit of work of the smallest engine, also for
// a unit that was asked for it; a larger one is refused before anything is written.
func TestLargestFiling(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.people.add(reminders.PersonID(fmt.Sprintf("L%02d", i)), "某", "harbour")
	}
	w.people.add("H3", "甲三", "harbour", reminders.Liaison) // two of them were asked
	w.at(september(18, 9, 0))
	w.sent()
	plan := func(shifts, people int) duty.Plan {
		p := duty.Plan{Unit: "harbour", Block: w.block(national)}
		for i := range shifts {
			from := october(1, 8, 0).Add(time.Duration(i) * 2 * time.Hour)
			s := shift("harbour", from, from.Add(2*time.Hour), reminders.PersonID(fmt.Sprintf("L%02d", i%people)), "H5")
			s.Row = i + 2
			p.Planned = append(p.Planned, s)
		}
		return p
	}
	w.fails(reminders.Invalid, "duty.file.too_many", func(tx reminders.Tx) error {
		_, err := w.desk.File(tx, plan(64, 31), "L00", true)
		return err
	})
	if filed := w.file(plan(64, 30)); len(filed.Changes) != 64 {
		t.Errorf("%d changes", len(filed.Changes))
	}
	w.sound()
}
