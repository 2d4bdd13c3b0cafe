package filestore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Limit is the largest file in bytes: what a bot may download from the chat service.
const Limit = 20 << 20

// shelf is where the bytes of files lie. Names are hashes that valid has let through.
type shelf interface {
	// put writes bytes durably under a name, in place of what may be there, and dates
	// them; when it returns nil they survive a crash.
	put(name string, content []byte, at time.Time) error
	// open gives the bytes under a name and how many they are; an error that is
	// fs.ErrNotExist if there are none.
	open(name string) (io.ReadCloser, int64, error)
	// touch dates the bytes under a name.
	touch(name string, at time.Time) error
	// list calls f for everything that lies there, strays included, in no order.
	list(f func(entry) error) error
	// remove takes away what list has found.
	remove(entry) error
}

// entry is one thing that lies on a shelf.
type entry struct {
	name  string // empty for a stray: something that is no file of ours
	where string // within the shelf
	size  int64
	at    time.Time // when it was last put there
}

// Store keeps files by their content. It may be used by several goroutines; two
// processes never share one, for the lock of the database beside it keeps them apart.
type Store struct {
	shelf shelf
	clock reminders.Clock
	// mu is held for reading by whoever puts or copies files, and for writing by
	// whoever takes them away.
	mu sync.RWMutex
}

// Open gives the store of files in a directory. The directory is made, for its owner
// only, when the first file is put there.
func Open(dir string, clock reminders.Clock) *Store {
	return &Store{shelf: &disk{root: dir}, clock: clock}
}

// Memory gives a store of files that are gone when the process ends, for tests and
// for commands over no data.
func Memory(clock reminders.Clock) *Store {
	return &Store{shelf: &memory{files: map[string]kept{}}, clock: clock}
}

// Put keeps what r gives, durably, and says what it is. The same content is kept once,
// and Put of it again makes it young for Purge; damaged bytes are replaced. The name is
// what its sender calls the file; a picture needs none.
//
// What is empty, larger than Limit, of a kind that is not taken or not what its name
// claims is an Invalid error with a text that names the remedy; a disk that does not take
// it is Busy. Nothing is kept then. Put is not called within a unit of work: the record
// that names the file follows it.
func (s *Store) Put(ctx context.Context, name string, r io.Reader) (reminders.File, error) {
	const op = "filestore.put"
	content, err := io.ReadAll(io.LimitReader(r, Limit+1))
	switch {
	case err != nil:
		return reminders.File{}, reminders.Wrap(op, err)
	case ctx.Err() != nil:
		return reminders.File{}, reminders.Wrap(op, ctx.Err())
	case len(content) == 0:
		return reminders.File{}, reminders.Fail(reminders.Invalid, op, "attachment.empty", nil)
	case len(content) > Limit:
		return reminders.File{}, reminders.Fail(reminders.Invalid, op, "attachment.large", reminders.Args{"Limit": reminders.Number(Limit >> 20)})
	}
	name = plainName(name)
	is, err := mediaType(name, content)
	if err != nil {
		return reminders.File{}, err
	}
	hash := hashOf(content)
	if err := s.keep(hash, content); err != nil {
		return reminders.File{}, &reminders.Error{
			Kind: reminders.Busy, Op: op, Message: reminders.Line("attachment.disk", nil), Err: err,
		}
	}
	if name == "" {
		name = hash[:8] + ending(is)
	}
	return reminders.File{Hash: hash, Name: name, Type: is, Size: int64(len(content))}, nil
}

// keep writes bytes, or dates those that lie there already.
func (s *Store) keep(hash string, content []byte) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.intact(hash) {
		return s.shelf.touch(hash, s.clock.Now())
	}
	return s.shelf.put(hash, content, s.clock.Now())
}

// intact reports whether the bytes of a hash lie there as they should.
func (s *Store) intact(hash string) bool {
	file, _, err := s.shelf.open(hash)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	found, err := hashAll(file)
	return err == nil && found == hash
}

// Open gives the content with a hash; the caller closes it. What is not there is a
// NotFound error; `qingfeng check` names such files.
func (s *Store) Open(hash string) (io.ReadCloser, error) {
	const op = "filestore.open"
	if !valid(hash) {
		return nil, reminders.Internalf(op, "no hash of a file")
	}
	content, _, err := s.shelf.open(hash)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, reminders.Fail(reminders.NotFound, op, "attachment.gone", nil)
	case err != nil:
		return nil, reminders.Wrap(op, err)
	}
	return content, nil
}

// hashOf is the name under which content is kept.
func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// hashAll is hashOf for bytes that are read to their end.
func hashAll(r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// valid reports whether a name is a hash as hashOf writes it. Nothing else ever
// becomes part of a path.
func valid(hash string) bool {
	if len(hash) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for _, c := range []byte(hash) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
