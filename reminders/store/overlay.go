package store

import (
	"slices"
	"strings"
)

// overlay is a set of writes that lie over a state that does not have them yet:
// those of one unit of work, or those of the units packed into a batch.
type overlay struct {
	changes []Change       // in the order of their first writing
	place   map[string]int // of each key in changes; nil while they are few
}

// few is how many writes are looked through one by one: most units of work make
// no more, and a map costs more than they do.
const few = 8

// put notes a write. A key written twice keeps the revision that was first seen,
// for that is the one the engine still has.
func (o *overlay) put(c Change) {
	if at := o.index(c.Key); at >= 0 {
		o.changes[at].Value = c.Value
		return
	}
	o.changes = append(o.changes, c)
	switch n := len(o.changes); {
	case o.place != nil:
		o.place[c.Key] = n - 1
	case n > few:
		o.place = make(map[string]int, 8*few)
		for at, c := range o.changes {
			o.place[c.Key] = at
		}
	}
}

// take puts the writes of another overlay over its own. Over nothing that other becomes
// its own: a large unit of work usually fills a batch by itself.
func (o *overlay) take(other overlay) {
	if len(o.changes) == 0 {
		*o = other
		return
	}
	for _, c := range other.changes {
		o.put(c)
	}
}

// index gives the place of key in changes, or -1.
func (o *overlay) index(key string) int {
	if o.place == nil {
		return slices.IndexFunc(o.changes, func(c Change) bool { return c.Key == key })
	}
	if at, ok := o.place[key]; ok {
		return at
	}
	return -1
}

// find gives the write of key, if there is one.
func (o *overlay) find(key string) (Change, bool) {
	at := o.index(key)
	if at < 0 {
		return Change{}, false
	}
	return o.changes[at], true
}

// within gives the writes with from <= key < to in the order of their keys.
func (o *overlay) within(from, to string) []Change {
	var own []Change
	for _, c := range o.changes {
		if c.Key >= from && (to == "" || c.Key < to) {
			own = append(own, c)
		}
	}
	slices.SortFunc(own, func(a, b Change) int { return strings.Compare(a.Key, b.Key) })
	return own
}

// lay merges own, which within gave, over records, both in the order of keys.
// Records that are written get revision rev; those deleted drop out.
func lay(records []Record, own []Change, rev uint64) []Record {
	if len(own) == 0 {
		return records
	}
	merged := make([]Record, 0, len(records)+len(own))
	for _, c := range own {
		for len(records) > 0 && records[0].Key < c.Key {
			merged, records = append(merged, records[0]), records[1:]
		}
		if len(records) > 0 && records[0].Key == c.Key {
			records = records[1:]
		}
		if c.Value != nil {
			merged = append(merged, Record{Key: c.Key, Value: c.Value, Rev: rev})
		}
	}
	return append(merged, records...)
}

// first cuts records to at most limit; limit <= 0 means all.
func first(records []Record, limit int) []Record {
	if limit > 0 && len(records) > limit {
		return records[:limit]
	}
	return records
}

// reach is how many records to ask for below own writes so that limit of them
// are left: each write hides one at most.
func reach(limit int, own []Change) int {
	if limit <= 0 {
		return 0
	}
	return limit + len(own)
}
