package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// Attachments keep photos and documents in a directory beside the engine, one file for
// each content: DIR/ab/abcdef..., the whole hash being the name. What Put returned is
// durable; what a crash interrupted is a file named put-*, which Tidy takes away. A record
// names a file only after it is there, so a file without a record may exist, and a record
// without its file may not.
type Attachments struct {
	dir string
}

var _ report.Files = (*Attachments)(nil)

// NewAttachments keeps files in dir, which is made when the first one comes.
func NewAttachments(dir string) *Attachments { return &Attachments{dir: dir} }

// unfinished is how a file is named until it is whole.
const unfinished = "put-*"

var fileHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// place is where the content with a hash lies.
func (a *Attachments) place(hash string) string { return filepath.Join(a.dir, hash[:2], hash) }

// Put keeps what r gives under the hash of its content: checked against its name, written
// through to the disk and then put in its place. The same content is kept once. The error
// is Invalid for what is refused, with a text that says why; nothing remains of it.
func (a *Attachments) Put(ctx context.Context, name string, r io.Reader) (reminders.File, error) {
	const op = "store.attach"
	name = report.FileName(name)
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return reminders.File{}, reminders.Wrap(op, err)
	}
	temporary, err := os.CreateTemp(a.dir, unfinished)
	if err != nil {
		return reminders.File{}, reminders.Wrap(op, err)
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // is gone already when all went well
	file, err := copyInto(ctx, temporary, name, r)
	if err := errors.Join(err, temporary.Close()); err != nil {
		return reminders.File{}, reminders.Wrap(op, err)
	}
	if _, err := os.Stat(a.place(file.Hash)); err == nil {
		return file, nil
	}
	folder := filepath.Dir(a.place(file.Hash))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return reminders.File{}, reminders.Wrap(op, err)
	}
	if err := os.Rename(temporary.Name(), a.place(file.Hash)); err != nil {
		return reminders.File{}, reminders.Wrap(op, err)
	}
	return file, reminders.Wrap(op, errors.Join(syncFolder(folder), syncFolder(a.dir)))
}

// copyInto writes r to a file, whole and on the disk, and tells what it is.
func copyInto(ctx context.Context, to *os.File, name string, r io.Reader) (reminders.File, error) {
	sum := sha256.New()
	head := &beginning{limit: report.SniffLength}
	size, err := io.Copy(io.MultiWriter(to, sum, head), io.LimitReader(&until{ctx, r}, report.MaxFile+1))
	if err != nil {
		return reminders.File{}, err
	}
	if size > report.MaxFile {
		return reminders.File{}, reminders.Fail(reminders.Invalid, "store.attach", "report.file.large", reminders.Args{
			"Limit": reminders.Number(report.MaxFile >> 20),
		})
	}
	is, err := report.Inspect(name, head.bytes)
	if err != nil {
		return reminders.File{}, err
	}
	return reminders.File{Hash: hex.EncodeToString(sum.Sum(nil)), Name: name, Type: is, Size: size}, to.Sync()
}

// Open gives the content of a file, and NotFound if there is none.
func (a *Attachments) Open(hash string) (io.ReadCloser, error) {
	const op = "store.attachment"
	if !fileHash.MatchString(hash) {
		return nil, reminders.Internalf(op, "not a hash")
	}
	file, err := os.Open(a.place(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, reminders.Fail(reminders.NotFound, op, "report.file.gone", nil)
	}
	return file, reminders.Wrap(op, err)
}

// Tidy takes away what crashes left unfinished. It is called before the first Put.
func (a *Attachments) Tidy() error {
	left, err := filepath.Glob(filepath.Join(a.dir, unfinished))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return reminders.Wrap("store.tidy", err)
}

// syncFolder makes a new name in a folder durable.
func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// beginning keeps the first bytes that are written to it.
type beginning struct {
	limit int
	bytes []byte
}

func (b *beginning) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p[:min(len(p), b.limit-len(b.bytes))]...)
	return len(p), nil
}

// until reads as long as ctx lasts.
type until struct {
	ctx context.Context
	r   io.Reader
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
