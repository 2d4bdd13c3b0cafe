package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// partChanges is how many changes a transaction of the limit carries, as many as one
// commit of the store may.
const partChanges = 1024

// partFound makes the office.
func partFound(b *testing.B, dir string, s *scale) { s.Import = foundOffice(b, dir, s.People) }

// partUnits publishes the notice for units, which is due before the reminder.
func partUnits(b *testing.B, dir string, s *scale) {
	if !*benchUnits {
		passOver(b, dir)
		return
	}
	s.Units, s.UnitsLargest = publishAt(b, dir, benchReminder.Add(-time.Hour))
}

// passOver lets the notice for units be skipped.
func passOver(b *testing.B, dir string) {
	b.Helper()
	f, err := openOffice(b.Context(), dir, newStillClock(benchDayBefore))
	if err != nil {
		b.Fatal(err)
	}
	for _, item := range f.notices.Upcoming(reminders.Window{From: benchReminder.AddDate(0, 0, -10), To: benchReminder}) {
		if item.Kind != notice.UnitNotice {
			continue
		}
		err := f.store.Do(b.Context(), func(tx reminders.Tx) error {
			return f.store.Notices().SaveNotice(tx, notice.Notice{ID: item.Key, Kind: item.Kind, Block: item.Block, At: item.At, State: notice.Skipped})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := f.close(); err != nil {
		b.Fatal(err)
	}
}

// partPublish publishes the personal reminder of a block to everyone: deliveries,
// diaries, obligations.
func partPublish(b *testing.B, dir string, s *scale) {
	s.Publish, s.Largest = publishAt(b, dir, benchReminder)
	stat, err := os.Stat(databaseOf(dir))
	if err != nil {
		b.Fatal(err)
	}
	s.File = stat.Size()
}

// publishAt publishes what is due at an instant. It gives how long that took and the
// largest anonymous memory meanwhile.
func publishAt(b *testing.B, dir string, at time.Time) (took time.Duration, largest int64) {
	b.Helper()
	f, err := openOffice(b.Context(), dir, newStillClock(at))
	if err != nil {
		b.Fatal(err)
	}
	freshen()
	watched := watchMemory()
	took = publishDue(b, f, at)
	largest = watched()
	waiting := false
	err = f.store.View(b.Context(), func(tx reminders.Tx) error {
		left, err := f.store.Notices().PublishingNotices(tx)
		waiting = len(left) > 0
		return err
	})
	if err != nil || waiting {
		b.Fatalf("something is left to publish: %t, %v", waiting, err)
	}
	if err := f.close(); err != nil {
		b.Fatal(err)
	}
	return took, largest
}

// publishDue publishes what is due and gives how long that took.
func publishDue(b *testing.B, f *office, now time.Time) time.Duration {
	b.Helper()
	begun := time.Now()
	for more := true; more; {
		var err error
		if _, more, err = f.notices.Advance(b.Context(), now); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begun)
}

// written are the kinds of records that publishing writes.
var written = []string{"delivery/", "diary/", "due/", "line/", "mine/"}

// partInsert writes what publishing wrote once more, with bbolt alone: the same keys
// and bytes in their order, from one goroutine, in transactions of several sizes.
func partInsert(b *testing.B, dir string, s *scale) {
	for _, changes := range []int{partChanges, 16 * partChanges, 64 * partChanges} {
		took := insertAgain(b, dir, changes, s)
		if changes == partChanges {
			s.Insert = took
		}
		if s.InsertBest == 0 || took < s.InsertBest {
			s.InsertBest, s.BestChanges = took, changes
		}
	}
}

// insertAgain gives how long writing took; reading is not counted.
func insertAgain(b *testing.B, dir string, changes int, s *scale) (took time.Duration) {
	from, err := bbolt.Open(databaseOf(dir), 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	path := filepath.Join(dir, "insert.db")
	to, err := bbolt.Open(path, 0o600, bareOptions())
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = to.Close(); _ = os.Remove(path) }()
	var keys, values [][]byte
	write := func() {
		begun := time.Now()
		if err := to.Update(func(tx *bbolt.Tx) error { return putPairs(tx, keys, values) }); err != nil {
			b.Fatal(err)
		}
		took += time.Since(begun)
		keys, values = keys[:0], values[:0]
	}
	s.Records, s.Bytes = 0, 0
	err = from.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket([]byte("records")).Cursor()
		for _, prefix := range written {
			for key, value := cursor.Seek([]byte(prefix)); key != nil && string(key[:min(len(key), len(prefix))]) == prefix; key, value = cursor.Next() {
				keys, values = append(keys, append([]byte{}, key...)), append(values, append([]byte{}, value...))
				s.Records++
				s.Bytes += int64(len(key) + len(value))
				if len(keys) == changes {
					write()
				}
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	write()
	return took
}

// bareOptions are those of the engine.
func bareOptions() *bbolt.Options {
	return &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 1 << 30}
}

// putPairs writes in one transaction.
func putPairs(tx *bbolt.Tx, keys, values [][]byte) error {
	bucket, err := tx.CreateBucketIfNotExists([]byte("records"))
	if err != nil {
		return err
	}
	bucket.FillPercent = 0.9
	for i, key := range keys {
		if err := bucket.Put(key, values[i]); err != nil {
			return err
		}
	}
	return nil
}
