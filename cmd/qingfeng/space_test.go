package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// roomy makes a store with records of which most are deleted again, and gives its
// directory and what is left in it.
func roomy(t *testing.T, records, kept int) (dir string, left map[string]string) {
	t.Helper()
	dir = t.TempDir()
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := newOffice(t.Context(), officeOptions{engine: engine, clock: wallClock{}, location: time.UTC, language: reminders.Chinese, log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	feedback := func(from, to int, v any) {
		for first := from; first < to; first += 500 {
			err := f.store.Do(t.Context(), func(tx reminders.Tx) error {
				for n := first; n < min(first+500, to); n++ {
					if v == nil {
						if err := f.store.SaveDialog(tx, reminders.ChatID(n), nil); err != nil {
							return err
						}
					} else if err := f.store.SaveDialog(tx, reminders.ChatID(n), v); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	feedback(0, records, strings.Repeat("x", 500))
	feedback(kept, records, nil)
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	return dir, contents(t, dir)
}

// contents reads every record of a directory's store.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	records, err := engine.List(t.Context(), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, record := range records {
		all[record.Key] = string(record.Value)
	}
	return all
}

// A file of which more than half is free is written anew, with every record and no
// trace of the copying; one that is fuller, or small, is left alone.
func TestCompact(t *testing.T) {
	for _, row := range []struct {
		name   string
		kept   int
		from   int64
		shrink bool
	}{
		{"mostly free", 100, 1 << 20, true},
		{"mostly full", 3900, 1 << 20, false},
		{"small", 100, 1 << 30, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir, left := roomy(t, 4000, row.kept)
			database := filepath.Join(dir, databaseName)
			orphan := filepath.Join(dir, "."+databaseName+".new-123") // of a kill in the middle
			if err := os.WriteFile(orphan, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			before, err := os.Stat(database)
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			if err := compact(t.Context(), dir, row.from, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
				t.Fatal(err)
			}
			after, err := os.Stat(database)
			if err != nil || after.Mode().Perm() != 0o600 {
				t.Fatal(after, err)
			}
			if os.SameFile(before, after) == row.shrink {
				t.Errorf("a new file: %v, log %s", !row.shrink, &log)
			}
			if diff := cmp.Diff(left, contents(t, dir)); diff != "" {
				t.Errorf("records (-before +after):\n%s", diff)
			}
			if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
				t.Errorf("the directory holds %v, %v", names, err)
			}
			if row.shrink && !strings.Contains(log.String(), "made compact") {
				t.Errorf("the log says %q", &log)
			}
			engine, err := openEngine(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = engine.Close() }()
			if size, free := engine.Space(); row.shrink && 2*free > size {
				t.Errorf("of %d bytes %d are free", size, free)
			}
		})
	}
}

// A copy that fails, or is not sound, leaves the file as it was and the service starts.
func TestCompactThatFails(t *testing.T) {
	dir, left := roomy(t, 4000, 100)
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	orphan := store.Change{Key: "chat/1", Value: []byte("\x01\"E9\""), Seen: 0} // a row without its record
	if err := engine.Apply(t.Context(), orphan); err != nil {
		t.Fatal(err)
	}
	left[orphan.Key] = string(orphan.Value)
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := compact(t.Context(), dir, 1<<20, slog.New(slog.NewTextHandler(&log, nil))); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "was not made compact") {
		t.Errorf("the log says %q", &log)
	}
	if diff := cmp.Diff(left, contents(t, dir)); diff != "" {
		t.Errorf("records (-before +after):\n%s", diff)
	}
}

// A directory in use is refused, and one without a store is no matter.
func TestCompactInUse(t *testing.T) {
	dir := t.TempDir()
	if err := compact(t.Context(), dir, 0, discard()); err != nil {
		t.Error(err)
	}
	engine, err := openEngine(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = engine.Close() }()
	if err := compact(t.Context(), dir, 0, discard()); !inUse(err) {
		t.Errorf("a store in use: %v", err)
	}
}

// Sizes as people write them.
func TestParseQuota(t *testing.T) {
	for text, want := range map[string]int64{
		"": 0, "2GB": 2e9, "2 GB": 2e9, "1.5GiB": 1610612736, "64MiB": 64 << 20, "1TB": 1e12,
	} {
		if got, err := parseQuota(text); err != nil || got != want {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"2", "GB", "2gb", "-2GB", "10MB", "NaNGB", "InfGB", "9999999999TB", "2GB!", "zwei GB"} {
		if got, err := parseQuota(text); err == nil {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}

// gauge is an engine that says how full it is.
type gauge struct{ size, free int64 }

func (g *gauge) Space() (size, free int64) { return g.size, g.free }

// The admins are warned from four fifths on, once a day, and free pages do not count.
func TestSpaceWatch(t *testing.T) {
	play(t, "2026-10-13T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		full := &gauge{size: 99, free: 20}
		watch := &spaceWatch{
			units: s.live.store, engine: full, quota: 100, tell: s.live.bot.TellAdmins,
			zone: func() *time.Location { return s.loc },
		}
		look := func() {
			t.Helper()
			if _, more, err := watch.Advance(context.Background(), s.clock.Now()); err != nil || more {
				t.Fatal(more, err)
			}
			s.settle()
		}
		warned := func(want int) {
			t.Helper()
			if got := s.copies("A1", "〔存储空间〕"); got != want {
				t.Errorf("at %s the admin was warned %d times, want %d", s.clock.Now().In(s.loc), got, want)
			}
		}
		look()
		warned(0)
		full.free = 19
		look() // within the hour it is not looked again
		warned(0)
		s.until("2026-10-13 11:00")
		look()
		warned(1)
		s.reads("A1", fmt.Sprintf("%d%%", 80))
		s.until("2026-10-13 15:00")
		look()
		warned(1)
		s.until("2026-10-14 09:00")
		look()
		warned(2)
		if s.copies("S2", "〔存储空间〕") != 0 {
			t.Error("the staff were warned")
		}
	})
}
