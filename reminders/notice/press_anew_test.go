package notice_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// What was given up, called off or taken back can be drafted again: a new draft with what it
// said, for whom and what it asked, of whoever begins it; not with its instant, its haste
// and what the head let pass. The old one stays as it was.
func TestRedraft(t *testing.T) {
	r := newNewsroom(t, 5)
	full := func(p *notice.Publication) {
		p.Bodies, p.Files, p.Expects, p.Workdays = said("always"), []reminders.File{{Name: "a.pdf", Hash: "h"}}, notice.ExpectPerPerson, 3
		p.Wanted, p.Urgent, p.Overrides = day(7, 9, 10, 0), "haste", []reminders.Override{{Rule: "strict"}}
	}
	for name, end := range map[string]func(handle string){
		"given up": func(handle string) {
			r.do(func(tx reminders.Tx) error { _, err := r.press.Abandon(tx, handle, "S001"); return err })
		},
		"called off": func(handle string) {
			r.approved(handle)
			r.recall(handle)
		},
	} {
		t.Run(name, func(t *testing.T) {
			handle := r.drafted(notice.Announcement, full)
			end(handle)
			old := r.publication(handle)
			if old.GivenUp.IsZero() {
				t.Error("it is not known when it was given up")
			}
			var draft notice.Publication
			r.do(func(tx reminders.Tx) (err error) { draft, err = r.press.Redraft(tx, handle, "S002"); return err })
			want := notice.Publication{
				ID: draft.ID, Kind: old.Kind, Origin: "chat", By: "S002", At: draft.At, State: notice.Drafting, Version: 1, Lead: old.Lead,
				Bodies: old.Bodies, Files: old.Files, Audience: old.Audience, Expects: old.Expects, Workdays: old.Workdays,
			}
			if diff := cmp.Diff(want, r.publication(draft.Handle())); diff != "" {
				t.Errorf("the new draft (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(old, r.publication(handle)); diff != "" {
				t.Errorf("the old one changed:\n%s", diff)
			}
		})
	}
}

// What is still on its way, and the card of a theme, is not drafted again.
func TestRedraftOfWhatIsNotOver(t *testing.T) {
	r := newNewsroom(t, 5)
	card := r.drafted(notice.ThemeCard, nil)
	r.do(func(tx reminders.Tx) error { _, err := r.press.Abandon(tx, card, "S001"); return err })
	sent, _ := r.sent(nil)
	for name, handle := range map[string]string{"a draft": r.drafted(notice.Announcement, nil), "the card of a theme": card, "what was sent": sent} {
		if got := r.try(func(tx reminders.Tx) error { _, err := r.press.Redraft(tx, handle, "S002"); return err }); got != reminders.Closed {
			t.Errorf("%s: %q", name, got)
		}
	}
	r.recall(sent)
	if got := r.try(func(tx reminders.Tx) error { _, err := r.press.Redraft(tx, sent, "S002"); return err }); got != "" {
		t.Errorf("what was taken back: %q", got)
	}
}
