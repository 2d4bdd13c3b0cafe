package bolt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// Deleted records leave room that is known, also after a reopening, and a copy in
// bulk has hardly any.
func TestSpace(t *testing.T) {
	path := filled(t)
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	full, free := e.Space()
	if full < 4000*200 || free > full/4 {
		t.Errorf("a full file has %d bytes, %d of them free", full, free)
	}
	for part := range 8 {
		var changes []store.Change
		for i := range 450 {
			changes = append(changes, store.Change{Key: fmt.Sprintf("k%05d", part*500+i), Seen: store.Any})
		}
		if err := e.Apply(t.Context(), changes...); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if e, err = bolt.Open(path); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	size, free := e.Space()
	if size < full || free < size/2 {
		t.Errorf("after deleting nine of ten the file has %d bytes, %d of them free", size, free)
	}

	compact, err := bolt.Open(filepath.Join(t.TempDir(), "compact.db"), bolt.Bulk())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = compact.Close() }()
	if n, err := store.CopyRecords(t.Context(), e, compact); err != nil || n != 400 {
		t.Fatalf("%d records copied, %v", n, err)
	}
	if err := compact.Sync(); err != nil {
		t.Fatal(err)
	}
	if small, _ := compact.Space(); small > size/4 {
		t.Errorf("the copy of %d bytes has %d", size, small)
	}
}

// Counting agrees with listing.
func TestCount(t *testing.T) {
	e, err := bolt.Open(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	state, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counter, ok := state.(interface {
		Count(ctx context.Context, from, to string) (int, error)
	})
	if !ok {
		t.Fatal("a snapshot does not count")
	}
	for _, row := range [][2]string{{"", ""}, {"k00100", "k00200"}, {"k00100", ""}, {"", "k00001"}, {"x", ""}, {"k2", "k1"}} {
		list, err := state.List(t.Context(), row[0], row[1], 0)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := counter.Count(t.Context(), row[0], row[1]); err != nil || n != len(list) {
			t.Errorf("from %q to %q: counted %d of %d, %v", row[0], row[1], n, len(list), err)
		}
	}
	if err := state.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := counter.Count(t.Context(), "", ""); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("counting in a closed snapshot: %v", err)
	}
}

// A file is known by whatever name it has.
func TestHolds(t *testing.T) {
	path := filled(t)
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	for at, want := range map[string]bool{path: true, link: true, filled(t): false, path + ".not": false} {
		if got := e.Holds(at); got != want {
			t.Errorf("%s: %v", at, got)
		}
	}
}
