package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// collected is an outbox that keeps what is put into it.
type collected map[reminders.DeliveryKey]bool

func (c collected) Enqueue(_ reminders.Tx, d reminders.Delivery) error {
	c[d.Key] = true
	return nil
}

// What fell due since a backup is skipped for that reason; what was being published
// then is brought to its end with all its obligations and no further copy.
func TestPassOver(t *testing.T) {
	const reminder = block + "/holiday-reminder"
	instant := day(9, 22, 9, 0)
	o := newOffice(t, 65, instant.Add(-time.Hour))
	o.at(instant.Add(-time.Minute))
	o.clock.now = instant
	for len(o.copies(reminder)) == 0 {
		if _, more, err := o.desk.Advance(t.Context(), instant); err != nil || !more {
			t.Fatal(more, err)
		}
	}
	sent := len(o.copies(reminder))
	if state := o.notice(reminder).State; state != notice.Publishing {
		t.Fatalf("the notice is %s after one chunk", state)
	}

	now := day(9, 24, 11, 0)
	o.clock.now = now
	due := map[string]string{}
	for _, item := range o.desk.DueSince(instant, now) {
		due[item.Key] = notice.WhyRestored
	}
	quiet := collected{}
	for more, pieces := true, 0; more; pieces++ {
		var err error
		if more, err = o.desk.PassOver(t.Context(), instant, now, quiet); err != nil || pieces > 100 {
			t.Fatal(pieces, err)
		}
	}
	everyone := len(o.reg.people)
	if got := len(o.copies(reminder)); got != sent || len(quiet) != everyone-sent {
		t.Errorf("of %d copies %d are in the outbox, which had %d, and %d were kept out", everyone, got, sent, len(quiet))
	}
	if n := o.notice(reminder); n.State != notice.Published || len(o.lines(reminder)) != everyone {
		t.Errorf("the notice is %s, %d of %d owe an answer", n.State, len(o.lines(reminder)), everyone)
	}
	skipped := map[string]string{}
	for _, e := range o.entries(ledger.Skipped) {
		if e.Reason == notice.WhyRestored {
			skipped[e.Object] = e.Reason
		}
	}
	if diff := cmp.Diff(due, skipped); diff != "" || len(due) == 0 {
		t.Errorf("skipped (-due +got):\n%s", diff)
	}
	for key := range due {
		if n := o.notice(key); n.State != notice.Skipped || n.Why != notice.WhyRestored {
			t.Errorf("%s is %s %s", key, n.State, n.Why)
		}
	}

	// Nothing of it comes back, and what is due later goes on.
	before := len(o.waiting())
	o.at(now.Add(time.Minute))
	if got := len(o.waiting()) - before; got > everyone { // the chase of those who were asked
		t.Errorf("%d more deliveries", got)
	}
	o.at(day(10, 8, 10, 0))
	if !strings.HasPrefix(string(o.notice(block+"/closing-summary").State), "publish") {
		t.Errorf("the closing summary is %+v", o.notice(block+"/closing-summary").State)
	}
	o.balanced()
}

// An item that waited since before the backup goes on waiting.
func TestPassOverLeavesWhatWaited(t *testing.T) {
	const reminder = block + "/holiday-reminder"
	o := newOffice(t, 5, day(9, 22, 8, 0))
	o.approval = true
	o.at(day(9, 22, 9, 0))
	if _, found := o.find(reminder); found {
		t.Fatal("the reminder did not wait for its approval")
	}
	now := day(9, 22, 15, 0)
	o.clock.now = now
	for more := true; more; {
		var err error
		if more, err = o.desk.PassOver(t.Context(), day(9, 22, 12, 0), now, collected{}); err != nil {
			t.Fatal(err)
		}
	}
	if n, found := o.find(reminder); found {
		t.Errorf("the reminder is %s for %s", n.State, n.Why)
	}
	o.approval = false
	o.at(now.Add(time.Minute))
	if got := len(o.copies(reminder)); got != len(o.reg.people) {
		t.Errorf("%d copies after the approval", got)
	}
}
