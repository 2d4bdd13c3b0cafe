package bolt

import (
	"bytes"
	"context"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/qingfeng-bot/qingfeng/reminders/store"
)

// MaxChanges is how many changes one Apply may carry. A thousand is where more
// hardly makes a bulk faster, and few enough that an answer which waits behind
// one is not felt.
const MaxChanges = 1024

// fill is how full a page is left when it splits. Keys lead with time, so most
// pages are appended to and never split in the middle again.
const fill = 0.9

// revSize is the length of the revision in front of each value.
const revSize = 8

// recordsBucket is the one bucket.
var recordsBucket = []byte("records")

// Engine is an engine on one file. It holds the file's lock until Close.
type Engine struct {
	db   *bbolt.DB
	path string
}

var _ store.Engine = (*Engine)(nil)

// Get implements store.Reader.
func (e *Engine) Get(ctx context.Context, key string) (store.Record, bool, error) {
	view, err := e.view(ctx)
	if err != nil {
		return store.Record{}, false, err
	}
	defer func() { _ = view.Close() }()
	return view.Get(ctx, key)
}

// List implements store.Reader.
func (e *Engine) List(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	view, err := e.view(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = view.Close() }()
	return view.List(ctx, from, to, limit)
}

// Snapshot implements store.Engine with a read transaction.
func (e *Engine) Snapshot(ctx context.Context) (store.Snapshot, error) {
	view, err := e.view(ctx)
	if err != nil {
		return nil, err
	}
	return view, nil
}

// view opens a read transaction.
func (e *Engine) view(ctx context.Context) (*snapshot, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tx, err := e.db.Begin(false)
	if err != nil {
		return nil, explain("bolt.read", e.path, err)
	}
	return &snapshot{tx: tx, cursor: tx.Bucket(recordsBucket).Cursor(), path: e.path}, nil
}

// Apply implements store.Engine with one write transaction.
func (e *Engine) Apply(ctx context.Context, changes ...store.Change) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	changes, err = store.InOrder(changes, MaxChanges)
	if err != nil || len(changes) == 0 {
		return err
	}
	defer rescue("bolt.apply", e.path, &err)
	err = e.db.Update(func(tx *bbolt.Tx) error { return write(tx, changes) })
	return explain("bolt.apply", e.path, err)
}

// write makes changes in tx, in the order of their keys, which is how bbolt writes
// them fastest. An error leaves the rolling back to the caller.
func write(tx *bbolt.Tx, changes []store.Change) error {
	records := tx.Bucket(recordsBucket)
	records.FillPercent = fill
	rev, err := records.NextSequence()
	if err != nil {
		return err
	}
	seen, key := records.Cursor(), make([]byte, 0, store.MaxKey)
	for _, c := range changes {
		key = append(key[:0], c.Key...) // bbolt keeps a copy
		if c.Seen != store.Any {
			if err := store.CheckSeen(c, revOf(seek(seen, key))); err != nil {
				return err
			}
		}
		if c.Value == nil {
			err = records.Delete(key)
		} else {
			value := binary.BigEndian.AppendUint64(make([]byte, 0, revSize+len(c.Value)), rev)
			err = records.Put(key, append(value, c.Value...))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// seek gives the value of key, nil if there is none. One cursor serves many reads, also
// between writes, since each search starts at the root; Bucket.Get makes one for each.
func seek(cursor *bbolt.Cursor, key []byte) []byte {
	found, stored := cursor.Seek(key)
	if !bytes.Equal(found, key) {
		return nil
	}
	return stored
}

// revOf reads the revision in front of a value; 0 if there is none.
func revOf(stored []byte) uint64 {
	if len(stored) < revSize {
		return 0
	}
	return binary.BigEndian.Uint64(stored)
}

// MaxChanges implements store.Engine.
func (e *Engine) MaxChanges() int { return MaxChanges }

// Close implements store.Engine. It waits for open snapshots.
func (e *Engine) Close() error { return explain("bolt.close", e.path, e.db.Close()) }

// snapshot is a read transaction.
type snapshot struct {
	tx     *bbolt.Tx
	cursor *bbolt.Cursor
	path   string
	closed bool
}

// ready refuses a context that has ended and a snapshot that is closed.
func (s *snapshot) ready(ctx context.Context) error {
	if s.closed {
		return store.ErrClosed("bolt.read")
	}
	return ctx.Err()
}

// Get implements store.Reader.
func (s *snapshot) Get(ctx context.Context, key string) (record store.Record, ok bool, err error) {
	if err := s.ready(ctx); err != nil {
		return store.Record{}, false, err
	}
	defer rescue("bolt.get", s.path, &err)
	stored := seek(s.cursor, []byte(key))
	if stored == nil {
		return store.Record{}, false, nil
	}
	return read(key, stored), true, nil
}

// List implements store.Reader.
func (s *snapshot) List(ctx context.Context, from, to string, limit int) (found []store.Record, err error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	defer rescue("bolt.list", s.path, &err)
	end := []byte(to)
	for key, stored := s.cursor.Seek([]byte(from)); key != nil; key, stored = s.cursor.Next() {
		if to != "" && bytes.Compare(key, end) >= 0 || limit > 0 && len(found) == limit {
			break
		}
		found = append(found, read(string(key), stored))
	}
	return found, nil
}

// Count counts the records with from <= key < to without copying them.
func (s *snapshot) Count(ctx context.Context, from, to string) (n int, err error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	defer rescue("bolt.count", s.path, &err)
	end := []byte(to)
	for key, _ := s.cursor.Seek([]byte(from)); key != nil && (to == "" || bytes.Compare(key, end) < 0); key, _ = s.cursor.Next() {
		n++
	}
	return n, nil
}

// read copies a record out of the file.
func read(key string, stored []byte) store.Record {
	if len(stored) < revSize {
		panic("a value without a revision") // rescued as a damaged file
	}
	return store.Record{Key: key, Value: append([]byte{}, stored[revSize:]...), Rev: revOf(stored)}
}

// Close implements store.Snapshot.
func (s *snapshot) Close() error {
	if s.closed {
		return nil
	}
	s.closed = true
	return explain("bolt.read", s.path, s.tx.Rollback())
}
