package enginetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// testOrder: keys are listed in the order of their bytes, whatever the order of
// writing.
func testOrder(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("b", "2"), put("a/2", "y"), put("a", "1"))
	apply(t, e, put("\xff", "5"), put("中", "4"), put("a\x00", "x"), put("Z", "0"))
	holds(t, e, "Z=0", "a=1", "a\x00=x", "a/2=y", "b=2", "中=4", "\xff=5")
}

// testPaging: ranges are half-open, limits cut, After goes on, Prefix bounds.
func testPaging(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a/1", "1"), put("a/2", "2"), put("a/3", "3"), put("b", "4"))
	listed(t, e, "a/1", "a/3", 0, "a/1=1", "a/2=2")
	listed(t, e, "a/1", "", -1, "a/1=1", "a/2=2", "a/3=3", "b=4")
	listed(t, e, "a/2", "b", 1, "a/2=2")
	listed(t, e, store.After("a/2"), "", 1, "a/3=3")
	listed(t, e, "a/1\x01", "b\x00", 9, "a/2=2", "a/3=3", "b=4")
	listed(t, e, "b", "a", 0)
	listed(t, e, "c", "", 0)
	from, to := store.Prefix("a/")
	listed(t, e, from, to, 0, "a/1=1", "a/2=2", "a/3=3")
	pageThrough(t, e)
}

// pageThrough lists more records than any page of an engine holds.
func pageThrough(t *testing.T, e store.Engine) {
	t.Helper()
	const n = 1000
	for i := range n {
		apply(t, e, put(fmt.Sprintf("page/%04d", i*7%n), ""))
	}
	from, to := store.Prefix("page/")
	for seen := 0; ; {
		page, err := e.List(t.Context(), from, to, 17)
		check(t, err)
		for _, record := range page {
			if want := fmt.Sprintf("page/%04d", seen); record.Key != want {
				t.Fatalf("got %s, want %s", record.Key, want)
			}
			seen++
			from = store.After(record.Key)
		}
		if len(page) < 17 {
			if seen != n {
				t.Errorf("saw %d records, want %d", seen, n)
			}
			return
		}
	}
}

// testMissing: what is not there is no error, and not the empty value.
func testMissing(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	if record, ok := get(t, e, "a"); ok || record.Rev != 0 {
		t.Errorf("a missing key gave %+v, %v", record, ok)
	}
	holds(t, e)
	apply(t, e, put("a", ""))
	if record, ok := get(t, e, "a"); !ok || record.Value == nil || len(record.Value) != 0 {
		t.Errorf("an empty value gave %+v, %v", record, ok)
	}
}

// testSnapshot: a snapshot stays as it was taken while others write.
func testSnapshot(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "1"), put("b", "1"))
	before, err := e.Snapshot(t.Context())
	check(t, err)
	apply(t, e, put("a", "2"), store.Change{Key: "b", Seen: store.Any}, put("c", "2"))
	after, err := e.Snapshot(t.Context())
	check(t, err)
	holds(t, before, "a=1", "b=1")
	holds(t, after, "a=2", "c=2")
	if _, ok := get(t, before, "c"); ok {
		t.Error("a snapshot shows what was written after it")
	}
	for _, s := range []store.Snapshot{before, after, before} {
		check(t, s.Close()) // the second time is allowed
	}
	if _, err := before.List(t.Context(), "", "", 0); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("a closed snapshot gave %v, want Closed", err)
	}
	if _, _, err := before.Get(t.Context(), "a"); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("a closed snapshot gave %v, want Closed", err)
	}
}

// testMemory: what is returned belongs to the caller.
func testMemory(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	apply(t, e, put("a", "kept"))
	record, _ := get(t, e, "a")
	copy(record.Value, "lost")
	_ = append(record.Value, "lost"...)
	records, err := e.List(t.Context(), "", "", 0)
	check(t, err)
	copy(records[0].Value, "lost")
	holds(t, e, "a=kept")
}

// testEnded: a context that has ended has no effect.
func testEnded(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, getErr := e.Get(ctx, "a")
	_, listErr := e.List(ctx, "", "", 0)
	_, snapErr := e.Snapshot(ctx)
	for _, err := range []error{getErr, listErr, snapErr, e.Apply(ctx, put("a", "1"))} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	}
	holds(t, e)
}

// testClosed: a closed engine says so, and may be closed again.
func testClosed(t *testing.T, open func() store.Engine) {
	e := opened(t, open)
	check(t, e.Close())
	_, _, getErr := e.Get(t.Context(), "a")
	_, listErr := e.List(t.Context(), "", "", 0)
	_, snapErr := e.Snapshot(t.Context())
	for _, err := range []error{getErr, listErr, snapErr, e.Apply(t.Context(), put("a", "1"))} {
		if err == nil || reminders.KindOf(err) != reminders.Closed {
			t.Errorf("got %v, want Closed", err)
		}
	}
}
