package store

import (
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
