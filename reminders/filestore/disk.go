package filestore

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// begun is how the name of a file begins that is being written.
const begun = ".new-"

// disk is a shelf on a disk: ROOT/ab/abcdef..., directories 0700, files 0600. Two
// letters of the hash spread the files over 256 directories.
type disk struct{ root string }

func (d *disk) path(name string) string { return filepath.Join(d.root, name[:2], name) }

// put writes under another name first. The file gets its own when its bytes are on
// the disk, so that a crash leaves either nothing or all of it.
func (d *disk) put(name string, content []byte, at time.Time) (err error) {
	dir := filepath.Dir(d.path(name))
	if err := makeDir(d.root); err != nil {
		return err
	}
	if err := makeDir(dir); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, begun+"*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err != nil {
		return err
	}
	if err := os.Chtimes(file.Name(), at, at); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), d.path(name)); err != nil {
		return err
	}
	return syncDir(dir)
}

// makeDir makes a directory for its owner only, durably.
func makeDir(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// syncDir makes the names in a directory durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (d *disk) open(name string) (io.ReadCloser, int64, error) {
	file, err := os.Open(d.path(name))
	if err != nil {
		return nil, 0, err
	}
	stat, err := file.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, stat.Size(), nil
}

func (d *disk) touch(name string, at time.Time) error { return os.Chtimes(d.path(name), at, at) }

// list goes through the directories; a root that does not exist yet holds nothing.
func (d *disk) list(f func(entry) error) error {
	return filepath.WalkDir(d.root, func(path string, at fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone while we looked, or never there
		}
		if err != nil || at.IsDir() {
			return err
		}
		stat, err := at.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		e := entry{where: path, size: stat.Size(), at: stat.ModTime()}
		if name := at.Name(); valid(name) && path == d.path(name) && at.Type().IsRegular() {
			e.name = name
		}
		return f(e)
	})
}

func (d *disk) remove(e entry) error {
	err := os.Remove(e.where)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// half reports whether a stray is a file that was being written.
func half(e entry) bool {
	return e.name == "" && strings.HasPrefix(filepath.Base(e.where), begun)
}
