package store

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The typed records of the nouns reach the unit of work through these few
// functions, which take the opaque Tx that the nouns hand on.

func load[T any](tx reminders.Tx, key string) (T, bool, error) {
	u, err := unitOf(tx)
	if err != nil {
		var none T
		return none, false, err
	}
	return Load[T](u, key)
}

func save[T any](tx reminders.Tx, key string, v T) error {
	u, err := unitOf(tx)
	if err != nil {
		return err
	}
	return Save(u, key, v)
}

func drop(tx reminders.Tx, key string) error {
	u, err := unitOf(tx)
	if err == nil {
		u.Delete(key)
	}
	return err
}

// list reads the records with from <= key < to, at most limit (all if limit <= 0).
func list[T any](tx reminders.Tx, from, to string, limit int) ([]T, error) {
	u, err := unitOf(tx)
	if err != nil {
		return nil, err
	}
	records, err := u.List(from, to, limit)
	if err != nil {
		return nil, err
	}
	values := make([]T, len(records))
	for i, record := range records {
		if err := Decode(record.Value, &values[i]); err != nil {
			return nil, reminders.Wrap("store.list "+kindOf(record.Key), err)
		}
	}
	return values, nil
}

func listPrefix[T any](tx reminders.Tx, prefix string) ([]T, error) {
	from, to := Prefix(prefix)
	return list[T](tx, from, to, 0)
}

// named reads the records that the rows of an index name, in the order of the rows. A
// row without its record is passed over.
func named[K, T any](tx reminders.Tx, rows []K, read func(reminders.Tx, K) (T, bool, error)) ([]T, error) {
	all := make([]T, 0, len(rows))
	for _, row := range rows {
		one, found, err := read(tx, row)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, one)
		}
	}
	return all, nil
}

// moveRows drops the rows of an index that a record had and does not want any more, and
// writes those that it wants.
func moveRows[T any](tx reminders.Tx, was, is []string, value T) error {
	for _, key := range was {
		if !slices.Contains(is, key) {
			if err := drop(tx, key); err != nil {
				return err
			}
		}
	}
	for _, key := range is {
		if !slices.Contains(was, key) {
			if err := save(tx, key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// instant writes t so that keys sort by time, to the millisecond.
func instant(t time.Time) string { return Digits(uint64(max(0, t.UnixMilli()))) }

// instantAfter writes the first whole millisecond not before t: what must not
// happen early is found by it.
func instantAfter(t time.Time) string { return instant(t.Add(time.Millisecond - 1)) }

// upTo gives the half-open range of keys under prefix whose instant is not after
// now.
func upTo(prefix string, now time.Time) (from, to string) {
	return prefix, prefix + instant(now.Add(time.Millisecond))
}

// firstInstant reads the instant of the first key at or after from within prefix;
// zero if there is none.
func firstInstant(tx reminders.Tx, prefix, from string) (time.Time, error) {
	u, err := unitOf(tx)
	if err != nil {
		return time.Time{}, err
	}
	_, end := Prefix(prefix)
	found, err := u.List(from, end, 1)
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return parseInstant(found[0].Key[len(prefix):])
}
