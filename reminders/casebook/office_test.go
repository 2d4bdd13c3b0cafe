package casebook_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// office is a casebook over a real store in memory. The guard is invented: it objects to
// the word SECRET hard and to the word PHONE softly.
type office struct {
	t       testing.TB
	now     time.Time
	store   *store.Store
	desk    *casebook.Desk
	changes []string
}

func (o *office) Now() time.Time                                   { return o.now }
func (o *office) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

var zone = time.FixedZone("CST", 8*3600)

// today is the day on which the tests take place.
var today = calendar.Date{Year: 2026, Month: time.September, Day: 9}

func newOffice(t testing.TB, library ...casebook.Case) *office {
	t.Helper()
	o := &office{t: t, now: today.At(10, 0, zone)}
	engine := new(mem.Memory).Open()
	var err error
	if o.store, err = store.Open(t.Context(), engine, o, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.sound(); _ = o.store.Close(); _ = engine.Close() })
	var categories []casebook.Category
	for _, code := range []string{"F1", "H1", "H2", "H9", "H9a"} {
		categories = append(categories, casebook.Category{Code: code, Group: code[:1], Labels: map[reminders.Language]string{
			reminders.Chinese: "问题" + code, reminders.English: "problem " + code,
		}})
	}
	o.desk = casebook.NewDesk(casebook.Options{
		Units: o.store, Store: o.store.Cases(), Ledger: o.store, Number: o.store.Number, Screen: screen, Categories: categories,
		Library: library, Zone: func() *time.Location { return zone },
		Changed: func(_ reminders.Tx, id, reason string, by reminders.PersonID) error {
			o.changes = append(o.changes, id+" "+reason+" "+string(by))
			return nil
		},
	})
	return o
}

func screen(text string) []reminders.Hit {
	var hits []reminders.Hit
	for _, word := range []string{"SECRET", "PHONE"} {
		if strings.Contains(text, word) {
			hits = append(hits, reminders.Hit{Rule: word, Hard: word == "SECRET", Say: reminders.Line("guard."+word, nil)})
		}
	}
	return hits
}

// sound wants the store to be without fault at the end of every test.
func (o *office) sound() {
	problems, err := o.store.Check(context.Background())
	if err != nil || len(problems) > 0 {
		o.t.Errorf("%v %v", problems, err)
	}
}

func (o *office) do(f func(tx reminders.Tx) error) {
	o.t.Helper()
	if err := o.store.Do(context.Background(), f); err != nil {
		o.t.Fatal(err)
	}
}

// fails wants f to fail with a text.
func (o *office) fails(key string, f func(tx reminders.Tx) error) {
	o.t.Helper()
	err := o.store.Do(context.Background(), f)
	if got := reminders.MessageOf(err).Key; got != key {
		o.t.Errorf("fails with %q (%v), not %q", got, err, key)
	}
}

// sample is a complete case; change makes it another.
func sample(id string, change ...func(*casebook.Content)) casebook.Case {
	c := casebook.Case{ID: id, Origin: "chat", Content: casebook.Content{
		Title: "Title of " + id, Category: "H1", Level: casebook.Township, Issued: today.AddDays(-10), Issuer: "An invented office",
		SourceURL: "https://example.invalid/" + id, Body: "First sentence. Second sentence. Third sentence.",
	}}
	for _, f := range change {
		f(&c.Content)
	}
	return c
}

// publish takes a case through two people.
func (o *office) publish(c casebook.Case) casebook.Case {
	o.t.Helper()
	o.do(func(tx reminders.Tx) (err error) {
		added, err := o.desk.Add(tx, c, "S1")
		if err != nil {
			return err
		}
		if _, err = o.desk.Submit(tx, added.Handle(), "S1"); err != nil {
			return err
		}
		c, err = o.desk.Decide(tx, added.Handle(), true, "", "S2", false)
		return err
	})
	return c
}

// ids are those of the cases that readers see.
func (o *office) ids(q casebook.Query) string {
	o.t.Helper()
	var ids []string
	if q.Limit == 0 {
		q.Limit = 100
	}
	o.do(func(tx reminders.Tx) error {
		ids = nil
		page, err := o.desk.Browse(tx, q)
		for _, c := range page.Cases {
			ids = append(ids, c.ID)
		}
		return err
	})
	return strings.Join(ids, " ")
}
