package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Any as Change.Seen means: whatever is there now, or nothing.
const Any uint64 = math.MaxUint64

// The limits that every engine accepts; more is an Invalid error. Things larger
// than a value belong into files named by their hash.
const (
	MaxKey   = 1 << 10 // bytes of a key; the empty key is Invalid too
	MaxValue = 1 << 20 // bytes of a value
)

// Record is one value as an engine holds it.
type Record struct {
	Key   string
	Value []byte // never nil; belongs to whoever asked for it
	Rev   uint64 // revision at which this value was written; never 0, never Any
}

// Change is one write within an Apply.
type Change struct {
	Key   string
	Value []byte // nil deletes; empty but not nil is a value of no bytes
	// Seen is the revision that the writer saw: 0 when it saw that there was no
	// such record, Any when it did not look. Any other state of the record
	// makes the whole Apply a Conflict.
	Seen uint64
}

// Reader reads records.
type Reader interface {
	// Get returns the record of key and whether there is one.
	Get(ctx context.Context, key string) (Record, bool, error)
	// List returns the records with from <= key < to in ascending byte order of
	// their keys, at most limit of them; limit <= 0 means all. An empty to
	// means: to the end.
	List(ctx context.Context, from, to string, limit int) ([]Record, error)
}

// Snapshot is one consistent state of an engine: it shows all of an Apply or
// nothing, and none that came after it was taken. It is used by one goroutine at a
// time.
type Snapshot interface {
	Reader
	// Close lets the state go; it may be called again. A snapshot left open
	// keeps an engine from reusing space, so none is held across network I/O.
	Close() error
}

// Engine is an ordered key-value store with atomic, conditional batches: the
// common ground of a bbolt transaction and an etcd transaction. The conformance
// suite in enginetest states the contract in code; in prose it is this.
//
// Order. Keys are byte strings, compared byte by byte. A record's revision is a
// number that grows with every Apply; all records written by one Apply carry the
// same one. Revisions of different keys say which was written later.
//
// Atomicity. An Apply takes effect as a whole or not at all, also when the
// process is killed or the machine stops while it runs. A key occurs at most once
// in one Apply. Deleting what is not there is no error when Seen is 0 or Any.
//
// Durability. When Apply returns nil its changes survive a kill of the process
// and, as far as the disk keeps its word, a loss of power. When it returns
// Conflict or Invalid nothing was changed. After any other error the changes may
// or may not be there; whoever needs to know reads.
//
// Memory. What an engine returns belongs to the caller. What a caller passes to
// Apply belongs to the engine from then on and is not changed by either.
//
// Concurrency. The engine's methods may be called by many goroutines at once. Get and
// List on the engine itself see the newest state, each on its own; for two reads
// that belong together take a Snapshot. Readers never wait for writers.
//
// Errors are of package reminders: Invalid for keys, values, duplicate keys and
// too many changes; Conflict for a revision that differs; Closed after Close;
// Internal for a disk that does not do what it should, with a text for the
// operator where there is a remedy. A ctx that has ended makes a method return
// its error without effect; once Apply writes, it finishes.
type Engine interface {
	Reader
	// Snapshot fixes the present state for reading.
	Snapshot(ctx context.Context) (Snapshot, error)
	// Apply makes all of the changes or none.
	Apply(ctx context.Context, changes ...Change) error
	// MaxChanges is how many changes one Apply may carry; at least 16.
	MaxChanges() int
	// Close releases the engine; it may be called again. Snapshots still open
	// are closed by their owners first.
	Close() error
}

// CheckChange is what every engine checks of a change by itself: the limits of
// key and value.
func CheckChange(c Change) error {
	switch {
	case c.Key == "":
		return invalid("a key is empty")
	case len(c.Key) > MaxKey:
		return invalid("a key of kind %q has %d bytes, the limit is %d", kindOf(c.Key), len(c.Key), MaxKey)
	case len(c.Value) > MaxValue:
		return invalid("a value of kind %q has %d bytes, the limit is %d", kindOf(c.Key), len(c.Value), MaxValue)
	}
	return nil
}

// InOrder gives changes in the order of their keys. It checks what every engine
// checks of an Apply before it begins: their number, each of them, and that no
// key occurs twice.
func InOrder(changes []Change, most int) ([]Change, error) {
	if len(changes) > most {
		return nil, invalid("%d changes in one batch, the limit is %d", len(changes), most)
	}
	byKey := func(a, b Change) int { return strings.Compare(a.Key, b.Key) }
	if !slices.IsSortedFunc(changes, byKey) {
		changes = slices.Clone(changes)
		slices.SortFunc(changes, byKey)
	}
	for i, c := range changes {
		if err := CheckChange(c); err != nil {
			return nil, err
		}
		if i > 0 && c.Key == changes[i-1].Key {
			return nil, invalid("a key of kind %q occurs twice in one batch", kindOf(c.Key))
		}
	}
	return changes, nil
}

// CheckSeen is the condition of a change: rev is the revision of the record that
// is there, 0 for none.
func CheckSeen(c Change, rev uint64) error {
	if c.Seen == Any || c.Seen == rev {
		return nil
	}
	cause := fmt.Errorf("a record of kind %q is at revision %d, the writer saw %d", kindOf(c.Key), rev, c.Seen)
	return &reminders.Error{Kind: reminders.Conflict, Op: "store.apply", Err: cause}
}

// invalid is an error of whoever writes, for operators.
func invalid(format string, args ...any) error {
	return &reminders.Error{Kind: reminders.Invalid, Op: "store.apply", Err: fmt.Errorf(format, args...)}
}

// ErrClosed is what every method of a closed engine returns.
func ErrClosed(op string) error {
	return reminders.Fail(reminders.Closed, op, "error.store.closed", nil)
}
