package obligation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// What happens before the instants of the agenda happens to nobody.
func TestNothingBeforeItsInstant(t *testing.T) {
	w := newWorld(t)
	owners := people(3)
	w.expect(owners...)
	w.delivered(owners...)
	w.mustAdvance(on(24, 10, 0).Add(-nano))
	if got := w.outbox(reminders.LanePersonal); len(got) != 0 {
		t.Errorf("%d chases before the instant", len(got))
	}
	w.mustAdvance(on(24, 10, 0))
	if got := w.outbox(reminders.LanePersonal); len(got) != 3 {
		t.Errorf("%d chases, want 3", len(got))
	}
	w.mustAdvance(on(28, 10, 0).Add(-nano))
	if got := w.tally()[obligation.Missed]; got != 0 {
		t.Errorf("%d are missed before the closing", got)
	}
}

// A chase at somebody's request comes once a day, and not once due is over.
func TestAsk(t *testing.T) {
	w := newWorld(t)
	owner := people(1)[0]
	w.expect(owner)
	ask := func(reason string) (asked int) {
		line := w.line(owner)
		w.do(func(tx reminders.Tx) (err error) {
			asked, err = w.desk.Ask(tx, integrity(), line, reason, "L001")
			return err
		})
		return asked
	}
	steps := []struct {
		at     time.Time
		reason string
		want   int
	}{
		{on(23, 9, 0), "asked-2026-09-23", 1},
		{on(23, 15, 0), "asked-2026-09-23", 0},
		{on(24, 9, 0), "asked-2026-09-24", 1},
		{on(24, 19, 0), "asked-again", 0},
	}
	for _, s := range steps {
		w.clock.now = s.at
		if got := ask(s.reason); got != s.want {
			t.Errorf("%v %s: asked %d people, want %d", s.at, s.reason, got, s.want)
		}
	}
	for _, d := range w.outbox(reminders.LanePersonal) {
		if !d.Extra || !d.Until.Equal(on(24, 19, 0)) {
			t.Errorf("the chase is %+v, want one within the budget and until due", d)
		}
	}
}

// A liaison who answers for two units is asked about both, and every liaison of a
// unit is asked.
func TestChaseOfUnits(t *testing.T) {
	w := newWorld(t)
	w.roles["u1/liaison"] = []reminders.PersonID{"L001"}
	w.roles["u2/liaison"] = []reminders.PersonID{"L001", "L002"}
	units := []obligation.Owner{{Unit: "u1"}, {Unit: "u2"}}
	w.expect(units...)
	w.delivered(units...)
	w.mustAdvance(on(24, 10, 0))
	got := map[reminders.PersonID]int{}
	for _, d := range w.outbox(reminders.LanePersonal) {
		got[d.Person] += len(d.Asks)
	}
	if diff := cmp.Diff(map[reminders.PersonID]int{"L001": 2, "L002": 1}, got); diff != "" {
		t.Error(diff)
	}
	w.balanced()
}

// The next level hears once, however many lines are open.
func TestTell(t *testing.T) {
	w := newWorld(t)
	w.roles["u0/leader"] = []reminders.PersonID{"C001"}
	w.expect(people(10)...)
	w.mustAdvance(on(25, 9, 0))
	told := w.outbox(reminders.LanePersonal)
	if len(told) != 1 || told[0].Person != "C001" || told[0].As != reminders.Leader || told[0].Reason != "tell-leader" {
		t.Errorf("told: %+v", told)
	}
	if got := len(w.entries(ledger.Escalated)); got != 10 {
		t.Errorf("%d entries, want one for each line", got)
	}
}

// Two steps of one instant are both taken.
func TestStepsOfOneInstant(t *testing.T) {
	w := newWorld(t)
	w.roles["u0/leader"] = []reminders.PersonID{"C001"}
	terms := integrity()
	terms.Ladder[1].At = terms.Ladder[0].At
	w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, terms, people(2)) })
	w.delivered(people(2)...)
	w.mustAdvance(on(24, 10, 0))
	if got := len(w.outbox(reminders.LanePersonal)); got != 3 {
		t.Errorf("%d messages, want two chases and one to the leader", got)
	}
}

// Moved terms keep the steps that were taken and follow with the others, by name.
func TestRedate(t *testing.T) {
	w := newWorld(t)
	w.expect(people(3)...)
	w.delivered(people(3)...)
	w.mustAdvance(on(24, 10, 0)) // the chase is taken
	moved := integrity()
	moved.Due, moved.Closes = on(26, 18, 0), on(29, 10, 0)
	moved.Ladder = []obligation.Step{
		{Name: "early", At: on(23, 9, 0), Action: obligation.Tell, To: reminders.Leader},
		{Name: "chase", At: on(26, 10, 0), Action: obligation.Chase},
		{Name: "tell-leader", At: on(27, 9, 0), Action: obligation.Tell, To: reminders.Leader},
	}
	w.do(func(tx reminders.Tx) error { return w.desk.Redate(tx, moved) })
	w.mustAdvance(on(26, 10, 0))
	if got := len(w.entries(ledger.Chased)); got != 3 {
		t.Errorf("%d chases, want one for each line: it was taken before", got)
	}
	w.mustAdvance(on(28, 10, 0))
	if got := w.tally()[obligation.Open]; got != 3 {
		t.Errorf("%d are open at the old closing, want 3", got)
	}
	w.mustAdvance(on(29, 10, 0))
	if got := w.tally()[obligation.Missed]; got != 3 {
		t.Errorf("%d are missed at the new closing, want 3", got)
	}
	w.balanced()
}
