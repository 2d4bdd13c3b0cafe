package duty_test

import (
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Every step holds the swap against the roster, the register and the leaves of that
// instant: what has changed since the step before refuses it, and nothing changes.
func TestSwapIsCheckedAtEachStep(t *testing.T) {
	away := func(p reminders.PersonID, from, to int) func(y *yard) {
		return func(y *yard) { y.leaves[p] = []reminders.Window{{From: oct(from, 0, 0), To: oct(to, 0, 0)}} }
	}
	change := func(p reminders.PersonID, f func(m *duty.Member)) func(y *yard) {
		return func(y *yard) {
			m := y.people[p]
			f(&m)
			y.people[p] = m
		}
	}
	tests := []struct {
		name  string
		swap  duty.SwapRequest
		event func(y *yard)
		want  string // the text of the refusal; empty: it is still possible
	}{
		{"nothing happened", exchange(), func(*yard) {}, ""},
		{"the taker goes on leave", exchange(), away("B", 1, 2), "swap.leave"},
		{"the taker is on leave another day", exchange(), away("B", 3, 4), ""},
		{"the giver is on leave on the day that is given: that is why", cover(), away("A", 1, 2), ""},
		{"the giver is on leave on the day that comes back", exchange(), away("A", 2, 3), "swap.leave"},
		{"the taker retires", exchange(), change("B", func(m *duty.Member) { m.Active = false }), "swap.retired"},
		{"the taker blocks the bot", exchange(), change("B", func(m *duty.Member) { m.Reachable = false }), "swap.unreachable"},
		{"the taker moves to another unit", cover(), change("E", func(m *duty.Member) { m.Unit = "hill" }), "swap.unit"},
		{"the taker gets another shift at that time", cover(), func(y *yard) {
			s := day("hill", 1, "E")
			s.Leader = "HL"
			y.file("hill", s)
		}, "swap.overlap"},
		{"somebody else got the shift", cover(), func(y *yard) {
			y.replace(oct(1, 8, 0), "F")
		}, "swap.not_held"},
		{"somebody else got the shift in return", exchange(), func(y *yard) {
			y.replace(oct(2, 8, 0), "F")
		}, "swap.not_held"},
		{"the shift was taken off the roster", cover(), func(y *yard) {
			y.do(func(tx reminders.Tx) error { return y.duty.Cancel(tx, duty.IDOf("river", oct(1, 8, 0)), "X") })
		}, "swap.gone"},
		{"the shift has begun", cover(), func(y *yard) { y.clock.now = oct(1, 8, 0) }, "swap.begun"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			y := filedYard(t)
			s := y.ask(test.swap)
			accepted := filedYard(t)
			ready := accepted.ask(test.swap)
			ready, err := accepted.took(accepted.swaps.Accept, ready, test.swap.Taker)
			if err != nil {
				t.Fatal(err)
			}
			applied, done := appliedYard(t, test.swap)
			test.event(y)
			test.event(accepted)
			was, wasReady := y.officers(), accepted.officers()
			_, errAccept := y.took(y.swaps.Accept, s, test.swap.Taker)
			_, errApprove := accepted.took(accepted.swaps.Approve, ready, "X")
			wants(t, "accepting", test.want, refused(t, errAccept))
			wants(t, "approving", test.want, refused(t, errApprove))
			if test.want != "" && (y.officers() != was || accepted.officers() != wasReady) {
				t.Errorf("refused, and the roster changed: %s, %s", y.officers(), accepted.officers())
			}
			if test.want == "swap.begun" {
				test.event(applied)
				if _, err := applied.took(applied.reverse, done, "X"); refused(t, err) != test.want {
					t.Errorf("reversing: %v", err)
				}
			}
			y.sound()
			accepted.sound()
		})
	}
}

// replace puts another officer on a shift.
func (y *yard) replace(start time.Time, officer reminders.PersonID) {
	y.t.Helper()
	y.do(func(tx reminders.Tx) error {
		s, _, err := y.duty.ShiftOf(tx, duty.IDOf("river", start))
		if err != nil {
			return err
		}
		s.Officer = officer
		return y.duty.Replace(tx, s, duty.WhyImposed, "X")
	})
}

// Reversing holds the swap against the present as well: who shall get the shift back may
// not be away, and the swap on top of it is reversed first.
func TestReversingIsChecked(t *testing.T) {
	y, s := appliedYard(t, cover())
	y.leaves["A"] = []reminders.Window{{From: oct(1, 0, 0), To: oct(2, 0, 0)}}
	if _, err := y.took(y.reverse, s, "X"); refused(t, err) != "swap.leave" {
		t.Errorf("A gets a shift in a leave: %v", err)
	}
	y.leaves["A"] = nil
	second := y.ask(duty.SwapRequest{By: "E", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "F"})
	if _, err := y.took(y.swaps.Accept, second, "F"); err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.swaps.Approve, second, "X"); err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.reverse, s, "X"); refused(t, err) != "swap.not_held" {
		t.Errorf("the lower one is reversed first: %v", err)
	}
	y.advance(y.clock.now.Add(time.Minute)) // both are followed, and stand
	for _, id := range []duty.Swap{second, s} {
		if _, err := y.took(y.reverse, id, "X"); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, "as at first", "ABCDABC", y.officers())
}

// What is open ends when the first of the shifts begins, and both are told; what was
// applied cannot be reversed any more, and is not followed.
func TestOpenSwapsExpire(t *testing.T) {
	y := filedYard(t)
	s := y.ask(duty.SwapRequest{By: "B", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "A", Back: duty.IDOf("river", oct(1, 8, 0))})
	y.advance(oct(1, 7, 59))
	before := y.mark()
	y.advance(oct(1, 8, 0))
	heard := y.heard(before)
	if !slices.Contains(heard["A"], "swap.expired") || !slices.Contains(heard["B"], "swap.expired") {
		t.Errorf("told: %v", heard)
	}
	if _, err := y.took(y.swaps.Accept, s, "A"); refused(t, err) != "swap.over" {
		t.Errorf("accepted afterwards: %v", err)
	}
	y.ask(duty.SwapRequest{By: "B", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "E"}) // the shift is free again
	y.sound()

	y, s = appliedYard(t, cover())
	y.advance(oct(1, 8, 0))
	y.do(func(tx reminders.Tx) error {
		offers, err := y.swaps.Offers(tx, s, "X")
		if len(offers) != 0 {
			t.Errorf("offered: %v", offers)
		}
		return err
	})
	if _, err := y.took(y.reverse, s, "X"); refused(t, err) != "swap.begun" {
		t.Errorf("reversed afterwards: %v", err)
	}
	y.sound()
}

// A shift that is cancelled takes its swap along, whether it was applied or not; both are
// told.
func TestCancelledShiftEndsTheSwap(t *testing.T) {
	y := filedYard(t)
	open := y.ask(exchange())
	before := y.mark()
	y.do(func(tx reminders.Tx) error { return y.duty.Cancel(tx, open.Given, "X") })
	y.advance(y.clock.now.Add(time.Minute))
	heard := y.heard(before)
	if !slices.Contains(heard["A"], "swap.ended.cancelled") || !slices.Contains(heard["B"], "swap.ended.cancelled") {
		t.Errorf("told: %v", heard)
	}
	y.sound()

	y, s := appliedYard(t, exchange())
	before = y.mark()
	y.do(func(tx reminders.Tx) error { return y.duty.Cancel(tx, s.Back, "X") })
	y.advance(y.clock.now.Add(time.Minute))
	heard = y.heard(before)
	for _, p := range []reminders.PersonID{"A", "B", "X"} {
		if !slices.Contains(heard[p], "swap.ended.applied") {
			t.Errorf("%s is not told: %v", p, heard)
		}
	}
	y.do(func(tx reminders.Tx) (err error) { s, err = y.swaps.Swap(tx, s.ID); return err })
	if s.State != duty.SwapWithdrawn || s.Steps[len(s.Steps)-1].Why != duty.SwapCancelled {
		t.Errorf("%s %+v", s.State, s.Steps)
	}
	wants(t, "the other shift stays", "BCDABC", y.officers())
	y.sound()
}

// An open swap moves along with its shift; who had agreed to another time is asked again.
func TestOpenSwapMovesAlong(t *testing.T) {
	y := filedYard(t)
	s := y.ask(exchange())
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	before := y.mark()
	y.file("river", moved(week(), 10)...)
	y.advance(y.clock.now.Add(time.Minute))
	if heard := y.heard(before); !slices.Contains(heard["B"], "swap.asked") {
		t.Errorf("B is not asked about the new time: %v", heard)
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("approved without a new agreement: %v", err)
	}
	s, err := y.took(y.swaps.Accept, s, "B")
	if err != nil || s.Given != duty.IDOf("river", oct(1, 10, 0)) || !s.Expires.Equal(oct(1, 10, 0)) {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "applied", "BACDABC", y.officers())
	y.sound()
}

// A roster filed again says who is on duty: the file that still names the giver undoes
// nothing, one that names a third person ends the swap, and both are told.
func TestFilingAgain(t *testing.T) {
	y, _ := appliedYard(t, cover())
	second := y.ask(duty.SwapRequest{By: "E", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "F"})
	if _, err := y.took(y.swaps.Accept, second, "F"); err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.swaps.Approve, second, "X"); err != nil {
		t.Fatal(err)
	}
	shifts := week()
	shifts[6].Officer = "D"
	before := y.mark()
	y.file("river", shifts...)
	y.advance(y.clock.now.Add(time.Minute))
	wants(t, "two swaps on top of each other", "FBCDABD", y.officers())
	wants(t, "told", map[reminders.PersonID][]string{"C": {"duty.change"}, "D": {"duty.change"}}, y.heard(before))

	y.file("river", moved(shifts, 9)...)
	y.advance(y.clock.now.Add(time.Minute))
	wants(t, "and moved", "FBCDABD", y.officers())

	shifts[0].Officer = "B"
	shifts[1].Officer = "A"
	before = y.mark()
	y.file("river", shifts...)
	y.advance(y.clock.now.Add(time.Minute)) // the upper one ends
	y.advance(y.clock.now.Add(time.Minute)) // and then the one below it
	wants(t, "a third person", "BACDABD", y.officers())
	heard := y.heard(before)
	for _, p := range []reminders.PersonID{"A", "E", "F"} {
		if !slices.Contains(heard[p], "swap.ended.applied") {
			t.Errorf("%s is not told: %v", p, heard)
		}
	}
	y.do(func(tx reminders.Tx) error {
		live, err := y.swaps.Live(tx, "river")
		if len(live) != 0 {
			t.Errorf("still followed: %+v", live)
		}
		return err
	})
	y.sound()
}

// A liaison may refuse, with a reason or without, what is asked and what is agreed to;
// both are told.
func TestRefusing(t *testing.T) {
	y := filedYard(t)
	s := y.ask(exchange())
	before := y.mark()
	if s, err := y.took(y.refuse, s, "X"); err != nil || s.State != duty.SwapRefused {
		t.Fatalf("%s, %v", s.State, err)
	}
	wants(t, "told", map[reminders.PersonID][]string{"A": {"swap.refused"}, "B": {"swap.refused"}}, y.heard(before))
	s = y.ask(exchange())
	before = y.mark()
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	y.do(func(tx reminders.Tx) error { _, err := y.swaps.Refuse(tx, s.ID, "S", "人手不足"); return err })
	wants(t, "told why", map[reminders.PersonID][]string{
		"A": {"swap.refused_why"}, "B": {"swap.refused_why"}, "X": {"swap.approve"},
	}, y.heard(before))
	wants(t, "untouched", "ABCDABC", y.officers())
}

// Too little rest and too many days in a row do not forbid a swap: they are written down
// and shown to whoever approves.
func TestSwapWarnings(t *testing.T) {
	y := filedYard(t)
	s := y.ask(duty.SwapRequest{By: "B", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "A"})
	want := []duty.SwapWarning{{Person: "A", Reason: duty.ShortRest, Start: oct(2, 8, 0), Count: 0, Limit: 12}}
	if len(s.Warnings) != 1 || s.Warnings[0].Count != want[0].Count || s.Warnings[0].Reason != want[0].Reason {
		t.Fatalf("warned: %+v", s.Warnings)
	}
	if _, err := y.took(y.swaps.Accept, s, "A"); err != nil {
		t.Fatal(err)
	}
	for _, d := range y.outbox() {
		if d.Person == "X" && d.Lines[0].Key == "swap.approve" {
			if list := d.Lines[0].Args["Warnings"].List; len(list) != 1 || list[0].Key != "duty.problem.rest" {
				t.Errorf("the liaison reads %+v", list)
			}
		}
	}
	if attrs := y.entries(ledger.Swap)[0].Attrs; attrs["warning/short-rest/A"] != "0" {
		t.Errorf("the ledger has %v", attrs)
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	y.do(func(tx reminders.Tx) error {
		warnings, err := y.swaps.Check(tx, duty.SwapRequest{By: "C", Given: duty.IDOf("river", oct(3, 8, 0)), Taker: "A"})
		if len(warnings) != 2 || warnings[1].Reason != duty.TooManyDays || warnings[1].Count != 3 {
			t.Errorf("a third day in a row: %+v", warnings)
		}
		return err
	})
}

// Leaders swap their places like officers do; an officer's swap leaves the leader alone.
func TestLeadersSwap(t *testing.T) {
	y := newYard(t)
	shifts := week()
	shifts[1].Leader = "M"
	y.file("river", shifts...)
	r := duty.SwapRequest{By: "L", Given: shifts[0].ID, Taker: "M", Back: shifts[1].ID, Place: reminders.DutyLeader}
	s := y.ask(r)
	if _, err := y.took(y.swaps.Accept, s, "M"); err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	y.do(func(tx reminders.Tx) error {
		first, _, err := y.duty.ShiftOf(tx, shifts[0].ID)
		if first.Leader != "M" || first.Officer != "A" {
			t.Errorf("%+v", first)
		}
		return err
	})
}

// Nobody is woken for a swap of next week; a shift that begins in the morning is asked
// about at once.
func TestSwapsAreQuietAtNight(t *testing.T) {
	y := filedYard(t)
	y.clock.now = time.Date(2026, 9, 20, 23, 0, 0, 0, shanghai)
	y.ask(exchange())
	y.clock.now = oct(3, 1, 0)
	y.ask(duty.SwapRequest{By: "C", Given: duty.IDOf("river", oct(3, 8, 0)), Taker: "E"})
	got := map[reminders.PersonID]time.Time{}
	for _, d := range y.outbox() {
		if d.Kind == "swap" {
			got[d.Person] = d.NotBefore
		}
	}
	if !got["B"].Equal(time.Date(2026, 9, 21, 7, 0, 0, 0, shanghai)) || got["E"].After(oct(3, 7, 0)) {
		t.Errorf("asked at %v", got)
	}
}
