package obligation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/dispatch"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// world is the book of obligations over a real store in memory, with a clock that
// a test sets.
type world struct {
	t       testing.TB
	memory  *mem.Memory
	clock   *clock
	engine  *failing
	store   *store.Store
	desk    *obligation.Desk
	auditor *obligation.Auditor
	roles   directory
}

// clock stands until a test sets it.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time                                   { return c.now }
func (c *clock) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// errPower is what the engine gives when a test takes its power away.
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

// directory lists the people of each unit and role: "u1/liaison".
type directory map[string][]reminders.PersonID

func (d directory) InUnit(_ reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	return d[string(unit)+"/"+string(role)], nil
}

// asWanted places every push at the instant at which it is wanted.
type asWanted struct{}

func (asWanted) Place(d reminders.Delivery, _ []reminders.Push, now time.Time) (time.Time, string) {
	if d.NotBefore.Before(now) {
		return now, ""
	}
	return d.NotBefore, ""
}

// newWorld makes a world at the instant at which integrity opens.
func newWorld(t testing.TB) *world {
	w := &world{t: t, memory: new(mem.Memory), clock: &clock{on(22, 9, 0)}, roles: directory{}}
	w.start()
	t.Cleanup(w.stop)
	return w
}

// start begins a process over what the memory holds.
func (w *world) start() {
	w.t.Helper()
	w.engine = &failing{Engine: w.memory.Open()}
	var err error
	w.store, err = store.Open(context.Background(), w.engine, w.clock, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	post := dispatch.NewPost(w.store.Outbox(), asWanted{})
	w.desk = obligation.NewDesk(w.store, w.store.Obligations(), w.store, w.roles, post)
	staff := func(reminders.Tx) ([]reminders.PersonID, error) { return []reminders.PersonID{"S001"}, nil }
	w.auditor = obligation.NewAuditor(w.desk, w.store, staff)
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

// expect opens lines under integrity, ten at a time.
func (w *world) expect(owners ...obligation.Owner) {
	w.t.Helper()
	for len(owners) > 0 {
		n := min(10, len(owners))
		w.do(func(tx reminders.Tx) error { return w.desk.Expect(tx, integrity(), owners[:n]) })
		owners = owners[n:]
	}
}

// people are n owners in units of ten.
func people(n int) []obligation.Owner {
	owners := make([]obligation.Owner, n)
	for i := range owners {
		owners[i] = obligation.Owner{
			Person: reminders.PersonID(fmt.Sprintf("G%03d", i)), Unit: reminders.UnitID(fmt.Sprintf("u%d", i/10)),
		}
	}
	return owners
}

// delivered records that the messages to owners arrived now.
func (w *world) delivered(owners ...obligation.Owner) {
	w.t.Helper()
	for _, owner := range owners {
		w.do(func(tx reminders.Tx) error {
			key := reminders.DeliveryKey("copy/" + string(owner.Unit) + "/" + string(owner.Person))
			return w.desk.Delivered(tx, integrity().ID, owner, key, tx.Now(), false)
		})
	}
}

// advance takes all that is due; it gives the error of a failing engine.
func (w *world) advance() error {
	w.t.Helper()
	for range 10000 {
		_, more, err := w.desk.Advance(context.Background(), w.clock.now)
		if err != nil || !more {
			return err
		}
	}
	w.t.Fatal("the agenda does not come to an end")
	return nil
}

// mustAdvance takes all that is due at an instant.
func (w *world) mustAdvance(at time.Time) {
	w.t.Helper()
	w.clock.now = at
	if err := w.advance(); err != nil {
		w.t.Fatal(err)
	}
}

// line reads the line of an owner.
func (w *world) line(owner obligation.Owner) obligation.Obligation {
	w.t.Helper()
	var line obligation.Obligation
	w.do(func(tx reminders.Tx) (err error) {
		_, line, err = w.desk.Standing(tx, reminders.Ask{
			Terms: string(integrity().ID), Person: owner.Person, Unit: owner.Unit,
		})
		return err
	})
	return line
}

// tally counts the lines by state.
func (w *world) tally() obligation.Tally {
	w.t.Helper()
	var all obligation.Tally
	w.do(func(tx reminders.Tx) error {
		t, _, err := w.desk.Standing(tx, reminders.Ask{Terms: string(integrity().ID)})
		if err != nil {
			return err
		}
		all, _, _, err = w.desk.Count(tx, t)
		return err
	})
	return all
}

// balanced fails the test if the book or the indexes of the store explain not all.
func (w *world) balanced() {
	w.t.Helper()
	w.do(func(tx reminders.Tx) error {
		audit, err := w.auditor.Audit(tx, w.clock.now)
		for _, found := range audit.Unexplained {
			w.t.Errorf("unexplained: %+v", found)
		}
		return err
	})
	problems, err := w.store.Check(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range problems {
		w.t.Errorf("check %s: %s %s", p.Check, p.Key, p.Text.Key)
	}
}

// outbox lists what waits in a lane, whenever it is due.
func (w *world) outbox(lane reminders.Lane) []reminders.Delivery {
	w.t.Helper()
	var waiting []reminders.Delivery
	w.do(func(tx reminders.Tx) (err error) {
		waiting, err = w.store.Outbox().DueDeliveries(tx, lane, on(30, 0, 0).AddDate(1, 0, 0), 10000)
		return err
	})
	return waiting
}

// entries lists the ledger's entries of a verb.
func (w *world) entries(verb ledger.Verb) []ledger.Entry {
	w.t.Helper()
	var found []ledger.Entry
	for e, err := range w.store.Entries(context.Background(), 1) {
		if err != nil {
			w.t.Fatal(err)
		}
		if e.Verb == verb {
			found = append(found, e)
		}
	}
	return found
}
