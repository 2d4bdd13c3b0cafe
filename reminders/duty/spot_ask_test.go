package duty_test

import (
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// A check that nobody answers: the officer is asked once, after half an hour the leader
// hears of it, and when it closes the staff on duty.
func TestMissedSpotCheckClimbsTheLadder(t *testing.T) {
	y := spotYard(t)
	at := y.moment("river")
	before := y.mark()
	told := func() map[reminders.PersonID][]string {
		heard := y.heard(before)
		for p, lines := range heard {
			lines = slices.DeleteFunc(lines, func(l string) bool { return len(l) < 5 || l[:5] != "spot." })
			if heard[p] = lines; len(lines) == 0 {
				delete(heard, p)
			}
		}
		return heard
	}
	y.advance(at)
	officer := y.checks("river")[0].Officer
	want := map[reminders.PersonID][]string{officer: {"spot.ask"}}
	wants(t, "at the moment", want, told())
	y.delivered()
	y.advance(at.Add(29 * time.Minute))
	wants(t, "before the half hour", want, told())
	y.advance(at.Add(30 * time.Minute))
	want["L"] = []string{"spot.tell"}
	wants(t, "after half an hour", want, told())
	y.advance(at.Add(2 * time.Hour))
	want["S"], want["BOSS"] = []string{"spot.missed"}, []string{"spot.missed"}
	wants(t, "when it closes", want, told())
	wants(t, "outcome", obligation.Missed, y.checks("river")[0].Outcome)
	err := y.try(func(tx reminders.Tx) error {
		_, err := y.spots.Present(tx, y.checks("river")[0].Handle(), officer, "")
		return err
	})
	wants(t, "answered afterwards", reminders.Closed, reminders.KindOf(err))
	y.sound()
}

// After an outage a check is asked late as long as it lies within its window and no more
// than an hour has passed; then it is dropped, with the reason.
func TestSpotCheckAfterAnOutage(t *testing.T) {
	tests := []struct {
		name  string
		after time.Duration
		want  duty.SpotState
	}{
		{"in time", 0, duty.SpotAsked},
		{"a little late", 20 * time.Minute, duty.SpotAsked},
		{"just in time", time.Hour, duty.SpotAsked},
		{"too late", time.Hour + time.Second, duty.SpotDropped},
		{"much too late", 30 * time.Hour, duty.SpotDropped},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			y := spotYard(t)
			at := y.moment("river")
			if at.In(shanghai).Hour() >= 20 {
				t.Fatal("the secret of this test must lead to an earlier hour")
			}
			y.advance(at.Add(test.after))
			got := y.stored("river")[0]
			if got.State != test.want {
				t.Fatalf("%s %s", got.State, got.Reason)
			}
			if test.want == duty.SpotDropped {
				wants(t, "reason", duty.SpotServiceDown, got.Reason)
				return
			}
			terms, _ := y.standing(got)
			sayable(t, terms.Subject)
			if !terms.Due.Equal(at.Add(test.after+30*time.Minute)) || !terms.Closes.Equal(at.Add(test.after+2*time.Hour)) {
				t.Errorf("half an hour from being asked: due %v, closes %v", terms.Due, terms.Closes)
			}
			y.sound()
		})
	}
}

// standing gives terms and line of a check.
func (y *yard) standing(s duty.SpotCheck) (terms obligation.Terms, line obligation.Obligation) {
	y.t.Helper()
	y.do(func(tx reminders.Tx) (err error) {
		terms, line, err = y.book.Standing(tx, reminders.Ask{Terms: string(s.Terms()), Unit: s.Unit})
		return err
	})
	return terms, line
}

// A late check is not asked beyond the hours of the day.
func TestLateCheckKeepsTheHours(t *testing.T) {
	y := spotYard(t, func(y *yard) {
		y.rules.From, y.rules.To = 9*60, 9*60+1 // its only minute is 09:00
	})
	at := y.moment("river")
	y.advance(at.Add(10 * time.Minute))
	wants(t, "beyond the hours", duty.SpotServiceDown, y.stored("river")[0].Reason)
}

// manual asks river by hand.
func (y *yard) manual(by reminders.PersonID, why, override string) (s duty.SpotCheck, err error) {
	y.t.Helper()
	err = y.try(func(tx reminders.Tx) (err error) {
		s, err = y.spots.Ask(tx, duty.SpotRequest{Unit: "river", By: by, Why: why, Override: override})
		return err
	})
	return s, err
}

// A check by hand needs the office and a reason; it counts, and takes the place of the
// draw; over the limit only the head may go, and says why.
func TestManualSpotCheck(t *testing.T) {
	y := spotYard(t)
	at := y.moment("river")
	y.clock.now = at.Add(-30 * time.Minute)
	s, err := y.manual("S", "群众反映电话无人接听", "")
	if err != nil || s.State != duty.SpotAsked || s.Number != 2 || s.Terms() != "duty/river/2026-national-day/spot-check-2" {
		t.Fatalf("%+v, %v", s, err)
	}
	y.advance(at)
	wants(t, "the draw gives way", duty.SpotLimit, y.stored("river")[0].Reason)
	_, err = y.manual("S", "again", "")
	wants(t, "the limit", "spot.limit", refused(t, err))
	_, err = y.manual("S", "again", "because I may")
	wants(t, "staff do not override", reminders.Denied, reminders.KindOf(err))
	s, err = y.manual("BOSS", "再次反映", "同日再次接到反映")
	if err != nil || s.Number != 3 {
		t.Fatalf("the head: %+v, %v", s, err)
	}
	entries := y.entries(ledger.Expected)
	last := entries[len(entries)-1]
	if last.Actor != "BOSS" || last.Attrs["why"] != "再次反映" || last.Attrs["override"] != "同日再次接到反映" {
		t.Errorf("the ledger has %+v", last)
	}
	y.advance(oct(8, 0, 0))
	y.sound()
}

// Who may not ask, what is no reason, and nobody to ask.
func TestManualSpotCheckRefused(t *testing.T) {
	y := spotYard(t)
	y.clock.now = oct(1, 10, 0)
	tests := []struct {
		name, why string
		by        reminders.PersonID
		want      string
	}{
		{"an official", "reason", "A", "spot.denied"},
		{"a liaison", "reason", "X", "spot.denied"},
		{"an auditor", "reason", "Z", "spot.denied"},
		{"a stranger", "reason", "nobody", "spot.denied"},
		{"no reason", "  ", "S", "spot.why"},
	}
	for _, test := range tests {
		_, err := y.manual(test.by, test.why, "")
		wants(t, test.name, test.want, refused(t, err))
	}
	y.clock.now = oct(1, 7, 0)
	_, err := y.manual("S", "reason", "")
	wants(t, "nobody is on duty", "spot.nobody", refused(t, err))
	wants(t, "nothing is left behind", 0, len(y.checks("river")))
}

// The officer who was asked answers, or whoever is on duty by then; nobody else, and not
// before.
func TestPresent(t *testing.T) {
	y := spotYard(t)
	at := y.moment("river")
	waiting := y.stored("river")[0]
	present := func(by reminders.PersonID) error {
		return y.try(func(tx reminders.Tx) error { _, err := y.spots.Present(tx, waiting.Handle(), by, ""); return err })
	}
	wants(t, "before the moment it does not exist", "spot.unknown", refused(t, present("A")))
	y.advance(at)
	officer := y.checks("river")[0].Officer
	for _, by := range []reminders.PersonID{"L", "X", "H", "S", "E"} {
		wants(t, string(by), "spot.not_on_duty", refused(t, present(by)))
	}
	s, _, err := y.shiftAt(at)
	if err != nil {
		t.Fatal(err)
	}
	y.replace(s.Start.In(shanghai), "E") // who was asked has fallen ill, E stepped in
	if err := present("E"); err != nil {
		t.Error(err)
	}
	if err := present(officer); err != nil {
		t.Errorf("twice is once: %v", err)
	}
	_, line := y.standing(y.checks("river")[0])
	if line.State != obligation.Met || line.By != "E" {
		t.Errorf("%+v", line)
	}
}

// shiftAt gives the shift of river at an instant.
func (y *yard) shiftAt(at time.Time) (s duty.Shift, found bool, err error) {
	y.do(func(tx reminders.Tx) error {
		s, found, err = y.duty.OnDuty(tx, "river", at)
		return nil
	})
	return s, found, err
}

// Fewer checks than units: those whose last check is longest ago are drawn, and nobody
// can see before the end of the block which they are.
func TestFewerChecksThanUnits(t *testing.T) {
	y := spotYard(t, func(y *yard) {
		y.rules.Units = 1
	})
	y.advance(oct(1, 0, 0))
	drawn := len(y.stored("river")) + len(y.stored("hill"))
	wants(t, "one of two", 1, drawn)
	y.do(func(tx reminders.Tx) error {
		return y.store.SpotChecks().SaveLastSpot(tx, duty.SpotLast{Unit: "river", At: oct(1, 0, 0), Officer: "A"})
	})
	for range 5 {
		other := spotYard(t, func(y *yard) { y.rules.Units = 1 })
		other.do(func(tx reminders.Tx) error {
			return other.store.SpotChecks().SaveLastSpot(tx, duty.SpotLast{Unit: "river", At: oct(1, 0, 0), Officer: "A"})
		})
		other.advance(oct(1, 0, 0))
		wants(t, "hill has never been checked", 1, len(other.stored("hill")))
	}
}

// Counts are by unit and person, in the order of names, drawn and by hand apart.
func TestSpotCounts(t *testing.T) {
	y := spotYard(t)
	y.walk(oct(2, 12, 0), 10*time.Minute)
	if _, err := y.manual("BOSS", "reason", "reason"); err != nil {
		t.Fatal(err)
	}
	y.walk(oct(8, 0, 0), 10*time.Minute)
	y.do(func(tx reminders.Tx) error {
		units, people, err := y.spots.Count(tx, reminders.Window{From: oct(1, 0, 0), To: oct(8, 0, 0)})
		if err != nil {
			return err
		}
		sum := func(counts []duty.SpotCount) (n int) {
			for _, c := range counts {
				n += c.Drawn + c.Manual
			}
			return n
		}
		if sum(units) != sum(people) || !slices.IsSortedFunc(units, func(a, b duty.SpotCount) int { return len(a.Unit) - len(b.Unit) }) {
			t.Errorf("units %+v, people %+v", units, people)
		}
		river := units[slices.IndexFunc(units, func(c duty.SpotCount) bool { return c.Unit == "river" })]
		if river.Manual != 1 {
			t.Errorf("%+v", units)
		}
		none, _, err := y.spots.Count(tx, reminders.Window{From: oct(8, 0, 0), To: oct(9, 0, 0)})
		wants(t, "another month", 0, len(none))
		return err
	})
}

// The secret goes to staff and auditors with the closing summary, once; exports have the
// checks from then on.
func TestReveal(t *testing.T) {
	y := spotYard(t)
	y.walk(oct(8, 0, 0), 15*time.Minute)
	y.advance(oct(8, 0, 1))
	got := map[reminders.PersonID]time.Time{}
	for _, d := range y.outbox() {
		if len(d.Lines) > 0 && d.Lines[0].Key == "spot.revealed" {
			got[d.Person] = d.NotBefore
			sayable(t, d.Lines[0])
			if *d.Lines[0].Args["Secret"].Text == "" || *d.Lines[0].Args["Count"].Number < 1 {
				t.Errorf("%+v", d.Lines[0].Args)
			}
		}
	}
	first := oct(8, 10, 0) // a Thursday
	wants(t, "told", map[reminders.PersonID]time.Time{"S": first, "Z": first}, got)
	y.do(func(tx reminders.Tx) error {
		published, err := y.spots.Published(tx, reminders.Window{From: oct(1, 0, 0), To: oct(9, 0, 0)})
		wants(t, "both units", 2, len(published))
		promise, _, _ := y.spots.Promise(tx, block)
		wants(t, "the secret is public", promise.Commitment, promise.Secret.Commitment())
		return err
	})
	y.sound()
}

// A process that ends at any instant goes on where it was: nobody is asked twice, and
// nothing is drawn twice.
func TestSpotChecksSurviveRestarts(t *testing.T) {
	y := spotYard(t)
	for at := y.clock.now; at.Before(oct(8, 1, 0)); at = at.Add(47 * time.Minute) {
		y.advance(at)
		if at.Minute()%3 == 0 {
			y.stop()
			y.start()
		}
	}
	wants(t, "committed", 1, len(y.entries(ledger.Committed)))
	wants(t, "revealed", 1, len(y.entries(ledger.Revealed)))
	asked := 0
	for _, d := range y.outbox() {
		if len(d.Lines) > 0 && d.Lines[0].Key == "spot.ask" && d.Asks[0].Unit == "river" {
			asked++
		}
	}
	wants(t, "asked", 1, asked)
	y.sound()
}
