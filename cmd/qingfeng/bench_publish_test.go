package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// partChanges is how many changes a transaction of the limit carries, as many as one
// commit of the store may.
const partChanges = 1024

// partFound makes the office.
func partFound(b *testing.B, dir string, s *scale) { s.Import = foundOffice(b, dir, s.People) }

// partPublish publishes the personal reminder of a block to everyone: deliveries,
// diaries, obligations.
func partPublish(b *testing.B, dir string, s *scale) {
	clock := newStillClock(benchReminder.Add(-time.Hour))
	f, err := openOffice(b.Context(), dir, clock)
	if err != nil {
		b.Fatal(err)
	}
	s.Units = publishDue(b, f, clock.Now()) // the notice for units, which was due before
	clock.set(benchReminder)
	freshen()
	s.Before = anonymous(os.Getpid())
	largest := watchMemory()
	s.Publish, s.Largest = publishDue(b, f, clock.Now()), largest()
	err = f.store.View(b.Context(), func(tx reminders.Tx) error {
		recent, err := f.store.Notices().RecentNotices(tx, 20)
		for _, n := range recent {
			s.Copies += n.Copies
		}
		return err
	})
	if err != nil || s.Copies < s.People {
		b.Fatalf("%d copies, %v", s.Copies, err)
	}
	if err := f.close(); err != nil {
		b.Fatal(err)
	}
	stat, err := os.Stat(databaseOf(dir))
	if err != nil {
		b.Fatal(err)
	}
	s.File = stat.Size()
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
