package store

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// batch is what one Apply will carry: the writes of several units of work in the
// order in which they were admitted. It is also a Reader of the state that will
// be there once it is applied. Only the sequencer uses it.
type batch struct {
	engine Engine
	base   Snapshot // the state before it; nil before the first read
	asOf   uint64   // how many Applies have ended before it
	own    overlay
	jobs   []*job // whose outcome hangs on it
	head   head   // of the chain, after it
	grown  bool   // the chain has grown
}

// reader opens the state below the batch, once. No commit runs meanwhile, so it
// is the state that the batch will be applied to.
func (b *batch) reader(ctx context.Context) (Reader, error) {
	if b.base == nil {
		base, err := b.engine.Snapshot(ctx)
		if err != nil {
			return nil, err
		}
		b.base = base
	}
	return b.base, nil
}

// close lets the state below the batch go.
func (b *batch) close() error {
	if b.base == nil {
		return nil
	}
	return b.base.Close()
}

// Get reads key as it will be. What the batch writes has no revision yet; the
// sequencer gives it Any, since nothing can come between.
func (b *batch) Get(ctx context.Context, key string) (Record, bool, error) {
	if c, ok := b.own.find(key); ok {
		return Record{Key: key, Value: c.Value, Rev: Any}, c.Value != nil, nil
	}
	base, err := b.reader(ctx)
	if err != nil {
		return Record{}, false, err
	}
	return base.Get(ctx, key)
}

// List reads a range as it will be.
func (b *batch) List(ctx context.Context, from, to string, limit int) ([]Record, error) {
	base, err := b.reader(ctx)
	if err != nil {
		return nil, err
	}
	own := b.own.within(from, to)
	found, err := base.List(ctx, from, to, reach(limit, own))
	if err != nil {
		return nil, err
	}
	return first(lay(found, own, Any), limit), nil
}

// fresh reports whether everything that u has read is still so. Of a state that
// nothing was applied to since, only what this batch writes can differ.
func (b *batch) fresh(ctx context.Context, u *Unit) (bool, error) {
	for key, rev := range u.seen {
		if _, written := b.own.find(key); written {
			return false, nil
		}
		if u.asOf == b.asOf {
			continue
		}
		base, err := b.reader(ctx)
		if err != nil {
			return false, err
		}
		record, _, err := base.Get(ctx, key)
		if err != nil {
			return false, err
		}
		if record.Rev != rev {
			return false, nil
		}
	}
	return true, nil
}

// fits reports whether there is room for u, and for the head of the chain.
func (b *batch) fits(u *Unit) bool {
	return len(b.jobs) == 0 || len(b.own.changes)+1+u.size() <= b.engine.MaxChanges()
}

// add admits a job: its writes, its entries with their places in the chain, and
// its wait for the outcome.
func (b *batch) add(j *job) error {
	if n, most := j.unit.size(), b.engine.MaxChanges(); n > most {
		return reminders.Internalf("store.do", "a unit of work makes %d changes, the limit is %d", n, most)
	}
	b.own.take(j.unit.changed())
	b.head = b.head.seal(j.unit.entries, b.own.put)
	b.grown = b.grown || len(j.unit.entries) > 0
	b.jobs = append(b.jobs, j)
	return nil
}

// apply hands the changes to the engine.
func (b *batch) apply(ctx context.Context) error {
	if b.grown {
		record, err := Encode(b.head)
		if err != nil {
			return err
		}
		b.own.put(Change{Key: chainKey, Value: record, Seen: Any})
	}
	if len(b.own.changes) == 0 {
		return nil
	}
	crashpoint.Pass(crashpoint.Apply)
	if err := b.engine.Apply(ctx, b.own.changes...); err != nil {
		return err
	}
	crashpoint.Pass(crashpoint.Applied)
	return nil
}
