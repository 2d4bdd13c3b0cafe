package duty_test

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// yard is the office of the tests of swaps and spot checks: the desks over a real store
// in memory, with a clock that a test sets. Its unit "river" keeps duty over National Day
// 2026 from 08:00 to 08:00, officers A to D in turn.
type yard struct {
	t      testing.TB
	memory *mem.Memory
	clock  *yardClock
	store  *store.Store
	engine store.Engine
	book   *obligation.Desk
	duty   *duty.Desk
	swaps  *duty.SwapDesk
	spots  *duty.SpotDesk
	people yardPeople
	leaves map[reminders.PersonID][]reminders.Window
	units  []reminders.Unit
	rules  duty.SpotRules
	secret func() duty.SpotSecret
	cal    *calendar.Calendar
}

// yardClock stands until a test sets it.
type yardClock struct{ now time.Time }

func (c *yardClock) Now() time.Time                                   { return c.now }
func (c *yardClock) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// yardPeople is the register: who there is.
type yardPeople map[reminders.PersonID]duty.Member

// register is the yard as duty sees its people.
type register struct{ *yard }

func (r register) Member(_ reminders.Tx, id reminders.PersonID) (duty.Member, bool, error) {
	m, found := r.people[id]
	return m, found, nil
}

func (r register) list(keep func(duty.Member) bool) []duty.Member {
	var all []duty.Member
	for _, id := range slices.Sorted(maps.Keys(r.people)) {
		if m := r.people[id]; m.Active && keep(m) {
			all = append(all, m)
		}
	}
	return all
}

func (r register) Members(_ reminders.Tx, unit reminders.UnitID) ([]duty.Member, error) {
	return r.list(func(m duty.Member) bool { return m.Unit == unit }), nil
}

func (r register) AllUnits(reminders.Tx) ([]reminders.Unit, error) { return r.units, nil }

func (r register) InUnit(_ reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	return ids(r.list(func(m duty.Member) bool { return m.Unit == unit && m.Roles.Has(role) })), nil
}

func (r register) Office(reminders.Tx) ([]duty.Member, error) {
	return r.list(func(m duty.Member) bool { return m.Roles.Has(reminders.Staff) }), nil
}

func ids(members []duty.Member) []reminders.PersonID {
	var all []reminders.PersonID
	for _, m := range members {
		all = append(all, m.ID)
	}
	return all
}

// OnLeave looks into the leaves that a test entered.
func (y *yard) OnLeave(_ reminders.Tx, person reminders.PersonID, w reminders.Window) (bool, error) {
	return slices.ContainsFunc(y.leaves[person], w.Overlaps), nil
}

// Place places every push at the instant at which it is wanted.
func (y *yard) Place(d reminders.Delivery, _ []reminders.Push, now time.Time) (time.Time, string) {
	if d.NotBefore.Before(now) {
		return now, ""
	}
	return d.NotBefore, ""
}

// InUnit finds who answers: places on the shift by the roster, roles by the register.
func (y *yard) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	switch role {
	case reminders.DutyOfficer, reminders.DutyLeader, reminders.DutyBackup, reminders.StaffOnDuty:
		return y.duty.InPlace(tx, unit, role, tx.Now())
	}
	return register{y}.InUnit(tx, unit, role)
}

// newYard makes the office on 1 September.
func newYard(t testing.TB) *yard {
	t.Helper()
	y := &yard{
		t: t, memory: new(mem.Memory), clock: &yardClock{time.Date(2026, 9, 1, 9, 0, 0, 0, shanghai)}, people: yardPeople{},
		leaves: map[reminders.PersonID][]reminders.Window{}, rules: duty.DefaultSpotRules(),
		units: []reminders.Unit{{ID: "river", Duty: true}, {ID: "hill", Duty: true}, {ID: "office"}},
		cal:   nationalDay(t, 1),
	}
	for _, id := range []reminders.PersonID{"A", "B", "C", "D", "E", "F"} {
		y.enrol(id, "river")
	}
	y.enrol("L", "river", reminders.Leader)
	y.enrol("M", "river", reminders.Leader)
	y.enrol("X", "river", reminders.Liaison)
	y.enrol("H", "hill")
	y.enrol("HL", "hill", reminders.Liaison)
	y.enrol("S", "office", reminders.Staff)
	y.enrol("BOSS", "office", reminders.Head)
	y.enrol("Z", "office", reminders.Auditor)
	y.start()
	t.Cleanup(y.stop)
	return y
}

// nationalDay is a calendar with one block of seven days in October 2026, from a day on.
func nationalDay(t testing.TB, first int) *calendar.Calendar {
	t.Helper()
	a := calendar.Arrangement{Year: 2026, Status: calendar.Official}
	for day := first; day < first+7; day++ {
		a.Days = append(a.Days, calendar.Day{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 10, Day: day}, Off: true})
	}
	// Make-up workdays, so that no weekend adjoins.
	a.Days = append(a.Days, calendar.Day{Name: "国庆节", Date: calendar.Date{Year: 2026, Month: 9, Day: 27}})
	c, err := calendar.New(shanghai, a)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (y *yard) enrol(id reminders.PersonID, unit reminders.UnitID, roles ...reminders.Role) {
	y.people[id] = duty.Member{
		Person: reminders.Person{ID: id, Name: string(id), Unit: unit, Roles: roles}, Active: true, Reachable: true,
	}
}

// start begins a process over what the memory holds.
func (y *yard) start() {
	y.t.Helper()
	y.engine = y.memory.Open()
	var err error
	y.store, err = store.Open(context.Background(), y.engine, y.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		y.t.Fatal(err)
	}
	post := dispatch.NewPost(y.store.Outbox(), y)
	y.book = obligation.NewDesk(y.store, y.store.Obligations(), y.store, y, post)
	y.duty = duty.NewDesk(duty.Options{
		Units: y.store, Store: y.store.Duty(), Book: y.book, Ledger: y.store, Outbox: post,
		Register: register{y}, Leaves: y, Calendar: func() *calendar.Calendar { return y.cal },
		Lay: func(tx reminders.Tx, unit reminders.UnitID, planned []duty.Shift) ([]duty.Shift, error) {
			return y.swaps.Lay(tx, unit, planned)
		},
	})
	y.swaps = duty.NewSwapDesk(y.duty, y.store.Swaps())
	y.spots, err = duty.NewSpotDesk(y.duty, duty.SpotOptions{
		Store: y.store.SpotChecks(), Rules: y.rules, Secret: y.secret,
		Readers: func(reminders.Tx) ([]reminders.PersonID, error) { return []reminders.PersonID{"S", "Z"}, nil },
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// stop ends the process.
func (y *yard) stop() {
	_ = y.store.Close()
	_ = y.engine.Close()
}

// do runs a unit of work that must succeed, try one that may not.
func (y *yard) do(f func(tx reminders.Tx) error) {
	y.t.Helper()
	if err := y.try(f); err != nil {
		y.t.Fatal(err)
	}
}

func (y *yard) try(f func(tx reminders.Tx) error) error {
	return y.store.Do(context.Background(), f)
}

// source is what the clockwork asks.
type source interface {
	Advance(ctx context.Context, now time.Time) (time.Time, bool, error)
}

// advance lets everything happen that is due at an instant.
func (y *yard) advance(at time.Time) {
	y.t.Helper()
	y.clock.now = at
	for range 10_000 {
		busy := false
		for _, s := range []source{y.book, y.duty, y.swaps, y.spots} {
			_, more, err := s.Advance(context.Background(), at)
			if err != nil {
				y.t.Fatal(err)
			}
			if more {
				busy = true
				break
			}
		}
		if !busy {
			return
		}
	}
	y.t.Fatal("what is due does not come to an end")
}

// walk lets the clock go on to an instant, minute by minute of what is due.
func (y *yard) walk(to time.Time, step time.Duration) {
	y.t.Helper()
	for at := y.clock.now.Add(step); at.Before(to); at = at.Add(step) {
		y.advance(at)
	}
	y.advance(to)
}

// day is a shift of a unit from 08:00 to 08:00.
func day(unit reminders.UnitID, n int, officer reminders.PersonID) duty.Shift {
	start := oct(n, 8, 0)
	return duty.Shift{
		ID: duty.IDOf(unit, start), Unit: unit, Start: start, End: oct(n+1, 8, 0), Officer: officer, Leader: "L",
		Block: "2026-national-day",
	}
}

// week is the roster of river as it is filed first: A to D in turn.
func week() []duty.Shift {
	var shifts []duty.Shift
	for n := range 7 {
		shifts = append(shifts, day("river", n+1, []reminders.PersonID{"A", "B", "C", "D"}[n%4]))
	}
	return shifts
}

// file files shifts of a unit for the block.
func (y *yard) file(unit reminders.UnitID, shifts ...duty.Shift) {
	y.t.Helper()
	blocks := y.cal.Blocks(calendar.Date{Year: 2026, Month: 9, Day: 1}, calendar.Date{Year: 2026, Month: 11, Day: 1})
	plan := duty.Plan{Unit: unit, Block: blocks[0]}
	for i, s := range shifts {
		plan.Planned = append(plan.Planned, duty.Planned{Row: i + 2, Shift: s})
	}
	y.do(func(tx reminders.Tx) error {
		f, err := y.duty.File(tx, plan, "X", true)
		for _, p := range f.Problems {
			if p.Blocks() {
				y.t.Errorf("blocked: %s %v", p.Reason, p.Window)
			}
		}
		return err
	})
	y.advance(y.clock.now)
}

// officers lists who is officer on the days of the block, as the roster stands.
func (y *yard) officers() string {
	y.t.Helper()
	text := ""
	y.do(func(tx reminders.Tx) error {
		shifts, err := y.duty.Shifts(tx, "river", reminders.Window{From: oct(1, 0, 0), To: oct(8, 0, 0)})
		for _, s := range shifts {
			text += string(s.Officer)
		}
		return err
	})
	return text
}

// mark remembers which messages there are; heard lists what came since then: to whom, and
// what it says.
func (y *yard) mark() map[reminders.DeliveryKey]bool {
	y.t.Helper()
	seen := map[reminders.DeliveryKey]bool{}
	for _, d := range y.outbox() {
		seen[d.Key] = true
	}
	return seen
}

func (y *yard) heard(since map[reminders.DeliveryKey]bool) map[reminders.PersonID][]string {
	y.t.Helper()
	said := map[reminders.PersonID][]string{}
	for _, d := range y.outbox() {
		for _, line := range d.Lines {
			sayable(y.t, line)
			if !since[d.Key] {
				said[d.Person] = append(said[d.Person], line.Key)
			}
		}
	}
	return said
}

func (y *yard) outbox() []reminders.Delivery {
	y.t.Helper()
	var all []reminders.Delivery
	y.do(func(tx reminders.Tx) error {
		for _, lane := range []reminders.Lane{reminders.LaneDuty, reminders.LanePersonal} {
			waiting, err := y.store.Outbox().DueDeliveries(tx, lane, oct(1, 0, 0).AddDate(1, 0, 0), 10_000)
			if err != nil {
				return err
			}
			all = append(all, waiting...)
		}
		return nil
	})
	return all
}

// entries lists the ledger's entries of a verb.
func (y *yard) entries(verb ledger.Verb) []ledger.Entry {
	y.t.Helper()
	return entries(y.t, y.store, verb)
}

// sound fails the test if the book or the store explain not all.
func (y *yard) sound() {
	y.t.Helper()
	sound(y.t, y.store, y.book, y.clock.now)
}

// wants compares and says what differs.
func wants[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s:\n%s", what, diff)
	}
}
