package enginetest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// Start prepares an empty place for records and returns how to open an engine on
// it. Opened again after a Close, the engine has the same records.
type Start func(t *testing.T) (open func() store.Engine)

// Run holds an engine to the contract.
func Run(t *testing.T, start Start) {
	t.Helper()
	tests := []struct {
		name string
		run  func(t *testing.T, open func() store.Engine)
	}{
		{"order", testOrder},
		{"paging", testPaging},
		{"missing keys", testMissing},
		{"revisions", testRevisions},
		{"conflict", testConflict},
		{"atomic batch", testAtomic},
		{"deleting", testDeleting},
		{"limits", testLimits},
		{"large batches", testLargeBatch},
		{"memory", testMemory},
		{"snapshot", testSnapshot},
		{"reopening", testReopen},
		{"closed", testClosed},
		{"ended context", testEnded},
		{"counting together", testCounting},
		{"reading while writing", testReadingWhileWriting},
		{"like a map", testLikeMap},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.run(t, start(t)) })
	}
}

// opened opens an engine and closes it at the end of the test.
func opened(t *testing.T, open func() store.Engine) store.Engine {
	t.Helper()
	e := open()
	t.Cleanup(func() { check(t, e.Close()) })
	return e
}

// put is a change that does not look at what is there.
func put(key, value string) store.Change {
	return store.Change{Key: key, Value: []byte(value), Seen: store.Any}
}

// apply makes changes or ends the test.
func apply(t *testing.T, e store.Engine, changes ...store.Change) {
	t.Helper()
	check(t, e.Apply(t.Context(), changes...))
}

// refused wants an Apply to fail with an error of a kind.
func refused(t *testing.T, e store.Engine, want reminders.Kind, changes ...store.Change) {
	t.Helper()
	err := e.Apply(t.Context(), changes...)
	if err == nil || reminders.KindOf(err) != want {
		t.Errorf("Apply gave %v, want an error of kind %s", err, want)
	}
}

// holds wants the records of r to be exactly want, written as "key=value".
func holds(t *testing.T, r store.Reader, want ...string) {
	t.Helper()
	listed(t, r, "", "", 0, want...)
}

// listed wants List to give exactly want, written as "key=value".
func listed(t *testing.T, r store.Reader, from, to string, limit int, want ...string) {
	t.Helper()
	records, err := r.List(t.Context(), from, to, limit)
	check(t, err)
	var got []string
	for _, record := range records {
		got = append(got, fmt.Sprintf("%s=%s", record.Key, record.Value))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("List(%q, %q, %d) (-want +got):\n%s", from, to, limit, diff)
	}
}

// get reads a record or ends the test.
func get(t *testing.T, r store.Reader, key string) (store.Record, bool) {
	t.Helper()
	record, ok, err := r.Get(t.Context(), key)
	check(t, err)
	return record, ok
}

// check ends the test on an error.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
