package store

import (
	"encoding/json"
	"iter"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A record is one byte that names the form, followed by JSON. The byte lets an
// older binary refuse a record that it would misread, and lets Check tell a
// record from rubbish. A form that cannot be read as the one before gets a new
// byte here and a migration in schema.go; a member added to a struct needs
// neither, since what is absent reads as zero.
const formJSON byte = 1

// Encode writes v as a record.
func Encode(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, reminders.Wrap("store.encode", err)
	}
	return slices.Insert(text, 0, formJSON), nil // in place: Marshal leaves some room
}

// Decode reads a record into v. A form newer than this binary knows is an
// Internal error whose text names the remedy.
func Decode(record []byte, v any) error {
	if err := checkForm(record); err != nil {
		return err
	}
	if err := json.Unmarshal(record[1:], v); err != nil {
		return reminders.Wrap("store.decode", err)
	}
	return nil
}

// checkForm looks at the first byte of a record.
func checkForm(record []byte) error {
	switch {
	case len(record) == 0, record[0] == 0:
		return reminders.Internalf("store.decode", "record without a form")
	case record[0] > formJSON:
		return reminders.Fail(reminders.Internal, "store.decode", "error.store.newer", reminders.Args{
			"Found": reminders.Number(int(record[0])), "Known": reminders.Number(int(formJSON)),
		})
	}
	return nil
}

// Load reads the record of key, and whether there is one.
func Load[T any](u *Unit, key string) (T, bool, error) {
	record, ok, err := u.Get(key)
	if err != nil || !ok {
		var none T
		return none, false, err
	}
	var v T // from here on, since decoding it takes it to the heap
	if err := Decode(record, &v); err != nil {
		return v, false, reminders.Wrap("store.load "+kindOf(key), err)
	}
	return v, true, nil
}

// Save writes v as the record of key.
func Save[T any](u *Unit, key string, v T) error {
	record, err := Encode(v)
	if err != nil {
		return err
	}
	u.Put(key, record)
	return nil
}

// pageSize is how many records Scan takes from the engine at a time.
const pageSize = 256

// Scan walks over the records with from <= key < to in the order of their keys,
// reading them page by page. The unit of work may write meanwhile; what it
// writes behind the walk is not visited.
func Scan[T any](u *Unit, from, to string) iter.Seq2[Row[T], error] {
	return func(yield func(Row[T], error) bool) {
		for {
			page, err := u.List(from, to, pageSize)
			if err != nil {
				yield(Row[T]{}, err)
				return
			}
			for _, record := range page {
				row := Row[T]{Key: record.Key}
				err := reminders.Wrap("store.scan "+kindOf(record.Key), Decode(record.Value, &row.Value))
				if !yield(row, err) || err != nil {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			from = After(page[len(page)-1].Key)
		}
	}
}

// Row is one record that Scan found.
type Row[T any] struct {
	Key   string
	Value T
}
