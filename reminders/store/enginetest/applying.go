package enginetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// testRevisions: one Apply, one revision; a later one is greater; a record that
// is not written keeps its own.
func testRevisions(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "1"), put("b", "1"))
	a1, _ := get(t, e, "a")
	b1, _ := get(t, e, "b")
	apply(t, e, put("a", "1")) // the same value is a new revision
	a2, _ := get(t, e, "a")
	b2, _ := get(t, e, "b")
	if a1.Rev == 0 || a1.Rev == store.Any || a1.Rev != b1.Rev {
		t.Errorf("one Apply gave revisions %d and %d", a1.Rev, b1.Rev)
	}
	if a2.Rev <= a1.Rev || b2.Rev != b1.Rev {
		t.Errorf("revisions went from %d, %d to %d, %d", a1.Rev, b1.Rev, a2.Rev, b2.Rev)
	}
	listed, err := e.List(t.Context(), "", "", 0)
	check(t, err)
	if listed[0].Rev != a2.Rev || listed[1].Rev != b2.Rev {
		t.Errorf("List gives revisions %d, %d, Get %d, %d", listed[0].Rev, listed[1].Rev, a2.Rev, b2.Rev)
	}
}

// testConflict: a change applies only to the revision that its writer saw.
func testConflict(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	fresh := store.Change{Key: "a", Value: []byte("1")} // must not exist
	apply(t, e, fresh)
	refused(t, e, reminders.Conflict, fresh)
	seen, _ := get(t, e, "a")
	apply(t, e, store.Change{Key: "a", Value: []byte("2"), Seen: seen.Rev})
	refused(t, e, reminders.Conflict, store.Change{Key: "a", Value: []byte("3"), Seen: seen.Rev})
	refused(t, e, reminders.Conflict, store.Change{Key: "a", Seen: seen.Rev})
	refused(t, e, reminders.Conflict, store.Change{Key: "b", Value: []byte("3"), Seen: seen.Rev})
	apply(t, e, put("a", "4"), put("b", "4"))
	holds(t, e, "a=4", "b=4")
}

// testAtomic: one change that conflicts, or is wrong, takes the others with it.
func testAtomic(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "1"), put("z", "1"))
	before, _ := get(t, e, "a")
	stale := store.Change{Key: "m", Value: []byte("2"), Seen: 12345}
	refused(t, e, reminders.Conflict, put("a", "2"), stale, put("z", "2"))
	refused(t, e, reminders.Conflict, put("b", "2"), store.Change{Key: "z"})
	refused(t, e, reminders.Invalid, put("a", "2"), put("", "2"))
	refused(t, e, reminders.Invalid, put("a", "2"), put("a", "3"))
	holds(t, e, "a=1", "z=1")
	if after, _ := get(t, e, "a"); after.Rev != before.Rev {
		t.Errorf("a refused Apply moved the revision from %d to %d", before.Rev, after.Rev)
	}
	apply(t, e) // nothing at all is no error
}

// testDeleting: a deleted record is gone, as if it had never been.
func testDeleting(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "1"), put("b", "1"), put("c", "1"))
	seen, _ := get(t, e, "b")
	apply(t, e, store.Change{Key: "b", Seen: seen.Rev})
	holds(t, e, "a=1", "c=1")
	if record, ok := get(t, e, "b"); ok || record.Rev != 0 {
		t.Errorf("a deleted key gave %+v, %v", record, ok)
	}
	apply(t, e, store.Change{Key: "b", Seen: store.Any}, store.Change{Key: "d"}) // not there: fine
	refused(t, e, reminders.Conflict, store.Change{Key: "a"})                    // there, though none was seen
	apply(t, e, store.Change{Key: "b", Value: []byte("2")})
	again, _ := get(t, e, "b")
	if again.Rev <= seen.Rev {
		t.Errorf("written anew at revision %d, after %d", again.Rev, seen.Rev)
	}
	holds(t, e, "a=1", "b=2", "c=1")
}

// testLimits: the largest key and value are accepted and come back whole; larger
// ones are Invalid.
func testLimits(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	key, value := strings.Repeat("k", store.MaxKey), strings.Repeat("v", store.MaxValue)
	apply(t, e, put(key, value))
	if record, ok := get(t, e, key); !ok || string(record.Value) != value {
		t.Errorf("the largest value came back as %d bytes, %v", len(record.Value), ok)
	}
	refused(t, e, reminders.Invalid, put(key+"k", ""))
	refused(t, e, reminders.Invalid, put("k", value+"v"))
	refused(t, e, reminders.Invalid, put("", ""))
}

// testLargeBatch: MaxChanges fit into one Apply, one more does not.
func testLargeBatch(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	if e.MaxChanges() < 16 {
		t.Fatalf("MaxChanges is %d, want at least 16", e.MaxChanges())
	}
	var changes []store.Change
	for i := range e.MaxChanges() + 1 {
		changes = append(changes, put(fmt.Sprintf("k%06d", i), "v"))
	}
	refused(t, e, reminders.Invalid, changes...)
	holds(t, e)
	for _, part := range [][]store.Change{changes[1:], changes[:1]} {
		apply(t, e, part...)
	}
	records, err := e.List(t.Context(), "", "", 0)
	check(t, err)
	if len(records) != len(changes) || records[0].Rev <= records[1].Rev {
		t.Errorf("got %d records, want %d, the first written last", len(records), len(changes))
	}
	for i := range changes[1:] {
		changes[i+1].Value = nil
	}
	apply(t, e, changes[1:]...)
	holds(t, e, "k000000=v")
}
