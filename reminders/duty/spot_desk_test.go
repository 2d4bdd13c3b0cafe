package duty_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// block is the holiday block of the yard.
const block = "2026-national-day"

// spotYard is a yard with a known secret, committed to before anything is filed, whose
// roster is filed: river in full, hill with H alone.
func spotYard(t testing.TB, more ...func(y *yard)) *yard {
	t.Helper()
	y := newYard(t)
	y.stop()
	n := 0
	y.secret = func() duty.SpotSecret { n++; return duty.SpotSecret(reminders.HashText(fmt.Sprint("secret", n))) }
	for _, f := range more {
		f(y)
	}
	y.start()
	y.advance(y.clock.now)
	y.clock.now = y.clock.now.Add(time.Hour)
	y.file("river", week()...)
	hill := day("hill", 1, "H")
	hill.Leader = "HL"
	y.file("hill", hill)
	return y
}

// checks lists the checks of a unit that took place.
func (y *yard) checks(unit reminders.UnitID) []duty.SpotCheck {
	y.t.Helper()
	var seen []duty.SpotCheck
	y.do(func(tx reminders.Tx) (err error) {
		seen, err = y.spots.Seen(tx, unit, block)
		return err
	})
	return seen
}

// stored is every check of a unit, as only the store knows it.
func (y *yard) stored(unit reminders.UnitID) []duty.SpotCheck {
	y.t.Helper()
	var all []duty.SpotCheck
	y.do(func(tx reminders.Tx) (err error) {
		all, err = y.store.SpotChecks().SpotChecksOf(tx, unit, block)
		return err
	})
	return all
}

// moment is when a unit's drawn check will be.
func (y *yard) moment(unit reminders.UnitID) time.Time {
	y.t.Helper()
	y.advance(oct(1, 0, 0))
	all := y.stored(unit)
	if len(all) != 1 || all[0].State != duty.SpotWaiting {
		y.t.Fatalf("%s: %+v", unit, all)
	}
	return all[0].Moment
}

// delivered notes that every message that asks has arrived.
func (y *yard) delivered() {
	y.t.Helper()
	for _, d := range y.outbox() {
		for _, ask := range d.Asks {
			y.do(func(tx reminders.Tx) error {
				return y.book.Delivered(tx, obligation.TermsID(ask.Terms), obligation.Owner{Person: ask.Person, Unit: ask.Unit}, d.Key, tx.Now(), false)
			})
		}
	}
}

// From commitment to proof: the hash comes first, the moment follows from what was filed,
// one tap answers, and once the block is over anybody can recompute it from the ledger.
func TestSpotCheckFromCommitmentToProof(t *testing.T) {
	y := spotYard(t)
	committed := y.entries(ledger.Committed)
	if len(committed) != 1 || committed[0].Attrs["commitment"] == "" || committed[0].Attrs["from"] != "09:00" || committed[0].Attrs["to"] != "21:00" {
		t.Fatalf("committed: %+v", committed)
	}
	if filed := y.entries(ledger.Filed); filed[0].Seq < committed[0].Seq {
		t.Error("the roster was filed before the commitment")
	}
	at := y.moment("river")
	y.advance(at.Add(-time.Millisecond))
	if len(y.checks("river")) != 0 {
		t.Error("asked early")
	}
	y.advance(at)
	y.advance(at.Add(time.Minute)) // nothing happens twice
	y.delivered()
	checks := y.checks("river")
	if len(checks) != 1 || checks[0].State != duty.SpotAsked || checks[0].Officer == "" {
		t.Fatalf("asked: %+v", checks)
	}
	y.clock.now = at.Add(29 * time.Minute)
	y.do(func(tx reminders.Tx) error {
		line, err := y.spots.Present(tx, checks[0].Handle(), checks[0].Officer, "")
		if line.State != obligation.Met {
			t.Errorf("answered in time: %s", line.State)
		}
		return err
	})
	y.advance(at.Add(2 * time.Hour))
	wants(t, "outcome", obligation.Met, y.checks("river")[0].Outcome)
	y.advance(oct(8, 0, 0))

	revealed := y.entries(ledger.Revealed)
	if len(revealed) != 1 {
		t.Fatalf("revealed: %+v", revealed)
	}
	for _, e := range y.entries(ledger.Drawn) {
		if e.Subject != "river" {
			continue
		}
		window, err := duty.ParseSpotWindow(e.Attrs["window"])
		if err != nil {
			t.Fatal(err)
		}
		moment, err := duty.Verify(committed[0].Attrs["commitment"], duty.SpotSecret(revealed[0].Attrs["secret"]), e.Attrs["roster"], window)
		if err != nil || !moment.Equal(at) || e.Attrs["moment"] != at.UTC().Format(time.RFC3339) {
			t.Errorf("recomputed %v, %v, ledger %s, was %v", moment, err, e.Attrs["moment"], at)
		}
		if filed := y.entries(ledger.Filed); filed[0].TextHash != e.Attrs["roster"] {
			t.Errorf("the roster is %s and not the one filed, %s", e.Attrs["roster"], filed[0].TextHash)
		}
	}
	y.sound()
}

// Before the moment nothing shows it: no obligation, no message, no entry, no list; the
// secret and what is drawn are in the store alone until the block is over.
func TestSpotCheckIsNotForetold(t *testing.T) {
	y := spotYard(t)
	at := y.moment("river")
	y.advance(at.Add(-time.Minute))
	secret := string(duty.SpotSecret(reminders.HashText("secret1")))
	y.do(func(tx reminders.Tx) error {
		open, err := y.book.OpenFor(tx, obligation.Owner{Unit: "river"})
		for _, line := range open {
			if strings.Contains(string(line.Terms), "spot-check") {
				t.Errorf("foretold by %s", line.Terms)
			}
		}
		if err != nil {
			return err
		}
		published, err := y.spots.Published(tx, reminders.Window{From: oct(1, 0, 0), To: oct(9, 0, 0)})
		if len(published) != 0 {
			t.Errorf("exported: %+v", published)
		}
		if err != nil {
			return err
		}
		promise, found, err := y.spots.Promise(tx, block)
		text, _ := json.Marshal(promise)
		if !found || promise.Commitment == "" || promise.From != 540 || strings.Contains(string(text), secret) {
			t.Errorf("promised: %s", text)
		}
		return err
	})
	for e, err := range y.store.Entries(context.Background(), 1) {
		text, _ := json.Marshal(e)
		if err != nil || strings.Contains(string(text), secret) || strings.Contains(string(text), "duty/river/"+block+"/spot-check") {
			t.Errorf("foretold by entry %s, %v", text, err)
		}
	}
	for _, d := range y.outbox() {
		if strings.Contains(string(d.Key), "spot") {
			t.Errorf("foretold by message %s", d.Key)
		}
	}
}

// Whatever is filed, swapped or replaced from the first instant of the block on changes
// nothing about the moment; what was filed before does.
func TestNobodySteersFromWithinTheBlock(t *testing.T) {
	as := spotYard(t).moment("river")

	before := spotYard(t)
	shifts := week()
	shifts[6].Officer = "D"
	before.file("river", shifts...)
	if before.moment("river").Equal(as) {
		t.Error("another roster led to the same moment: not impossible, but not with these secrets")
	}

	within := spotYard(t)
	within.advance(oct(1, 0, 0))
	within.clock.now = oct(1, 0, 0).Add(time.Second)
	within.file("river", shifts...)
	within.replace(oct(3, 8, 0), "E")
	within.advance(oct(1, 0, 5))
	if got := within.stored("river")[0].Moment; !got.Equal(as) {
		t.Errorf("steered from %v to %v", as, got)
	}

	// The service was down at the start of the block and the roster was filed in it: it
	// is still the roster from before that counts.
	late := spotYard(t)
	late.clock.now = oct(1, 0, 10)
	late.fileUnseen("river", shifts...)
	late.advance(oct(1, 0, 20))
	if got := late.stored("river")[0].Moment; !got.Equal(as) {
		t.Errorf("steered from %v to %v", as, got)
	}
}

// fileUnseen files without letting anything else happen.
func (y *yard) fileUnseen(unit reminders.UnitID, shifts ...duty.Shift) {
	y.t.Helper()
	blocks := y.cal.Blocks(calendar.Date{Year: 2026, Month: 9, Day: 1}, calendar.Date{Year: 2026, Month: 11, Day: 1})
	plan := duty.Plan{Unit: unit, Block: blocks[0]}
	for _, s := range shifts {
		plan.Planned = append(plan.Planned, duty.Planned{Shift: s})
	}
	y.do(func(tx reminders.Tx) error { _, err := y.duty.File(tx, plan, "X", true); return err })
}

// A unit that has filed nothing is drawn all the same: whoever files late does not get
// out of it, and cannot know the moment.
func TestFilingLateIsNoWayOut(t *testing.T) {
	y := newYard(t)
	y.advance(y.clock.now)
	at := y.moment("river")
	y.clock.now = oct(1, 0, 30)
	y.file("river", week()...)
	y.walk(at, 15*time.Minute)
	if checks := y.checks("river"); len(checks) != 1 || !checks[0].AskedAt.Equal(at) {
		t.Errorf("asked: %+v", checks)
	}
	wants(t, "the roster that counted", reminders.HashText(duty.Canonical("river", block, nil)), y.stored("river")[0].Roster)
	y.walk(oct(8, 0, 0), 15*time.Minute)
	wants(t, "nobody was on duty in hill", duty.SpotNobody, y.stored("hill")[0].Reason)
	y.sound()
}

// A roster from before the commitment is not drawn from: nothing would prove that the
// secret was not chosen to suit it.
func TestNoDrawWithoutProof(t *testing.T) {
	y := newYard(t)
	y.fileUnseen("river", week()...)
	y.advance(y.clock.now.Add(time.Hour))
	y.advance(oct(1, 0, 0))
	all := y.stored("river")
	if len(all) != 1 || all[0].State != duty.SpotDropped || all[0].Reason != duty.SpotUnproved {
		t.Errorf("%+v", all)
	}
	y.sound()
}

// Days that nobody has confirmed get no draw, and their secret is revealed without a
// message to anybody.
func TestProvisionalDaysAreNotDrawn(t *testing.T) {
	y := newYard(t)
	a, _ := y.cal.Arrangement(2026)
	a.Status = calendar.Provisional
	y.cal, _ = calendar.New(shanghai, a)
	y.advance(y.clock.now)
	y.advance(oct(1, 0, 0))
	if all := y.stored("river"); len(all) != 0 {
		t.Errorf("drawn: %+v", all)
	}
	before := y.mark()
	y.advance(oct(8, 0, 0))
	for p, lines := range y.heard(before) {
		for _, line := range lines {
			if strings.HasPrefix(line, "spot.") {
				t.Errorf("%s hears %s", p, line)
			}
		}
	}
	wants(t, "revealed", 1, len(y.entries(ledger.Revealed)))
}

// A block that moves takes its commitment along.
func TestDrawFollowsItsBlock(t *testing.T) {
	y := newYard(t)
	y.advance(y.clock.now)
	y.cal = nationalDay(t, 3)
	y.advance(y.clock.now.Add(time.Minute))
	wants(t, "committed once", 1, len(y.entries(ledger.Committed)))
	y.advance(oct(1, 0, 0))
	wants(t, "not drawn on the old day", 0, len(y.stored("river")))
	y.advance(oct(3, 0, 0))
	wants(t, "drawn on the new one", 1, len(y.stored("river")))
	y.sound()
}
