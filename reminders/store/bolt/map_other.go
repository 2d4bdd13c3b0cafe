//go:build !unix

package bolt

import "os"

// mapped gives the bytes of a file, read as they are asked for.
func mapped(file *os.File) (span, func() error, error) {
	within := func(from, to int64) ([]byte, error) {
		data := make([]byte, to-from)
		_, err := file.ReadAt(data, from)
		return data, err
	}
	return within, func() error { return nil }, nil
}
