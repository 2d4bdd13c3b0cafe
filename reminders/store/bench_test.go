package store_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// Each benchmark measures the store and, in the same run, bbolt alone making the
// same changes to the same records from bytes that are ready made. It reports the
// ratio of the two, not the time. In a Do the records are also read, decoded,
// encoded, checked and chained.

// BenchmarkAnswers: taps of people in no order, settled durably by so many chats at
// once. The limits are bbolt's own group commit (Batch from as many goroutines, set
// off as soon as all are in it) and a single goroutine with as many taps to a
// transaction, which nobody waits for.
func BenchmarkAnswers(b *testing.B) {
	for _, chats := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("chats=%d", chats), func(b *testing.B) {
			n := b.N * chats
			people := rand.Perm(n)
			s := open(b, disk(b))
			enrol(b, s, n)
			took := spend(b, n, chats, func(i int) error {
				return s.Do(b.Context(), func(tx reminders.Tx) error { return answer(unit(tx), people[i]) })
			})
			taps := readyTaps(b, people)
			b.ReportMetric(float64(n)/took.Seconds(), "taps/s")
			b.ReportMetric(batched(b, taps, chats).Seconds()/took.Seconds(), "of-Batch")
			b.ReportMetric(single(b, taps, chats).Seconds()/took.Seconds(), "of-single")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkBulk: sorted records written in units of work of the largest size. The
// limit is bbolt's own sorted insert, a thousand to a transaction.
func BenchmarkBulk(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			if testing.Short() && n > 100_000 {
				b.Skip("it takes some seconds")
			}
			for b.Loop() {
				records := make([]pair, n)
				for i := range records {
					records[i] = pair{fmt.Sprintf("obligation/%020d", i), bytes.Repeat([]byte{byte(i)}, 128)}
				}
				took := bulk(b, open(b, disk(b)), records)
				limit := insert(b, rawDB(b), records)
				b.ReportMetric(float64(n)/took.Seconds(), "records/s")
				b.ReportMetric(limit.Seconds()/took.Seconds(), "of-insert")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// disk opens the embedded engine on a new file.
func disk(b *testing.B) *bolt.Engine {
	b.Helper()
	e, err := bolt.Open(filepath.Join(b.TempDir(), "qingfeng.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = e.Close() })
	return e
}

// expected is a record like those that answers change.
type expected struct {
	Key     string    `json:"key"`
	Owner   string    `json:"owner"`
	Kind    string    `json:"kind"`
	Due     time.Time `json:"due"`
	State   string    `json:"state"`
	Settled time.Time `json:"settled,omitzero"`
}

// expectedOf is what is expected of person n.
func expectedOf(n int) expected {
	key := fmt.Sprintf("obligation/2026-mid-autumn/S%08d", n)
	return expected{Key: key, Owner: fmt.Sprintf("S%08d", n), Kind: "acknowledgement", Due: eve, State: "open"}
}

// settled is what it becomes by an answer.
func (e expected) settled(now time.Time) expected {
	e.State, e.Settled = "met", now
	return e
}

// row is its key in the agenda.
func (e expected) row() string { return "agenda/2026-09-24T10:00:00Z/" + e.Owner }

// entry is what the ledger says about the answer.
func (e expected) entry() ledger.Entry {
	return ledger.Entry{
		At: eve, Actor: e.Owner, Verb: ledger.Acknowledged, Object: e.Key, Reason: "tap",
		TextHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	}
}

// answer is what one tap does: it reads what is expected and settles it, takes its
// row out of the agenda and adds an entry to the ledger.
func answer(u *store.Unit, n int) error {
	e, _, err := store.Load[expected](u, expectedOf(n).Key)
	if err != nil {
		return err
	}
	u.Delete(e.row())
	u.Append(e.entry())
	return store.Save(u, e.Key, e.settled(u.Now()))
}

// enrol expects something of the people 0 to n-1.
func enrol(b *testing.B, s *store.Store, n int) {
	b.Helper()
	bulk(b, s, enrolled(b, n))
}

// enrolled gives the records of what is expected of the people 0 to n-1.
func enrolled(b *testing.B, n int) []pair {
	b.Helper()
	var rows, records []pair
	for i := range n {
		e := expectedOf(i)
		rows = append(rows, pair{e.row(), []byte{1}})
		records = append(records, pair{e.Key, encoded(b, e)})
	}
	return append(rows, records...)
}

// spend runs f for the numbers 0 to n-1 in so many goroutines at once and gives
// how long that took.
func spend(b *testing.B, n, chats int, f func(i int) error) time.Duration {
	b.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	for range chats {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begun)
}

// bulk writes records through units of work and gives how long that took.
func bulk(b *testing.B, s *store.Store, records []pair) time.Duration {
	b.Helper()
	begun := time.Now()
	for part := range slices.Chunk(records, s.MaxUnit()) {
		do(b, s, func(u *store.Unit) {
			for _, p := range part {
				u.Put(p.key, p.value)
			}
		})
	}
	return time.Since(begun)
}

// pair is a record for bbolt alone; no value means that it goes.
type pair struct {
	key   string
	value []byte
}

// put writes the pair with eight bytes before the value, as many as the engine
// needs for the revision.
func (p pair) put(bucket *bbolt.Bucket) error {
	if p.value == nil {
		return bucket.Delete([]byte(p.key))
	}
	return bucket.Put([]byte(p.key), append(make([]byte, 8, 8+len(p.value)), p.value...))
}

// tap is the changes of one tap.
type tap [3]pair

// readyTaps gives the changes of the taps of people, ready made.
func readyTaps(b *testing.B, people []int) []tap {
	b.Helper()
	taps := make([]tap, len(people))
	prev := ""
	for i, n := range people {
		e := expectedOf(n)
		entry := ledger.Seal(prev, uint64(i+1), e.entry())
		prev = entry.Sum
		taps[i] = tap{
			{e.row(), nil},
			{"ledger/" + store.Digits(entry.Seq), encoded(b, entry)},
			{e.Key, encoded(b, e.settled(eve))},
		}
	}
	return taps
}

// encoded is the record of v.
func encoded(b *testing.B, v any) []byte {
	b.Helper()
	record, err := store.Encode(v)
	if err != nil {
		b.Fatal(err)
	}
	return record
}

// rawDB opens a new file with bbolt alone, with the options of the engine.
func rawDB(b *testing.B) *bbolt.DB {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{
		FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 1 << 30,
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// records gives the one bucket of a transaction.
func records(tx *bbolt.Tx) (*bbolt.Bucket, error) {
	bucket, err := tx.CreateBucketIfNotExists([]byte("records"))
	if err == nil {
		bucket.FillPercent = 0.9
	}
	return bucket, err
}

// insert writes pairs with bbolt alone and gives how long that took.
func insert(b *testing.B, db *bbolt.DB, pairs []pair) time.Duration {
	b.Helper()
	begun := time.Now()
	for part := range slices.Chunk(pairs, 1000) {
		write(b, db, part)
	}
	return time.Since(begun)
}

// write writes pairs in one transaction.
func write(b *testing.B, db *bbolt.DB, pairs []pair) {
	b.Helper()
	err := db.Update(func(tx *bbolt.Tx) error { return putAll(tx, pairs) })
	if err != nil {
		b.Fatal(err)
	}
}

// putAll writes pairs in a transaction.
func putAll(tx *bbolt.Tx, pairs []pair) error {
	bucket, err := records(tx)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if err := p.put(bucket); err != nil {
			return err
		}
	}
	return nil
}

// single makes the changes of taps from one goroutine, so many to a transaction,
// and gives how long that took.
func single(b *testing.B, taps []tap, chats int) time.Duration {
	b.Helper()
	db := rawDB(b)
	insert(b, db, enrolled(b, len(taps)))
	begun := time.Now()
	for part := range slices.Chunk(taps, chats) {
		var pairs []pair
		for _, t := range part {
			pairs = append(pairs, t[:]...)
		}
		write(b, db, pairs)
	}
	return time.Since(begun)
}

// batched makes them with bbolt's own group commit and gives how long that took.
func batched(b *testing.B, taps []tap, chats int) time.Duration {
	b.Helper()
	db := rawDB(b)
	insert(b, db, enrolled(b, len(taps)))
	db.MaxBatchSize = chats
	return spend(b, len(taps), chats, func(i int) error {
		return db.Batch(func(tx *bbolt.Tx) error { return putAll(tx, taps[i][:]) })
	})
}
