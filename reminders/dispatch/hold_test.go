package dispatch_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A group takes 20 messages a minute, edits among them, and holds nobody else up.
func TestGroupLimit(t *testing.T) {
	inPlant(t, func(p *plant) {
		for n := range 45 {
			d := message(reminders.DeliveryKey(fmt.Sprintf("g%02d", n)), reminders.LaneBroadcast)
			d.Person, d.Chat = "", -100
			if n%2 == 1 {
				d.Act = reminders.ActEdit
			}
			p.enqueue(d)
		}
		p.enqueue(message("other", reminders.LaneBroadcast))
		begin := time.Now()
		p.start()
		p.pass(5 * time.Minute)
		var group []time.Time
		for _, a := range p.sender.attempts() {
			if a.key != "other" {
				group = append(group, a.at)
			} else if wait := a.at.Sub(begin); wait > time.Second {
				t.Errorf("somebody else waits %v", wait)
			}
		}
		if len(group) != 45 {
			t.Fatalf("%d messages, want 45", len(group))
		}
		for n := 20; n < len(group); n++ {
			if gap := group[n].Sub(group[n-20]); gap <= time.Minute {
				t.Errorf("messages %d to %d within %v", n-20, n, gap)
			}
		}
		if took := group[44].Sub(begin); took > 150*time.Second {
			t.Errorf("45 messages took %v", took)
		}
	})
}

// copyOf is a copy of a notice for a person of its own.
func copyOf(notice string, n int) reminders.Delivery {
	d := message(reminders.DeliveryKey(fmt.Sprintf("%s/P%02d", notice, n)), reminders.LaneBroadcast)
	d.Lines = []reminders.Message{reminders.Copy(notice)}
	return d
}

// From the commit of a pause on not one more copy of the notice goes, whatever else
// does; afterwards exactly the rest goes. That holds too for a message of another key
// that says what the notice says.
func TestPausedNotice(t *testing.T) {
	inPlant(t, func(p *plant) {
		var paused atomic.Bool
		p.opts.Rate, p.opts.Workers = 10, 4
		p.opts.Paused = func(reminders.Tx) ([]string, error) {
			if paused.Load() {
				return []string{"a"}, nil
			}
			return nil, nil
		}
		for n := range 30 {
			p.enqueue(copyOf("a", n))
		}
		digest := message("digest", reminders.LaneBroadcast)
		digest.Lines = []reminders.Message{reminders.Line("text", nil), reminders.Copy("a")}
		p.start()
		p.pass(time.Second)
		paused.Store(true)
		p.pass(time.Millisecond)
		before := len(p.sender.keys())
		if before < 5 || before > 15 {
			t.Fatalf("%d copies before the pause", before)
		}
		p.enqueue(copyOf("b", 1), digest)
		p.pass(time.Minute)
		if diff := cmp.Diff([]reminders.DeliveryKey{"b/P01"}, p.sender.keys()[before:]); diff != "" {
			t.Errorf("during the pause: %s", diff)
		}
		paused.Store(false)
		p.pass(time.Minute)
		if got := len(p.sender.keys()); got != 32 || p.left() != 0 {
			t.Errorf("%d messages in all, want 32; %d left", got, p.left())
		}
		once := map[reminders.DeliveryKey]int{}
		for _, key := range p.sender.keys() {
			if once[key]++; once[key] > 1 {
				t.Errorf("%s went twice", key)
			}
		}
	})
}

// What did not get through before the quiet hours waits for their end; answers, duty
// and edits, which disturb nobody, go.
func TestHush(t *testing.T) {
	inPlant(t, func(p *plant) {
		open := time.Now().Add(12 * time.Hour)
		p.opts.Hush = func(now time.Time) time.Time {
			if now.Before(open) {
				return open
			}
			return time.Time{}
		}
		edit := message("edit", reminders.LaneBroadcast)
		edit.Act = reminders.ActEdit
		p.enqueue(
			message("broadcast", reminders.LaneBroadcast), message("personal", reminders.LanePersonal), edit,
			message("duty", reminders.LaneDuty), message("answer", reminders.LaneAnswer),
		)
		p.start()
		p.pass(11 * time.Hour)
		if diff := cmp.Diff([]reminders.DeliveryKey{"answer", "duty", "edit"}, sorted(p.sender.keys())); diff != "" {
			t.Errorf("in the quiet hours: %s", diff)
		}
		p.pass(time.Hour + time.Second)
		if got := p.sender.attempts(); len(got) != 5 || got[4].at.Sub(open) > time.Second {
			t.Errorf("afterwards: %v", p.sender.keys())
		}
	})
}

// What is claimed and not on its way when the service is told to stop is put back: it
// goes after the restart and is no possible duplicate.
func TestStopPutsBack(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.opts.Workers = 2
		p.sender.slow = 3 * time.Second
		for n := range 12 {
			p.enqueue(message(reminders.DeliveryKey(fmt.Sprintf("m%02d", n)), reminders.LaneBroadcast))
		}
		p.start()
		p.pass(time.Second)
		begin := time.Now()
		p.halt()
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("the stop took %v", took)
		}
		if sent := len(p.sender.keys()); sent != 2 || p.left() != 10 {
			t.Errorf("%d sent, %d left; want 2 and 10", sent, p.left())
		}
		p.start()
		p.pass(time.Minute)
		for n := range 12 {
			r := p.receipt(reminders.DeliveryKey(fmt.Sprintf("m%02d", n)))
			if r.Result != reminders.Sent || r.Duplicate {
				t.Errorf("%s: %s, possible duplicate %t", r.Key, r.Result, r.Duplicate)
			}
		}
		synctest.Wait()
	})
}

// Of two edits of one message the newer is not sent before the older has arrived,
// however long that takes; edits of other messages do not wait for it.
func TestEditsKeepTheirOrder(t *testing.T) {
	inPlant(t, func(p *plant) {
		p.sender.slow = 3 * time.Second
		edit := func(key, original reminders.DeliveryKey) reminders.Delivery {
			return reminders.Delivery{Key: key, Kind: "refresh", Act: reminders.ActEdit, Lane: reminders.LaneAnswer, Original: original}
		}
		p.enqueue(edit("e1", "a"), edit("e2", "a"), edit("f1", "b"))
		p.start()
		p.pass(time.Minute)
		at := map[reminders.DeliveryKey]time.Time{}
		for _, a := range p.sender.attempts() {
			at[a.key] = a.at
		}
		if gap := at["e2"].Sub(at["e1"]); gap < 3*time.Second {
			t.Errorf("the second edit goes %v after the first", gap)
		}
		if gap := at["f1"].Sub(at["e1"]); gap > time.Second {
			t.Errorf("the edit of another message waits %v", gap)
		}
	})
}
