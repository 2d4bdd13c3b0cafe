//go:build unix

package bolt

import (
	"io"
	"os"
	"syscall"
)

// mapped gives the bytes of a file where the system keeps them anyway: looking over
// a large file copies nothing. Reading what the file has lost meanwhile panics.
func mapped(file *os.File) (span, func() error, error) {
	stat, err := file.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := stat.Size()
	data, err := syscall.Mmap(int(file.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, err
	}
	within := func(from, to int64) ([]byte, error) {
		if to > size {
			return nil, io.ErrUnexpectedEOF
		}
		return data[from:to], nil
	}
	return within, func() error { return syscall.Munmap(data) }, nil
}
