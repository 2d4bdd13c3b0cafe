package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// A backup holds every record, says when it was taken, and is sound; a backup of it
// says its own instant.
func TestBackup(t *testing.T) {
	engine := mem.New()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	office(t, s)
	terms(t, s, "many", eve, true, 400) // several chunks of the smallest engine

	once, twice := mem.New(), mem.New()
	made, err := s.Backup(t.Context(), once)
	if err != nil {
		t.Fatal(err)
	}
	original := keysOf(t, engine)
	if made.Records != len(original) || !made.At.Equal(eve) {
		t.Errorf("made %+v of %d records", made, len(original))
	}
	original["backup"] = true
	if diff := cmp.Diff(original, keysOf(t, once)); diff != "" {
		t.Errorf("records (-store +backup):\n%s", diff)
	}
	if problems, err := store.Inspect(t.Context(), once); err != nil || len(problems) > 0 {
		t.Errorf("the backup is not sound: %v, %v", problems, err)
	}

	later := eve.Add(time.Hour)
	again, err := store.Open(t.Context(), once, at(later), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if taken := takenAt(t, again); !taken.Equal(eve) {
		t.Errorf("the backup was taken at %v, want %v", taken, eve)
	}
	if _, err := again.Backup(t.Context(), twice); err != nil {
		t.Fatal(err)
	}
	third, err := store.Open(t.Context(), twice, at(later), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = third.Close() }()
	if taken := takenAt(t, third); !taken.Equal(later) {
		t.Errorf("the second backup was taken at %v, want %v", taken, later)
	}
}

// A damaged copy is found before it is used.
func TestInspectFindsDamage(t *testing.T) {
	engine := mem.New()
	s, err := store.Open(t.Context(), engine, still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	office(t, s)
	copied := mem.New()
	if _, err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := copied.Apply(t.Context(), store.Change{Key: "person/E1", Seen: store.Any}); err != nil {
		t.Fatal(err)
	}
	if problems, err := store.Inspect(t.Context(), copied); err != nil || len(problems) == 0 {
		t.Errorf("a missing record was not found: %v", err)
	}
}

// at is a clock that stands at an instant of its own.
func at(now time.Time) reminders.Clock { return standing{still{}, now} }

type standing struct {
	still
	now time.Time
}

func (c standing) Now() time.Time { return c.now }

func takenAt(t *testing.T, s *store.Store) (at time.Time) {
	t.Helper()
	err := s.View(t.Context(), func(tx reminders.Tx) (err error) {
		at, err = s.TakenAt(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A file that was copied by hand was taken when the service was last at work.
func TestTakenAtOfAPlainCopy(t *testing.T) {
	s := newShelf(t)
	if got := takenAt(t, s.Store); !got.IsZero() {
		t.Errorf("a store that never was at work was taken at %v", got)
	}
	s.do(func(tx reminders.Tx) error {
		_, _, err := s.Alive(tx, time.Hour)
		return err
	})
	if got := takenAt(t, s.Store); !got.Equal(eve) {
		t.Errorf("taken at %v, want %v", got, eve)
	}
}

// Numbers go on after those given out elsewhere, and never backwards.
func TestRaiseNumber(t *testing.T) {
	s := newShelf(t)
	s.do(func(tx reminders.Tx) error {
		_, err := s.Number(tx, "feedback/2026")
		return err
	})
	s.do(func(tx reminders.Tx) error { return s.Quarantine(tx, "raw", "its numbers are nobody's business") })
	for _, row := range []struct {
		series string
		n      uint64
		raised bool
	}{{"feedback/2026", 1, false}, {"feedback/2026", 0, false}, {"feedback/2026", 17, true}, {"feedback/2026", 16, false}, {"new/2026", 3, true}} {
		var raised bool
		s.do(func(tx reminders.Tx) (err error) {
			raised, err = s.RaiseNumber(tx, row.series, row.n)
			return err
		})
		if raised != row.raised {
			t.Errorf("%s to %d: %v", row.series, row.n, raised)
		}
	}
	var last map[string]uint64
	var next uint64
	s.do(func(tx reminders.Tx) (err error) {
		if last, err = s.Numbers(tx); err != nil {
			return err
		}
		next, err = s.Number(tx, "feedback/2026")
		return err
	})
	if diff := cmp.Diff(map[string]uint64{"feedback/2026": 17, "new/2026": 3}, last); diff != "" || next != 18 {
		t.Errorf("next %d, series (-want +got):\n%s", next, diff)
	}
}

// What waits and is due is counted by kind, up to a limit; what is in flight or later
// is not.
func TestWaiting(t *testing.T) {
	s := newShelf(t)
	for n, d := range []reminders.Delivery{
		{Key: "2026-x/a/b", Kind: "chase", Lane: reminders.LanePersonal, NotBefore: eve},
		{Key: "b", Kind: "chase", Lane: reminders.LaneBroadcast, NotBefore: eve.Add(-time.Hour)},
		{Key: "c", Kind: "digest", Lane: reminders.LaneDuty, NotBefore: eve},
		{Key: "d", Kind: "digest", Lane: reminders.LaneDuty, NotBefore: eve.Add(time.Hour)},
		{Key: "e", Kind: "digest", Lane: reminders.LaneDuty, NotBefore: eve, ClaimedAt: eve},
	} {
		d.MessageID = n
		s.do(func(tx reminders.Tx) error { return s.Outbox().SaveDelivery(tx, d) })
	}
	s.do(func(tx reminders.Tx) error {
		kinds, more, err := s.Outbox().Waiting(tx, eve, 10)
		if diff := cmp.Diff(map[string]int{"chase": 2, "digest": 1}, kinds); diff != "" || more {
			t.Errorf("more %v (-want +got):\n%s", more, diff)
		}
		if _, more, _ := s.Outbox().Waiting(tx, eve, 2); !more {
			t.Error("a limit of two hides that there is a third")
		}
		return err
	})
	s.do(func(tx reminders.Tx) error {
		late, err := s.Outbox().Overdue(tx, eve.Add(time.Minute))
		want := map[reminders.Lane]time.Duration{
			reminders.LaneAnswer: 0, reminders.LaneDuty: time.Minute, reminders.LanePersonal: time.Minute, reminders.LaneBroadcast: 61 * time.Minute,
		}
		if diff := cmp.Diff(want, late); diff != "" {
			t.Errorf("overdue (-want +got):\n%s", diff)
		}
		return err
	})
}

// A span in which answers were lost counts as longer than the chat service keeps
// updates, however short it was.
func TestLoseAnswers(t *testing.T) {
	s := newShelf(t)
	s.do(func(tx reminders.Tx) error {
		if err := s.LoseAnswers(tx, reminders.Window{From: eve, To: eve.Add(time.Minute)}); err != nil {
			return err
		}
		return s.Append(tx, ledger.Entry{Actor: ledger.System, Verb: ledger.Restored})
	})
	s.do(func(tx reminders.Tx) error {
		outages, err := s.Obligations().Outages(tx)
		if len(outages) != 1 || outages[0].Length() <= 24*time.Hour || !outages[0].To.Equal(eve.Add(time.Minute)) {
			t.Errorf("outages %v", outages)
		}
		return err
	})
}
