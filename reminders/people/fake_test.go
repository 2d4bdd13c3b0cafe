package people_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// state is all that the fake store holds.
type state struct {
	people      map[reminders.PersonID]people.Record
	units       map[reminders.UnitID]reminders.Unit
	invitations map[string]people.Invitation
	latest      map[reminders.PersonID]string
	guesses     map[reminders.ChatID]people.Guesses
	entries     []ledger.Entry
}

func (s *state) clone() *state {
	return &state{
		people: maps.Clone(s.people), units: maps.Clone(s.units), invitations: maps.Clone(s.invitations),
		latest: maps.Clone(s.latest), guesses: maps.Clone(s.guesses), entries: slices.Clone(s.entries),
	}
}

// fakeTx is a unit of work over a copy of the state.
type fakeTx struct {
	*state
	now     time.Time
	view    bool
	changes int // as a store with indexes would count them
	failAt  int // the call of the store that fails; 0: none does
	calls   int
}

// errStore is what a failing store says.
var errStore = errors.New("the disk is full")

// step counts a call of the store and fails when it is its turn.
func (t *fakeTx) step() error {
	if t.calls++; t.calls == t.failAt {
		return errStore
	}
	return nil
}

func (t *fakeTx) Now() time.Time { return t.now }

// office is a desk on a fake store, with a clock that a test sets.
type office struct {
	*people.Desk
	state *state
	now   time.Time
	codes int
	units int // units of work committed
}

var start = time.Date(2026, 9, 10, 0, 0, 0, 0, time.UTC)

func newOffice() *office {
	o := &office{now: start, state: &state{
		people: map[reminders.PersonID]people.Record{}, units: map[reminders.UnitID]reminders.Unit{},
		invitations: map[string]people.Invitation{}, latest: map[reminders.PersonID]string{},
		guesses: map[reminders.ChatID]people.Guesses{},
	}}
	o.Desk = people.New(fakeStore{}, fakeBook{}, func() string {
		o.codes++
		return fmt.Sprintf("code-%d", o.codes)
	})
	return o
}

// Do runs f twice and commits the second run, as the store may after a conflict.
func (o *office) Do(_ context.Context, f func(tx reminders.Tx) error) error {
	if err := f(&fakeTx{state: o.state.clone(), now: o.now}); err != nil {
		return err
	}
	tx := &fakeTx{state: o.state.clone(), now: o.now}
	if err := f(tx); err != nil {
		return err
	}
	if tx.changes > 127 { // 128 with the head of the chain, the least that an engine takes
		return fmt.Errorf("%d changes in one unit of work", tx.changes)
	}
	o.state = tx.state
	o.units++
	return nil
}

func (o *office) View(_ context.Context, f func(tx reminders.Tx) error) error {
	return f(&fakeTx{state: o.state.clone(), now: o.now, view: true})
}

// do runs f in one unit of work and fails the test on an error.
func (o *office) do(t testing.TB, f func(tx reminders.Tx) error) {
	t.Helper()
	if err := o.Do(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// enrol puts people into the register as they are.
func (o *office) enrol(records ...people.Record) *office {
	for _, r := range records {
		if r.Status == "" {
			r.Status = people.Active
		}
		o.state.people[r.ID] = r
	}
	return o
}

func person(id reminders.PersonID, unit string, roles ...reminders.Role) people.Record {
	return people.Record{Person: reminders.Person{ID: id, Name: "甲" + string(id), Unit: people.UnitIDOf(unit), Roles: roles}}
}

func bound(r people.Record, chat reminders.ChatID) people.Record {
	r.Chat, r.BoundAt = chat, start
	return r
}

type fakeStore struct{}

var _ people.Store = fakeStore{}

func of(tx reminders.Tx) *fakeTx { return tx.(*fakeTx) }

// write gives the state for writing; a view has none.
func write(tx reminders.Tx) *fakeTx {
	t := of(tx)
	if t.view {
		panic("write in a view")
	}
	return t
}

func (fakeStore) Person(tx reminders.Tx, id reminders.PersonID) (people.Record, bool, error) {
	if err := of(tx).step(); err != nil {
		return people.Record{}, false, err
	}
	r, found := of(tx).people[id]
	return r, found, nil
}

func (fakeStore) SavePerson(tx reminders.Tx, r people.Record) error {
	if err := of(tx).step(); err != nil {
		return err
	}
	t := write(tx)
	for id, other := range t.people {
		if id != r.ID && r.Chat != 0 && other.Chat == r.Chat {
			return fmt.Errorf("chat %d is bound twice", r.Chat)
		}
	}
	t.people[r.ID] = r
	t.changes += 3
	return nil
}

func (fakeStore) PeopleAfter(tx reminders.Tx, after reminders.PersonID, limit int) ([]people.Record, error) {
	if err := of(tx).step(); err != nil {
		return nil, err
	}
	var page []people.Record
	for _, id := range slices.Sorted(maps.Keys(of(tx).people)) {
		// Short pages, so that paging is tested.
		if id > after && len(page) < min(limit, 3) {
			page = append(page, of(tx).people[id])
		}
	}
	return page, nil
}

func (fakeStore) PersonAt(tx reminders.Tx, chat reminders.ChatID) (reminders.PersonID, bool, error) {
	if err := of(tx).step(); err != nil {
		return "", false, err
	}
	for id, r := range of(tx).people {
		if r.Chat == chat {
			return id, true, nil
		}
	}
	return "", false, nil
}

func (fakeStore) Unit(tx reminders.Tx, id reminders.UnitID) (reminders.Unit, bool, error) {
	if err := of(tx).step(); err != nil {
		return reminders.Unit{}, false, err
	}
	u, found := of(tx).units[id]
	return u, found, nil
}

func (fakeStore) SaveUnit(tx reminders.Tx, u reminders.Unit) error {
	if err := of(tx).step(); err != nil {
		return err
	}
	t := write(tx)
	t.units[u.ID] = u
	t.changes++
	return nil
}

func (fakeStore) Units(tx reminders.Tx) ([]reminders.Unit, error) {
	if err := of(tx).step(); err != nil {
		return nil, err
	}
	return slices.Collect(maps.Values(of(tx).units)), nil
}

func (s fakeStore) UnitsAfter(tx reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error) {
	units, err := s.Units(tx)
	units = slices.DeleteFunc(units, func(u reminders.Unit) bool { return u.ID <= after })
	slices.SortFunc(units, func(a, b reminders.Unit) int { return cmp.Compare(a.ID, b.ID) })
	return units[:min(len(units), limit)], err
}

func (fakeStore) UnitMembers(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error) {
	if err := of(tx).step(); err != nil {
		return nil, err
	}
	var ids []reminders.PersonID
	for _, id := range slices.Sorted(maps.Keys(of(tx).people)) {
		if of(tx).people[id].Unit == unit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (fakeStore) Invitation(tx reminders.Tx, hash string) (people.Invitation, bool, error) {
	if err := of(tx).step(); err != nil {
		return people.Invitation{}, false, err
	}
	i, found := of(tx).invitations[hash]
	return i, found, nil
}

func (fakeStore) SaveInvitation(tx reminders.Tx, i people.Invitation) error {
	if err := of(tx).step(); err != nil {
		return err
	}
	t := write(tx)
	if _, found := t.invitations[i.Hash]; !found {
		t.latest[i.Person] = i.Hash
	}
	t.invitations[i.Hash] = i
	t.changes += 2
	return nil
}

func (fakeStore) LatestInvitation(tx reminders.Tx, id reminders.PersonID) (people.Invitation, bool, error) {
	if err := of(tx).step(); err != nil {
		return people.Invitation{}, false, err
	}
	i, found := of(tx).invitations[of(tx).latest[id]]
	return i, found, nil
}

func (fakeStore) Guesses(tx reminders.Tx, chat reminders.ChatID) (people.Guesses, error) {
	if err := of(tx).step(); err != nil {
		return people.Guesses{}, err
	}
	return of(tx).guesses[chat], nil
}

func (fakeStore) SaveGuesses(tx reminders.Tx, chat reminders.ChatID, g people.Guesses) error {
	if err := of(tx).step(); err != nil {
		return err
	}
	if len(g.Wrong) == 0 {
		delete(write(tx).guesses, chat)
		return nil
	}
	write(tx).guesses[chat] = g
	return nil
}

type fakeBook struct{}

func (fakeBook) Append(tx reminders.Tx, e ledger.Entry) error {
	if err := of(tx).step(); err != nil {
		return err
	}
	t := write(tx)
	t.entries = append(t.entries, e)
	t.changes++
	return nil
}
