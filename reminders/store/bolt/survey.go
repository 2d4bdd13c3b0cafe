package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
)

// survey reads the structure of the whole file once, without changing it. bbolt
// reads it too when it opens, to find the free pages, but in a goroutine of its
// own, where a damaged page ends the process. Here a damaged page, and one beyond
// the end of a file that was cut off, becomes an error. The file is locked
// against writers meanwhile, as long as bbolt has it open for reading.
func survey(path string, wait time.Duration) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer rescue("bolt.open", path, &err)
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if stat, err := file.Stat(); err != nil || stat.Size() == 0 {
		return errors.Join(err, errDamaged)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: wait})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	within, release, err := mapped(file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return db.View(func(tx *bbolt.Tx) error {
		size := db.Info().PageSize
		s := &surveyor{within: within, size: size, used: make([]bool, tx.Size()/int64(size))}
		err := s.visit(uint64(tx.Cursor().Bucket().Root()), nil, nil, s.bucket)
		if err == nil && !s.ours {
			return errDamaged
		}
		return err
	})
}

// The parts of bbolt's file format that a surveyor needs. A page begins with its
// number (8 bytes), flags (2), the count of its elements (2) and of the pages it
// overflows into (4); then come the elements. All numbers are in the order of the
// machine.
const (
	headerSize  = 16
	elementSize = 16
	branchFlag  = 0x01
	leafFlag    = 0x02
	bucketFlag  = 0x01 // of an element: its value is a bucket
)

var native = binary.NativeEndian

// span gives the bytes of a file from one position until, without, another. They are
// for reading, and not for keeping beyond the survey.
type span func(from, to int64) ([]byte, error)

// surveyor walks over the tree of pages in a file.
type surveyor struct {
	within span
	size   int    // of a page in bytes
	used   []bool // pages met so far; its length is the number of pages in use
	ours   bool   // the bucket of this program is there
}

// leaf is what a surveyor does with one element of a leaf.
type leaf func(flags uint32, key, value []byte) error

// visit walks over the page id and those below it. Their keys are not before low
// and, unless high is nil, before high.
func (s *surveyor) visit(id uint64, low, high []byte, do leaf) error {
	page, err := s.read(id)
	if err != nil {
		return err
	}
	return s.walk(page, low, high, do)
}

// read gives a page with those that it overflows into. Each page is in use once.
func (s *surveyor) read(id uint64) ([]byte, error) {
	if id < 2 || id >= uint64(len(s.used)) {
		return nil, errDamaged
	}
	page, err := s.within(int64(id)*int64(s.size), int64(id+1)*int64(s.size))
	if err != nil {
		return nil, errors.Join(errDamaged, err)
	}
	end := id + 1 + uint64(native.Uint32(page[12:]))
	if native.Uint64(page) != id || end > uint64(len(s.used)) {
		return nil, errDamaged
	}
	for i := id; i < end; i++ {
		if s.used[i] {
			return nil, errDamaged
		}
		s.used[i] = true
	}
	if end == id+1 {
		return page, nil
	}
	page, err = s.within(int64(id)*int64(s.size), int64(end)*int64(s.size))
	if err != nil {
		return nil, errors.Join(errDamaged, err)
	}
	return page, nil
}

// walk goes over the elements of a page.
func (s *surveyor) walk(page, low, high []byte, do leaf) error {
	flags, count := native.Uint16(page[8:]), int(native.Uint16(page[10:]))
	if len(page) < headerSize+count*elementSize {
		return errDamaged
	}
	for i := range count {
		key, rest, err := element(page, i, flags)
		if err != nil {
			return err
		}
		// The first key of a page may be the one that leads to it.
		order := bytes.Compare(key, low)
		if order < 0 || order == 0 && i > 0 || high != nil && bytes.Compare(key, high) >= 0 {
			return errDamaged
		}
		low = key
		switch at := page[headerSize+i*elementSize:]; {
		case flags == leafFlag:
			err = do(native.Uint32(at), key, rest)
		case i+1 < count:
			next, _, nextErr := element(page, i+1, flags)
			err = errors.Join(nextErr, s.visit(native.Uint64(at[8:]), key, next, do))
		default:
			err = s.visit(native.Uint64(at[8:]), key, high, do)
		}
		if err != nil {
			return err
		}
	}
	if flags != leafFlag && (flags != branchFlag || count == 0) {
		return errDamaged
	}
	return nil
}

// element gives the key of element i and, on a leaf, its value. Positions count
// from the beginning of the element.
func element(page []byte, i int, flags uint16) (key, value []byte, err error) {
	at := headerSize + i*elementSize
	head := page[at:]
	pos, size, more := native.Uint32(head), native.Uint32(head[4:]), uint32(0)
	if flags == leafFlag {
		pos, size, more = native.Uint32(head[4:]), native.Uint32(head[8:]), native.Uint32(head[12:])
	}
	from := uint64(at) + uint64(pos)
	middle := from + uint64(size)
	end := middle + uint64(more)
	if end > uint64(len(page)) {
		return nil, nil, errDamaged
	}
	return page[from:middle], page[middle:end], nil
}

// bucket takes the one bucket out of the root: the page at which it begins, a
// sequence number, and the page itself if it is small.
func (s *surveyor) bucket(flags uint32, key, value []byte) error {
	if flags != bucketFlag || !bytes.Equal(key, recordsBucket) || len(value) < headerSize {
		return errDamaged
	}
	s.ours = true
	root, last := native.Uint64(value), native.Uint64(value[8:])
	record := func(flags uint32, _, stored []byte) error {
		if flags != 0 || len(stored) < revSize || revOf(stored) > last {
			return errDamaged
		}
		return nil
	}
	if root != 0 {
		return s.visit(root, nil, nil, record)
	}
	if len(value) < 2*headerSize {
		return errDamaged
	}
	return s.walk(value[headerSize:], nil, nil, record)
}
