package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
)

// A backup of a store whose records name photos and documents is a tar archive: first
// qingfeng.db, then files/HASH for each. Without any it is the store alone, as ever. It
// stays one file that any tar can read, and a hash proves each part of it.

// enclosed says what went into an archive beside the store.
type enclosed struct {
	files   int
	missing int // named by records, and not there
}

// enclose puts the copy of the store at fresh into an archive together with all files,
// in the place of the copy. Where there are no files the copy stays as it is.
func (f *office) enclose(ctx context.Context, fresh string, at time.Time) (e enclosed, err error) {
	named, err := f.named(ctx)
	if err != nil {
		return e, err
	}
	archive := fresh + ".tar"
	target, err := os.OpenFile(archive, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return e, err
	}
	defer func() { _ = os.Remove(archive) }()
	out := tar.NewWriter(target)
	err = pack(out, fresh, at)
	if err == nil {
		err = f.files.Each(func(hash string, content io.Reader, size int64) error {
			delete(named, hash)
			e.files++
			return enter(ctx, out, path.Join(filesName, hash), content, size, at)
		})
	}
	e.missing = len(named)
	err = errors.Join(err, out.Close(), target.Sync(), target.Close())
	if err != nil || e.files == 0 {
		return e, err
	}
	return e, os.Rename(archive, fresh)
}

// pack puts the copy of the store into an archive.
func pack(out *tar.Writer, database string, at time.Time) error {
	file, err := os.Open(database)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	stat, err := file.Stat()
	if err != nil {
		return err
	}
	return enter(context.Background(), out, databaseName, file, stat.Size(), at)
}

// enter puts one thing into an archive.
func enter(ctx context.Context, out *tar.Writer, name string, content io.Reader, size int64, at time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: at.Truncate(time.Second)}); err != nil {
		return err
	}
	_, err := io.Copy(out, content)
	return err
}

// errArchive is an archive that is damaged, cut off or none of ours.
var errArchive = errors.New("not a complete archive")

// isArchive reports whether a backup is an archive, and not a store alone.
func isArchive(name string) (bool, error) {
	file, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	var head [512]byte
	_, err = io.ReadFull(file, head[:])
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	}
	return string(head[257:262]) == "ustar", err
}

// unpack takes the store out of a backup into a new file, and looks through the rest: a
// backup of which a part is missing or altered is unfit as a whole.
func unpack(from, database string) error {
	archive, err := isArchive(from)
	if err != nil || !archive {
		return errors.Join(err, copyFile(from, database))
	}
	return walkArchive(from, func(name string, content io.Reader) error {
		if name == databaseName {
			target, err := os.OpenFile(database, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			_, err = io.Copy(target, content)
			return errors.Join(err, target.Close())
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, content); err != nil {
			return err
		}
		if path.Join(filesName, hex.EncodeToString(sum.Sum(nil))) != name {
			return errArchive
		}
		return nil
	})
}

// unpackFiles takes photos and documents out of a backup and says how many there were.
// What is there already stays.
func unpackFiles(from string, files *filestore.Store) (count int, err error) {
	archive, err := isArchive(from)
	if err != nil || !archive {
		return 0, err
	}
	err = walkArchive(from, func(name string, content io.Reader) error {
		if name == databaseName {
			return nil
		}
		all, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		if whole, err := files.Take(path.Base(name), all); err != nil || !whole {
			return errors.Join(err, errArchive)
		}
		count++
		return nil
	})
	return count, err
}

// walkArchive calls f for each thing in an archive, the store first. An archive that
// does not begin with a store, or has no end, is errArchive.
func walkArchive(name string, f func(name string, content io.Reader) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	in := tar.NewReader(file)
	for n := 0; ; n++ {
		at, err := in.Next()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return ended(file)
		case err != nil, (n == 0) != (at.Name == databaseName), at.Typeflag != tar.TypeReg, at.Size > filestore.Limit && n > 0:
			return errors.Join(errArchive, err)
		}
		if err := f(at.Name, in); errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.Join(errArchive, err)
		} else if err != nil {
			return err
		}
	}
}

// endOfArchive is the two empty blocks that end an archive.
const endOfArchive = 1024

// ended fails if an archive was cut off where one of its parts ends: its last blocks
// must be empty.
func ended(file *os.File) error {
	at, err := file.Seek(-endOfArchive, io.SeekEnd)
	if err != nil || at < 0 {
		return errors.Join(errArchive, err)
	}
	tail, err := io.ReadAll(file)
	if err == nil && slices.ContainsFunc(tail, func(b byte) bool { return b != 0 }) {
		err = errArchive
	}
	return err
}

// noteEnclosed says what of the files is in a backup.
func (c *console) noteEnclosed(e enclosed) {
	if e.files > 0 {
		c.note("attachment.enclosed", reminders.Args{"Count": reminders.Number(e.files)})
	}
	if e.missing > 0 {
		c.note("attachment.unenclosed", reminders.Args{"Count": reminders.Number(e.missing)})
	}
}
