package obligation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// passOver passes over all that is due at an instant.
func (w *world) passOver(at time.Time) {
	w.t.Helper()
	w.clock.now = at
	for range 1000 {
		more, err := w.desk.PassOver(w.t.Context(), at, "restored")
		if err != nil {
			w.t.Fatal(err)
		}
		if !more {
			return
		}
	}
	w.t.Fatal("there is always more to pass over")
}

// Steps that are due are taken without asking anybody, with an entry that says so; the
// lines stay open, and the next step is taken as always.
func TestPassOverSteps(t *testing.T) {
	w := newWorld(t)
	owners := people(25)
	w.roles["u0/leader"] = []reminders.PersonID{"B001"}
	w.expect(owners...)
	w.delivered(owners...)
	w.passOver(on(24, 10, 0).Add(-time.Second))
	if got := len(w.entries(ledger.Skipped)); got != 0 {
		t.Errorf("%d steps were passed over before they were due", got)
	}
	w.passOver(on(24, 11, 0))
	w.mustAdvance(on(24, 12, 0))
	if got := w.outbox(reminders.LanePersonal); len(got) != 0 {
		t.Errorf("%d people were chased", len(got))
	}
	skipped := w.entries(ledger.Skipped)
	if len(skipped) != 1 || skipped[0].Reason != "restored" || skipped[0].Attrs["step"] != "chase" || skipped[0].Object != string(integrity().ID) {
		t.Errorf("the ledger says %v", skipped)
	}
	if diff := cmp.Diff(obligation.Tally{obligation.Open: 25}, w.tally()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	w.mustAdvance(on(25, 9, 0))
	if got := w.outbox(reminders.LanePersonal); len(got) != 1 || got[0].Person != "B001" {
		t.Errorf("the next step told %v", got)
	}
	w.balanced()
}

// A closing is carried out: it sends nothing, and the book needs it.
func TestPassOverCloses(t *testing.T) {
	w := newWorld(t)
	owners := people(25)
	w.expect(owners...)
	w.delivered(owners...)
	w.passOver(on(28, 10, 0))
	if diff := cmp.Diff(obligation.Tally{obligation.Missed: 25}, w.tally()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if got := len(w.outbox(reminders.LanePersonal)); got != 0 {
		t.Errorf("%d messages", got)
	}
	w.balanced()
}
