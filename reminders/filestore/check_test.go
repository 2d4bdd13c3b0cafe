package filestore_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
)

func put(t *testing.T, s *filestore.Store, content string) reminders.File {
	t.Helper()
	f, err := keep(s, "a.txt", []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Altered and missing bytes are found, and what lies there and is not ours; files that
// nothing names are nothing wrong.
func TestCheck(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	s := filestore.Open(root, newClock())
	altered, unnamed := put(t, s, "one"), put(t, s, "two")
	missing := strings.Repeat("f", 64)
	where := filepath.Join(root, altered.Hash[:2], altered.Hash)
	if err := os.WriteFile(where, []byte("onf"), 0o600); err != nil { // as long as before
		t.Fatal(err)
	}
	stray, half := filepath.Join(root, "README"), filepath.Join(root, altered.Hash[:2], ".new-1")
	misplaced := filepath.Join(root, unnamed.Hash)
	for _, path := range []string{stray, half, misplaced} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Check(map[string]bool{altered.Hash: true, missing: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]filestore.Fault{
		altered.Hash: filestore.Altered, missing: filestore.Missing, stray: filestore.Foreign, misplaced: filestore.Foreign,
	}
	found := map[string]filestore.Fault{}
	for _, p := range got {
		found[p.Where] = p.Fault
	}
	if diff := cmp.Diff(want, found); diff != "" || len(got) != len(want) {
		t.Errorf("found (-want +got):\n%s", diff)
	}

	// Whoever brings the same bytes again mends the file.
	put(t, s, "one")
	for _, path := range []string{stray, misplaced} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Check(map[string]bool{altered.Hash: true}); err != nil || len(got) != 0 {
		t.Errorf("after mending: %v, %v", got, err)
	}
}

// What nothing names goes a day after it was last put there, and not earlier.
func TestPurge(t *testing.T) {
	shelves(t, func(t *testing.T, s *filestore.Store, c *clock) {
		named, again, loose := put(t, s, "named"), put(t, s, "again"), put(t, s, "loose")
		purge := func() int {
			t.Helper()
			removed, done, err := s.Purge(c.at.Add(-24*time.Hour), func() (map[string]bool, error) {
				return map[string]bool{named.Hash: true}, nil
			})
			if err != nil || !done {
				t.Fatal(done, err)
			}
			return len(removed)
		}
		c.at = c.at.Add(24 * time.Hour)
		if n := purge(); n != 0 {
			t.Errorf("%d files went on the day", n)
		}
		put(t, s, "again") // somebody brings it once more: it is young again
		c.at = c.at.Add(time.Second)
		if n := purge(); n != 1 {
			t.Errorf("%d files went, want the one that nothing names", n)
		}
		for _, f := range []reminders.File{named, again} {
			if file, err := s.Open(f.Hash); err != nil {
				t.Errorf("%s: %v", f.Hash, err)
			} else {
				_ = file.Close()
			}
		}
		if _, err := s.Open(loose.Hash); reminders.KindOf(err) != reminders.NotFound {
			t.Errorf("what nothing names: %v", err)
		}
	})
}

// Nothing goes when it is not known what is named, nor while somebody copies.
func TestPurgeWaits(t *testing.T) {
	c := newClock()
	s := filestore.Memory(c)
	kept := put(t, s, "kept")
	later := c.at.Add(time.Hour)
	broken := errors.New("unreadable")
	if _, done, err := s.Purge(later, func() (map[string]bool, error) { return nil, broken }); done || !errors.Is(err, broken) {
		t.Errorf("%v, %v", done, err)
	}
	release := s.Hold()
	if _, done, err := s.Purge(later, func() (map[string]bool, error) { return nil, nil }); done || err != nil {
		t.Errorf("held: it purged, %v", err)
	}
	release()
	err := s.Each(func(string, io.Reader, int64) error {
		_, done, err := s.Purge(later, func() (map[string]bool, error) { return nil, nil })
		if done {
			t.Error("it purged during a copy")
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if got := read(t, s, kept); got != "kept" {
		t.Errorf("read %q", got)
	}
	asked := false
	if _, done, err := s.Purge(c.at, func() (map[string]bool, error) { asked = true; return nil, nil }); !done || err != nil || asked {
		t.Errorf("nothing is old: done %v, asked %v, %v", done, asked, err)
	}
}

// The leftovers of a crash in the midst of writing go as well; foreign files stay.
func TestPurgeLeftovers(t *testing.T) {
	root, c := filepath.Join(t.TempDir(), "files"), newClock()
	s := filestore.Open(root, c)
	f := put(t, s, "x")
	half, foreign := filepath.Join(root, f.Hash[:2], ".new-77"), filepath.Join(root, "note.txt")
	for _, path := range []string{half, foreign} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, c.at, c.at); err != nil {
			t.Fatal(err)
		}
	}
	removed, _, err := s.Purge(c.at.Add(time.Second), func() (map[string]bool, error) { return map[string]bool{f.Hash: true}, nil })
	if err != nil || len(removed) != 0 {
		t.Errorf("%v went, %v", removed, err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover: %v", err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("the foreign file: %v", err)
	}
}

// A backup takes every file over, and nothing else under its name.
func TestEachAndTake(t *testing.T) {
	from, to := filestore.Memory(newClock()), filestore.Open(filepath.Join(t.TempDir(), "files"), newClock())
	files := []reminders.File{put(t, from, "one"), put(t, from, "two")}
	err := from.Each(func(hash string, content io.Reader, size int64) error {
		all, err := io.ReadAll(content)
		if err != nil || int64(len(all)) != size {
			t.Errorf("%s: %d bytes, %v", hash, len(all), err)
		}
		ok, err := to.Take(hash, all)
		if !ok {
			t.Errorf("%s was not taken", hash)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"one", "two"} {
		if got := read(t, to, files[i]); got != want {
			t.Errorf("read %q, want %q", got, want)
		}
	}
	for _, hash := range []string{files[0].Hash, "../x", ""} {
		if ok, err := to.Take(hash, []byte("other")); ok || err != nil {
			t.Errorf("%q took other bytes: %v", hash, err)
		}
	}
}
