package bolt

import (
	"os"

	"go.etcd.io/bbolt"
)

// Bulk leaves commits to the memory of the system until Sync: for a file that is
// written as a whole and is worthless before it is complete.
func Bulk() Option { return func(o *bbolt.Options) { o.NoSync = true } }

// Sync makes everything that was applied durable.
func (e *Engine) Sync() error { return explain("bolt.sync", e.path, e.db.Sync()) }

// Space says how many bytes of the file are taken by pages that were ever used,
// and how many of those are free again.
func (e *Engine) Space() (size, free int64) {
	stats := e.db.Stats()
	page := int64(e.db.Info().PageSize)
	_ = e.db.View(func(tx *bbolt.Tx) error { // fails only when closed: nothing is taken
		size = tx.Size()
		return nil
	})
	return size, int64(stats.FreePageN+stats.PendingPageN) * page
}

// Holds reports whether path leads to the file of the engine, by whatever name.
func (e *Engine) Holds(path string) bool {
	own, err := os.Stat(e.path)
	if err != nil {
		return false
	}
	other, err := os.Stat(path)
	return err == nil && os.SameFile(own, other)
}

// same reports whether the file that was opened still has the name path: another
// process may have put a new one in its place while this one waited for the lock.
func same(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(opened, named)
}
