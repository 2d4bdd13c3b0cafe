package dispatch_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// Answers go before duty, duty before what is for one person, that before
// broadcasts, whatever came first.
func TestLanes(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.opts.Workers, p.opts.Rate = 1, 10
		p.enqueue(
			message("broadcast", reminders.LaneBroadcast), message("personal", reminders.LanePersonal),
			message("duty", reminders.LaneDuty), message("answer", reminders.LaneAnswer),
		)
		p.pass(time.Second) // later instants do not go first
		p.enqueue(message("answer-2", reminders.LaneAnswer))
		p.start()
		p.pass(time.Second)
		want := []reminders.DeliveryKey{"answer", "answer-2", "duty", "personal", "broadcast"}
		if diff := cmp.Diff(want, p.sender.keys()); diff != "" {
			t.Error(diff)
		}
	})
}

// No more messages a second than the rate allows, and no fewer as long as some wait.
func TestRate(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.opts.Rate = 10
		for n := range 21 {
			p.enqueue(message(reminders.DeliveryKey(fmt.Sprintf("m%02d", n)), reminders.LaneBroadcast))
		}
		p.start()
		p.pass(10 * time.Second)
		got := p.sender.attempts()
		for n := 1; n < len(got); n++ {
			if gap := got[n].at.Sub(got[n-1].at); gap < 100*time.Millisecond-time.Microsecond {
				t.Errorf("message %d comes %v after the one before", n, gap)
			}
		}
		if took := got[len(got)-1].at.Sub(got[0].at); len(got) != 21 || took > 2100*time.Millisecond {
			t.Errorf("%d messages took %v, want 21 in 2 s", len(got), took)
		}
	})
}

// tardy is a clock whose timers fire late.
type tardy struct{ bubble }

func (t tardy) WaitUntil(ctx context.Context, at time.Time) error {
	return t.bubble.WaitUntil(ctx, at.Add(5*time.Millisecond))
}

// Timers that fire late do not slow a long broadcast down.
func TestRateWithLateTimers(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.opts.Rate, p.wall = 28, tardy{}
		for n := range 281 {
			p.enqueue(message(reminders.DeliveryKey(fmt.Sprintf("m%03d", n)), reminders.LaneBroadcast))
		}
		p.start()
		p.pass(time.Minute)
		got := p.sender.attempts()
		if took := got[len(got)-1].at.Sub(got[0].at); len(got) != 281 || took > 10020*time.Millisecond {
			t.Errorf("%d messages took %v, want 281 in 10 s", len(got), took)
		}
	})
}

// One chat gets a message in a bit more than a second, and a long queue for one
// chat holds nobody else up.
func TestOneChatAtATime(t *testing.T) {
	inPlant(t, func(p *plant) {
		for n := range 60 {
			d := message(reminders.DeliveryKey(fmt.Sprintf("a%02d", n)), reminders.LaneAnswer)
			d.Person = "G001"
			p.enqueue(d)
		}
		p.enqueue(message("other", reminders.LaneAnswer))
		begin := time.Now()
		p.start()
		p.pass(2 * time.Minute)
		var last time.Time
		for _, a := range p.sender.attempts() {
			if a.key == "other" {
				if wait := a.at.Sub(begin); wait > time.Second {
					t.Errorf("somebody else waits %v", wait)
				}
				continue
			}
			if gap := a.at.Sub(last); gap < 1050*time.Millisecond {
				t.Errorf("%s comes %v after the one before", a.key, gap)
			}
			last = a.at
		}
		if got := len(p.sender.keys()); got != 61 {
			t.Errorf("%d messages, want 61", got)
		}
	})
}

// A wish of the chat service to wait holds for the whole bot, answers included, to
// the second, and survives a restart.
func TestPause(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.plan = func(d reminders.Delivery, try int) reminders.Outcome {
			if try == 1 && d.Key == "m" {
				return reminders.Outcome{Result: reminders.Wait, RetryAfter: 2 * time.Hour}
			}
			return reminders.Outcome{Result: reminders.Sent}
		}
		begin := time.Now()
		p.enqueue(message("m", reminders.LanePersonal))
		p.start()
		p.pass(time.Minute)
		p.restart()
		p.enqueue(message("answer", reminders.LaneAnswer))
		p.pass(2*time.Hour - time.Minute - time.Nanosecond)
		if got := p.sender.keys(); len(got) != 1 {
			t.Errorf("sent during the pause: %v", got)
		}
		p.pass(time.Minute)
		got := p.sender.attempts()
		if len(got) != 3 || got[1].at.Sub(begin) < 2*time.Hour || got[2].at.Sub(begin) > 2*time.Hour+time.Second {
			t.Errorf("after the pause: %v", p.sender.keys())
		}
		if p.receipt("m").Duplicate {
			t.Error("a refused message is marked as a possible duplicate")
		}
	})
}

// What a crash left in flight is sent again and marked; other acts may be repeated.
// More than fits into one unit of work is taken back too.
func TestRecover(t *testing.T) {
	inPlant(t, func(p *plant) {
		const crashed = 70
		for n := range crashed {
			d := message(reminders.DeliveryKey(fmt.Sprintf("m%02d", n)), reminders.LanePersonal)
			d.ClaimedAt, d.NotBefore = time.Now(), time.Now()
			p.do(func(tx reminders.Tx) error { return p.outbox.SaveDelivery(tx, d) })
		}
		p.enqueue(message("fresh", reminders.LanePersonal))
		p.start()
		p.pass(time.Minute)
		if got := len(p.sender.keys()); got != crashed+1 || p.left() != 0 {
			t.Errorf("%d attempts, want %d", got, crashed+1)
		}
		if !p.receipt("m00").Duplicate || !p.receipt("m69").Duplicate || p.receipt("fresh").Duplicate {
			t.Error("what was in flight is marked, and nothing else")
		}
	})
}

// A source that fails rests, and those behind it go on; a source that has more to
// do keeps those behind it waiting.
func TestSources(t *testing.T) {
	inPlant(t, func(p *plant) {
		var calls called
		left := 3
		p.opts.Sources = []dispatch.Source{
			source(func(context.Context, time.Time) (time.Time, bool, error) {
				calls.add("broken")
				return time.Time{}, true, errors.New("broken")
			}),
			source(func(context.Context, time.Time) (time.Time, bool, error) {
				calls.add("busy")
				left--
				return time.Time{}, left > 0, nil
			}),
			source(func(_ context.Context, now time.Time) (time.Time, bool, error) {
				calls.add("last")
				return now.Add(-time.Hour), false, nil // a wish in the past is no wish
			}),
		}
		p.start()
		synctest.Wait()
		if got := calls.take(); got != "broken busy busy busy last" {
			t.Errorf("the first rounds: %s", got)
		}
		p.pass(5 * time.Second)
		if got := calls.take(); got != "broken busy last" {
			t.Errorf("after five seconds: %s", got)
		}
	})
}

// called notes in which order sources are asked.
type called struct {
	mu    sync.Mutex
	names []string
}

func (c *called) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.names = append(c.names, name)
}

// take gives the names since the last time.
func (c *called) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := strings.Join(c.names, " ")
	c.names = nil
	return names
}

// Pushes wait until the sources have put all that is due into the outbox; answers
// do not, however long that takes.
func TestPushesWaitForTheSources(t *testing.T) {
	inPlant(t, func(p *plant) {
		work := 100
		p.opts.Sources = []dispatch.Source{source(func(ctx context.Context, _ time.Time) (time.Time, bool, error) {
			if work == 0 {
				return time.Time{}, false, nil
			}
			work--
			time.Sleep(100 * time.Millisecond)
			return time.Time{}, true, nil
		})}
		p.start()
		p.pass(time.Second)
		p.enqueue(message("push", reminders.LanePersonal), message("answer", reminders.LaneAnswer))
		at := time.Now()
		p.pass(20 * time.Second)
		got := p.sender.attempts()
		if len(got) != 2 || got[0].key != "answer" || got[0].at.Sub(at) > 200*time.Millisecond {
			t.Fatalf("sent: %v", p.sender.keys())
		}
		if wait := got[1].at.Sub(at); wait < 8*time.Second || wait > 10*time.Second {
			t.Errorf("the push waits %v, the sources need 9 s", wait)
		}
	})
}

// What is due goes at its instant, and what is wanted at once goes at once: no
// wake-up is lost.
func TestNoWakeUpIsLost(t *testing.T) {
	waits := []time.Duration{0, time.Millisecond, 1500 * time.Microsecond, 20 * time.Second, 20*time.Second + 1, 47 * time.Minute}
	for _, lane := range []reminders.Lane{reminders.LaneAnswer, reminders.LanePersonal} {
		t.Run(fmt.Sprintf("lane %d", lane), func(t *testing.T) {
			inPlant(t, func(p *plant) {
				p.start()
				p.pass(7 * time.Second)
				begin := time.Now()
				want := map[reminders.DeliveryKey]time.Duration{}
				for n, after := range waits {
					d := message(reminders.DeliveryKey(fmt.Sprintf("m%d", n)), lane)
					d.NotBefore = begin.Add(after)
					want[d.Key] = after
					p.enqueue(d)
				}
				p.pass(time.Hour)
				got := p.sender.attempts()
				if len(got) != len(want) {
					p.t.Errorf("%d of %d are sent", len(got), len(want))
				}
				for _, a := range got {
					if late := a.at.Sub(begin) - want[a.key]; late < -time.Millisecond || late > 10*time.Millisecond {
						p.t.Errorf("%s goes %v after its instant", a.key, late)
					}
				}
			})
		})
	}
}

// A claim whose commit fails, before or after it was written, strands nothing: the
// message is sent once and is no possible duplicate.
func TestClaimFails(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after %t", after), func(t *testing.T) {
			inPlant(t, func(p *plant) {
				p.enqueue(message("m", reminders.LanePersonal))
				failures := 2
				p.engine.fails = func(changes []store.Change) (bool, bool) {
					for _, c := range changes {
						if failures > 0 && strings.HasPrefix(c.Key, "claimed/") && c.Value != nil {
							failures--
							return !after, after
						}
					}
					return false, false
				}
				p.start()
				p.pass(2 * time.Minute)
				if got := p.sender.keys(); len(got) != 1 || p.left() != 0 || p.receipt("m").Duplicate {
					p.t.Errorf("sent %v, left %d, receipt %+v", got, p.left(), p.receipt("m"))
				}
				if failures != 0 {
					p.t.Errorf("%d failures did not happen", failures)
				}
			})
		})
	}
}

// A stop waits for what is in flight and records it.
func TestStopWaitsForWhatIsInFlight(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.slow = 3 * time.Second
		p.enqueue(message("m", reminders.LanePersonal))
		p.start()
		p.pass(time.Second)
		p.halt()
		if r := p.receipt("m"); r.Result != reminders.Sent || p.left() != 0 {
			t.Errorf("after the stop: %+v", r)
		}
	})
}
