package notice_test

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// What the head let pass holds for what was written then: a new text, another file name or
// another reason for haste is looked at again. What nobody screens changes nothing.
func TestOverrideIsForOneText(t *testing.T) {
	tests := []struct {
		name    string
		change  func(p *notice.Publication)
		forgets bool
	}{
		{"a text", func(p *notice.Publication) { p.Bodies = said("always, and more") }, true},
		{"a tag", func(p *notice.Publication) {
			p.Bodies[reminders.Chinese] = notice.Body{Title: "always", Text: "<i>text</i> of always"}
		}, true},
		{"a prompt in its place", func(p *notice.Publication) { p.Bodies[reminders.Chinese].Prompt.Check = "always this" }, true},
		{"a file name", func(p *notice.Publication) { p.Files[0].Name = "always.pdf" }, true},
		{"a further file", func(p *notice.Publication) {
			p.Files = append(p.Files, reminders.File{Hash: "2", Name: "always-2.pdf"})
		}, true},
		{"the reason for haste", func(p *notice.Publication) { p.Urgent = "always urgent" }, true},
		{"the audience", func(p *notice.Publication) { p.Audience = reminders.Audience{Units: []reminders.UnitID{"u01"}} }, false},
		{"the deadline", func(p *notice.Publication) { p.Expects, p.Workdays = notice.ExpectPerPerson, 3 }, false},
		{"nothing", func(*notice.Publication) {}, false},
	}
	r := newNewsroom(t, 20)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			handle := r.drafted(notice.WorkPrompt, func(p *notice.Publication) {
				prompt(p)
				p.Bodies[reminders.Chinese].Prompt.Wrong = "always"
				p.Files = []reminders.File{{Hash: "1", Name: "plan.pdf"}}
			})
			r.do(func(tx reminders.Tx) error { return r.press.Overrule(tx, handle, "strict", "the rule says so", "S002") })
			r.do(func(tx reminders.Tx) error {
				_, err := r.press.Edit(tx, handle, "S001", test.change)
				return err
			})
			if left := len(r.publication(handle).Overrides); (left == 0) != test.forgets {
				t.Errorf("%d overrides are left", left)
			}
		})
	}
}

// Only its drafter gives a draft up, and only until it is sent.
func TestAbandonIsForTheDrafter(t *testing.T) {
	r := newNewsroom(t, 10)
	handle := r.drafted(notice.Announcement, nil)
	abandon := func(by reminders.PersonID) (err error) {
		r.do(func(tx reminders.Tx) error {
			_, err = r.press.Abandon(tx, handle, by)
			return nil
		})
		return err
	}
	if got := reminders.KindOf(abandon("S002")); got != reminders.Denied {
		t.Errorf("somebody else: %v", got)
	}
	r.approved(handle)
	if err := abandon("S001"); err != nil {
		t.Errorf("it was approved and not sent: %v", err)
	}
	if got := reminders.KindOf(abandon("S001")); got != reminders.Closed {
		t.Errorf("a second time: %v", got)
	}
}
