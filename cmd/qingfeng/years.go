package main

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// years keeps the calendar in force: the arrangements that ship with the program,
// and those that were imported over them.
type years struct {
	store    *store.Store
	shipped  []calendar.Arrangement
	location *time.Location
	notices  *notice.Desk // set once it exists
	current  atomic.Pointer[calendar.Calendar]
}

// newYears reads the shipped arrangements and what was imported.
func newYears(ctx context.Context, c *content.Content, s *store.Store, loc *time.Location) (*years, error) {
	y := &years{store: s, location: loc}
	for _, name := range c.Files("calendars") {
		file, err := c.File(name)
		if err != nil {
			return nil, err
		}
		arrangements, err := calendar.ParseBuiltin(file)
		if err != nil {
			return nil, reminders.Wrap("years "+name, err)
		}
		y.shipped = append(y.shipped, arrangements...)
	}
	return y, y.Reload(ctx)
}

// Calendar is the calendar in force.
func (y *years) Calendar() *calendar.Calendar { return y.current.Load() }

// Reload brings the calendar up to what was adopted.
func (y *years) Reload(ctx context.Context) error {
	if y.Calendar() != nil {
		crashpoint.Pass(crashpoint.Adopted)
	}
	var imported []calendar.Arrangement
	err := y.store.View(ctx, func(tx reminders.Tx) (err error) {
		imported, err = y.store.Arrangements(tx)
		return err
	})
	if err != nil {
		return err
	}
	cal, err := calendar.New(y.location, append(y.shipped[:len(y.shipped):len(y.shipped)], imported...)...)
	if err != nil {
		return err
	}
	y.current.Store(cal)
	return nil
}

// With gives the calendar as it would be with this arrangement.
func (y *years) With(a calendar.Arrangement) (*calendar.Calendar, error) {
	cal := y.Calendar()
	all := y.shipped[:len(y.shipped):len(y.shipped)]
	for _, year := range cal.Years() {
		if known, found := cal.Arrangement(year); found {
			all = append(all, known)
		}
	}
	return calendar.New(y.location, append(all, a)...)
}

// Adopt puts an arrangement into force: what is still expected moves to where it
// puts it. Reload makes the process use it once the unit of work is committed.
func (y *years) Adopt(tx reminders.Tx, a calendar.Arrangement, by string) error {
	cal, err := y.With(a)
	if err != nil {
		return err
	}
	if err := y.store.SaveArrangement(tx, a); err != nil {
		return err
	}
	err = y.store.Append(tx, ledger.Entry{
		Actor: by, Verb: ledger.Confirmed, Object: "arrangement/" + strconv.Itoa(a.Year), Reason: string(a.Status),
	})
	if err != nil {
		return err
	}
	_, err = y.notices.Redate(tx, cal)
	crashpoint.Pass(crashpoint.Adopt)
	return err
}
