package notice_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Whatever is expanded, sent, paused, resumed, stopped and interrupted in whatever order:
// every copy has exactly one fate, no copy of a halted notice is claimed, the progress
// says what counting the copies says, and the book balances. In the end nothing of a
// stopped notice waits, and of its lines exactly those are withdrawn that nothing has
// reached.
func TestTrafficBalances(t *testing.T) {
	notices := []string{reminderID, unitNoticeID}
	rapid.Check(t, func(r *rapid.T) {
		o := newOffice(t, 25, day(9, 18, 8, 0))
		defer o.stop()
		var flying []reminders.Delivery
		halted := map[string]bool{} // as the test decided
		id := func() string { return rapid.SampledFrom(notices).Draw(r, "notice") }
		land := func(i int, result reminders.Result) {
			d := flying[i]
			flying = slices.Delete(flying, i, i+1)
			o.clock.now = o.clock.now.Add(time.Second)
			if result == "" {
				o.returns(d)
				return
			}
			o.lands(d, result)
		}
		r.Repeat(map[string]func(*rapid.T){
			"wait": func(r *rapid.T) {
				hours := rapid.SampledFrom([]int{0, 1, 24, 96}).Draw(r, "hours")
				o.clock.now = o.clock.now.Add(time.Duration(hours)*time.Hour + time.Minute)
			},
			"a little": func(r *rapid.T) {
				if _, _, err := o.desk.Advance(t.Context(), o.clock.now); err != nil {
					r.Fatal(err)
				}
			},
			"advance": func(r *rapid.T) {
				if err := o.advance(); err != nil {
					r.Fatal(err)
				}
			},
			"claim": func(r *rapid.T) {
				for _, d := range o.claim(rapid.IntRange(1, 9).Draw(r, "claimed")) {
					flying = append(flying, d)
					for _, id := range notices {
						if halted[id] && held(d, []string{id}) {
							r.Fatalf("%s went while its notice was halted", d.Key)
						}
					}
				}
			},
			"land": func(r *rapid.T) {
				if len(flying) > 0 {
					land(rapid.IntRange(0, len(flying)-1).Draw(r, "which"), rapid.SampledFrom([]reminders.Result{
						reminders.Sent, reminders.Sent, reminders.Unreachable, "",
					}).Draw(r, "result"))
				}
			},
			"pause": func(r *rapid.T) {
				id := id()
				if _, err := o.pause(id); err == nil {
					halted[id] = true
				} else if told(err) != nil {
					r.Fatal(err)
				}
			},
			"resume": func(r *rapid.T) {
				id := id()
				if err := o.resume(id); err == nil {
					halted[id] = false
				} else if told(err) != nil {
					r.Fatal(err)
				}
			},
			"stop": func(r *rapid.T) {
				id := id()
				if rapid.IntRange(0, 3).Draw(r, "decided") > 0 {
					return // rarely: much is to happen before
				}
				if err := o.stopSending(id); err == nil {
					halted[id] = false // what remains under its key is chases, once it is taken back
				} else if told(err) != nil {
					r.Fatal(err)
				}
			},
			"chase by hand": func(r *rapid.T) {
				terms := obligation.TermsID(id())
				for _, line := range o.lines(string(terms)) {
					o.do(func(tx reminders.Tx) error {
						t, _, err := o.book.Standing(tx, line.Ask())
						if err == nil && line.Owner.Unit == "u02" {
							_, err = o.book.Ask(tx, t, line, "asked-"+o.clock.now.Format("2006-01-02"), "S001")
						}
						return err
					})
				}
			},
			"crash": func(r *rapid.T) {
				o.engine.failAt = o.engine.applied + rapid.IntRange(1, 4).Draw(r, "commit")
				o.engine.after = rapid.Bool().Draw(r, "after")
				if err := o.advance(); err != nil && !errors.Is(err, errPower) {
					r.Fatal(err)
				}
				o.restart()
				o.recovers()
				flying = nil
			},
			"": func(r *rapid.T) {
				for _, id := range notices {
					o.counted(id)
				}
				if t.Failed() {
					r.FailNow()
				}
			},
		})
		for len(flying) > 0 {
			land(0, reminders.Sent)
		}
		if err := o.advance(); err != nil {
			r.Fatal(err)
		}
		for _, id := range notices {
			o.ended(id)
		}
		o.balanced()
		if t.Failed() {
			r.FailNow()
		}
	})
}

// ended checks a notice that may have been stopped.
func (o *office) ended(id string) {
	o.t.Helper()
	got := o.counted(id)
	if n, found := o.find(id); !found || n.Ended == nil {
		return
	}
	if got.Waiting != 0 || got.Stage != notice.Halted {
		o.t.Errorf("%s was stopped: %+v", id, got)
	}
	for _, line := range o.lines(id) {
		withdrawn := line.State == obligation.Withdrawn
		// A chase that somebody asked for may come after the end; by then the line has one.
		reached := !line.SentAt.IsZero() && !(withdrawn && line.SentAt.After(line.SettledAt))
		if line.State.Final() && !withdrawn {
			continue // closed before the stop
		}
		if withdrawn == reached {
			o.t.Errorf("the line of %s is %s (%s), sent at %v", line.Owner.Subject(), line.State, line.Reason, line.SentAt)
		}
	}
}
