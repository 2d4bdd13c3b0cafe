package report_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// world is an office over a real store in memory, with a clock that a test sets. Unit u1
// is on duty with officer O1, leader L1 and backup B1, u2 with O2, L2 and B2; S1 is the
// staff on duty, X1 and X2 are liaisons.
type world struct {
	t      testing.TB
	memory *mem.Memory
	now    time.Time
	store  *store.Store
	book   *obligation.Desk
	desk   *report.Desk
	forms  *report.Forms
	cal    *calendar.Calendar

	shifts []shift
	roles  map[string][]reminders.PersonID // "u1/liaison"
	notes  []report.Note
	asked  int // how often, who is on duty
}

// shift is a span in which a unit has people on duty.
type shift struct {
	unit                    reminders.UnitID
	from, to                time.Time
	officer, leader, backup reminders.PersonID
}

// national is the block of these tests.
const national = "2026-national-day"

// newWorld makes an office at midnight of 1 October 2026.
func newWorld(t testing.TB) *world {
	t.Helper()
	forms, c := shipped(t)
	w := &world{t: t, memory: new(mem.Memory), now: on(1, 0, 0), forms: forms, roles: map[string][]reminders.PersonID{
		"u1/liaison": {"X1"}, "u2/liaison": {"X2"}, "u1/leader": {"H1"}, "/staff-on-duty": {"S1"},
	}}
	var years []calendar.Arrangement
	for _, year := range []string{"2025", "2026"} {
		file, err := c.File("calendars/" + year + ".json")
		if err != nil {
			t.Fatal(err)
		}
		read, err := calendar.ParseBuiltin(file)
		if err != nil {
			t.Fatal(err)
		}
		years = append(years, read...)
	}
	var err error
	if w.cal, err = calendar.New(place, years...); err != nil {
		t.Fatal(err)
	}
	for n := range 7 {
		for _, u := range []string{"1", "2"} {
			w.shifts = append(w.shifts, shift{
				unit: reminders.UnitID("u" + u), from: on(1+n, 8, 0), to: on(2+n, 8, 0),
				officer: reminders.PersonID("O" + u), leader: reminders.PersonID("L" + u), backup: reminders.PersonID("B" + u),
			})
		}
	}
	w.start()
	t.Cleanup(func() { _ = w.store.Close() })
	return w
}

// start begins a process over what the memory holds.
func (w *world) start() {
	w.t.Helper()
	var err error
	w.store, err = store.Open(context.Background(), w.memory.Open(), w, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	post := dispatch.NewPost(w.store.Outbox(), asWanted{})
	w.book = obligation.NewDesk(w.store, w.store.Obligations(), w.store, w, post)
	w.desk = report.NewDesk(report.Options{
		Units: w.store, Store: w.store.Reports(), Book: w.book, Ledger: w.store, Outbox: post,
		Directory: w, Watch: w, Roster: w, Handovers: w, Forms: w.forms, Calendar: func() *calendar.Calendar { return w.cal },
	})
}

// Now and WaitUntil make the world its own clock.
func (w *world) Now() time.Time                                   { return w.now }
func (w *world) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// asWanted places every push at the instant at which it is wanted.
type asWanted struct{}

func (asWanted) Place(d reminders.Delivery, _ []reminders.Push, now time.Time) (time.Time, string) {
	if d.NotBefore.Before(now) {
		return now, ""
	}
	return d.NotBefore, ""
}

// at gives the shift of a unit at an instant.
func (w *world) at(unit reminders.UnitID, at time.Time) (shift, bool) {
	n := slices.IndexFunc(w.shifts, func(s shift) bool { return s.unit == unit && !at.Before(s.from) && at.Before(s.to) })
	if n < 0 {
		return shift{}, false
	}
	return w.shifts[n], true
}

func (w *world) OnShift(_ reminders.Tx, unit reminders.UnitID, person reminders.PersonID, at time.Time) (bool, error) {
	s, found := w.at(unit, at)
	return found && slices.Contains([]reminders.PersonID{s.officer, s.leader, s.backup}, person), nil
}

func (w *world) UnitsOnDuty(_ reminders.Tx, at time.Time) ([]reminders.UnitID, error) {
	w.asked++
	var units []reminders.UnitID
	for _, s := range w.shifts {
		if !at.Before(s.from) && at.Before(s.to) {
			units = append(units, s.unit)
		}
	}
	return units, nil
}

func (w *world) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	s, found := w.at(unit, tx.Now())
	switch {
	case role == reminders.StaffOnDuty:
		return w.roles["/staff-on-duty"], nil
	case role == reminders.DutyOfficer && found:
		return []reminders.PersonID{s.officer}, nil
	case role == reminders.DutyLeader && found:
		return []reminders.PersonID{s.leader}, nil
	}
	return w.roles[string(unit)+"/"+string(role)], nil
}

func (w *world) NotesOf(_ reminders.Tx, unit reminders.UnitID, window reminders.Window) ([]report.Note, error) {
	if unit != "u1" || !window.Contains(on(3, 12, 0)) {
		return nil, nil
	}
	return w.notes, nil
}

// do runs a unit of work that must succeed, and holds the indexes against the records
// afterwards.
func (w *world) do(f func(tx reminders.Tx) error) {
	w.t.Helper()
	if err := w.store.Do(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// try runs a unit of work that may fail, and gives its report.
func (w *world) try(f func(tx reminders.Tx) (report.Report, error)) (r report.Report, err error) {
	w.t.Helper()
	err = w.store.Do(context.Background(), func(tx reminders.Tx) error {
		r, err = f(tx)
		return err
	})
	return r, err
}

// must is try that succeeds.
func (w *world) must(f func(tx reminders.Tx) (report.Report, error)) report.Report {
	w.t.Helper()
	r, err := w.try(f)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// refused wants an error of a kind with a text.
func (w *world) refused(err error, kind reminders.Kind, key string) {
	w.t.Helper()
	if reminders.KindOf(err) != kind || reminders.MessageOf(err).Key != key {
		w.t.Errorf("%v (%s, %q), want %s, %q", err, reminders.KindOf(err), reminders.MessageOf(err).Key, kind, key)
	}
}

// goTo lets everything happen until an instant, in the order of a clockwork.
func (w *world) goTo(at time.Time) {
	w.t.Helper()
	for {
		w.now = latest(w.now, w.advance())
		next := w.next()
		if next.IsZero() || next.After(at) {
			break
		}
		w.now = latest(w.now, next)
	}
	w.now = at
	w.advance()
}

// advance does what is due and gives the instant that it was done at.
func (w *world) advance() time.Time {
	w.t.Helper()
	for _, source := range []interface {
		Advance(ctx context.Context, now time.Time) (time.Time, bool, error)
	}{w.desk, w.book} {
		for range 1000 {
			_, more, err := source.Advance(context.Background(), w.now)
			if err != nil {
				w.t.Fatal(err)
			}
			if !more {
				break
			}
		}
	}
	return w.now
}

// next is when something is due again.
func (w *world) next() time.Time {
	first := time.Time{}
	for _, source := range []interface {
		Advance(ctx context.Context, now time.Time) (time.Time, bool, error)
	}{w.desk, w.book} {
		next, _, err := source.Advance(context.Background(), w.now)
		if err != nil {
			w.t.Fatal(err)
		}
		if !next.IsZero() && next.After(w.now) && (first.IsZero() || next.Before(first)) {
			first = next
		}
	}
	return first
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// said lists what waits to be sent: "O1 report.daily.ask", in order of time.
func (w *world) said() []string {
	w.t.Helper()
	var waiting []reminders.Delivery
	w.do(func(tx reminders.Tx) error {
		waiting = nil
		for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
			found, err := w.store.Outbox().DueDeliveries(tx, lane, on(31, 0, 0).AddDate(1, 0, 0), 0)
			if err != nil {
				return err
			}
			waiting = append(waiting, found...)
		}
		return nil
	})
	slices.SortStableFunc(waiting, func(a, b reminders.Delivery) int {
		return cmp.Or(a.NotBefore.Compare(b.NotBefore), cmp.Compare(a.Person, b.Person))
	})
	var said []string
	for _, d := range waiting {
		for _, line := range d.Lines {
			said = append(said, fmt.Sprintf("%s %s %s", d.NotBefore.In(place).Format("2 15:04"), d.Person, strings.TrimPrefix(line.Key, "report.")))
		}
	}
	return said
}

// hush throws away what waits to be sent.
func (w *world) hush() {
	w.do(func(tx reminders.Tx) error {
		for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
			found, err := w.store.Outbox().DueDeliveries(tx, lane, on(31, 0, 0).AddDate(1, 0, 0), 0)
			if err != nil {
				return err
			}
			for _, d := range found {
				if err := w.store.Outbox().RemoveDelivery(tx, d.Key); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// state is that of a unit's line under terms.
func (w *world) state(id obligation.TermsID, unit reminders.UnitID) obligation.State {
	w.t.Helper()
	var line obligation.Obligation
	w.do(func(tx reminders.Tx) (err error) {
		_, line, err = w.book.Standing(tx, reminders.Ask{Terms: string(id), Unit: unit})
		return err
	})
	return line.State
}

// entries lists the ledger: "reported u1/2026-10-03/daily nil".
func (w *world) entries(verbs ...ledger.Verb) []string {
	w.t.Helper()
	var found []string
	for e, err := range w.store.Entries(context.Background(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if slices.Contains(verbs, e.Verb) {
			found = append(found, strings.Join([]string{e.Actor, string(e.Verb), e.Object, e.Reason}, " "))
		}
	}
	return found
}

// sound holds the whole store against its rules, and the book against its balance.
func (w *world) sound() {
	w.t.Helper()
	problems, err := w.store.Check(context.Background())
	if err != nil || len(problems) > 0 {
		w.t.Errorf("check: %v, %v", problems, err)
	}
	w.do(func(tx reminders.Tx) error {
		audit, err := obligation.NewAuditor(w.book, w.store, func(reminders.Tx) ([]reminders.PersonID, error) { return nil, nil }).Audit(tx, w.now)
		if len(audit.Unexplained) > 0 {
			w.t.Errorf("the book does not balance: %v", audit.Unexplained)
		}
		return err
	})
}

// daily is a full report of a unit on a day.
func (w *world) daily(unit reminders.UnitID, n int, values string) report.Draft {
	return report.Draft{
		Kind: report.Daily, Unit: unit, Day: day(n), Values: numbers(values), FormVersion: w.forms.Daily.Version,
	}
}

// submit submits a draft.
func (w *world) submit(d report.Draft, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Submit(tx, d, by) })
}

// nilReport taps for a unit on a day.
func (w *world) nilReport(unit reminders.UnitID, n int, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.SubmitNil(tx, unit, day(n), by) })
}
