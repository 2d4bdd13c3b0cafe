package report_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// A day of the block: whoever has not filed by half past three is asked, once; an hour
// after it was due the leader hears of it, five minutes later the staff, and then it
// stops.
func TestLadderOfADay(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 12, 0))
	if _, err := w.nilReport("u1", 1, "O1"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(2, 8, 0))
	want := []string{"1 15:30 O2 daily.ask", "1 17:00 L2 daily.tell_leader", "1 17:05 S1 daily.tell_staff"}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Error(diff)
	}
	terms := report.DailyTerms(national, day(1))
	if got := w.state(terms, "u2"); got != obligation.Missed {
		t.Errorf("u2 is %s", got)
	}
	kind, block, on, ok := report.Expected(terms)
	if kind != report.Daily || block != national || on != day(1) || !ok {
		t.Errorf("the terms say %s %s %v", kind, block, on)
	}
	w.sound()
}

// The one tap and the form are under the question, and name the terms.
func TestAskHasButtons(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 15, 30))
	var ask reminders.Delivery
	w.do(func(tx reminders.Tx) (err error) {
		found, err := w.store.Outbox().DueDeliveries(tx, reminders.LaneDuty, w.now, 1)
		ask = found[0]
		return err
	})
	buttons := ask.Lines[0].Buttons[0]
	handle := string(obligation.HandleOf(report.DailyTerms(national, day(1))))
	want := []reminders.Button{
		{Label: "report.button.nil", Verb: "nil", Object: handle}, {Label: "report.button.fill", Verb: "report", Object: handle},
	}
	if diff := cmp.Diff(want, buttons); diff != "" {
		t.Error(diff)
	}
	if ask.Lane != reminders.LaneDuty || len(ask.Asks) != 1 || ask.Asks[0].Unit != "u1" {
		t.Errorf("%+v", ask)
	}
}

// Working days, days without a roster and a provisional year that nobody confirmed expect
// nothing.
func TestNothingIsExpected(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 9, 28, 0, 0, 0, 0, place)
	w.goTo(time.Date(2026, 9, 30, 23, 0, 0, 0, place))
	w.shifts = nil
	w.goTo(on(2, 12, 0))
	w.do(func(tx reminders.Tx) error {
		all, err := w.store.AllTerms(tx)
		if len(all) > 0 {
			t.Errorf("expected is %v", all[0].ID)
		}
		return err
	})
	years := []calendar.Arrangement{{Year: 2026, Status: calendar.Provisional, Days: []calendar.Day{{Name: "国庆节", Date: day(3), Off: true}}}}
	for _, confirmed := range []bool{false, true} {
		w := newWorld(t)
		years[0].Confirmed = confirmed
		var err error
		if w.cal, err = calendar.New(place, years...); err != nil {
			t.Fatal(err)
		}
		w.goTo(on(3, 12, 0))
		if got := w.state(report.DailyTerms(national, day(3)), "u1"); (got == obligation.Open) != confirmed {
			t.Errorf("confirmed %v: %q", confirmed, got)
		}
	}
}

// The roster may change during the day: before anybody is asked, those who came are added
// and those who went are let off.
func TestRosterChangesDuringTheDay(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 10, 0))
	w.shifts[1].unit = "u7" // takes the place of u2
	w.goTo(on(1, 16, 0))
	terms := report.DailyTerms(national, day(1))
	if u2, u7 := w.state(terms, "u2"), w.state(terms, "u7"); u2 != obligation.Excused || u7 != obligation.Open {
		t.Errorf("u2 is %s, u7 %s", u2, u7)
	}
	if diff := cmp.Diff([]string{"1 15:30 O1 daily.ask", "1 15:30 O2 daily.ask"}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// After an outage the days that were missed are in the book as nobody's fault, and only
// the present day is asked for.
func TestOutageOverSomeDays(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 1, 0))
	w.now = on(4, 12, 0)
	w.goTo(on(4, 15, 45))
	for n, want := range map[int]obligation.State{2: obligation.Excused, 3: obligation.Excused, 4: obligation.Open} {
		if got := w.state(report.DailyTerms(national, day(n)), "u1"); got != want {
			t.Errorf("the report of %d October is %s, want %s", n, got, want)
		}
	}
	if diff := cmp.Diff([]string{"4 15:30 O1 daily.ask", "4 15:30 O2 daily.ask"}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// A service that began on a quiet day does not forget the block that came while it was
// down.
func TestOutageSinceBeforeTheBlock(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 9, 21, 9, 0, 0, 0, place)
	w.advance()
	w.now = on(3, 12, 0)
	w.advance()
	if got := w.state(report.DailyTerms(national, day(1)), "u1"); got != obligation.Excused {
		t.Errorf("the report of 1 October is %q", got)
	}
}

// Many units are written down chunk by chunk, and a restart in between goes on there. The
// rosters are read once by each process.
func TestManyUnits(t *testing.T) {
	w := newWorld(t)
	for n := range 47 {
		unit := fmt.Sprintf("v%02d", n)
		w.shifts = append(w.shifts, shift{unit: reminders.UnitID(unit), from: on(1, 8, 0), to: on(2, 8, 0), officer: reminders.PersonID("V" + unit)})
	}
	for range 3 { // the mark, and two of three chunks
		if _, more, err := w.desk.Advance(context.Background(), w.now); err != nil || !more {
			t.Fatal(more, err)
		}
	}
	_ = w.store.Close()
	w.start()
	w.goTo(on(1, 1, 0))
	w.do(func(tx reminders.Tx) error {
		terms, _, err := w.book.Standing(tx, reminders.Ask{Terms: string(report.DailyTerms(national, day(1)))})
		if terms.Members != 49 {
			t.Errorf("%d lines", terms.Members)
		}
		return err
	})
	if w.asked != 2 {
		t.Errorf("asked %d times who is on duty", w.asked)
	}
	next, more, err := w.desk.Advance(context.Background(), w.now)
	if more || err != nil || !next.Equal(on(1, 15, 30)) {
		t.Errorf("next at %v, %v, %v", next, more, err)
	}
	w.sound()
}

// On the third workday after the block the liaisons are asked for the closing report, of
// the units that had duty; the evening is the deadline.
func TestClosingReportIsExpected(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(8, 1, 0))
	terms := report.ClosingTerms(national)
	if got := w.state(terms, "u1"); got != obligation.Open {
		t.Errorf("the closing report of u1 is %q", got)
	}
	w.hush()
	w.goTo(on(16, 12, 0))
	// 8, 9 and the make-up workday 10 October are the three workdays.
	if diff := cmp.Diff([]string{"10 10:00 X1 closing.ask", "10 10:00 X2 closing.ask"}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.goTo(on(16, 19, 0))
	if got := w.state(terms, "u1"); got != obligation.Missed {
		t.Errorf("after five more workdays it is %s", got)
	}
	kind, block, _, ok := report.Expected(terms)
	if kind != report.Closing || block != national || !ok {
		t.Errorf("the terms say %s %s", kind, block)
	}
	if _, _, _, ok := report.Expected("u1/x/take-over"); ok {
		t.Error("terms of a shift are those of a report")
	}
	if got := w.entries(ledger.Reported); len(got) > 0 {
		t.Errorf("somebody reported: %v", got)
	}
	w.sound()
}
