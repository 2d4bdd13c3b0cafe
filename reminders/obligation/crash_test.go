package obligation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// chased counts the chases that wait for each person.
func (w *world) chased() map[reminders.PersonID]int {
	w.t.Helper()
	got := map[reminders.PersonID]int{}
	for _, d := range w.outbox(reminders.LanePersonal) {
		got[d.Person]++
	}
	return got
}

// A step of the ladder that is interrupted between any two of its chunks, before
// or after the commit, has happened to each line once when the next process is
// through.
func TestInterruptedStep(t *testing.T) {
	owners := people(25)
	for _, after := range []bool{false, true} {
		for failAt := 1; ; failAt++ {
			w := newWorld(t)
			w.expect(owners...)
			w.delivered(owners...)
			w.engine.applied, w.engine.failAt, w.engine.after = 0, failAt, after
			w.clock.now = on(24, 10, 0)
			err := w.advance()
			if err == nil {
				if failAt < 4 {
					t.Fatalf("the step took %d commits: too few to interrupt", failAt-1)
				}
				break
			}
			if !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			w.restart()
			w.mustAdvance(on(24, 10, 1))
			got := w.chased()
			for _, owner := range owners {
				if got[owner.Person] != 1 || w.line(owner).Chased != 1 {
					t.Errorf("commit %d, after %t: %s is chased %d times, recorded %d",
						failAt, after, owner.Person, got[owner.Person], w.line(owner).Chased)
				}
			}
			w.balanced()
		}
	}
}

// A step that is interrupted for so long that another is due is overtaken: the
// newer one happens to every line, also to those behind which the older had come.
func TestOvertakenStep(t *testing.T) {
	tests := []struct {
		name string
		at   time.Time
		want func(t *testing.T, w *world)
	}{
		{"by the closing", on(28, 10, 0), func(t *testing.T, w *world) {
			if diff := cmp.Diff(obligation.Tally{obligation.Missed: 25}, w.tally()); diff != "" {
				t.Error(diff)
			}
		}},
		{"by the next step", on(25, 9, 0), func(t *testing.T, w *world) {
			for n := range 3 {
				leader := reminders.PersonID(fmt.Sprintf("C%03d", n))
				if got := w.chased()[leader]; got != 1 {
					t.Errorf("leader %s is told %d times", leader, got)
				}
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			for n := range 3 {
				w.roles[fmt.Sprintf("u%d/leader", n)] = []reminders.PersonID{reminders.PersonID(fmt.Sprintf("C%03d", n))}
			}
			w.expect(people(25)...)
			w.delivered(people(25)...)
			w.engine.failAt = w.engine.applied + 3
			w.clock.now = on(24, 10, 0)
			if err := w.advance(); !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			w.restart()
			w.mustAdvance(tt.at)
			tt.want(t, w)
			w.balanced()
		})
	}
}

// Whatever happens in whatever order, with a failing disk and restarts in between,
// the book balances and every line is in exactly one state.
func TestBookBalances(t *testing.T) {
	owners := people(23)
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		defer w.stop()
		expected := map[obligation.Owner]bool{}
		pick := func() obligation.Owner { return rapid.SampledFrom(owners).Draw(r, "owner") }
		r.Repeat(map[string]func(*rapid.T){
			"expect": func(r *rapid.T) {
				first := rapid.IntRange(0, len(owners)-1).Draw(r, "first")
				some := owners[first:min(len(owners), first+7)]
				w.expect(some...)
				for _, owner := range some {
					expected[owner] = true
				}
			},
			"deliver": func(*rapid.T) { w.delivered(pick()) },
			"answer":  func(*rapid.T) { _, _ = w.answer(pick()) },
			"undo":    func(*rapid.T) { _ = w.undo(pick()) },
			"excuse": func(*rapid.T) {
				owner := pick()
				w.do(func(tx reminders.Tx) error {
					return w.desk.Excuse(tx, integrity().ID, owner, obligation.ReasonWaived, "S001")
				})
			},
			"retire": func(*rapid.T) {
				owner := pick()
				w.do(func(tx reminders.Tx) error {
					_, err := w.desk.ExcuseAll(tx, owner.Person, obligation.ReasonRetired, "")
					return err
				})
			},
			"wait": func(r *rapid.T) {
				w.clock.now = w.clock.now.Add(time.Duration(rapid.IntRange(1, 60*60).Draw(r, "minutes")) * time.Minute)
			},
			"advance": func(*rapid.T) { w.mustAdvance(w.clock.now) },
			"a little": func(r *rapid.T) { // a pass that others come between
				if _, _, err := w.desk.Advance(t.Context(), w.clock.now); err != nil {
					r.Fatal(err)
				}
			},
			"crash": func(r *rapid.T) {
				w.engine.failAt = w.engine.applied + rapid.IntRange(1, 3).Draw(r, "commit")
				w.engine.after = rapid.Bool().Draw(r, "after")
				if err := w.advance(); err != nil && !errors.Is(err, errPower) {
					r.Fatal(err)
				}
				w.restart()
			},
			"redate": func(r *rapid.T) {
				moved := integrity()
				by := time.Duration(rapid.IntRange(-48, 48).Draw(r, "hours")) * time.Hour
				moved.Due, moved.Closes = moved.Due.Add(by), moved.Closes.Add(by)
				w.do(func(tx reminders.Tx) error { return w.desk.Redate(tx, moved) })
			},
		})
		w.mustAdvance(w.clock.now)
		if got := w.tally().Total(); got != len(expected) {
			r.Errorf("%d lines, expected %d", got, len(expected))
		}
		w.balanced()
		w.mustAdvance(on(30, 23, 0))
		if got := w.tally()[obligation.Open]; got != 0 {
			r.Errorf("%d lines are open after the closing", got)
		}
		w.balanced()
		if t.Failed() {
			r.FailNow()
		}
	})
}
