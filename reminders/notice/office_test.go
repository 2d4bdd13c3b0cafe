package notice_test

import (
	"context"
	"errors"
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
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// office is the desk of notices with a real store in memory, the real book and the
// real post; the register and the library are invented.
type office struct {
	t        testing.TB
	memory   *mem.Memory
	clock    *clock
	engine   *failing
	store    *store.Store
	book     *obligation.Desk
	desk     *notice.Desk
	auditor  *obligation.Auditor
	reg      *register
	cal      *calendar.Calendar
	prog     notice.Programme
	born     time.Time
	approval bool
	cases    cases
}

// block is the occasion with which most tests deal: 25 September to 7 October 2026.
const block = "2026-mid-autumn+national-day"

// clock stands until a test sets it.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                                   { return c.now }
func (c *clock) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

var errPower = errors.New("no power")

// failing is an engine that fails at its n-th Apply, before or after the changes
// are written.
type failing struct {
	store.Engine
	applied, failAt int
	after           bool
}

func (f *failing) Apply(ctx context.Context, changes ...store.Change) error {
	f.applied++
	if f.applied != f.failAt {
		return f.Engine.Apply(ctx, changes...)
	}
	if f.after {
		if err := f.Engine.Apply(ctx, changes...); err != nil {
			return err
		}
	}
	return errPower
}

// register is an invented register in order of staff numbers.
type register struct {
	people      []reminders.Person
	never, lost int
}

func (r *register) PeopleAfter(_ reminders.Tx, after reminders.PersonID, limit int) ([]reminders.Person, error) {
	first := slices.IndexFunc(r.people, func(p reminders.Person) bool { return p.ID > after })
	if first < 0 {
		return nil, nil
	}
	return r.people[first:min(len(r.people), first+limit)], nil
}

// SubscribersAfter is everybody whose id does not end in 9: those have left every topic.
func (r *register) SubscribersAfter(tx reminders.Tx, _ string, after reminders.PersonID, limit int) ([]reminders.Person, error) {
	people, err := r.PeopleAfter(tx, after, len(r.people))
	people = slices.DeleteFunc(slices.Clone(people), func(p reminders.Person) bool { return strings.HasSuffix(string(p.ID), "9") })
	return people[:min(len(people), limit)], err
}

func (r *register) UnitsAfter(_ reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error) {
	var units []reminders.Unit
	for _, p := range r.people {
		if p.Unit > after && !slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.ID == p.Unit }) {
			units = append(units, reminders.Unit{ID: p.Unit})
		}
	}
	slices.SortFunc(units, func(a, b reminders.Unit) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return units[:min(len(units), limit)], nil
}

func (r *register) InUnit(_ reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	var found []reminders.PersonID
	for _, p := range r.people {
		if p.Unit == unit && slices.Contains(p.Roles, role) {
			found = append(found, p.ID)
		}
	}
	return found, nil
}

// everyUnitHasALiaison makes the first person of each unit its liaison.
func (r *register) everyUnitHasALiaison() {
	seen := map[reminders.UnitID]bool{}
	for i, p := range r.people {
		if !seen[p.Unit] && !p.Roles.Has(reminders.Liaison) {
			r.people[i].Roles = append(slices.Clone(p.Roles), reminders.Liaison)
		}
		seen[p.Unit] = true
	}
}

func (r *register) Unreachable(reminders.Tx) (int, int, error) { return r.never, r.lost, nil }

// library has one point with its rule for each festival.
type library struct{}

func (library) Risks(festivals []calendar.Festival) []notice.Risk {
	var risks []notice.Risk
	for _, f := range festivals {
		risks = append(risks, notice.Risk{Text: "risk." + string(f), Source: "rule.one"})
	}
	return risks
}

// staffed is a register of units with a liaison and a leader each (one person in
// every third unit is both) and with n officials in all; the office is unit u0.
func staffed(n int) *register {
	r := &register{}
	add := func(id string, unit int, roles ...reminders.Role) {
		r.people = append(r.people, reminders.Person{
			ID: reminders.PersonID(id), Name: "Name of " + id, Unit: reminders.UnitID(fmt.Sprintf("u%02d", unit)), Roles: roles,
		})
	}
	for i := range n {
		unit, roles := 1+i/10, []reminders.Role(nil)
		switch {
		case i%30 == 0:
			roles = reminders.Roles{reminders.Liaison, reminders.Leader}
		case i%10 == 0:
			roles = reminders.Roles{reminders.Liaison}
		case i%10 == 1:
			roles = reminders.Roles{reminders.Leader}
		}
		add(fmt.Sprintf("G%04d", i), unit, roles...)
	}
	add("S001", 0, reminders.Staff)
	add("S002", 0, reminders.Head)
	return r
}

// newOffice opens an office of so many officials at an instant.
func newOffice(t testing.TB, officials int, at time.Time) *office {
	t.Helper()
	o := &office{t: t, memory: new(mem.Memory), clock: &clock{at}, reg: staffed(officials), born: at}
	o.prog, o.cal = shipped(t)
	o.start()
	t.Cleanup(o.stop)
	return o
}

// start begins a process over what the memory holds.
func (o *office) start() {
	o.t.Helper()
	o.engine = &failing{Engine: o.memory.Open()}
	var err error
	o.store, err = store.Open(context.Background(), o.engine, o.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		o.t.Fatal(err)
	}
	o.join()
}

// join makes the desks over the store.
func (o *office) join() {
	post := dispatch.NewPost(o.store.Outbox(), o)
	o.book = obligation.NewDesk(o.store, o.store.Obligations(), o.store, o.reg, post)
	o.desk = notice.NewDesk(notice.Options{
		MaxUnit: 176, // chunks of 20
		Units:   o.store, Store: o.store.Notices(), Register: o.reg, Library: library{}, Cases: &o.cases, CaseCopies: o.store.CaseCopies(), Book: o.book, Ledger: o.store,
		Outbox: post, Copies: o.store.Copies(), Box: o.store.Outbox(), Rate: 28, Programme: o.prog, Calendar: func() *calendar.Calendar { return o.cal },
		Born:             func(reminders.Tx) (time.Time, error) { return o.born, nil },
		ApprovalRequired: func(reminders.Tx) (bool, error) { return o.approval, nil },
	})
	o.auditor = obligation.NewAuditor(o.book, o.store, func(reminders.Tx) ([]reminders.PersonID, error) { return nil, nil })
}

func (o *office) stop() {
	_ = o.store.Close()
	_ = o.engine.Close()
}

func (o *office) restart() {
	o.stop()
	o.start()
}

// Place is the desk's, which is made after the post.
func (o *office) Place(d reminders.Delivery, diary []reminders.Push, now time.Time) (time.Time, string) {
	return o.desk.Place(d, diary, now)
}

func (o *office) do(f func(tx reminders.Tx) error) {
	o.t.Helper()
	if err := o.store.Do(context.Background(), f); err != nil {
		o.t.Fatal(err)
	}
}

// advance asks the book and the desk until neither has more to do, as the
// clockwork does.
func (o *office) advance() error {
	ctx := context.Background()
	for range 100000 {
		_, more, err := o.book.Advance(ctx, o.clock.now)
		if err == nil && !more {
			_, more, err = o.desk.Advance(ctx, o.clock.now)
		}
		if err != nil || !more {
			return err
		}
	}
	o.t.Fatal("there is always more to do")
	return nil
}

// at lets the office do all that is due at an instant.
func (o *office) at(now time.Time) {
	o.t.Helper()
	o.clock.now = now
	if err := o.advance(); err != nil {
		o.t.Fatal(err)
	}
}

// notice reads a notice; it fails the test if there is none.
func (o *office) notice(id string) notice.Notice {
	o.t.Helper()
	n, found := o.find(id)
	if !found {
		o.t.Fatalf("there is no notice %s", id)
	}
	return n
}

func (o *office) find(id string) (n notice.Notice, found bool) {
	o.t.Helper()
	o.do(func(tx reminders.Tx) (err error) {
		n, found, err = o.store.Notices().Notice(tx, id)
		return err
	})
	return n, found
}

// waiting lists what waits in the outbox.
func (o *office) waiting() []reminders.Delivery {
	o.t.Helper()
	var all []reminders.Delivery
	o.do(func(tx reminders.Tx) error {
		all = nil
		for _, lane := range []reminders.Lane{reminders.LaneAnswer, reminders.LaneDuty, reminders.LanePersonal, reminders.LaneBroadcast} {
			due, err := o.store.Outbox().DueDeliveries(tx, lane, o.clock.now.AddDate(1, 0, 0), 100000)
			if err != nil {
				return err
			}
			all = append(all, due...)
		}
		return nil
	})
	return all
}

// send carries everything that is due to the chats, as the clockwork does: all of
// it arrives.
func (o *office) send() {
	o.t.Helper()
	for _, d := range o.waiting() {
		if d.NotBefore.After(o.clock.now) {
			continue
		}
		o.do(func(tx reminders.Tx) error { return o.settle(tx, d) })
	}
}

func (o *office) settle(tx reminders.Tx, d reminders.Delivery) error {
	box := o.store.Outbox()
	if d.Act == reminders.ActSend {
		if err := box.SaveReceipt(tx, reminders.Receipt{Delivery: d, Result: reminders.Sent, SentAt: tx.Now()}); err != nil {
			return err
		}
		for _, ask := range d.Asks {
			owner := obligation.Owner{Person: ask.Person, Unit: ask.Unit}
			if err := o.book.Delivered(tx, obligation.TermsID(ask.Terms), owner, d.Key, tx.Now(), false); err != nil {
				return err
			}
		}
	}
	if err := o.desk.Settled(tx, d, reminders.Outcome{Result: reminders.Sent}); err != nil {
		return err
	}
	return box.RemoveDelivery(tx, d.Key)
}

// lines lists the lines of the book under a notice.
func (o *office) lines(id string) []obligation.Obligation {
	o.t.Helper()
	var lines []obligation.Obligation
	o.do(func(tx reminders.Tx) (err error) {
		lines, _, err = o.store.Obligations().ObligationsAfter(tx, obligation.TermsID(id), "", 1<<30)
		return err
	})
	return lines
}

// balanced fails the test if the book or the store's indexes explain not all.
func (o *office) balanced() {
	o.t.Helper()
	o.do(func(tx reminders.Tx) error {
		audit, err := o.auditor.Audit(tx, o.clock.now)
		for _, found := range audit.Unexplained {
			o.t.Errorf("unexplained: %+v", found)
		}
		return err
	})
	problems, err := o.store.Check(context.Background())
	if err != nil {
		o.t.Fatal(err)
	}
	for _, p := range problems {
		o.t.Errorf("check %s: %s %s", p.Check, p.Key, p.Text.Key)
	}
}

// entries lists the ledger's entries of a verb.
func (o *office) entries(verb ledger.Verb) []ledger.Entry {
	o.t.Helper()
	var found []ledger.Entry
	for e, err := range o.store.Entries(context.Background(), 1) {
		if err != nil {
			o.t.Fatal(err)
		}
		if e.Verb == verb {
			found = append(found, e)
		}
	}
	return found
}

// day gives an instant in Shanghai.
func day(month time.Month, date, hour, minute int) time.Time {
	return time.Date(2026, month, date, hour, minute, 0, 0, time.FixedZone("", 8*3600))
}
