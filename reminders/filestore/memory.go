package filestore

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"sync"
	"time"
)

// memory is a shelf that is gone when the process ends.
type memory struct {
	mu    sync.Mutex
	files map[string]kept
}

// kept is one file of a memory.
type kept struct {
	content []byte
	at      time.Time
}

func (m *memory) put(name string, content []byte, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[name] = kept{slices.Clone(content), at}
	return nil
}

func (m *memory) open(name string) (io.ReadCloser, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, found := m.files[name]
	if !found {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(file.content)), int64(len(file.content)), nil
}

func (m *memory) touch(name string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	file, found := m.files[name]
	if !found {
		return fs.ErrNotExist
	}
	m.files[name] = kept{file.content, at}
	return nil
}

func (m *memory) list(f func(entry) error) error {
	m.mu.Lock()
	var all []entry
	for name, file := range m.files {
		all = append(all, entry{name: name, where: name, size: int64(len(file.content)), at: file.at})
	}
	m.mu.Unlock()
	for _, e := range all {
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) remove(e entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, e.where)
	return nil
}
