package notice_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// However often the power fails, before or after a commit, a material correction and a
// recall come to the same end: every piece is done once.
func TestPressSurvivesPowerFailures(t *testing.T) {
	for _, what := range []string{"correction", "recall"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after the commit: %v", what, after), func(t *testing.T) {
				for at := 1; ; at++ {
					if !interrupted(t, what, at, after) {
						if at < 5 {
							t.Fatalf("only %d commits", at-1)
						}
						return
					}
				}
			})
		}
	}
}

// interrupted plays a correction or a recall whose n-th commit fails; false if there are
// not so many.
func interrupted(t *testing.T, what string, n int, after bool) bool {
	r := newNewsroom(t, 24)
	handle, id := r.sent(nil)
	r.deliver(15)
	if what == "recall" {
		r.recall(handle)
	} else {
		r.correct(handle, "second", true)
	}
	r.engine.applied, r.engine.failAt, r.engine.after = 0, n, after
	err := r.tryWork(100000)
	if err == nil {
		return false
	}
	if !errors.Is(err, errPower) {
		t.Fatal(err)
	}
	r.reopen()
	r.finish()
	if what == "recall" {
		if s := r.standing(handle).Recalled; s.Deleted != 13 || s.Replaced != 2 || len(s.Kept) != 0 {
			t.Errorf("interrupted at %d: %+v", n, s)
		}
		if got := r.tallies(id); got[obligation.Withdrawn] != 26 {
			t.Errorf("interrupted at %d: %v", n, got)
		}
	} else {
		if got := r.histories(id); got["first>second"] != 13 || got["second"] != 11 {
			t.Errorf("interrupted at %d: %v", n, got)
		}
		if got := r.tallies(id + "~2"); got[obligation.Open] != 26 {
			t.Errorf("interrupted at %d: %v", n, got)
		}
	}
	r.balanced()
	return !t.Failed()
}

// Whatever happens in whatever order, nobody is left with an old text, what is open is
// open in the last round only, and the book balances.
func TestPressProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newNewsroom(t, 24)
		handle, id := r.sent(nil)
		title, rounds := "first", 0
		var flying []flight
		for step := range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"deliver", "launch", "land", "return", "correct", "ask anew", "restart", "answer"}).Draw(rt, "step") {
			case "deliver":
				r.deliver(rapid.IntRange(1, 12).Draw(rt, "sent"))
			case "launch":
				flying = append(flying, r.launch(5)...)
			case "land":
				r.land(flying, reminders.Sent)
				flying = nil
			case "return":
				for _, f := range flying {
					if f.Act == reminders.ActSend {
						r.returns(f.Delivery)
					}
				}
				flying = nil
			case "correct", "ask anew":
				if r.publication(handle).Working() {
					r.work()
				}
				anew := rapid.Bool().Draw(rt, "material")
				if title = fmt.Sprintf("text %d", step); anew {
					rounds++
				}
				r.correct(handle, title, anew)
				if err := r.tryWork(rapid.IntRange(0, 6).Draw(rt, "pieces")); err != nil {
					rt.Fatal(err)
				}
			case "restart":
				r.land(flying, reminders.Sent)
				flying = nil
				r.reopen()
			case "answer":
				_ = r.answer(roundOf(id, rounds), "G0003", "u01") // or it is not asked yet
			}
		}
		r.land(flying, reminders.Sent)
		r.finish()
		checkEnd(rt, r, id, title, rounds)
		if rapid.Bool().Draw(rt, "recall") {
			r.recall(handle)
			r.finish()
			for key, shown := range r.copies(id) {
				if len(shown) > 0 {
					rt.Errorf("%s shows %v", key, shown)
				}
			}
			if got := r.tallies(roundOf(id, rounds)); got[obligation.Open] != 0 {
				rt.Errorf("open after the recall: %v", got)
			}
		}
		r.balanced()
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// roundOf names the terms of a round, from 0.
func roundOf(id string, round int) string {
	if round == 0 {
		return id
	}
	return fmt.Sprintf("%s~%d", id, round+1)
}

// checkEnd holds what is shown and expected against the last text.
func checkEnd(rt *rapid.T, r *newsroom, id, title string, rounds int) {
	copies := r.copies(id)
	if len(copies) != 24 {
		rt.Errorf("%d copies arrived", len(copies))
	}
	for key, shown := range copies {
		if shown[len(shown)-1] != title {
			rt.Errorf("%s shows %v, and not %s", key, shown, title)
		}
	}
	for round := range rounds {
		if got := r.tallies(roundOf(id, round)); got[obligation.Open] != 0 {
			rt.Errorf("round %d: %v", round, got)
		}
	}
	last := r.tallies(roundOf(id, rounds))
	if last.Total() != 26 || last[obligation.Withdrawn] != 0 {
		rt.Errorf("the last round: %v", last)
	}
	for _, line := range r.lines(roundOf(id, rounds)) {
		if line.SentAt.IsZero() {
			rt.Errorf("the book does not know that %s was asked", line.Owner.Person)
		}
	}
}
