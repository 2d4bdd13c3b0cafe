package obligation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// takeOver are terms of a shift in the night of the holiday: its officer is asked at
// its start and has half an hour, then the backup and the leader hear of it.
func takeOver() obligation.Terms {
	missing := reminders.Line("text.missing", nil)
	asking := reminders.Line("text.take-over", nil)
	start := on(25, 23, 0)
	return obligation.Terms{
		ID: "u1/night/take-over", Kind: "take-over", Duty: true, Answers: reminders.DutyOfficer,
		Opens: start, Due: start, Grace: 30 * time.Minute, Closes: start.Add(9 * time.Hour), Asking: &asking,
		Ladder: []obligation.Step{
			{Name: "ask", At: start, Action: obligation.Ask},
			{Name: "tell-backup", At: start.Add(30 * time.Minute), Action: obligation.Tell, To: reminders.DutyBackup, Say: &missing},
			{Name: "tell-leader", At: start.Add(30 * time.Minute), Action: obligation.Tell, To: reminders.DutyLeader, Say: &missing},
		},
	}
}

// onShift gives the unit people on its shift.
func (w *world) onShift() obligation.Owner {
	w.roles["u1/duty-officer"] = []reminders.PersonID{"O001"}
	w.roles["u1/duty-backup"] = []reminders.PersonID{"B001"}
	w.roles["u1/duty-leader"] = []reminders.PersonID{"L001"}
	w.roles["u1/liaison"] = []reminders.PersonID{"X001"}
	return obligation.Owner{Unit: "u1"}
}

// said lists what waits in the lane of duty: to whom, and what it says.
func (w *world) said() map[reminders.PersonID][]string {
	said := map[reminders.PersonID][]string{}
	for _, d := range w.outbox(reminders.LaneDuty) {
		for _, line := range d.Lines {
			said[d.Person] = append(said[d.Person], line.Key)
		}
	}
	return said
}

// Terms ask by themselves, in the lane of duty, whoever holds the place on the shift.
// The next level hears of it once, in the words of the terms, and the answer of whoever
// took over ends it for the unit.
func TestLadderThatAsks(t *testing.T) {
	w := newWorld(t)
	unit := w.onShift()
	w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, takeOver(), []obligation.Owner{unit}) })
	w.mustAdvance(on(25, 23, 0).Add(-nano))
	if got := w.said(); len(got) != 0 {
		t.Errorf("asked early: %v", got)
	}
	w.mustAdvance(on(25, 23, 0))
	if diff := cmp.Diff(map[reminders.PersonID][]string{"O001": {"text.take-over"}}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.do(func(tx reminders.Tx) error {
		return w.desk.Delivered(tx, takeOver().ID, unit, "u1/night/take-over/ask/u1/O001", tx.Now(), false)
	})
	w.mustAdvance(on(25, 23, 30))
	w.mustAdvance(on(25, 23, 45))
	want := map[reminders.PersonID][]string{"O001": {"text.take-over"}, "B001": {"text.missing"}, "L001": {"text.missing"}}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Error(diff)
	}
	w.do(func(tx reminders.Tx) error {
		line, err := w.desk.Answer(tx, obligation.HandleOf(takeOver().ID), unit, "B001", "")
		if line.State != obligation.Late || line.By != "B001" {
			t.Errorf("answered %s by %s", line.State, line.By)
		}
		return err
	})
	w.mustAdvance(on(26, 9, 0))
	w.balanced()
}

// A service that was down at the start asks the officer all the same, once, when the
// next level is told.
func TestOvertakenAskIsMadeUp(t *testing.T) {
	w := newWorld(t)
	unit := w.onShift()
	w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, takeOver(), []obligation.Owner{unit}) })
	w.mustAdvance(on(25, 23, 40))
	want := map[reminders.PersonID][]string{"O001": {"text.take-over"}, "B001": {"text.missing"}, "L001": {"text.missing"}}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Error(diff)
	}
}

// A reminder on the day itself is in order for duty, and only until due and grace are
// over.
func TestDutyChase(t *testing.T) {
	due := on(25, 16, 0)
	terms := obligation.Terms{
		ID: "day/report", Kind: "daily-report", Duty: true, Answers: reminders.DutyOfficer,
		Opens: on(25, 0, 0), Due: due, Grace: time.Hour, Closes: on(26, 8, 0),
		Ladder: []obligation.Step{{Name: "remind", At: due.Add(-30 * time.Minute), Action: obligation.Chase}},
	}
	for _, tt := range []struct {
		name string
		at   time.Time
		want int
	}{
		{"in time", due.Add(-30 * time.Minute), 1},
		{"the service was down until the grace was over", due.Add(time.Hour), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			unit := w.onShift()
			w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, terms, []obligation.Owner{unit}) })
			w.mustAdvance(tt.at)
			if got := len(w.said()["O001"]); got != tt.want {
				t.Errorf("%d reminders, want %d", got, tt.want)
			}
		})
	}
}

// What was withdrawn is asked of nobody; what was answered before stays answered.
func TestWithdraw(t *testing.T) {
	for _, answered := range []bool{false, true} {
		w := newWorld(t)
		unit := w.onShift()
		w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, takeOver(), []obligation.Owner{unit}) })
		want := obligation.Withdrawn
		if answered {
			want = obligation.Met
			w.do(func(tx reminders.Tx) error {
				_, err := w.desk.Answer(tx, obligation.HandleOf(takeOver().ID), unit, "O001", "")
				return err
			})
		}
		w.do(func(tx reminders.Tx) error {
			return w.desk.Withdraw(tx, takeOver().ID, "roster-changed", "X001")
		})
		w.mustAdvance(on(26, 12, 0))
		w.do(func(tx reminders.Tx) error {
			_, line, err := w.desk.Standing(tx, reminders.Ask{Terms: string(takeOver().ID), Unit: "u1"})
			if line.State != want {
				t.Errorf("answered %t: %s, want %s", answered, line.State, want)
			}
			return err
		})
		if got := w.said(); len(got) != 0 {
			t.Errorf("still said: %v", got)
		}
		w.balanced()
	}
}

// Terms of many owners are not withdrawn in one piece.
func TestWithdrawOfMany(t *testing.T) {
	w := newWorld(t)
	w.expect(people(30)...)
	err := w.store.Do(t.Context(), func(tx reminders.Tx) error {
		return w.desk.Withdraw(tx, integrity().ID, "x", "S001")
	})
	if reminders.KindOf(err) != reminders.Internal {
		t.Errorf("got %v", err)
	}
}

// A list that showed the line before its hour, to whoever was on duty then, does not take
// the place of the request: who is on duty at the hour is asked, once.
func TestListedBeforeAsked(t *testing.T) {
	w := newWorld(t)
	unit := w.onShift()
	w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, takeOver(), []obligation.Owner{unit}) })
	w.mustAdvance(on(25, 22, 40))
	w.do(func(tx reminders.Tx) error {
		return w.desk.Delivered(tx, takeOver().ID, unit, "answer/1", tx.Now(), false)
	})
	w.mustAdvance(on(25, 23, 0))
	if diff := cmp.Diff(map[reminders.PersonID][]string{"O001": {"text.take-over"}}, w.said()); diff != "" {
		t.Errorf("at the hour (-want +got):\n%s", diff)
	}
	w.do(func(tx reminders.Tx) error {
		return w.desk.Delivered(tx, takeOver().ID, unit, "u1/night/take-over/ask/u1/O001", tx.Now(), false)
	})
	w.mustAdvance(on(25, 23, 30))
	if got := w.said()["O001"]; len(got) != 1 {
		t.Errorf("the officer was asked %d times", len(got))
	}
}

// Whoever answers before the settlement of the message is written answered the text
// that it then names; what was known before stays as it was.
func TestAnsweredBeforeTheSettlement(t *testing.T) {
	w := newWorld(t)
	owner := people(1)[0]
	w.expect(owner)
	w.do(func(tx reminders.Tx) error {
		_, err := w.desk.Answer(tx, obligation.HandleOf(integrity().ID), owner, owner.Person, "")
		return err
	})
	answered := w.clock.now
	w.clock.now = answered.Add(time.Second)
	w.delivered(owner)
	for _, hash := range []string{"h1", "h2"} {
		w.do(func(tx reminders.Tx) error { return w.desk.Shown(tx, integrity().ID, owner, hash) })
	}
	if got := w.line(owner); got.TextHash != "h1" || !got.SentAt.Equal(answered) {
		t.Errorf("hash %q, sent at %v; want h1 at %v", got.TextHash, got.SentAt, answered)
	}
	w.balanced()
}
