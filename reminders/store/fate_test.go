package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// A message is outdated until it has that version, or a later one.
func TestFateOfACorrection(t *testing.T) {
	corrected := func(v int) notice.Fate {
		return notice.Fate{Result: notice.FateCorrected, Copy: "announcement/1/P1", Version: v}
	}
	outdated := func(v int) notice.Fate {
		return notice.Fate{Result: notice.FateOutdated, Copy: "announcement/1/P1", Version: v, Why: notice.KeptBlocked}
	}
	tests := []struct {
		name          string
		fates         []notice.Fate
		shows, misses int
	}{
		{"it has it", []notice.Fate{corrected(2)}, 2, 0},
		{"it misses it", []notice.Fate{outdated(2)}, 0, 2},
		{"a later one arrives", []notice.Fate{outdated(2), corrected(3)}, 3, 0},
		{"the same one arrives after all", []notice.Fate{outdated(2), corrected(2)}, 2, 0},
		{"a later one is missed", []notice.Fate{corrected(2), outdated(3)}, 2, 3},
		{"an earlier one ends late", []notice.Fate{corrected(3), outdated(2)}, 3, 0},
		{"an earlier one comes late", []notice.Fate{corrected(3), corrected(2)}, 3, 0},
		{"an earlier one comes after a later one failed", []notice.Fate{outdated(3), corrected(2)}, 2, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := open(t, mem.New())
			records := s.Publications()
			for _, f := range test.fates {
				within(t, s, func(tx reminders.Tx) error { return records.SaveFate(tx, "announcement/1", f) })
			}
			within(t, s, func(tx reminders.Tx) error {
				for result, want := range map[notice.FateResult]int{notice.FateCorrected: test.shows, notice.FateOutdated: test.misses} {
					f, found, err := records.Fate(tx, "announcement/1", result, "announcement/1/P1")
					if err != nil {
						return err
					}
					if f.Version != want || found != (want > 0) {
						t.Errorf("%s: version %d instead of %d", result, f.Version, want)
					}
				}
				return nil
			})
		})
	}
}

// Records of an earlier release do not name their message: their key does.
func TestFateOfEarlierReleases(t *testing.T) {
	s := open(t, mem.New())
	records := s.Publications()
	for _, key := range []reminders.DeliveryKey{"announcement/1/P1", "announcement/1/P2", "announcement/1/P3"} {
		within(t, s, func(tx reminders.Tx) error {
			return records.SaveFate(tx, "announcement/1", notice.Fate{At: time.Unix(0, 0).UTC(), Result: notice.FateKept, Copy: key, Why: "blocked"})
		})
	}
	var got []reminders.DeliveryKey
	within(t, s, func(tx reminders.Tx) error {
		got = nil
		for after := reminders.DeliveryKey(""); ; {
			page, err := records.FatesAfter(tx, "announcement/1", notice.FateKept, after, 2)
			for _, f := range page {
				got, after = append(got, f.Copy), f.Copy
			}
			if err != nil || len(page) < 2 {
				return err
			}
		}
	})
	if diff := cmp.Diff([]reminders.DeliveryKey{"announcement/1/P1", "announcement/1/P2", "announcement/1/P3"}, got); diff != "" {
		t.Errorf("the messages (-want +got):\n%s", diff)
	}
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		n, err := records.CountFates(tx, "announcement/1", notice.FateKept)
		if n != 3 {
			t.Errorf("%d are counted", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// within runs a unit of work.
func within(t *testing.T, s *store.Store, work func(tx reminders.Tx) error) {
	t.Helper()
	if err := s.Do(t.Context(), work); err != nil {
		t.Fatal(err)
	}
}
