package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// A correction in the middle of a broadcast to a thousand people: whoever had the first
// text, or had it on the way, sees it edited; the others get the new one at once; nobody
// is left with the first.
func TestCorrectionMidBroadcast(t *testing.T) {
	r := newNewsroom(t, 1000)
	handle, id := r.sent(nil)
	r.deliver(402) // two for the office, which was told of the draft besides
	flying := r.launch(30)
	r.correct(handle, "second", false)
	r.work()
	r.land(flying, reminders.Sent) // put into words before, arrived after
	r.clock.now = r.clock.now.Add(11 * time.Second)
	r.finish()
	want := map[string]int{"first>second": 430, "second": 570}
	if diff := cmp.Diff(want, r.histories(id)); diff != "" {
		t.Errorf("what the copies showed (-want +got):\n%s", diff)
	}
	if got := r.tallies(id); got[obligation.Open] != 1002 {
		t.Errorf("a correction that is not material asks anew: %v", got)
	}
	entries := r.entries(ledger.Corrected)
	if len(entries) != 1 || entries[0].Attrs["was"] == "" || entries[0].TextHash == entries[0].Attrs["was"] {
		t.Errorf("the ledger has not both texts: %+v", entries)
	}
	r.balanced()
}

// A material correction asks anew: what was open is superseded, what was answered stays
// with its text, everyone owes an answer to the new one, and those who had the first are
// told once what changed.
func TestMaterialCorrection(t *testing.T) {
	r := newNewsroom(t, 1000)
	handle, id := r.sent(nil)
	r.deliver(402)
	flying := r.launch(30)
	answered := flying[:0:0]
	for key := range r.copies(id) {
		if person := reminders.PersonID(strings.TrimPrefix(string(key), id+"/")); len(answered) < 100 {
			line := r.lineOf(id, person)
			if err := r.answer(id, person, line.Owner.Unit); err != nil {
				t.Fatal(err)
			}
			answered = append(answered, flight{})
		}
	}
	r.correct(handle, "second", true)
	r.work()
	r.land(flying, reminders.Sent)
	r.clock.now = r.clock.now.Add(11 * time.Second)
	r.finish()
	had := r.histories(id)["first>second"]
	if had != 430 || r.histories(id)["second"] != 570 {
		t.Errorf("what the copies showed: %v", r.histories(id))
	}
	told := 0
	for key := range r.phones {
		if strings.HasPrefix(string(key), "changed/") {
			told++
		}
	}
	if told != had { // the two of the office hear of it in what else they are told
		t.Errorf("%d had the first text, %d were told of the change", had, told)
	}
	if diff := cmp.Diff(obligation.Tally{obligation.Met: 100, obligation.Withdrawn: 902}, r.tallies(id)); diff != "" {
		t.Errorf("the first round (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(obligation.Tally{obligation.Open: 1002}, r.tallies(id+"~2")); diff != "" {
		t.Errorf("the second round (-want +got):\n%s", diff)
	}
	for _, line := range r.lines(id + "~2") {
		if line.SentAt.IsZero() {
			t.Fatalf("%s was asked and the book does not know", line.Owner.Person)
		}
	}
	r.balanced()
}

// lineOf finds the line of a person.
func (r *newsroom) lineOf(terms string, person reminders.PersonID) obligation.Obligation {
	r.t.Helper()
	for _, line := range r.lines(terms) {
		if line.Owner.Person == person {
			return line
		}
	}
	r.t.Fatalf("%s owes nothing under %s", person, terms)
	return obligation.Obligation{}
}

// Answers go to the newest round, and the closing of the second balances.
func TestSecondRoundCloses(t *testing.T) {
	r := newNewsroom(t, 30)
	handle, id := r.sent(nil)
	r.finish()
	r.correct(handle, "second", true)
	r.finish()
	if err := r.answer(id, "G0001", "u01"); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("the first round still takes answers: %v", err)
	}
	if err := r.answer(id+"~2", "G0001", "u01"); err != nil {
		t.Error(err)
	}
	r.clock.now = r.clock.now.AddDate(0, 0, 10)
	r.finish()
	want := obligation.Tally{obligation.Met: 1, obligation.Missed: 31}
	if diff := cmp.Diff(want, r.tallies(id+"~2")); diff != "" {
		t.Errorf("the second round (-want +got):\n%s", diff)
	}
	r.balanced()
}

// A correction can be made again, and needs a second person each time.
func TestCorrectionIsDecided(t *testing.T) {
	r := newNewsroom(t, 12)
	handle, id := r.sent(nil)
	r.finish()
	r.do(func(tx reminders.Tx) error {
		_, err := r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said("second"), Material: true})
		if reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("a material correction without a note: %v", err)
		}
		_, err = r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said("a secret")})
		if reminders.KindOf(err) != reminders.Invalid {
			t.Errorf("a correction that the guard refuses: %v", err)
		}
		_, err = r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said("second")})
		return err
	})
	r.do(func(tx reminders.Tx) error {
		if _, err := r.press.DecideCorrection(tx, handle, true, "", "S001", false); reminders.KindOf(err) != reminders.Denied {
			t.Errorf("the corrector decided: %v", err)
		}
		if waiting, err := r.press.Waiting(tx); err != nil || len(waiting) != 1 {
			t.Errorf("waiting for a decision: %d, %v", len(waiting), err)
		}
		_, err := r.press.DecideCorrection(tx, handle, false, "not so", "S002", false)
		return err
	})
	r.finish()
	if got := r.histories(id); got["first"] != 12 {
		t.Errorf("a returned correction changed something: %v", got)
	}
	r.correct(handle, "second", false)
	r.finish()
	r.clock.now = r.clock.now.Add(time.Hour)
	r.correct(handle, "third", false)
	r.finish()
	if got := r.histories(id); got["first>second>third"] != 12 {
		t.Errorf("what the copies showed: %v", got)
	}
	r.balanced()
}

// toldOf counts those of some messages whose readers were told of a change.
func (r *newsroom) toldOf(flights []flight) (n int) {
	for _, f := range flights {
		for key := range r.phones {
			if strings.HasPrefix(string(key), "changed/") && strings.HasSuffix(string(key), "/"+string(f.Key)) {
				n++
			}
		}
	}
	return n
}

// Whoever may have the first text, since nobody knows whether a first attempt arrived,
// receives the new one, and is told what was changed.
func TestCorrectionOfWhatIsUncertain(t *testing.T) {
	r := newNewsroom(t, 24)
	handle, id := r.sent(nil)
	r.deliver(2) // to the office
	flying := r.launch(5)
	for _, f := range flying {
		r.returns(f.Delivery)
	}
	r.correct(handle, "second", true)
	r.clock.now = r.clock.now.Add(time.Minute)
	r.finish()
	if got := r.toldOf(flying); got != 5 {
		t.Errorf("%d of 5 were told", got)
	}
	changes := 0
	for key := range r.phones {
		if strings.HasPrefix(string(key), "changed/"+id+"/2/"+id) {
			changes++
		}
	}
	if changes != 5 {
		t.Errorf("%d were told, and 5 may have had the first text", changes)
	}
	r.balanced()
}

// What lands late is told nothing of a correction that waits for a second person.
func TestNobodyHearsOfWhatIsNotApproved(t *testing.T) {
	r := newNewsroom(t, 24)
	handle, _ := r.sent(nil)
	r.deliver(2)
	flying := r.launch(5)
	r.correct(handle, "second", false)
	r.work()
	r.do(func(tx reminders.Tx) error {
		_, err := r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said("third"), Material: true, Notes: noted("not approved")})
		return err
	})
	r.land(flying, reminders.Sent)
	r.finish()
	if got := r.toldOf(flying); got != 0 {
		t.Errorf("%d were told of a correction that nobody has approved", got)
	}
	r.balanced()
}
