package filestore

import (
	"io"
	"slices"
)

// Hold keeps Purge away until release is called, so that what records name stays while
// somebody compares or copies both.
func (s *Store) Hold() (release func()) {
	s.mu.RLock() // a purge only ever tries to lock, so that many may hold, one within another
	return s.mu.RUnlock
}

// Each calls f for every hash of files that is kept, in their order, with the bytes
// and how many they are. Nothing is purged meanwhile, and files may be put.
func (s *Store) Each(f func(hash string, content io.Reader, size int64) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var names []string
	err := s.shelf.list(func(e entry) error {
		if e.name != "" {
			names = append(names, e.name)
		}
		return nil
	})
	slices.Sort(names)
	for _, name := range names {
		if err == nil {
			err = s.each(name, f)
		}
	}
	return err
}

// each calls f for one file.
func (s *Store) each(name string, f func(hash string, content io.Reader, size int64) error) error {
	file, size, err := s.shelf.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return f(name, file, size)
}

// Take keeps a file out of a backup under its hash. It reports false, and keeps
// nothing, if the bytes are not those of the hash.
func (s *Store) Take(hash string, content []byte) (bool, error) {
	if !valid(hash) || len(content) == 0 || len(content) > Limit || hashOf(content) != hash {
		return false, nil
	}
	return true, s.keep(hash, content)
}
