package store

import (
	"bytes"
	"regexp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Keys of what is known of files; their bytes lie beside the store:
//
//	upload/HASH/USE              the ID under which the chat service has a file already

// fileKinds are the prefixes of the records that name files, each by an object with the
// member hash, as reminders.File is written. A noun that keeps files adds its own:
// what no record here names is deleted after a day.
var fileKinds = []string{"delivery/", "dialog/", "report/", "notice/", "publication/"}

// Upload gives the ID under which the chat service has a file for a use, such as showing
// it as a picture; it reports false if none is known.
func (s *Store) Upload(tx reminders.Tx, hash, use string) (id string, known bool, err error) {
	return load[string](tx, "upload/"+hash+"/"+use)
}

// SaveUpload writes the ID under which the chat service has a file for a use.
func (s *Store) SaveUpload(tx reminders.Tx, hash, use, id string) error {
	return save(tx, "upload/"+hash+"/"+use, id)
}

// ForgetUploads drops what is known of a file at the chat service.
func (s *Store) ForgetUploads(tx reminders.Tx, hash string) error {
	from, to := Prefix("upload/" + hash + "/")
	keys, err := keysIn(tx, from, to, 0)
	for _, key := range keys {
		if err := drop(tx, key); err != nil {
			return err
		}
	}
	return err
}

// namesFile finds the hashes of files in a record. It may find one that is none, which
// then is kept in vain; it misses none.
var namesFile = regexp.MustCompile(`"hash":"([0-9a-f]{64})"`)

// NamedFiles gives the hashes of all files that records name. It reads every message
// that waits, every conversation, report and notice, but decodes none.
func (s *Store) NamedFiles(tx reminders.Tx) (map[string]bool, error) {
	u, err := unitOf(tx)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, prefix := range fileKinds {
		from, to := Prefix(prefix)
		for {
			page, err := u.List(from, to, listed)
			if err != nil {
				return nil, err
			}
			for _, record := range page {
				if !bytes.Contains(record.Value, []byte(`"hash":"`)) {
					continue
				}
				for _, found := range namesFile.FindAllSubmatch(record.Value, -1) {
					named[string(found[1])] = true
				}
			}
			if len(page) < listed {
				break
			}
			from = After(page[len(page)-1].Key)
		}
	}
	return named, nil
}

// listed is how many records are read at once.
const listed = 1000
