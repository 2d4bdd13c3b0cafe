package duty_test

import (
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
	w.people.units[2].Duty, w.people.units[3].Duty = false, true // the market, the conduct office
	w.at(september(21, 9, 0))
	if line := w.line(duty.RosterTerms(national), "market"); line.State != obligation.Excused {
		t.Errorf("keeps none any more: %q", line.State)
	}
	if line := w.line(duty.RosterTerms(national), "conduct"); line.State != obligation.Open {
		t.Errorf("keeps one now: %q", line.State)
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
