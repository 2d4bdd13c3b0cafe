package bolt_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// soon keeps the tests from waiting for a lock.
var soon = bolt.LockWait(100 * time.Millisecond)

// filled makes a file with some thousand records and gives its path.
func filled(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "qingfeng.db")
	e, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for part := range 8 {
		var changes []store.Change
		for i := range 500 {
			changes = append(changes, store.Change{Key: fmt.Sprintf("k%05d", part*500+i), Value: bytes.Repeat([]byte{7}, 200)})
		}
		if err := e.Apply(t.Context(), changes...); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// wants checks the kind and the text of an error.
func wants(t *testing.T, err error, kind reminders.Kind, key string) {
	t.Helper()
	if err == nil || reminders.KindOf(err) != kind || reminders.MessageOf(err).Key != key {
		t.Errorf("got %v, want %s with %s", err, kind, key)
	}
}

// TestModes: only the owner may look into the directory and the file, also when
// the file was made with wider permissions.
func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "deep", "qingfeng.db")
	for range 2 {
		e, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		for at, want := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
			stat, err := os.Stat(at)
			if err != nil || stat.Mode().Perm() != want {
				t.Errorf("%s has mode %v, want %v, %v", at, stat.Mode().Perm(), want, err)
			}
		}
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("the directory holds %v, %v, want only the file", left, err)
	}
}

// TestSecondProcess: a file in use is Busy; free again, it opens.
func TestSecondProcess(t *testing.T) {
	path := filled(t)
	first, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = bolt.Open(path, soon)
	wants(t, err, reminders.Busy, "error.store.locked")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := bolt.Open(path, soon)
	if err != nil {
		t.Fatal(err)
	}
	_ = second.Close()
}

// TestDamaged: a file that is damaged, cut off, empty or foreign does not open,
// does not end the process, does not stay locked, and is left as it was.
func TestDamaged(t *testing.T) {
	zeroPage := func(n int) func([]byte) []byte {
		return func(b []byte) []byte { copy(b[n*4096:], make([]byte, 4096)); return b }
	}
	tests := []struct {
		name   string
		damage func(b []byte) []byte
	}{
		{"empty", func([]byte) []byte { return nil }},
		{"one byte", func(b []byte) []byte { return b[:1] }},
		{"cut off after the metas", func(b []byte) []byte { return b[:2*4096] }},
		{"cut off in the middle", func(b []byte) []byte { return b[:100*4096+17] }},
		{"both metas gone", func(b []byte) []byte { return zeroPage(1)(zeroPage(0)(b)) }},
		{"a page of zeros", zeroPage(40)},
		{"pages of noise", func(b []byte) []byte { copy(b[20*4096:], bytes.Repeat([]byte{0xA5, 0x01, 0xFF}, 20*4096)); return b }},
		{"a text", func([]byte) []byte { return bytes.Repeat([]byte("not a store\n"), 5000) }},
	}
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	whole = whole[:2<<20] // the rest is room to grow
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "qingfeng.db")
			damaged := tt.damage(bytes.Clone(whole))
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				_, err := bolt.Open(path, soon)
				wants(t, err, reminders.Internal, "error.store.damaged")
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, damaged) {
				t.Errorf("the file was changed: %d bytes, then %d, %v", len(damaged), len(after), err)
			}
		})
	}
}

// FuzzOpen: no damage to a file ends the process, neither at the opening nor when
// what was opened is read.
func FuzzOpen(f *testing.F) {
	whole, err := os.ReadFile(filled(f))
	if err != nil {
		f.Fatal(err)
	}
	whole = whole[:2<<20]
	f.Add(uint32(len(whole)), uint32(5*4096), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Add(uint32(300_000), uint32(0), []byte{})
	f.Add(uint32(len(whole)), uint32(100*4096+8), []byte{1, 0, 0xFF, 0xFF})
	f.Fuzz(func(t *testing.T, size, at uint32, noise []byte) {
		file := bytes.Clone(whole[:min(int(size), len(whole))])
		if int(at) < len(file) {
			copy(file[at:], noise)
		}
		path := filepath.Join(t.TempDir(), "qingfeng.db")
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := bolt.Open(path, soon)
		if err != nil {
			return
		}
		_, _ = e.List(t.Context(), "", "", 0)
		_ = e.Apply(t.Context(), store.Change{Key: "k00001", Value: []byte{1}, Seen: store.Any})
		_ = e.Close()
	})
}

// TestForeign: a bbolt file of another program is none of ours.
func TestForeign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = bolt.Open(path, soon)
	wants(t, err, reminders.Internal, "error.store.damaged")
}

// TestQuota: an Apply without room fails as a whole; smaller ones and reading go
// on, and so does the file after a reopening.
func TestQuota(t *testing.T) {
	path := filepath.Join(t.TempDir(), "qingfeng.db")
	e, err := bolt.Open(path, bolt.Quota(20<<20))
	if err != nil {
		t.Fatal(err)
	}
	fill(t, e, "error.store.quota")
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := bolt.Open(path, bolt.Quota(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if err := again.Apply(t.Context(), big(1000)...); err != nil {
		t.Errorf("with more room: %v", err)
	}
}

// big gives batch n: four records of half a megabyte.
func big(n int) []store.Change {
	var changes []store.Change
	for i := range 4 {
		changes = append(changes, store.Change{Key: fmt.Sprintf("%04d/%d", n, i), Value: make([]byte, 1<<19), Seen: store.Any})
	}
	return changes
}

// fill applies batches until there is no room, and wants an error with a text,
// none by half, and an engine that goes on.
func fill(t *testing.T, e *bolt.Engine, text string) {
	t.Helper()
	n := 0
	for ; n < 100; n++ {
		if err := e.Apply(t.Context(), big(n)...); err != nil {
			wants(t, err, reminders.Internal, text)
			break
		}
	}
	records, err := e.List(t.Context(), "", "", 0)
	if err != nil || n == 0 || n == 100 || len(records) != 4*n {
		t.Errorf("%d batches left %d records, %v", n, len(records), err)
	}
	if err := e.Apply(t.Context(), store.Change{Key: "0000/0", Seen: store.Any}); err != nil {
		t.Errorf("deleting on a full disk: %v", err)
	}
}
