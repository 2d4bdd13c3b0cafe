package notice_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// stands counts the copies of a publication for officials by how they stand: the outcome,
// the version, and why.
func (r *newsroom) stands(handle string) map[string]int {
	r.t.Helper()
	counted := map[string]int{}
	r.do(func(tx reminders.Tx) error {
		clear(counted)
		of, err := r.press.Find(tx, handle)
		if err != nil {
			return err
		}
		return r.press.EachCopy(tx, of, func(c notice.CopyFate) {
			if c.Person[0] != 'G' {
				return
			}
			counted[fmt.Sprintf("%s %d %s", c.Outcome, c.Version, c.Why)]++
			if c.SentAt.IsZero() != (c.Version == 0) {
				r.t.Errorf("%s of %s was sent at %v", c.Outcome, c.Person, c.SentAt)
			}
			if gone := c.Outcome == notice.CopyDeleted || c.Outcome == notice.CopyReplaced; c.WithdrawnAt.IsZero() == gone {
				r.t.Errorf("%s of %s was withdrawn at %v", c.Outcome, c.Person, c.WithdrawnAt)
			}
			if c.Outcome == notice.CopyCorrected && c.CorrectedAt.IsZero() {
				r.t.Errorf("that of %s was corrected at no instant", c.Person)
			}
		})
	})
	return counted
}

// refusesOne lands all that is due, but one edit or deletion of an official's copy, which
// is refused.
func (r *newsroom) refusesOne() {
	r.t.Helper()
	refused := false
	for _, f := range r.launch(40) {
		result := reminders.Sent
		if !refused && f.Act != reminders.ActSend && f.Person == "" {
			if to := r.receipt(f.Original).Person; to != "" && to[0] == 'G' {
				refused, result = true, reminders.Refused
			}
		}
		r.land([]flight{f}, result)
	}
}

// What became of each copy is told at every moment, from the first that waits to the last
// that is taken back.
func TestEachCopy(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, _ := r.sent(nil)
	r.expectStands(handle, "all wait", map[string]int{"waiting 0 ": 10})
	lost := 0
	for _, f := range r.launch(5) {
		result := reminders.Sent
		if lost == 0 && f.Person != "" && f.Person[0] == 'G' {
			lost, result = 1, reminders.Unreachable
		}
		r.land([]flight{f}, result)
	}
	for r.stands(handle)["sent 1 "] < 6 {
		r.deliver(1)
	}
	r.expectStands(handle, "some were sent", map[string]int{"sent 1 ": 6, "waiting 0 ": 3, "unreachable 0 ": 1})

	r.clock.now = r.clock.now.Add(time.Minute)
	r.correct(handle, "second", false)
	r.work()
	r.expectStands(handle, "a correction is under way", map[string]int{"pending 1 ": 6, "waiting 0 ": 3, "unreachable 0 ": 1})
	r.clock.now = r.clock.now.Add(time.Minute)
	r.refusesOne()
	r.finish()
	r.expectStands(handle, "it was carried out", map[string]int{
		"corrected 2 ": 5, "outdated 1 refused": 1, "sent 2 ": 3, "unreachable 0 ": 1,
	})

	r.clock.now = r.clock.now.Add(49 * time.Hour)
	r.recall(handle)
	r.work()
	r.expectStands(handle, "a recall is under way", map[string]int{"pending 2 ": 8, "pending 1 ": 1, "unreachable 0 ": 1})
	r.refusesOne()
	r.finish()
	got := r.stands(handle)
	if got["replaced 2 "]+got["replaced 1 "] != 8 || got["kept 2 refused"]+got["kept 1 refused"] != 1 {
		t.Errorf("in the end: %v", got)
	}
	r.balanced()
}

// Copies that were merged into other messages are told like those that were not.
func TestEachCopyOfMerged(t *testing.T) {
	r := newNewsroom(t, 10)
	one, _ := r.sent(nil)
	two, _ := r.sent(func(p *notice.Publication) { p.Bodies = said("other") })
	r.expectStands(two, "all wait in others", map[string]int{"waiting 0 ": 10})
	r.finish()
	r.correct(two, "new", false)
	r.finish()
	r.expectStands(one, "the host", map[string]int{"sent 1 ": 10})
	r.expectStands(two, "the guest", map[string]int{"corrected 2 ": 10})
	r.recall(one)
	r.finish()
	r.expectStands(one, "the host is withdrawn", map[string]int{"replaced 1 ": 10})
	r.expectStands(two, "the guest stays", map[string]int{"corrected 2 ": 10})
}

// Of a copy that may have arrived at a first attempt something may remain, also if it was
// taken back while it waited to be sent again.
func TestEachCopyOfUncertain(t *testing.T) {
	r := newNewsroom(t, 10)
	handle, id := r.sent(nil)
	r.work()
	for range 2 {
		for _, f := range r.launch(40) {
			if f.Key == reminders.DeliveryKey(id+"/G0002") {
				r.returns(f.Delivery)
				continue
			}
			r.land([]flight{f}, reminders.Sent)
		}
	}
	r.recall(handle)
	r.finish()
	r.expectStands(handle, "in the end", map[string]int{"deleted 1 ": 9, "kept 0 uncertain": 1})
}

func (r *newsroom) expectStands(handle, moment string, want map[string]int) {
	r.t.Helper()
	for key, n := range want {
		if n == 0 {
			delete(want, key)
		}
	}
	if diff := cmp.Diff(want, r.stands(handle)); diff != "" {
		r.t.Errorf("%s (-want +got):\n%s", moment, diff)
	}
}
