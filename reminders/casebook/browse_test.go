package casebook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// libraryCase is a case that comes with the content.
func libraryCase(id string) casebook.Case {
	c := sample(id)
	c.State, c.Origin, c.Expires = casebook.Published, casebook.Library, today.AddDays(100)
	return c
}

// Readers page through cases, the newest first, by category with what lies below it and
// by festival.
func TestBrowse(t *testing.T) {
	o := newOffice(t)
	for i := range 7 {
		o.publish(sample(fmt.Sprintf("c%d", i), func(c *casebook.Content) {
			c.Issued = today.AddDays(-i)
			c.Category = []string{"H1", "H9", "H9a"}[i%3]
			if i%2 == 0 {
				c.Festivals = []calendar.Festival{calendar.MidAutumn}
			}
		}))
	}
	for q, want := range map[casebook.Query]string{
		{}:                                  "c0 c1 c2 c3 c4 c5 c6",
		{Category: "H9"}:                    "c1 c2 c4 c5",
		{Category: "H9a"}:                   "c2 c5",
		{Category: "F"}:                     "",
		{Festival: calendar.MidAutumn}:      "c0 c2 c4 c6",
		{Festival: calendar.SpringFestival}: "",
	} {
		if got := o.ids(q); got != want {
			t.Errorf("%+v: %s, want %s", q, got, want)
		}
	}
	var got []string
	o.do(func(tx reminders.Tx) error {
		got = nil
		for q := (casebook.Query{Limit: 3}); ; {
			page, err := o.desk.Browse(tx, q)
			if err != nil {
				return err
			}
			text := ""
			for _, c := range page.Cases {
				text += c.ID
			}
			got = append(got, text)
			if q.After = page.Next; q.After == "" {
				return nil
			}
		}
	})
	if diff := cmp.Diff([]string{"c0c1c2", "c3c4c5", "c6"}, got); diff != "" {
		t.Error(diff)
	}
	o.do(func(tx reminders.Tx) error {
		shelf, err := o.desk.Shelf(tx)
		want := casebook.Shelf{
			Total: 7, Categories: map[string]int{"H1": 3, "H9": 4, "H9a": 2}, Festivals: map[calendar.Festival]int{calendar.MidAutumn: 4},
		}
		if diff := cmp.Diff(want, shelf); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

// The samples go as soon as the office has published a case of its own, and stay away;
// what an office has put into the library itself stays.
func TestSamplesGo(t *testing.T) {
	o := newOffice(t, libraryCase("sample-1"), libraryCase("ours"))
	if got := o.ids(casebook.Query{}); got != "ours sample-1" {
		t.Errorf("before: %s", got)
	}
	c := o.publish(sample("c1"))
	if got := o.ids(casebook.Query{}); got != "c1 ours" {
		t.Errorf("after: %s", got)
	}
	o.do(func(tx reminders.Tx) error { _, err := o.desk.Withdraw(tx, c.Handle(), "revoked", "S1"); return err })
	if got := o.ids(casebook.Query{}); got != "ours" {
		t.Errorf("in the end: %s", got)
	}
	o.fails("case.of_library", func(tx reminders.Tx) error {
		_, err := o.desk.Withdraw(tx, casebook.HandleOf("ours"), "x", "S1")
		return err
	})
}

// A case expires 24 months after it was issued, unless it says otherwise; from that day
// on readers do not see it.
func TestExpiry(t *testing.T) {
	o := newOffice(t)
	c := o.publish(sample("c1"))
	if want := (calendar.Date{Year: 2028, Month: time.August, Day: 30}); c.Expires != want {
		t.Errorf("expires %s", c.Expires)
	}
	for _, day := range []struct {
		date  calendar.Date
		shown string
		state casebook.State
	}{{c.Expires.AddDays(-1), "c1", casebook.Published}, {c.Expires, "", casebook.Expired}} {
		o.now = day.date.At(0, 0, zone)
		if got := o.ids(casebook.Query{}); got != day.shown {
			t.Errorf("%s: %q is shown", day.date, got)
		}
		if _, more, err := o.desk.Advance(t.Context(), o.now); more || err != nil {
			t.Fatal(more, err)
		}
		o.do(func(tx reminders.Tx) error {
			c, err := o.desk.Case(tx, c.Handle())
			if c.State != day.state {
				t.Errorf("%s: %s", day.date, c.State)
			}
			return err
		})
	}
}

// Each push is another case, the newest of the category that had its turn longest ago;
// samples are never pushed.
func TestPick(t *testing.T) {
	o := newOffice(t, libraryCase("sample-1"))
	pick := func() (id string) {
		o.now = o.now.AddDate(0, 0, 7)
		o.do(func(tx reminders.Tx) (err error) { id, err = o.desk.Pick(tx, "n"); return err })
		return id
	}
	if got := pick(); got != "" {
		t.Errorf("%s is pushed", got)
	}
	for i, category := range []string{"H1", "H1", "H1", "H9a", "H9", "H2"} {
		o.publish(sample(fmt.Sprintf("c%d", i), func(c *casebook.Content) { c.Category, c.Issued = category, today.AddDays(-i) }))
	}
	var got []string
	for range 7 {
		got = append(got, pick())
	}
	if diff := cmp.Diff([]string{"c0", "c3", "c5", "c1", "c4", "c2", ""}, got); diff != "" {
		t.Error(diff)
	}
}

// A case is held back when its source is gone three times in a row or says something
// else, and shown again once somebody has looked.
func TestRecheck(t *testing.T) {
	o := newOffice(t)
	c := o.publish(sample("c1"))
	check := func(hash string, ok bool) (held bool) {
		o.do(func(tx reminders.Tx) (err error) { held, err = o.desk.Recheck(tx, "c1", hash, ok); return err })
		return held
	}
	for i, step := range []struct {
		hash     string
		ok, held bool
	}{{"a", true, false}, {"", false, false}, {"", false, false}, {"a", true, false}, {"", false, false}, {"", false, false}, {"", false, true}} {
		if check(step.hash, step.ok) != step.held {
			t.Errorf("step %d", i)
		}
	}
	if o.ids(casebook.Query{}) != "" {
		t.Error("a held case is shown")
	}
	o.do(func(tx reminders.Tx) error { _, err := o.desk.Release(tx, c.Handle(), "S1"); return err })
	if o.ids(casebook.Query{}) != "c1" || check("a", true) || !check("b", true) {
		t.Error("a released case starts anew, and is held when its source changes")
	}
}

// A summary has two sentences at most, and none where the body names persons.
func TestSummary(t *testing.T) {
	for body, want := range map[string]string{
		"First. Second. Third.": "First. Second.",
		"第一句。第二句；第三句。":          "第一句。第二句；",
		"Version 1.5 of it":     "Version 1.5 of it",
		"":                      "",
	} {
		if got := (casebook.Content{Body: body}).Summary(); got != want {
			t.Errorf("%q: %q", body, got)
		}
		if got := (casebook.Content{Body: body, Names: true}).Summary(); got != "" {
			t.Errorf("%q with names: %q", body, got)
		}
	}
}

// A reader of English sees what was written for them, and the rest as it was made public;
// others see nothing of it. A text of letters gets more room in a summary.
func TestContentIn(t *testing.T) {
	c := casebook.Content{Title: "标题", Issuer: "单位", Body: "正文。", English: casebook.Words{Title: "Title", Body: "Text."}}
	if diff := cmp.Diff(c, c.In(reminders.Chinese)); diff != "" {
		t.Errorf("in Chinese:\n%s", diff)
	}
	in := c.In(reminders.English)
	if got := []string{in.Title, in.Issuer, in.Body}; !slices.Equal(got, []string{"Title", "单位", "Text."}) {
		t.Errorf("in English: %q", got)
	}
	if other := (casebook.Content{Title: "标题"}); other.Hash() == (casebook.Content{Title: "标题", English: casebook.Words{Title: "T"}}).Hash() {
		t.Error("the hash does not know the English text")
	}
	long := strings.Repeat("word ", 50) + "end."
	if got := (casebook.Content{Body: long}).Summary(); got != long {
		t.Errorf("a sentence of %d letters becomes %q", len(long), got)
	}
}
