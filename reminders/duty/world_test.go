package duty_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// world is an invented office over a real store in memory, with the calendar of 2026
// and a clock that a test sets.
type world struct {
	t      testing.TB
	memory *mem.Memory
	engine *failing
	clock  *clock
	store  *store.Store
	book   *obligation.Desk
	desk   *duty.Desk
	people *people
	cal    *calendar.Calendar
}

// clock stands until a test sets it.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                                   { return c.now }
func (c *clock) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

var place = func() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return zone
}()

// october is an instant of October 2026, september one of September.
func october(day, hour, minute int) time.Time {
	return time.Date(2026, time.October, day, hour, minute, 0, 0, place)
}

func september(day, hour, minute int) time.Time {
	return time.Date(2026, time.September, day, hour, minute, 0, 0, place)
}

// errPower is what the engine gives when a test takes its power away.
var errPower = errors.New("no power")

// failing is an engine that fails at its n-th Apply from now, after the changes are
// written or before.
type failing struct {
	store.Engine
	left  int // until it fails; 0: never
	after bool
}

func (f *failing) Apply(ctx context.Context, changes ...store.Change) error {
	if f.left--; f.left != 0 {
		return f.Engine.Apply(ctx, changes...)
	}
	if f.after {
		if err := f.Engine.Apply(ctx, changes...); err != nil {
			return err
		}
	}
	return errPower
}

// places joins the places on a shift to the register, as the service does.
type places struct{ w *world }

func (p places) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	switch role {
	case reminders.DutyOfficer, reminders.DutyLeader, reminders.DutyBackup, reminders.StaffOnDuty:
		return p.w.desk.InPlace(tx, unit, role, tx.Now())
	}
	return p.w.people.InUnit(tx, unit, role)
}

// asWanted places every push at the instant at which it is wanted.
type asWanted struct{}

func (asWanted) Place(d reminders.Delivery, _ []reminders.Push, now time.Time) (time.Time, string) {
	if d.NotBefore.Before(now) {
		return now, ""
	}
	return d.NotBefore, ""
}

// newWorld makes a world on 10 September 2026 at 09:00, before anything is asked for.
func newWorld(t testing.TB) *world {
	w := &world{t: t, memory: new(mem.Memory), clock: &clock{september(10, 9, 0)}, people: newPeople(), cal: officeCalendar(t)}
	w.start()
	t.Cleanup(w.stop)
	return w
}

// start begins a process over what the memory holds.
func (w *world) start() {
	w.t.Helper()
	w.engine = &failing{Engine: w.memory.Open()}
	var err error
	if w.store, err = store.Open(context.Background(), w.engine, w.clock, slog.New(slog.DiscardHandler)); err != nil {
		w.t.Fatal(err)
	}
	post := dispatch.NewPost(w.store.Outbox(), asWanted{})
	w.book = obligation.NewDesk(w.store, w.store.Obligations(), w.store, places{w}, post)
	w.desk = duty.NewDesk(duty.Options{
		Units: w.store, Store: w.store.Duty(), Book: w.book, Ledger: w.store, Outbox: post, Register: w.people, Leaves: w.people,
		Calendar: func() *calendar.Calendar { return w.cal },
	})
}

// stop ends the process.
func (w *world) stop() {
	_ = w.store.Close()
	_ = w.engine.Close()
}

// restart ends the process and begins another.
func (w *world) restart() {
	w.stop()
	w.start()
}

// do runs a unit of work that must succeed.
func (w *world) do(f func(tx reminders.Tx) error) {
	w.t.Helper()
	if err := w.store.Do(context.Background(), f); err != nil {
		w.t.Fatal(err)
	}
}

// advance lets desk and book do all that is due; it gives the error of a failing engine.
func (w *world) advance() error {
	w.t.Helper()
	for range 10000 {
		_, mine, err := w.desk.Advance(context.Background(), w.clock.now)
		if err != nil {
			return err
		}
		_, theirs, err := w.book.Advance(context.Background(), w.clock.now)
		if err != nil {
			return err
		}
		if !mine && !theirs {
			return nil
		}
	}
	w.t.Fatal("the agenda does not come to an end")
	return nil
}

// at moves the clock and lets happen what is due then.
func (w *world) at(now time.Time) {
	w.t.Helper()
	w.clock.now = now
	if err := w.advance(); err != nil {
		w.t.Fatal(err)
	}
}

// block gives a block of 2026.
func (w *world) block(id string) calendar.Block {
	w.t.Helper()
	for _, b := range w.cal.Blocks(calendar.Date{Year: 2026, Month: 1, Day: 1}, calendar.Date{Year: 2027, Month: 1, Day: 1}) {
		if b.ID == id {
			return b
		}
	}
	w.t.Fatalf("no block %s", id)
	return calendar.Block{}
}

const national = "2026-national-day"

// shift is a shift of National Day 2026; people are officer, leader, backup.
func shift(unit reminders.UnitID, from, to time.Time, people ...reminders.PersonID) duty.Planned {
	s := duty.Shift{ID: duty.IDOf(unit, from), Unit: unit, Start: from, End: to, Block: national}
	for i, p := range people {
		*[]*reminders.PersonID{&s.Officer, &s.Leader, &s.Backup}[i] = p
	}
	return duty.Planned{Shift: s}
}

// whole is a roster of 24-hour shifts for all of National Day, officers by turns, the
// leader of the unit, no backup.
func (w *world) whole(unit reminders.UnitID, leader reminders.PersonID, officers ...reminders.PersonID) duty.Plan {
	plan := duty.Plan{Unit: unit, Block: w.block(national)}
	for day := 1; day <= 7; day++ {
		p := shift(unit, october(day, 8, 0), october(day+1, 8, 0), officers[(day-1)%len(officers)], leader)
		p.Row = day + 1
		plan.Planned = append(plan.Planned, p)
	}
	return plan
}

// file files a plan, confirming its warnings, and lets happen what follows.
func (w *world) file(plan duty.Plan) duty.Filed {
	w.t.Helper()
	var filed duty.Filed
	w.do(func(tx reminders.Tx) (err error) {
		filed, err = w.desk.File(tx, plan, "H4", true)
		return err
	})
	w.at(w.clock.now)
	return filed
}

// onDuty gives the shift of a unit at an instant, which must exist.
func (w *world) onDuty(unit reminders.UnitID, at time.Time) duty.Shift {
	w.t.Helper()
	var s duty.Shift
	w.do(func(tx reminders.Tx) error {
		found, ok, err := w.desk.OnDuty(tx, unit, at)
		if !ok {
			w.t.Fatalf("%s has no shift at %s", unit, at)
		}
		s = found
		return err
	})
	return s
}

// said lists what waits to be sent, to whom and when: "H1 duty.first 09-30T18:00"; of
// some texts only, if any are named.
func (w *world) said(keys ...string) []string {
	w.t.Helper()
	var said []string
	for _, d := range w.outbox() {
		for _, line := range d.Lines {
			if len(keys) == 0 || slices.Contains(keys, line.Key) {
				said = append(said, string(d.Person)+" "+line.Key+" "+d.NotBefore.In(place).Format("01-02T15:04"))
			}
		}
	}
	slices.Sort(said)
	return said
}

// outbox gives what waits to be sent.
func (w *world) outbox() []reminders.Delivery {
	w.t.Helper()
	var all []reminders.Delivery
	w.do(func(tx reminders.Tx) error {
		all = nil
		for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
			waiting, err := w.store.Outbox().DueDeliveries(tx, lane, w.clock.now.AddDate(1, 0, 0), 10000)
			if err != nil {
				return err
			}
			all = append(all, waiting...)
		}
		return nil
	})
	return slices.DeleteFunc(all, func(d reminders.Delivery) bool { return d.Act != reminders.ActSend })
}

// sent empties the outbox: everything in it has arrived.
func (w *world) sent() {
	w.t.Helper()
	for _, d := range w.outbox() {
		w.do(func(tx reminders.Tx) error {
			for _, ask := range d.Asks {
				owner := obligation.Owner{Person: ask.Person, Unit: ask.Unit}
				if err := w.book.Delivered(tx, obligation.TermsID(ask.Terms), owner, d.Key, tx.Now(), false); err != nil {
					return err
				}
			}
			if err := w.store.Outbox().SaveReceipt(tx, reminders.Receipt{Delivery: d, SentAt: tx.Now(), Result: reminders.Sent}); err != nil {
				return err
			}
			return w.store.Outbox().RemoveDelivery(tx, d.Key)
		})
	}
}

// line reads what is expected of a unit under terms.
func (w *world) line(id obligation.TermsID, unit reminders.UnitID) obligation.Obligation {
	w.t.Helper()
	var line obligation.Obligation
	w.do(func(tx reminders.Tx) (err error) {
		_, line, err = w.book.Standing(tx, reminders.Ask{Terms: string(id), Unit: unit})
		return err
	})
	return line
}

// sound fails the test if the book or the store explain not all.
func (w *world) sound() {
	w.t.Helper()
	sound(w.t, w.store, w.book, w.clock.now)
}

// entries lists the ledger's entries of a verb.
func (w *world) entries(verb ledger.Verb) []ledger.Entry {
	w.t.Helper()
	return entries(w.t, w.store, verb)
}

// fails runs a unit of work that must fail with a kind and a text.
func (w *world) fails(kind reminders.Kind, key string, f func(tx reminders.Tx) error) {
	w.t.Helper()
	err := w.store.Do(context.Background(), f)
	if got := reminders.MessageOf(err).Key; err == nil || reminders.KindOf(err) != kind || got != key {
		w.t.Errorf("error %v with text %q, want %s with %q", err, got, kind, key)
	}
}
