package mem

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// leafSize is how many records a leaf holds at most.
const leafSize = 256

// tree is a sorted sequence of records, cut into leaves. Neither it nor a leaf is
// ever changed: a write makes a new tree that shares all leaves but one. So a
// snapshot is a pointer, and a write copies little.
type tree [][]store.Record

// leafOf gives the index of the leaf in which key is or would be: the first
// whose last key is not smaller, or one past the end.
func (t tree) leafOf(key string) int {
	return sort.Search(len(t), func(i int) bool { return t[i][len(t[i])-1].Key >= key })
}

// placeOf gives the index in leaf at which key is or would be.
func placeOf(leaf []store.Record, key string) (int, bool) {
	return slices.BinarySearchFunc(leaf, key, func(r store.Record, key string) int {
		return strings.Compare(r.Key, key)
	})
}

// get finds the record of key.
func (t tree) get(key string) (store.Record, bool) {
	at := t.leafOf(key)
	if at == len(t) {
		return store.Record{}, false
	}
	place, ok := placeOf(t[at], key)
	if !ok {
		return store.Record{}, false
	}
	return own(t[at][place]), true
}

// list gives the records with from <= key < to, as store.Reader says.
func (t tree) list(from, to string, limit int) []store.Record {
	var found []store.Record
	for at := t.leafOf(from); at < len(t); at++ {
		place, _ := placeOf(t[at], from)
		for _, record := range t[at][place:] {
			if to != "" && record.Key >= to || limit > 0 && len(found) == limit {
				return found
			}
			found = append(found, own(record))
		}
	}
	return found
}

// own copies a record for whoever asked for it.
func own(r store.Record) store.Record {
	r.Value = append([]byte{}, r.Value...)
	return r
}

// with gives the tree after changes, which become revision rev.
func (t tree) with(changes []store.Change, rev uint64) tree {
	next := slices.Clone(t)
	for _, c := range changes {
		if c.Value == nil {
			next = next.without(c.Key)
		} else {
			next = next.put(store.Record{Key: c.Key, Value: bytes.Clone(c.Value), Rev: rev})
		}
	}
	return next
}

// put replaces or inserts r; the sequence of leaves is the caller's to change.
func (t tree) put(r store.Record) tree {
	if len(t) == 0 {
		return tree{{r}}
	}
	at := min(t.leafOf(r.Key), len(t)-1)
	leaf := slices.Clone(t[at])
	if place, ok := placeOf(leaf, r.Key); ok {
		leaf[place] = r
	} else {
		leaf = slices.Insert(leaf, place, r)
	}
	if len(leaf) <= leafSize {
		t[at] = leaf
		return t
	}
	half := len(leaf) / 2
	return slices.Replace(t, at, at+1, leaf[:half:half], leaf[half:])
}

// without deletes key if it is there.
func (t tree) without(key string) tree {
	at := t.leafOf(key)
	if at == len(t) {
		return t
	}
	place, ok := placeOf(t[at], key)
	if !ok {
		return t
	}
	if len(t[at]) == 1 {
		return slices.Delete(t, at, at+1)
	}
	t[at] = slices.Delete(slices.Clone(t[at]), place, place+1)
	return t
}
