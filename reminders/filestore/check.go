package filestore

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Fault is what can be wrong with a file. The list is closed.
type Fault string

// The faults.
const (
	Missing Fault = "missing" // a record names it and its bytes are not there
	Altered Fault = "altered" // its bytes are not those of its hash
	Foreign Fault = "foreign" // it lies in the directory and was not written by a Store
)

// Problem is a file with which something is wrong.
type Problem struct {
	Where string // the hash, or where a foreign file lies
	Fault Fault
}

// Check reads every file that is kept and looks for those that records name, given by
// their hashes, and says what is wrong, in the order of Where. Files that nothing
// names are nothing wrong, nor is one that is being written.
func (s *Store) Check(named map[string]bool) ([]Problem, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []Problem
	here := map[string]bool{}
	err := s.shelf.list(func(e entry) error {
		switch {
		case half(e):
		case e.name == "":
			found = append(found, Problem{e.where, Foreign})
		case !s.intact(e.name):
			found = append(found, Problem{e.name, Altered})
		}
		here[e.name] = true
		return nil
	})
	for hash := range named {
		if !here[hash] {
			found = append(found, Problem{hash, Missing})
		}
	}
	slices.SortFunc(found, func(a, b Problem) int { return strings.Compare(a.Where, b.Where) })
	return found, err
}

// Purge takes away what was last put before an instant and what nothing names, and
// the leftovers of interrupted writing, and says which files went. named is asked once,
// while nobody can put anything, and not at all if no file is old enough. Foreign files
// stay: whoever laid them there may want them.
//
// It does nothing, and reports done as false, while files are being put or copied.
func (s *Store) Purge(before time.Time, named func() (map[string]bool, error)) (removed []string, done bool, err error) {
	if !s.mu.TryLock() {
		return nil, false, nil
	}
	defer s.mu.Unlock()
	var old []entry
	err = s.shelf.list(func(e entry) error {
		if e.at.Before(before) && (e.name != "" || half(e)) {
			old = append(old, e)
		}
		return nil
	})
	if err != nil || len(old) == 0 {
		return nil, err == nil, err
	}
	needed, err := named()
	if err != nil {
		return nil, false, err
	}
	for _, e := range old {
		if e.name != "" && needed[e.name] {
			continue
		}
		if err := s.shelf.remove(e); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, false, err
		}
		if e.name != "" {
			removed = append(removed, e.name)
		}
	}
	return removed, true, nil
}
