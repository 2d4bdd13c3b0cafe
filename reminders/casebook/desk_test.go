package casebook_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// A case is seen by readers only after a second person has approved it, and its drafter
// is not that person unless there is nobody else.
func TestFourEyes(t *testing.T) {
	o := newOffice(t)
	c := sample("c1")
	o.do(func(tx reminders.Tx) (err error) { c, err = o.desk.Add(tx, c, "S1"); return err })
	o.fails("case.decided", func(tx reminders.Tx) error { // not submitted
		_, err := o.desk.Decide(tx, c.Handle(), true, "", "S2", false)
		return err
	})
	o.do(func(tx reminders.Tx) error { _, err := o.desk.Submit(tx, c.Handle(), "S1"); return err })
	if got := o.ids(casebook.Query{}); got != "" {
		t.Errorf("a draft is shown: %s", got)
	}
	o.fails("case.own", func(tx reminders.Tx) error {
		_, err := o.desk.Decide(tx, c.Handle(), true, "", "S1", false)
		return err
	})
	o.fails("case.no_reason", func(tx reminders.Tx) error {
		_, err := o.desk.Decide(tx, c.Handle(), false, "", "S2", false)
		return err
	})
	o.do(func(tx reminders.Tx) (err error) {
		c, err = o.desk.Decide(tx, c.Handle(), false, "the link", "S2", false)
		return err
	})
	if c.State != casebook.Returned || c.Reason != "the link" || c.Waits() {
		t.Errorf("returned: %+v", c)
	}
	o.do(func(tx reminders.Tx) (err error) {
		if _, err = o.desk.Submit(tx, c.Handle(), "S1"); err != nil {
			return err
		}
		c, err = o.desk.Decide(tx, c.Handle(), true, "", "S1", true)
		return err
	})
	if c.State != casebook.Published || !c.Lone || o.ids(casebook.Query{}) != "c1" {
		t.Errorf("published: %+v", c)
	}
}

// What is wrong with a field keeps a case from being submitted.
func TestFaults(t *testing.T) {
	o := newOffice(t)
	tests := []struct {
		name, field string
		change      func(c *casebook.Content)
	}{
		{"no title", "title", func(c *casebook.Content) { c.Title = " " }},
		{"a title of two lines", "title", func(c *casebook.Content) { c.Title = "a\nb" }},
		{"a long title", "title", func(c *casebook.Content) { c.Title = strings.Repeat("x", 121) }},
		{"no issuer: it is not public", "issuer", func(c *casebook.Content) { c.Issuer = "" }},
		{"no day", "issued", func(c *casebook.Content) { c.Issued = calendar.Date{} }},
		{"issued tomorrow: it is not public yet", "issued", func(c *casebook.Content) { c.Issued = today.AddDays(1) }},
		{"expired before it was issued", "expires", func(c *casebook.Content) { c.Expires = c.Issued }},
		{"expired already", "expires", func(c *casebook.Content) { c.Expires = today }},
		{"no source", "source_url", func(c *casebook.Content) { c.SourceURL = "" }},
		{"no such category", "category", func(c *casebook.Content) { c.Category = "Z1" }},
		{"no such level", "level", func(c *casebook.Content) { c.Level = "city" }},
		{"no such festival", "festivals", func(c *casebook.Content) { c.Festivals = []calendar.Festival{"christmas"} }},
		{"a hard hit of the guard", "SECRET", func(c *casebook.Content) { c.Body = "SECRET" }},
		{"a soft one", "PHONE", func(c *casebook.Content) { c.Title = "PHONE" }},
	}
	for i, test := range tests {
		o.do(func(tx reminders.Tx) error {
			c, err := o.desk.Add(tx, sample("c"+string(rune('a'+i)), test.change), "S1")
			if err != nil {
				return err
			}
			hits := o.desk.Problems(c, today)
			if len(hits) != 1 || hits[0].Rule != test.field {
				t.Errorf("%s: %v", test.name, hits)
			}
			if _, err := o.desk.Submit(tx, c.Handle(), "S1"); reminders.KindOf(err) != reminders.Invalid {
				t.Errorf("%s: submitted (%v)", test.name, err)
			}
			return nil
		})
	}
}

// A source is a page that everybody can open.
func TestAddresses(t *testing.T) {
	o := newOffice(t)
	faults := func(address string) int {
		return len(o.desk.Faults(sample("a", func(c *casebook.Content) {
			c.SourceURL, c.Expires = address, today.AddDays(1)
		}).Content, today))
	}
	for _, good := range []string{
		"https://example.invalid/a?b=c#d", "http://sub.example.invalid", "https://例子.example.invalid/", "https://198.51.100.7/x", "https://[2001:db8::1]/",
	} {
		if faults(good) != 0 {
			t.Errorf("%s is refused", good)
		}
	}
	for _, bad := range []string{
		"example.invalid", "ftp://example.invalid/", "javascript:alert(1)", "https://", "https://user@example.invalid/", "https://a b.invalid",
		"http://localhost/", "http://intranet/", "http://127.0.0.1/", "http://10.1.2.3/", "http://192.168.0.1/", "http://100.64.0.1/", "http://169.254.1.1/",
		"http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://[fd00::1]/", "http://2130706433/", "http://0x7f.1/", "http://127.1/", "http://x.local/", "http://x.internal./",
		"https://example.invalid/" + strings.Repeat("a", 500),
	} {
		if faults(bad) != 1 {
			t.Errorf("%s is taken", bad)
		}
	}
}

// The head lets a soft hit pass with a reason, a hard one nobody.
func TestOverrule(t *testing.T) {
	o := newOffice(t)
	c := sample("c1", func(c *casebook.Content) { c.Body = "PHONE SECRET" })
	o.do(func(tx reminders.Tx) (err error) { c, err = o.desk.Add(tx, c, "S1"); return err })
	o.fails("case.no_reason", func(tx reminders.Tx) error {
		_, err := o.desk.Overrule(tx, c.Handle(), "PHONE", "", "H1")
		return err
	})
	o.fails("guard.SECRET", func(tx reminders.Tx) error {
		_, err := o.desk.Overrule(tx, c.Handle(), "SECRET", "because", "H1")
		return err
	})
	o.do(func(tx reminders.Tx) (err error) {
		c, err = o.desk.Overrule(tx, c.Handle(), "PHONE", "it is the hotline", "H1")
		return err
	})
	if hits := o.desk.Problems(c, today); len(hits) != 1 || hits[0].Rule != "SECRET" {
		t.Errorf("left: %v", hits)
	}
}

// One person takes a case back in one step. Its text is gone, the tombstone stays, and
// whoever showed it is told.
func TestWithdraw(t *testing.T) {
	o := newOffice(t)
	c := o.publish(sample("c1"))
	said := c.Hash()
	o.fails("case.no_reason", func(tx reminders.Tx) error { _, err := o.desk.Withdraw(tx, c.Handle(), "", "S1"); return err })
	o.do(func(tx reminders.Tx) (err error) {
		c, err = o.desk.Withdraw(tx, c.Handle(), "revoked by its issuer", "S1")
		return err
	})
	want := &casebook.Tombstone{By: "S1", At: o.now.UTC(), Reason: "revoked by its issuer", TextHash: said}
	if diff := cmp.Diff(want, c.Tombstone); diff != "" || c.Title+c.Body != "" || c.State != casebook.Withdrawn {
		t.Errorf("%+v\n%s", c, diff)
	}
	if o.ids(casebook.Query{}) != "" {
		t.Error("it is still shown")
	}
	if diff := cmp.Diff([]string{"c1 case-withdrawn S1"}, o.changes); diff != "" {
		t.Error(diff)
	}
	o.do(func(tx reminders.Tx) error {
		m, err := o.desk.Card(tx, "c1")
		if m.Key != "case.push_withdrawn" {
			t.Errorf("the card says %s", m.Key)
		}
		lines, _ := o.desk.Lines(tx, []string{"c1"})
		if len(lines) != 0 {
			t.Errorf("lines %v", lines)
		}
		return err
	})
}

// A correction needs a second person; until then readers see the old text.
func TestCorrect(t *testing.T) {
	o := newOffice(t)
	c := o.publish(sample("c1"))
	o.fails("case.unchanged", func(tx reminders.Tx) error {
		_, err := o.desk.Correct(tx, c.Handle(), "", "S1", func(*casebook.Content) {})
		return err
	})
	o.do(func(tx reminders.Tx) (err error) {
		c, err = o.desk.Correct(tx, c.Handle(), "the title", "S1", func(c *casebook.Content) { c.Title = "A better title" })
		return err
	})
	if c.Title != "Title of c1" || !c.Waits() || len(o.changes) != 0 {
		t.Errorf("proposed: %+v", c)
	}
	o.fails("case.own", func(tx reminders.Tx) error {
		_, err := o.desk.Decide(tx, c.Handle(), true, "", "S1", false)
		return err
	})
	o.do(func(tx reminders.Tx) (err error) {
		c, err = o.desk.Decide(tx, c.Handle(), true, "", "S2", false)
		return err
	})
	if c.Title != "A better title" || c.Waits() || c.CorrectedAt.IsZero() {
		t.Errorf("corrected: %+v", c)
	}
	if diff := cmp.Diff([]string{"c1 case-corrected "}, o.changes); diff != "" {
		t.Error(diff)
	}
}
