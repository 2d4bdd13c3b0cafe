package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Shift is one item of the plan that another calendar adds, drops or moves.
type Shift struct {
	Key    string
	Kind   Kind
	Before time.Time // zero if it is new
	After  time.Time // zero if it is dropped
}

// Shifts compares two plans by the keys of their items.
func Shifts(before, after []Item) []Shift {
	later := map[string]Item{}
	for _, item := range after {
		later[item.Key] = item
	}
	var shifts []Shift
	known := map[string]bool{}
	for _, item := range before {
		known[item.Key] = true
		moved, stays := later[item.Key]
		switch {
		case !stays:
			shifts = append(shifts, Shift{Key: item.Key, Kind: item.Kind, Before: item.At})
		case !moved.At.Equal(item.At) || !moved.Due.Equal(item.Due):
			shifts = append(shifts, Shift{Key: item.Key, Kind: item.Kind, Before: item.At, After: moved.At})
		}
	}
	for _, item := range after {
		if !known[item.Key] {
			shifts = append(shifts, Shift{Key: item.Key, Kind: item.Kind, After: item.At})
		}
	}
	return shifts
}

// Redate moves what is still expected to where another calendar puts it, by the
// keys of the plan. What was sent stays sent; due and closing instants and the
// steps of ladders that are not taken yet follow the block.
func (d *Desk) Redate(tx reminders.Tx, cal *calendar.Calendar) (moved int, err error) {
	recent, err := d.Store.RecentNotices(tx, recentEnough)
	if err != nil {
		return 0, err
	}
	now := tx.Now()
	after := map[string]Item{}
	for _, item := range PlanAll(d.Programme, cal, reminders.Window{From: now.Add(-lookBack), To: now.Add(8 * lookAhead)}) {
		after[item.Key] = item
	}
	for _, n := range recent {
		item, planned := after[n.ID]
		if n.Terms == nil || !planned || !item.Expects.Obliges() || !moves(*n.Terms, *termsOf(item)) {
			continue
		}
		if err := d.redate(tx, n, item); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// redate moves one notice and what it expects.
func (d *Desk) redate(tx reminders.Tx, n Notice, item Item) error {
	there := fromItem(item)
	n.Due, n.Until, n.Terms = there.Due, there.Until, there.Terms
	n.Festivals, n.First, n.Last = there.Festivals, there.First, there.Last
	if n.State == Published || n.State == Stopped {
		n.State, n.Cursor, n.Within, n.Moved = Publishing, "", 0, n.Due.UTC().Format(time.RFC3339)
	}
	if err := d.Store.SaveNotice(tx, n); err != nil {
		return err
	}
	if err := d.Book.Redate(tx, *n.Terms); err != nil {
		return err
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: ledger.System, Verb: ledger.Redated, Object: n.ID, Reason: "calendar-changed",
		Attrs: map[string]string{"due": item.Due.UTC().Format(time.RFC3339)},
	})
}

// moves reports whether what is expected falls on other instants.
func moves(before, after obligation.Terms) bool {
	sameStep := func(a, b obligation.Step) bool { return a.Name == b.Name && a.At.Equal(b.At) }
	return !before.Due.Equal(after.Due) || before.Grace != after.Grace || !before.Closes.Equal(after.Closes) ||
		!slices.EqualFunc(before.Ladder, after.Ladder, sameStep)
}

var _ Book = (*obligation.Desk)(nil)
