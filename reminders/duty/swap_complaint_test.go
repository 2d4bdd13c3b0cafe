package duty_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// What users of other rosters complained about, one test each. The numbers are those of
// their threads: linkedin/oncall 296, the others of grafana/oncall.

// 296: a swap changed the roster at once, without anybody's agreement.
func Test296NothingWithoutConsentAndApproval(t *testing.T) {
	y := filedYard(t)
	s := y.ask(exchange())
	wants(t, "after asking", "ABCDABC", y.officers())
	if _, err := y.took(y.swaps.Approve, s, "X"); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("approved before the other one agreed: %v", err)
	}
	if _, err := y.took(y.swaps.Accept, s, "A"); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("A agrees with A: %v", err)
	}
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	wants(t, "after agreeing", "ABCDABC", y.officers())
	for _, by := range []reminders.PersonID{"A", "B", "C", "HL"} {
		if _, err := y.took(y.swaps.Approve, s, by); reminders.KindOf(err) != reminders.Denied {
			t.Errorf("%s approves: %v", by, err)
		}
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "after the approval", "BACDABC", y.officers())
	y.sound()
}

// 395: whoever needs a swap had to run after people; now the other one is asked with two
// buttons, and the liaison after them.
func Test395TheServiceAsks(t *testing.T) {
	y := filedYard(t)
	before := y.mark()
	s := y.ask(exchange())
	wants(t, "asked", map[reminders.PersonID][]string{"B": {"swap.asked"}}, y.heard(before))
	var objects []string
	for _, d := range y.outbox() {
		if d.Person == "B" && d.Kind == "swap" {
			for _, b := range d.Lines[0].Buttons[0] {
				objects = append(objects, b.Verb+":"+b.Object)
			}
		}
	}
	wants(t, "buttons", []string{"swap:" + string(s.ID) + ".accept", "swap:" + string(s.ID) + ".decline"}, objects)
	before = y.mark()
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	wants(t, "to approve", map[reminders.PersonID][]string{"X": {"swap.approve"}}, y.heard(before))
}

// 2868: a swap went by unannounced. Everybody affected hears of it, once: both people with
// the difference, both leaders, the liaison; nobody else, and not who did it.
func Test2868EverybodyAffectedIsTold(t *testing.T) {
	y := newYard(t)
	shifts := week()
	shifts[1].Leader = "M"
	y.file("river", shifts...)
	y.enrol("X2", "river", reminders.Liaison)
	s := y.ask(exchange())
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	before := y.mark()
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "told", map[reminders.PersonID][]string{
		"A": {"duty.change"}, "B": {"duty.change"}, "L": {"swap.applied"}, "M": {"swap.applied"}, "X2": {"swap.applied"},
	}, y.heard(before))
	for _, d := range y.outbox() {
		if d.Person == "A" && !before[d.Key] {
			lines := d.Lines[0].Args["Changes"].List
			if len(lines) != 2 || lines[0].Key != "duty.change.removed" || lines[1].Key != "duty.change.added" {
				t.Errorf("the difference for A: %+v", lines)
			}
		}
	}
}

// 2844: a swap where there is nothing to swap was accepted and invisible.
func Test2844NothingToSwapIsSaid(t *testing.T) {
	y := filedYard(t)
	tests := []struct {
		name string
		r    duty.SwapRequest
		want string
	}{
		{"a shift that does not exist", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 9, 0)), Taker: "B"}, "swap.gone"},
		{"in return for one that does not exist", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "B", Back: "nowhere"}, "swap.gone"},
		{"in return for one that the other does not have", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "B", Back: duty.IDOf("river", oct(3, 8, 0))}, "swap.not_held"},
		{"a place that nobody has", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "B", Place: reminders.DutyBackup}, "swap.gone"},
		{"with oneself", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "A"}, "swap.same"},
		{"with nobody", duty.SwapRequest{By: "A", Given: duty.IDOf("river", oct(1, 8, 0))}, "swap.same"},
	}
	for _, test := range tests {
		err := y.try(func(tx reminders.Tx) error { _, err := y.swaps.Ask(tx, test.r); return err })
		if refused(t, err) != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	s := y.ask(exchange())
	y.do(func(tx reminders.Tx) error {
		live, err := y.swaps.Live(tx, "river")
		if len(live) != 1 || live[0].ID != s.ID {
			t.Errorf("what is open is not seen: %+v", live)
		}
		return err
	})
}

// 3132: a manager could not handle swaps of others, after an accident for instance.
func Test3132TheLiaisonImposesAndReverses(t *testing.T) {
	for _, by := range []reminders.PersonID{"X", "S", "BOSS"} {
		y := filedYard(t)
		before := y.mark()
		r := cover()
		r.By, r.Why = by, "住院"
		var s duty.Swap
		y.do(func(tx reminders.Tx) (err error) { s, err = y.swaps.Impose(tx, r); return err })
		wants(t, "imposed", "EBCDABC", y.officers())
		heard := y.heard(before)
		if heard["A"] == nil || heard["E"] == nil || !slices.Contains(heard["L"], "swap.imposed") {
			t.Errorf("told: %v", heard)
		}
		if _, err := y.took(y.reverse, s, by); err != nil {
			t.Fatal(err)
		}
		wants(t, "reversed", "ABCDABC", y.officers())
		y.sound()
	}
}

// Imposing needs the office and a reason, and nobody imposes what they take part in.
func Test3132NobodyElseImposes(t *testing.T) {
	y := filedYard(t)
	y.enrol("A", "river", reminders.Liaison)
	for _, by := range []reminders.PersonID{"A", "E", "B", "HL", "Z", "nobody"} {
		r := cover()
		r.By, r.Why = by, "reason"
		if err := y.try(func(tx reminders.Tx) error { _, err := y.swaps.Impose(tx, r); return err }); reminders.KindOf(err) != reminders.Denied {
			t.Errorf("%s imposes: %v", by, err)
		}
	}
	r := cover()
	r.By, r.Why = "X", " "
	if err := y.try(func(tx reminders.Tx) error { _, err := y.swaps.Impose(tx, r); return err }); refused(t, err) != "swap.why" {
		t.Errorf("without a reason: %v", err)
	}
	wants(t, "untouched", "ABCDABC", y.officers())
}

// 3106: nobody could ask on behalf of somebody who is away.
func Test3106AskingOnBehalf(t *testing.T) {
	y := filedYard(t)
	y.leaves["A"] = []reminders.Window{{From: oct(1, 0, 0), To: oct(3, 0, 0)}} // the reason why
	r := cover()
	r.By = "X"
	s := y.ask(r)
	wants(t, "before E agrees", "ABCDABC", y.officers())
	s, err := y.took(y.swaps.Accept, s, "E")
	if err != nil || s.State != duty.SwapApplied {
		t.Fatalf("%s, %v", s.State, err) // the liaison asked, so nobody need approve
	}
	wants(t, "once E agrees", "EBCDABC", y.officers())
	if err := y.try(func(tx reminders.Tx) error {
		_, err := y.swaps.Ask(tx, duty.SwapRequest{By: "C", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "F"})
		return err
	}); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("C asks on behalf of B: %v", err)
	}
}

// 4538: nobody could take a shift from somebody who is on duty now, and taking one from
// somebody before moved nothing.
func Test4538TakingAShift(t *testing.T) {
	y := filedYard(t)
	s := y.ask(duty.SwapRequest{By: "E", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "E"})
	if _, err := y.took(y.swaps.Accept, s, "E"); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("E agrees with E: %v", err)
	}
	s, err := y.took(y.swaps.Accept, s, "B")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.swaps.Approve, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "offered and taken", "AECDABC", y.officers())

	y.advance(oct(1, 8, 0))
	y.do(func(tx reminders.Tx) error {
		_, err := y.duty.TakeOver(tx, duty.IDOf("river", oct(1, 8, 0)), "A")
		return err
	})
	y.advance(oct(1, 14, 0))
	r := duty.SwapRequest{By: "X", Given: duty.IDOf("river", oct(1, 8, 0)), Taker: "F", Why: "送医"}
	y.do(func(tx reminders.Tx) error { _, err := y.swaps.Impose(tx, r); return err })
	y.advance(oct(1, 15, 0))
	for at, want := range map[time.Time]reminders.PersonID{oct(1, 13, 59): "A", oct(1, 14, 30): "F", oct(2, 7, 59): "F"} {
		y.do(func(tx reminders.Tx) error {
			a, err := y.duty.Responsible(tx, "river", at, time.Time{})
			if a.Person != want {
				t.Errorf("at %v %s was responsible, want %s", at, a.Person, want)
			}
			return err
		})
	}
	y.advance(oct(2, 8, 0))
	r.By, r.Taker = "S", "D"
	if err := y.try(func(tx reminders.Tx) error { _, err := y.swaps.Impose(tx, r); return err }); refused(t, err) != "swap.begun" {
		t.Errorf("a shift that is over: %v", err)
	}
	y.sound()
}

// 5131: who had taken a shift by mistake could not give it back, nor could anybody for
// them.
func Test5131UntakingASwap(t *testing.T) {
	y := filedYard(t)
	s := y.ask(exchange())
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	before := y.mark()
	s, err := y.took(y.swaps.Decline, s, "B")
	if err != nil || s.State != duty.SwapRefused {
		t.Fatalf("%s, %v", s.State, err)
	}
	wants(t, "told", map[reminders.PersonID][]string{"A": {"swap.declined"}}, y.heard(before))

	s = y.ask(exchange()) // the shifts are free again
	if _, err := y.took(y.swaps.Accept, s, "B"); err != nil {
		t.Fatal(err)
	}
	if _, err := y.took(y.swaps.Approve, s, "S"); err != nil {
		t.Fatal(err)
	}
	for _, by := range []reminders.PersonID{"A", "B", "HL"} {
		if _, err := y.took(y.reverse, s, by); reminders.KindOf(err) != reminders.Denied {
			t.Errorf("%s reverses: %v", by, err)
		}
	}
	before = y.mark()
	if _, err := y.took(y.reverse, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "taken back", "ABCDABC", y.officers())
	wants(t, "both are told", map[reminders.PersonID][]string{"A": {"duty.change"}, "B": {"duty.change"}, "L": {"swap.reversed"}}, dropped(y.heard(before), "X"))
}

// 2787: several requests for one shift could be open at once.
func Test2787OneOpenSwapForAShift(t *testing.T) {
	y := filedYard(t)
	s := y.ask(exchange())
	for name, r := range map[string]duty.SwapRequest{
		"the shift given":       cover(),
		"the shift in return":   {By: "B", Given: duty.IDOf("river", oct(2, 8, 0)), Taker: "E"},
		"in return for another": {By: "C", Given: duty.IDOf("river", oct(3, 8, 0)), Taker: "B", Back: duty.IDOf("river", oct(2, 8, 0))},
	} {
		if err := y.try(func(tx reminders.Tx) error { _, err := y.swaps.Ask(tx, r); return err }); refused(t, err) != "swap.busy" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := y.took(y.swaps.Withdraw, s, "A"); err != nil {
		t.Fatal(err)
	}
	y.ask(cover())
	r := cover()
	r.By, r.Taker, r.Why = "X", "F", "urgent"
	before := y.mark()
	y.do(func(tx reminders.Tx) error { _, err := y.swaps.Impose(tx, r); return err })
	if heard := y.heard(before); !slices.Contains(heard["E"], "swap.ended.overtaken") {
		t.Errorf("E is still asked for what is settled: %v", heard)
	}
	y.sound()
}

// 3096: notices went on as if there were no swap.
func Test3096NoticesFollowTheSwap(t *testing.T) {
	y, _ := appliedYard(t, cover())
	y.walk(oct(1, 8, 0), 6*time.Hour)
	asked := map[reminders.PersonID]bool{}
	for _, d := range y.outbox() {
		for _, line := range d.Lines {
			if line.Key == "duty.takeover.ask" {
				asked[d.Person] = true
			}
			if line.Key == "duty.first" && d.Person == "A" && line.Args["Start"].Instant.Equal(oct(1, 8, 0)) {
				t.Error("A is told of a shift that E has")
			}
		}
	}
	wants(t, "asked to take over", map[reminders.PersonID]bool{"E": true}, asked)
}

// 4182: a swap came off its shift when the shift moved.
func Test4182TheSwapFollowsItsShift(t *testing.T) {
	y, s := appliedYard(t, exchange())
	before := y.mark()
	y.file("river", moved(week(), 9)...) // the file names A and B as at first
	y.advance(y.clock.now.Add(time.Minute))
	wants(t, "after the move", "BACDABC", y.officers())
	for p, lines := range y.heard(before) {
		if slices.Contains([]reminders.PersonID{"A", "B"}, p) && !cmp.Equal(lines, []string{"duty.change"}) {
			t.Errorf("%s hears %v", p, lines)
		}
	}
	y.do(func(tx reminders.Tx) (err error) { s, err = y.swaps.Swap(tx, s.ID); return err })
	if s.State != duty.SwapApplied || s.Given != duty.IDOf("river", oct(1, 9, 0)) || !s.Expires.Equal(oct(1, 9, 0)) {
		t.Errorf("the swap is %s, of %s until %v", s.State, s.Given, s.Expires)
	}
	if _, err := y.took(y.reverse, s, "X"); err != nil {
		t.Fatal(err)
	}
	wants(t, "reversed after the move", "ABCDABC", y.officers())
	if steps := y.entries(ledger.Swap); len(steps) != 6 { // ask, accept, approve, apply, follow, reverse
		t.Errorf("%d steps in the ledger", len(steps))
	}
	y.sound()
}
