package bolt_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/store/bolt"
)

// mounted mounts a small file system of its own, or skips the test where that is
// not allowed.
func mounted(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// TestDiskFull: a real disk without room.
func TestDiskFull(t *testing.T) {
	e, err := bolt.Open(filepath.Join(mounted(t, "size=8m"), "qingfeng.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	fill(t, e, "error.store.full")
}

// TestDiskFullAtFirst: no room even for an empty store leaves nothing behind.
func TestDiskFullAtFirst(t *testing.T) {
	dir := mounted(t, "size=16k")
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 12<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "qingfeng.db")
	_, err := bolt.Open(path)
	wants(t, err, reminders.Internal, "error.store.full")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half a store was left behind: %v", err)
	}
}

// TestReadOnly: a file system that cannot be written, with and without a file.
func TestReadOnly(t *testing.T) {
	dir := mounted(t, "size=8m")
	there := filepath.Join(dir, "qingfeng.db")
	e, err := bolt.Open(there)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{there, filepath.Join(dir, "new.db"), filepath.Join(dir, "deep", "new.db")} {
		_, err := bolt.Open(path, soon)
		wants(t, err, reminders.Denied, "error.store.readonly")
	}
}
