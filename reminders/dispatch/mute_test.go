package dispatch_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
)

// muteOf is a mute whose hold a test sets, and which lets go what is for one person.
func muteOf(hold *atomic.Int32, since time.Time) *dispatch.Mute {
	return &dispatch.Mute{
		Hold: func(reminders.Tx) (dispatch.Hold, time.Time, error) {
			return dispatch.Hold(hold.Load()), since, nil
		},
		Lets: func(_ reminders.Tx, d reminders.Delivery) (bool, error) {
			return d.Lane == reminders.LaneAnswer && d.Person == "admin", nil
		},
		Lift: func(reminders.Tx) error {
			hold.Store(int32(dispatch.Free))
			return nil
		},
	}
}

// While muted nothing goes but answers to the one person, however many others wait
// before them, and no source is asked.
func TestMuted(t *testing.T) {
	inPlant(t, func(p *plant) {
		var hold atomic.Int32
		hold.Store(int32(dispatch.Muted))
		var asked atomic.Int32
		p.opts.Mute = muteOf(&hold, time.Now())
		p.opts.Sources = []dispatch.Source{source(func(context.Context, time.Time) (time.Time, bool, error) {
			asked.Add(1)
			return time.Time{}, false, nil
		})}
		for n := range 200 {
			p.enqueue(message(reminders.DeliveryKey(fmt.Sprintf("a%03d", n)), reminders.LaneAnswer))
		}
		p.enqueue(message("duty", reminders.LaneDuty), message("chase", reminders.LanePersonal), message("notice", reminders.LaneBroadcast))
		answer := message("answer", reminders.LaneAnswer)
		answer.Person = "admin"
		p.enqueue(answer)
		p.start()
		p.pass(time.Hour)
		if diff := cmp.Diff([]reminders.DeliveryKey{"answer"}, p.sender.keys()); diff != "" {
			t.Error(diff)
		}
		if asked.Load() != 0 {
			t.Error("a source was asked")
		}
		p.restart()
		p.pass(time.Hour)
		if got := len(p.sender.keys()); got != 1 {
			t.Errorf("%d messages after a restart", got)
		}

		hold.Store(int32(dispatch.Free)) // an admin let it go
		p.enqueue(message("new", reminders.LaneDuty))
		p.pass(10 * time.Minute)
		if got := len(p.sender.keys()); got != 205 || asked.Load() == 0 || p.left() != 0 {
			t.Errorf("%d messages sent, the source asked %d times, %d left", got, asked.Load(), p.left())
		}
	})
}

// Skipping settles what was due before the backup was taken as withdrawn, exactly
// once; what was made since, and what is due later, is sent.
func TestSkipping(t *testing.T) {
	inPlant(t, func(p *plant) {
		var hold atomic.Int32
		hold.Store(int32(dispatch.Muted))
		var passed atomic.Int32
		old := []reminders.DeliveryKey{}
		for n := range 130 {
			key := reminders.DeliveryKey(fmt.Sprintf("old%03d", n))
			p.enqueue(message(key, reminders.Lane(n%4)))
			old = append(old, key)
		}
		later := message("later", reminders.LanePersonal)
		later.NotBefore = time.Now().Add(48 * time.Hour)
		p.enqueue(later)
		p.pass(time.Second)
		p.opts.Mute = muteOf(&hold, time.Now())
		p.opts.Mute.PassOver = []func(context.Context, time.Time) (bool, error){
			func(context.Context, time.Time) (bool, error) { return passed.Add(1) < 5, nil },
		}
		p.start()
		p.pass(time.Minute)
		for n := range 100 { // made while muted, in front of the queue of leftovers as well
			p.enqueue(message(reminders.DeliveryKey(fmt.Sprintf("new%03d", n)), reminders.LaneAnswer))
		}
		hold.Store(int32(dispatch.Skipping))
		p.enqueue(message("trigger", reminders.LaneDuty))
		p.pass(time.Hour)
		if hold.Load() != int32(dispatch.Free) || passed.Load() < 5 {
			t.Fatalf("the hold is %d after %d pieces", hold.Load(), passed.Load())
		}
		for _, key := range old {
			r := p.receipt(key)
			if r.Result != reminders.Withdrawn || r.Code != dispatch.RestoredCode {
				t.Errorf("%s ended as %s %s", key, r.Result, r.Code)
			}
			if diff := cmp.Diff([]reminders.Result{reminders.Withdrawn}, p.seen.ended[key]); diff != "" {
				t.Errorf("%s: %s", key, diff)
			}
		}
		if got := len(p.sender.keys()); got != 101 {
			t.Errorf("%d messages sent, want those made since", got)
		}
		p.pass(48 * time.Hour)
		if r := p.receipt("later"); r.Result != reminders.Sent {
			t.Errorf("what was due later ended as %q", r.Result)
		}
	})
}

// A mute whose state cannot be read holds everything back.
func TestMuteThatCannotBeRead(t *testing.T) {
	inPlant(t, func(p *plant) {
		var fails atomic.Bool
		fails.Store(true)
		p.opts.Mute = &dispatch.Mute{Hold: func(reminders.Tx) (dispatch.Hold, time.Time, error) {
			if fails.Load() {
				return dispatch.Free, time.Time{}, errDisk
			}
			return dispatch.Free, time.Time{}, nil
		}}
		p.enqueue(message("m", reminders.LaneAnswer))
		p.start()
		p.pass(10 * time.Minute)
		if got := p.sender.keys(); len(got) != 0 {
			t.Errorf("sent %v", got)
		}
		fails.Store(false)
		p.pass(10 * time.Minute)
		if got := p.sender.keys(); len(got) != 1 {
			t.Errorf("sent %v", got)
		}
	})
}

// Discard settles a delivery unsent, once for each key.
func TestDiscard(t *testing.T) {
	inPlant(t, func(p *plant) {
		out := dispatch.Discard{Store: p.outbox, Witness: p.seen}
		p.enqueue(message("waits", reminders.LaneDuty))
		for range 2 {
			p.do(func(tx reminders.Tx) error {
				for _, key := range []reminders.DeliveryKey{"waits", "fresh"} {
					if err := out.Enqueue(tx, message(key, reminders.LaneBroadcast)); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if r := p.receipt("fresh"); r.Result != reminders.Withdrawn || len(p.seen.ended["fresh"]) != 1 {
			t.Errorf("ended as %q, %d times", r.Result, len(p.seen.ended["fresh"]))
		}
		if p.left() != 1 || len(p.seen.ended["waits"]) != 0 {
			t.Error("what waits already was touched")
		}
	})
}
