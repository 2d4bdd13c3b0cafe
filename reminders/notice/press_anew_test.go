package notice_test

import (
	"context"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// brought lets another system bring an announcement, and S001 return it.
func (r *newsroom) brought() (handle string) {
	r.t.Helper()
	r.do(func(tx reminders.Tx) error {
		p, err := r.press.Receive(tx, notice.Publication{
			Kind: notice.Announcement, Origin: "api/portal", Lead: reminders.Chinese, Bodies: said("v1"),
			Audience: reminders.Audience{Everyone: true}, Expects: notice.ExpectNothing,
		}, "api/portal")
		if err != nil {
			return err
		}
		handle = p.Handle()
		_, err = r.press.Decide(tx, handle, false, "no place", "S001", false)
		return err
	})
	return handle
}

// try runs f in a unit of work and gives the kind of its error, empty for none.
func (r *newsroom) try(f func(tx reminders.Tx) error) reminders.Kind {
	if err := r.store.Do(context.Background(), f); err != nil {
		return reminders.KindOf(err)
	}
	return ""
}

// What another system brought and somebody returned belongs to whoever takes it over: that
// person changes it, submits it, and cannot approve it. The ledger says from whom it came.
func TestTakeOver(t *testing.T) {
	r := newNewsroom(t, 5)
	handle := r.brought()
	take := func(by reminders.PersonID) reminders.Kind {
		return r.try(func(tx reminders.Tx) error { _, err := r.press.TakeOver(tx, handle, by); return err })
	}
	edit := func(by reminders.PersonID) reminders.Kind {
		return r.try(func(tx reminders.Tx) error {
			_, err := r.press.Edit(tx, handle, by, func(p *notice.Publication) { p.Bodies = said("v2") })
			return err
		})
	}
	approve := func(by reminders.PersonID) reminders.Kind {
		return r.try(func(tx reminders.Tx) error { _, err := r.press.Decide(tx, handle, true, "", by, false); return err })
	}
	if got := edit("S002"); got != reminders.Denied {
		t.Errorf("before it is taken over somebody changes it: %q", got)
	}
	if got := take("S002"); got != "" {
		t.Fatal(got)
	}
	if got := take("S001"); got != reminders.Closed {
		t.Errorf("it is taken over twice: %q", got)
	}
	if got := edit("S002"); got != "" {
		t.Fatal(got)
	}
	if got := r.try(func(tx reminders.Tx) error { _, err := r.press.Submit(tx, handle, "S002"); return err }); got != "" {
		t.Fatal(got)
	}
	if got := approve("S002"); got != reminders.Denied {
		t.Errorf("who took it over approves it: %q", got)
	}
	if got := approve("S001"); got != "" {
		t.Error(got)
	}
	var taken []string
	for _, e := range r.entries(ledger.TakenOver) {
		taken = append(taken, e.Actor+" from "+e.Reason)
	}
	if len(taken) != 1 || taken[0] != "S002 from api/portal" {
		t.Errorf("the ledger says %v", taken)
	}
}

// A draft of a person, and what waits for a decision, cannot be taken over.
func TestTakeOverOnlyOrphans(t *testing.T) {
	r := newNewsroom(t, 5)
	var waits string
	r.do(func(tx reminders.Tx) error {
		p, err := r.press.Receive(tx, notice.Publication{
			Kind: notice.Announcement, Origin: "api/portal", Lead: reminders.Chinese, Bodies: said("v1"), Audience: reminders.Audience{Everyone: true},
		}, "api/portal")
		waits = p.Handle()
		return err
	})
	for name, handle := range map[string]string{"a draft of a person": r.drafted(notice.Announcement, nil), "what waits": waits} {
		got := r.try(func(tx reminders.Tx) error { _, err := r.press.TakeOver(tx, handle, "S002"); return err })
		if got != reminders.Closed {
			t.Errorf("%s: %q", name, got)
		}
	}
}
