package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// contents gives every record but the schema's, as "key=value".
func contents(t *testing.T, r store.Reader) []string {
	t.Helper()
	records, err := r.List(t.Context(), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, record := range records {
		if record.Key != "schema" {
			all = append(all, fmt.Sprintf("%s=%s", record.Key, record.Value))
		}
	}
	return all
}

// old fills a memory as an older version would have: n shifts under "old/".
func old(t *testing.T, n int) *mem.Memory {
	t.Helper()
	memory := new(mem.Memory)
	engine := memory.Open()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		do(t, s, func(u *store.Unit) { u.Put(fmt.Sprintf("old/%04d", i), []byte("\x01{}")) })
	}
	if err := errors.Join(s.Close(), engine.Close()); err != nil {
		t.Fatal(err)
	}
	return memory
}

// rename is a migration that moves each record from "old/" to "new/" and keeps the
// old one's name. ran counts the records it was given.
func rename(ran *int) store.Migration {
	from, to := store.Prefix("old/")
	return store.Migration{
		Name: "rename shifts", Version: 2, From: from, To: to,
		Change: func(r store.Record) ([]store.Change, error) {
			*ran++
			name := "new/" + strings.TrimPrefix(r.Key, "old/")
			return []store.Change{{Key: name, Value: r.Value, Seen: store.Any}, {Key: r.Key, Seen: r.Rev}}, nil
		},
	}
}

// renamed is what rename makes of n records.
func renamed(n int) []string {
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("new/%04d=\x01{}", i))
	}
	return want
}

// TestMigration: it visits every record of its range once, in more batches than
// one, and never runs again.
func TestMigration(t *testing.T) {
	const n = 300 // more than fit into one Apply, and into one page
	engine := &faulty{Engine: old(t, n).Open()}
	ran := 0
	for range 2 {
		if err := store.Migrate(t.Context(), engine, quiet, rename(&ran)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(renamed(n), contents(t, engine)); diff != "" || ran != n {
		t.Errorf("visited %d records (-want +got):\n%s", ran, diff)
	}
	schema, _, _ := engine.Get(t.Context(), "schema")
	if want := "\x01" + `{"version":2,"applied":["rename shifts"]}`; string(schema.Value) != want {
		t.Errorf("the schema is %q, want %q", schema.Value, want)
	}
}

// TestMigrationGoesOn: one that was cut off after any of its batches is finished
// by the next start, and no record is visited twice.
func TestMigrationGoesOn(t *testing.T) {
	const n = 300
	for cut := 1; cut <= 4; cut++ {
		engine := &faulty{Engine: old(t, n).Open()}
		engine.after = func(at int) error {
			if at == cut {
				return errDisk
			}
			return nil
		}
		ran := 0
		if err := store.Migrate(t.Context(), engine, quiet, rename(&ran)); !errors.Is(err, errDisk) {
			t.Fatalf("cut after %d: %v", cut, err)
		}
		ran = 0
		if err := store.Migrate(t.Context(), engine, quiet, rename(&ran)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(renamed(n), contents(t, engine)); diff != "" || ran >= n {
			t.Errorf("cut after %d, then visited %d records (-want +got):\n%s", cut, ran, diff)
		}
	}
}

// TestMigrationFails: a record that cannot be brought over stops it, and leaves
// the version as it was.
func TestMigrationFails(t *testing.T) {
	engine := old(t, 3).Open()
	broken := rename(new(int))
	broken.Change = func(store.Record) ([]store.Change, error) { return nil, errDisk }
	if err := store.Migrate(t.Context(), engine, quiet, broken); !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
	if _, err := store.Open(t.Context(), engine, still{}, quiet); err != nil {
		t.Errorf("the old version does not open any more: %v", err)
	}
}

// TestNewStore: a new store has the newest version and needs no migration.
func TestNewStore(t *testing.T) {
	engine := mem.New()
	ran := 0
	if err := store.Migrate(t.Context(), engine, quiet, rename(&ran)); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), engine, quiet, rename(&ran)); err != nil || ran != 0 {
		t.Errorf("visited %d records, %v", ran, err)
	}
}

// TestOpenRefuses: a store of a newer version, and one that is not ours; both stay
// as they are.
func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name, key, value, text string
	}{
		{"newer version", "schema", "\x01" + `{"version":99}`, "error.store.newer"},
		{"newer form", "schema", "\x02{}", "error.store.newer"},
		{"foreign", "something", "else", "error.store.foreign"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			engine := &faulty{Engine: mem.New()}
			change := store.Change{Key: tt.key, Value: []byte(tt.value)}
			if err := engine.Apply(t.Context(), change); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), engine, still{}, quiet)
			if got := reminders.MessageOf(err).Key; got != tt.text {
				t.Errorf("got %q, want %q in %v", got, tt.text, err)
			}
			if n := engine.count(); n != 1 {
				t.Errorf("a refused store was written to %d times", n-1)
			}
		})
	}
}
