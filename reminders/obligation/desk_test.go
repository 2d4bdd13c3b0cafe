package obligation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// answer is what a test does as the owner.
func (w *world) answer(owner obligation.Owner) (line obligation.Obligation, err error) {
	w.t.Helper()
	w.do(func(tx reminders.Tx) error {
		line, err = w.desk.Answer(tx, obligation.HandleOf(integrity().ID), owner, owner.Person, "hash")
		if reminders.KindOf(err) == reminders.Closed || reminders.KindOf(err) == reminders.NotFound {
			return nil // as the bot does: the refusal is told and committed
		}
		return err
	})
	return line, err
}

// undo takes the answer back.
func (w *world) undo(owner obligation.Owner) (err error) {
	w.t.Helper()
	w.do(func(tx reminders.Tx) error {
		_, err = w.desk.Undo(tx, obligation.HandleOf(integrity().ID), owner, owner.Person)
		return nil
	})
	return err
}

// The life of a book: some answer in time, some late, one is excused, the rest is
// chased once and missed at the closing, each with the reason.
func TestBookFromOpeningToClosing(t *testing.T) {
	w := newWorld(t)
	owners := people(25)
	w.expect(owners...)
	w.delivered(owners[:24]...)
	for _, owner := range owners[:10] {
		if line, err := w.answer(owner); err != nil || line.State != obligation.Met {
			t.Fatalf("%v: %v", line, err)
		}
	}
	w.do(func(tx reminders.Tx) error {
		return w.desk.Excuse(tx, integrity().ID, owners[20], obligation.ReasonLeave, "S001")
	})

	w.mustAdvance(on(24, 10, 0))
	chased := w.outbox(reminders.LanePersonal)
	if len(chased) != 13 { // 25 without 10 answered, 1 excused, 1 never reached
		t.Errorf("%d chases, want 13", len(chased))
	}
	w.clock.now = on(26, 9, 0)
	if line, err := w.answer(owners[11]); err != nil || line.State != obligation.Late {
		t.Errorf("an answer after grace: %v, %v", line.State, err)
	}
	w.mustAdvance(on(28, 10, 0))
	want := obligation.Tally{obligation.Met: 10, obligation.Late: 1, obligation.Excused: 1, obligation.Missed: 13}
	if diff := cmp.Diff(want, w.tally()); diff != "" {
		t.Error(diff)
	}
	if got := w.line(owners[24]).Reason; got != obligation.ReasonNotReached {
		t.Errorf("who never got the message is missed because of %q", got)
	}
	if got := w.line(owners[20]); got.Reason != obligation.ReasonLeave || got.State != obligation.Excused {
		t.Errorf("who is on leave: %+v", got)
	}
	w.balanced()
}

// An answer after the closing is refused and recorded, and changes nothing.
func TestAnswerAfterClosing(t *testing.T) {
	for _, swept := range []bool{true, false} {
		t.Run(fmt.Sprintf("swept %t", swept), func(t *testing.T) {
			w := newWorld(t)
			w.expect(people(1)...)
			w.clock.now = integrity().Closes
			if swept {
				w.mustAdvance(integrity().Closes)
			}
			before := w.line(people(1)[0])
			if _, err := w.answer(people(1)[0]); reminders.KindOf(err) != reminders.Closed {
				t.Errorf("the error is %v", err)
			}
			if diff := cmp.Diff(before, w.line(people(1)[0])); diff != "" {
				t.Errorf("the line changed: %s", diff)
			}
			got := w.entries(ledger.Acknowledged)
			if len(got) != 1 || got[0].Reason != obligation.ReasonAfterClosing || got[0].TextHash != "hash" {
				t.Errorf("the ledger has %+v", got)
			}
		})
	}
}

// Answering twice is answering once, and refused where nothing is expected.
func TestAnswer(t *testing.T) {
	w := newWorld(t)
	owner := people(1)[0]
	w.expect(owner)
	first, err := w.answer(owner)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.now = w.clock.now.Add(time.Hour)
	second, err := w.answer(owner)
	if err != nil || !second.AnsweredAt.Equal(first.AnsweredAt) {
		t.Errorf("the second answer: %+v, %v", second, err)
	}
	if got := len(w.entries(ledger.Acknowledged)); got != 1 {
		t.Errorf("%d entries for one answer", got)
	}
	if _, err := w.answer(obligation.Owner{Person: "X999", Unit: "u0"}); reminders.KindOf(err) != reminders.NotFound {
		t.Errorf("somebody of whom nothing is expected: %v", err)
	}
	moved := obligation.Owner{Person: "G001", Unit: "u0"}
	w.expect(moved)
	moved.Unit = "u7"
	if line, err := w.answer(moved); err != nil || line.Owner.Unit != "u0" {
		t.Errorf("somebody who moved to another unit: %+v, %v", line.Owner, err)
	}
	w.balanced()
}

// What the service answers for a unit, because a file said so, is the service's in the
// ledger.
func TestAnswerByTheService(t *testing.T) {
	w := newWorld(t)
	owner := people(1)[0]
	w.expect(owner)
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.Answer(tx, obligation.HandleOf(integrity().ID), owner, "", "hash")
		return err
	})
	if got := w.entries(ledger.Acknowledged); len(got) != 1 || got[0].Actor != ledger.System {
		t.Errorf("the ledger has %+v", got)
	}
	w.balanced()
}

// An answer can be taken back for ten minutes, but not from the closing on: no
// pass would settle the line any more.
func TestUndo(t *testing.T) {
	tests := []struct {
		name     string
		answered time.Time
		undone   time.Time
		want     bool
	}{
		{"within ten minutes", on(22, 9, 0), on(22, 9, 10).Add(-nano), true},
		{"at ten minutes", on(22, 9, 0), on(22, 9, 10), false},
		{"shortly before closing", on(28, 9, 55), on(28, 10, 0).Add(-nano), true},
		{"at the closing", on(28, 9, 55), on(28, 10, 0), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			owner := people(1)[0]
			w.expect(owner)
			w.clock.now = tt.answered
			if _, err := w.answer(owner); err != nil {
				t.Fatal(err)
			}
			w.clock.now = tt.undone
			err := w.undo(owner)
			if (err == nil) != tt.want || (err != nil && reminders.KindOf(err) != reminders.Closed) {
				t.Errorf("undo: %v, want it to work: %t", err, tt.want)
			}
			if tt.want && w.line(owner).State != obligation.Open {
				t.Errorf("the line is %v", w.line(owner).State)
			}
			w.mustAdvance(on(28, 10, 1))
			w.balanced()
		})
	}
}

// Every message through which an owner was asked shows the answer; a chase that
// arrives after the answer does too.
func TestAnswerIsShownEverywhere(t *testing.T) {
	w := newWorld(t)
	owner := people(1)[0]
	w.expect(owner)
	w.delivered(owner)
	if _, err := w.answer(owner); err != nil {
		t.Fatal(err)
	}
	w.clock.now = w.clock.now.Add(time.Second)
	w.do(func(tx reminders.Tx) error {
		return w.desk.Delivered(tx, integrity().ID, owner, "chase", tx.Now(), true)
	})
	var shown []reminders.DeliveryKey
	for _, d := range w.outbox(reminders.LaneAnswer) {
		shown = append(shown, d.Original)
	}
	if diff := cmp.Diff([]reminders.DeliveryKey{"copy/u0/G000", "chase"}, shown); diff != "" {
		t.Error(diff)
	}
	if line := w.line(owner); !line.Duplicate || !line.SentAt.Equal(on(22, 9, 0)) || len(line.Copies) != 2 {
		t.Errorf("the line is %+v", line)
	}
}

// A line that is opened after the closing, because an outage held it up, is excused
// at once: nobody would ever close it.
func TestExpectAfterClosing(t *testing.T) {
	w := newWorld(t)
	owners := people(20)
	w.expect(owners[:10]...)
	w.mustAdvance(on(28, 10, 0))
	w.expect(owners[10:]...)
	want := obligation.Tally{obligation.Missed: 10, obligation.Excused: 10}
	if diff := cmp.Diff(want, w.tally()); diff != "" {
		t.Error(diff)
	}
	w.balanced()
}

// Expecting the same of the same owner again changes nothing.
func TestExpectTwice(t *testing.T) {
	w := newWorld(t)
	w.expect(people(5)...)
	if _, err := w.answer(people(1)[0]); err != nil {
		t.Fatal(err)
	}
	w.expect(people(5)...)
	if diff := cmp.Diff(obligation.Tally{obligation.Open: 4, obligation.Met: 1}, w.tally()); diff != "" {
		t.Error(diff)
	}
	w.balanced()
}

// Who leaves owes nothing any more, and what they answered stays.
func TestExcuseAll(t *testing.T) {
	w := newWorld(t)
	owners := people(2)
	w.expect(owners...)
	if _, err := w.answer(owners[1]); err != nil {
		t.Fatal(err)
	}
	for n, want := range []int{1, 0, 0} {
		w.do(func(tx reminders.Tx) error {
			got, err := w.desk.ExcuseAll(tx, owners[n%2].Person, obligation.ReasonRetired, "")
			if got != want {
				t.Errorf("excused %d lines, want %d", got, want)
			}
			return err
		})
	}
	if diff := cmp.Diff(obligation.Tally{obligation.Excused: 1, obligation.Met: 1}, w.tally()); diff != "" {
		t.Error(diff)
	}
	if _, err := w.answer(owners[0]); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("an answer where nothing is expected any more: %v", err)
	}
	w.balanced()
}

// The auditor recounts once a day and tells the staff only what is unexplained.
func TestAuditor(t *testing.T) {
	w := newWorld(t)
	w.expect(people(2)...)
	audit := func() (next time.Time) {
		next, more, err := w.auditor.Advance(t.Context(), w.clock.now)
		if err != nil || more {
			t.Fatalf("more %t, %v", more, err)
		}
		return next
	}
	if next := audit(); !next.Equal(on(23, 9, 0)) {
		t.Errorf("the next audit is at %v", next)
	}
	audit()
	if got := w.entries(ledger.Audit); len(got) != 1 || got[0].Attrs["lines"] != "2" || got[0].Attrs["unexplained"] != "0" {
		t.Errorf("entries: %+v", got)
	}
	w.do(func(tx reminders.Tx) error { // a line that nobody counted
		return w.store.Obligations().SaveObligation(tx, obligation.Obligation{
			Terms: integrity().ID, Owner: obligation.Owner{Person: "X001", Unit: "u0"}, State: obligation.Missed,
		})
	})
	w.clock.now = on(23, 9, 0)
	audit()
	got := w.outbox(reminders.LanePersonal)
	if len(got) != 1 || got[0].Person != "S001" || *got[0].Lines[0].Args["Count"].Number != 2 {
		t.Errorf("told: %+v", got)
	}
	w.clock.now = on(20, 9, 0)
	if next := audit(); !next.Equal(on(21, 9, 0)) {
		t.Errorf("a clock that was set back puts the audit off until %v", next)
	}
}
