package store

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Unit is one unit of work: the Tx of this store. It reads one consistent state
// overlaid with its own writes, remembers the revision of every record that it
// read, and gathers what it writes until the store commits it. It is used by one
// goroutine and is worthless once its function has returned.
//
// What Get and List returned is checked again at the commit: if any of it has
// changed, the unit runs again. That a range of List has gained a record since is
// not noticed; a rule that depends on absence gets the key whose absence matters.
type Unit struct {
	ctx     context.Context // of the Do or View that runs it
	now     time.Time
	open    func(context.Context) (Reader, error) // opens the state at the first read
	base    Reader                                // nil before the first read
	asOf    uint64                                // how many Applies had ended before base was fixed
	viewing bool                                  // refuses writes

	seen    map[string]uint64 // revision of each record read, 0 for absent
	own     overlay
	entries []ledger.Draft
	err     error // the first misuse; such a unit is not committed
}

var _ reminders.Tx = (*Unit)(nil)

// unitOf gives the unit of work behind tx. One of another store, or one made up,
// is a mistake of ours.
func unitOf(tx reminders.Tx) (*Unit, error) {
	u, ok := tx.(*Unit)
	if !ok || u == nil {
		return nil, reminders.Internalf("store.unit", "a %T is not a unit of work of this store", tx)
	}
	return u, nil
}

// Now is the instant of the unit of work, in UTC.
func (u *Unit) Now() time.Time { return u.now }

// Get returns the value of key and whether there is one. The value is for
// reading; whoever wants to change it makes a copy.
func (u *Unit) Get(key string) ([]byte, bool, error) {
	if c, ok := u.own.find(key); ok {
		return c.Value, c.Value != nil, nil
	}
	if rev, ok := u.seen[key]; ok && rev == 0 {
		return nil, false, nil // as it was a moment ago: all reads are of one state
	}
	base, err := u.reader()
	if err != nil {
		return nil, false, err
	}
	record, ok, err := base.Get(u.ctx, key)
	if err != nil {
		return nil, false, err
	}
	u.remember(key, record.Rev)
	return record.Value, ok, nil
}

// List returns the records with from <= key < to in the order of their keys, at
// most limit of them; limit <= 0 means all. An empty to means: to the end. It
// sees the unit's own writes, whose Rev is 0.
func (u *Unit) List(from, to string, limit int) ([]Record, error) {
	base, err := u.reader()
	if err != nil {
		return nil, err
	}
	own := u.own.within(from, to)
	found, err := base.List(u.ctx, from, to, reach(limit, own))
	if err != nil {
		return nil, err
	}
	found = first(lay(found, own, 0), limit)
	for _, record := range found {
		if record.Rev != 0 {
			u.remember(record.Key, record.Rev)
		}
	}
	return found, nil
}

// Put writes value under key; the value belongs to the store from then on. Over a
// record that the unit never read it writes blindly, whatever is there.
func (u *Unit) Put(key string, value []byte) {
	if value == nil {
		value = []byte{}
	}
	u.write(Change{Key: key, Value: value})
}

// Delete removes the record of key, if there is one.
func (u *Unit) Delete(key string) { u.write(Change{Key: key}) }

// Append adds e to the ledger. It gets the instant of the unit of work now, and
// its number and its place in the chain when the unit commits.
func (u *Unit) Append(e ledger.Entry) {
	switch {
	case u.viewing:
		u.misuse(reminders.Internalf("store.view", "an entry in a view"))
	case e.Verb == "" || e.Actor == "":
		u.misuse(reminders.Internalf("store.append", "an entry needs an actor and a verb"))
	default:
		e.At = u.now
		draft, err := ledger.Prepare(e)
		if err != nil {
			u.misuse(err)
		}
		u.entries = append(u.entries, draft)
	}
}

// write checks and notes a change.
func (u *Unit) write(c Change) {
	if u.viewing {
		u.misuse(reminders.Internalf("store.view", "a write in a view"))
		return
	}
	if err := CheckChange(c); err != nil {
		u.misuse(err)
		return
	}
	u.own.put(c)
}

// misuse spoils the unit; the first reason counts.
func (u *Unit) misuse(err error) {
	if u.err == nil {
		u.err = err
	}
}

// reader opens the state that the unit reads, once.
func (u *Unit) reader() (Reader, error) {
	if u.base != nil {
		return u.base, nil
	}
	base, err := u.open(u.ctx)
	if err != nil {
		return nil, err
	}
	u.base = base
	return base, nil
}

// remember notes which revision of a record the unit has seen. All reads are of
// one state, so the first and the second agree. A view commits nothing.
func (u *Unit) remember(key string, rev uint64) {
	if u.viewing {
		return
	}
	if u.seen == nil {
		u.seen = make(map[string]uint64)
	}
	u.seen[key] = rev
}

// size is how many changes the unit brings into an Apply, with the record of the
// head of the chain.
func (u *Unit) size() int {
	n := len(u.own.changes) + len(u.entries)
	if len(u.entries) > 0 {
		n++
	}
	return n
}

// changed gives the unit's writes with the revisions that it saw. They belong to the
// caller, and the unit is done with.
func (u *Unit) changed() overlay {
	for at := range u.own.changes {
		c := &u.own.changes[at]
		c.Seen = Any
		if rev, ok := u.seen[c.Key]; ok {
			c.Seen = rev
		}
	}
	return u.own
}

// run runs f once. Afterwards the unit reads no more.
func (u *Unit) run(f func(tx reminders.Tx) error) error {
	defer func() {
		u.base = nil
		u.open = func(context.Context) (Reader, error) {
			return nil, reminders.Internalf("store.unit", "the unit of work is over")
		}
	}()
	if err := f(u); err != nil {
		return err
	}
	return u.err
}
