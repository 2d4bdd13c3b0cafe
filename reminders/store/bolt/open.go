package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// lockWait is how long Open waits for another process to let go of the file: long
// enough for the one before to end, short enough to be told at once.
const lockWait = 2 * time.Second

// mapSize is how much address space is reserved for the file. A file that
// outgrows its mapping has to wait for all readers to end.
const mapSize = 1 << 30

// Option changes how a file is opened.
type Option func(*bbolt.Options)

// LockWait sets how long to wait for another process; the default is two seconds.
func LockWait(d time.Duration) Option { return func(o *bbolt.Options) { o.Timeout = d } }

// Quota limits the size of the file in bytes; it grows in steps of 16 MiB. An
// Apply for which there is no room fails as on a full disk. The default is no
// limit.
func Quota(size int) Option { return func(o *bbolt.Options) { o.MaxSize = size } }

// options are the settings of bbolt: the free list is rebuilt at the start
// instead of being written with each commit, which is faster and cannot be
// damaged.
func options(opts []Option) *bbolt.Options {
	o := &bbolt.Options{
		Timeout:         lockWait,
		FreelistType:    bbolt.FreelistMapType,
		NoFreelistSync:  true,
		InitialMmapSize: mapSize,
	}
	for _, opt := range opts {
		opt(o)
	}
	return o
}

// Open opens the file at path and creates it, and its directory, when there is
// none. A file in use by another process is a Busy error; a file that is damaged,
// cut off, empty or not one of ours is an error that names the remedy, and is not
// touched.
func Open(path string, opts ...Option) (e *Engine, err error) {
	o := options(opts)
	defer rescue("bolt.open", path, &err)
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if err := create(path); err != nil {
			return nil, explain("bolt.create", path, err)
		}
	case err != nil:
		return nil, explain("bolt.open", path, err)
	}
	if err := survey(path, o.Timeout); err != nil {
		return nil, explain("bolt.open", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, explain("bolt.open", path, err)
	}
	db, err := open(path, o)
	if err != nil {
		return nil, explain("bolt.open", path, err)
	}
	return &Engine{db: db, path: path}, nil
}

// open opens the file for writing. When bbolt fails or panics half-way it leaves
// the file open and locked; here it is closed.
func open(path string, o *bbolt.Options) (db *bbolt.DB, err error) {
	var file *os.File
	o.OpenFile = func(path string, flag int, mode os.FileMode) (*os.File, error) {
		var err error
		file, err = os.OpenFile(path, flag&^os.O_CREATE, mode)
		return file, err
	}
	defer func() {
		if db == nil && file != nil {
			_ = file.Close()
		}
	}()
	if db, err = bbolt.Open(path, 0o600, o); err != nil || same(file, path) {
		return db, err
	}
	_ = db.Close()
	return nil, berrors.ErrTimeout // the one that replaced it holds the new file
}

// create makes an empty store under another name and gives it its name when it
// is complete and on disk. So a file of that name is always whole, an empty one
// is a damaged one, and of two processes that create at once one wins.
func create(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	fresh := file.Name()
	defer func() { _ = os.Remove(fresh) }()
	if err := errors.Join(file.Close(), found(fresh)); err != nil {
		return err
	}
	if err := os.Link(fresh, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := os.Rename(fresh, path); err != nil { // a file system without links
			return err
		}
	}
	return syncDir(dir)
}

// found writes the bucket into a new file.
func found(path string) error {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, NoFreelistSync: true})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(recordsBucket)
		return err
	})
	return errors.Join(err, db.Close())
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
