package notice_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// told gives what the messages about corrections show now, by how many.
func (r *newsroom) told() map[string]int {
	counted := map[string]int{}
	for key, shown := range r.phones {
		if len(shown) > 0 && strings.Contains(string(key), "changed/") && strings.Contains(string(key), "/G") {
			counted[shown[len(shown)-1]]++
		}
	}
	return counted
}

// The news of a correction, too, says that all is withdrawn, and asks nothing.
func TestRecallOfNews(t *testing.T) {
	tests := []struct {
		name    string
		expects notice.Expects
	}{
		{"that asked anew", notice.ExpectPerPerson},
		{"that asked nothing", notice.ExpectNothing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newNewsroom(t, 24)
			handle, _ := r.sent(func(p *notice.Publication) { p.Expects = test.expects })
			r.finish()
			r.correct(handle, "second", true)
			r.finish()
			if got := r.told(); got["publication.changed"] != 24 {
				t.Fatalf("the news: %v", got)
			}
			r.recall(handle)
			r.finish()
			if got := r.told(); got["publication.recalled"] != 24 || len(got) != 1 {
				t.Errorf("the news: %v", got)
			}
			for key := range r.phones {
				if sent := r.receipt(key); strings.HasPrefix(string(key), "changed/") && len(sent.Asks) > 0 {
					t.Errorf("%s still asks %v", key, sent.Asks)
				}
			}
			r.balanced()
		})
	}
}

// News of two corrections in one message: what is withdrawn is taken out of it, be it the
// first or the second, while it waits, while it is in flight, or afterwards.
func TestRecallOfMergedNews(t *testing.T) {
	moments := []struct {
		name   string
		before func(r *newsroom) (after func())
		shown  []string // now, whichever comes first
	}{
		{"while it waits", func(*newsroom) func() { return func() {} }, []string{"publication.changed"}},
		{"in flight", func(r *newsroom) func() {
			flights := r.launch(40)
			return func() { r.land(flights, reminders.Sent) }
		}, []string{"publication.changed", "publication.recalled"}},
		{"afterwards", func(r *newsroom) func() {
			r.finish()
			return func() {}
		}, []string{"publication.changed", "publication.recalled"}},
	}
	for _, second := range []bool{false, true} {
		for _, moment := range moments {
			name := "the first, "
			if second {
				name = "the second, "
			}
			t.Run(name+moment.name, func(t *testing.T) {
				r := newNewsroom(t, 10)
				one, _ := r.sent(nil)
				two, _ := r.sent(func(p *notice.Publication) { p.Bodies = said("other") })
				r.finish()
				r.clock.now = day(7, 6, 21, 0)
				r.correct(one, "one, second", true)
				r.finish()
				r.correct(two, "two, second", true)
				r.finish()
				r.clock.now = day(7, 7, 9, 0)
				if n := len(r.waiting()); n != 12 {
					t.Fatalf("%d messages wait in the morning", n)
				}
				after := moment.before(r)
				taken := one
				if second {
					taken = two
				}
				r.recall(taken)
				r.work()
				after()
				r.finish()
				for shown, n := range r.told() {
					parts := strings.Split(shown, "+")
					slices.Sort(parts)
					if !slices.Equal(parts, moment.shown) {
						t.Errorf("%d show %q", n, shown)
					}
				}
				left := r.publication(two).Notice
				if second {
					left = r.publication(one).Notice
				}
				for key := range r.phones {
					sent := r.receipt(key)
					if strings.Contains(string(key), "changed/") && !slices.ContainsFunc(sent.Asks, func(a reminders.Ask) bool { return a.Terms == left+"~2" }) {
						t.Errorf("%s asks %v", key, sent.Asks)
					}
				}
				r.balanced()
			})
		}
	}
}

// receipt is what is known of a message that was sent.
func (r *newsroom) receipt(key reminders.DeliveryKey) (sent reminders.Receipt) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) (err error) {
		sent, _, err = r.store.Outbox().Receipt(tx, key)
		return err
	})
	return sent
}
