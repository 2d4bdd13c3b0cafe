package duty_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The rule in dates: asked with the unit notice of the occasion, due two workdays before
// the block at 18:00, reminded that day at 10:00, the leader on the next workday.
func TestRosterDue(t *testing.T) {
	w := newWorld(t)
	for _, row := range []struct{ block, opens, due, closes string }{
		{"2026-mid-autumn", "09-18T09:00", "09-23T18:00", "09-25T00:00"},
		{"2026-national-day", "09-18T09:00", "09-29T18:00", "10-01T00:00"}, // asked with Mid-Autumn
		{"2026-labour-day", "04-24T09:00", "04-29T18:00", "05-01T00:00"},
		{"2026-spring-festival", "02-06T09:00", "02-13T18:00", "02-15T00:00"}, // 14 February is a workday
	} {
		t.Run(row.block, func(t *testing.T) {
			terms := duty.RosterDue(w.cal, w.block(row.block))
			got := []string{terms.Opens.Format("01-02T15:04"), terms.Due.Format("01-02T15:04"), terms.Closes.Format("01-02T15:04")}
			if diff := cmp.Diff([]string{row.opens, row.due, row.closes}, got); diff != "" {
				t.Error(diff)
			}
			var names []string
			for _, step := range terms.Ladder {
				names = append(names, step.Name)
			}
			if diff := cmp.Diff([]string{"ask", "again", "tell-leader"}, names); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Units that keep a roster are asked, those that filed are not reminded, and the leader
// hears of one that did not.
func TestRosterIsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.at(september(18, 9, 0))
	want := []string{
		"H4 duty.roster.ask 09-18T09:00", "H4 duty.roster.ask 09-18T09:00", "M3 duty.roster.ask 09-18T09:00", "M3 duty.roster.ask 09-18T09:00",
	}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Errorf("both blocks are asked for at once: %s", diff)
	}
	if got := len(w.outbox()); got != 2 {
		t.Errorf("%d messages, want one for each liaison", got)
	}
	w.sent()
	w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
	if line := w.line(duty.RosterTerms(national), "harbour"); line.State != obligation.Met || line.By != "H4" {
		t.Errorf("filed: %q by %s", line.State, line.By)
	}
	w.at(september(29, 10, 0))
	w.at(september(30, 10, 0))
	// Mid-Autumn came and went in this test without its steps: it is closed.
	if diff := cmp.Diff([]string{"M3 duty.roster.again 09-29T10:00"}, w.said("duty.roster.again", "duty.roster.leader")); diff != "" {
		t.Error(diff)
	}
	w.at(october(1, 0, 0))
	if line := w.line(duty.RosterTerms(national), "market"); line.State != obligation.Missed {
		t.Errorf("not filed: %q", line.State)
	}
	w.sound()
}

// A unit that files before anybody is asked owes nothing and hears nothing; one that
// stops keeping a roster is excused; one that begins to is asked the next day.
func TestWhoOwesARoster(t *testing.T) {
	w := newWorld(t)
	w.file(w.whole("harbour", "H5", "H1", "H2", "H3"))
	w.at(september(18, 9, 0))
	if line := w.line(duty.RosterTerms(national), "harbour"); line.State != obligation.Met {
		t.Errorf("filed early: %q", line.State)
	}
	w.people.add("S1", "丁一", "conduct", reminders.Staff, reminders.Liaison)
	w.people.units[2].Duty, w.people.units[3].Duty = false, true // the market, the conduct office
	w.at(september(21, 9, 0))
	if line := w.line(duty.RosterTerms(national), "market"); line.State != obligation.Excused {
		t.Errorf("keeps none any more: %q", line.State)
	}
	if line := w.line(duty.RosterTerms(national), "conduct"); line.State != obligation.Open {
		t.Errorf("keeps one now: %q", line.State)
	}
	if said := w.said("duty.roster.ask"); !slices.Contains(said, "S1 duty.roster.ask 09-21T09:00") {
		t.Errorf("asked %q", said)
	}
	w.sound()
}

// When the block moves, what is owed moves with it; a provisional year asks nobody.
func TestRosterMoves(t *testing.T) {
	w := newWorld(t)
	w.at(september(18, 9, 0))
	a, _ := w.cal.Arrangement(2026)
	for i := range a.Days {
		if d := a.Days[i].Date; d.Month == 10 && d.Day == 1 {
			a.Days[i].Off = false
		}
	}
	moved, err := calendar.New(place, a)
	if err != nil {
		t.Fatal(err)
	}
	w.cal = moved
	w.at(september(21, 9, 0))
	w.do(func(tx reminders.Tx) error {
		terms, _, err := w.book.Standing(tx, reminders.Ask{Terms: string(duty.RosterTerms(national)), Unit: "harbour"})
		if got := terms.Due.In(place).Format("01-02T15:04"); got != "09-30T18:00" {
			t.Errorf("due %s", got)
		}
		return err
	})
	provisional := newWorld(t)
	a.Status = calendar.Provisional
	if provisional.cal, err = calendar.New(place, a); err != nil {
		t.Fatal(err)
	}
	provisional.at(september(21, 9, 0))
	if said := provisional.said(); len(said) != 0 {
		t.Errorf("provisional: %q", said)
	}
	w.sound()
}

// A city of many units is asked chunk by chunk, a crash between chunks leaves nobody out
// and asks nobody twice; when all of them stop keeping rosters, all are excused.
func TestManyRosters(t *testing.T) {
	const many = 50
	for _, left := range []int{1, 3, 6, 100} {
		w := newWorld(t)
		for i := range many {
			unit := reminders.UnitID(fmt.Sprintf("x%02d", i))
			w.people.units = append(w.people.units, reminders.Unit{ID: unit, Duty: true})
			w.people.add(reminders.PersonID("X"+string(unit)), "某", unit, reminders.Liaison)
		}
		w.clock.now = september(18, 9, 0)
		w.engine.left = left
		if err := w.advance(); (err != nil) != (left < 100) {
			t.Fatal(err)
		}
		w.restart()
		w.at(september(18, 9, 1))
		if got := len(w.said("duty.roster.ask")); got != 2*(many+2) {
			t.Errorf("after %d: asked %d times, want %d", left, got, 2*(many+2))
		}
		for i := range w.people.units {
			w.people.units[i].Duty = false
		}
		w.at(september(19, 9, 0))
		for i := range many {
			unit := reminders.UnitID(fmt.Sprintf("x%02d", i))
			if line := w.line(duty.RosterTerms(national), unit); line.State != obligation.Excused {
				t.Errorf("%s: %q", unit, line.State)
			}
		}
		w.sound()
	}
}

// After a restore what was due meanwhile is opened and carried out, and says nothing.
func TestPassOver(t *testing.T) {
	w := newWorld(t)
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.File(tx, w.whole("harbour", "H5", "H1", "H2"), "H4", true)
		return err
	})
	w.clock.now = september(30, 19, 0)
	quiet := &silence{}
	for more := true; more; {
		var err error
		if more, err = w.desk.PassOver(t.Context(), w.clock.now, quiet); err != nil {
			t.Fatal(err)
		}
	}
	if said := w.said(); len(said) != 0 || quiet.heard != 2 {
		t.Errorf("said %q, and %d to quiet", said, quiet.heard)
	}
	w.at(september(30, 19, 1))
	if said := w.said("duty.first"); len(said) != 0 {
		t.Errorf("said later %q", said)
	}
	if line := w.line(w.onDuty("harbour", october(1, 9, 0)).TakeOverTerms(), "harbour"); line.State != obligation.Open {
		t.Errorf("take-over %q", line.State)
	}
	w.sound()
}

// silence takes deliveries and sends none.
type silence struct{ heard int }

func (s *silence) Enqueue(reminders.Tx, reminders.Delivery) error {
	s.heard++
	return nil
}
