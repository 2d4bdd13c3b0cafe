package notice_test

import (
	"context"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// ledgered is a book that knows whether it is asked within a unit of work.
type ledgered struct {
	notice.Book
	units   *watched
	counted int
}

// Count fails the test within a unit of work: it reads every line.
func (l *ledgered) Count(tx reminders.Tx, t obligation.Terms) (obligation.Tally, map[reminders.UnitID]obligation.Tally, []obligation.Imbalance, error) {
	if l.counted++; l.units.doing {
		l.units.t.Errorf("%s is counted in a unit of work", t.ID)
	}
	return l.Book.Count(tx, t)
}

// watched are units of work that know whether one is open.
type watched struct {
	reminders.Units
	t     *testing.T
	doing bool
}

// Do implements reminders.Units.
func (w *watched) Do(ctx context.Context, f func(tx reminders.Tx) error) error {
	w.doing = true
	defer func() { w.doing = false }()
	return w.Units.Do(ctx, f)
}

// The closing summary and the digest count in a view, each terms once, and not before
// their turn has come: as long as something is being published, nothing is counted.
func TestTextsAreCountedInViews(t *testing.T) {
	o := newOffice(t, 45, day(9, 1, 0, 0))
	o.at(day(9, 18, 9, 0))
	o.at(day(9, 22, 9, 0))
	units := &watched{Units: o.desk.Units, t: t}
	book := &ledgered{Book: o.desk.Book, units: units}
	o.desk.Units, o.desk.Book = units, book
	o.at(day(9, 24, 9, 0)) // the unit notice is overdue
	if book.counted != 1 {
		t.Errorf("counted %d times for one digest of one line", book.counted)
	}
	book.counted = 0
	o.clock.now = day(10, 8, 10, 0)
	for more := true; more; {
		was := book.counted
		open := len(o.publishing())
		var err error
		if _, more, err = o.desk.Advance(t.Context(), o.clock.now); err != nil {
			t.Fatal(err)
		}
		if open > 0 && book.counted != was {
			t.Error("counted while something is being published")
		}
	}
	if n := o.notice(block + "/closing-summary"); n.State != notice.Published || book.counted == 0 || book.counted > 2 {
		t.Errorf("the summary is %s, counted %d times for two terms", n.State, book.counted)
	}
}

// publishing lists what is being published.
func (o *office) publishing() (open []string) {
	o.t.Helper()
	err := o.store.View(context.Background(), func(tx reminders.Tx) (err error) {
		open, err = o.store.Notices().PublishingNotices(tx)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return open
}
