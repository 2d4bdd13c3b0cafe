package store

import (
	"context"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// Keys of what is known of the copies of a notice beside the copies themselves. KEY is
// the key of a copy, which begins with the notice's ID:
//
//	halts                         what is paused or being stopped
//	retreat/ID                    how far the taking back of a stopped notice has come
//	joined/KEY                    the message into which a waiting copy was merged
//	unsent/ID/RESULT/REST         a copy that will not arrive; REST is KEY without ID
//	follow/HANDLE/PERSON          a message that follows the sending
//
// The halts are one record, since a claim has to notice one that came meanwhile: the
// absence of a row is not noticed, a record that changes is.

// Copies gives the records about copies.
func (s *Store) Copies() notice.Copies { return copyRecords{} }

type copyRecords struct{}

func (copyRecords) Halts(tx reminders.Tx) ([]notice.Halt, error) {
	halts, _, err := load[[]notice.Halt](tx, "halts")
	return halts, err
}

func (copyRecords) SaveHalts(tx reminders.Tx, halts []notice.Halt) error {
	return save(tx, "halts", halts)
}

func (copyRecords) Retreat(tx reminders.Tx, id string) (notice.Retreat, error) {
	at, _, err := load[notice.Retreat](tx, "retreat/"+id)
	return at, err
}

func (copyRecords) SaveRetreat(tx reminders.Tx, id string, r *notice.Retreat) error {
	if r == nil {
		return drop(tx, "retreat/"+id)
	}
	return save(tx, "retreat/"+id, *r)
}

func (copyRecords) UnderNotice(tx reminders.Tx, id string, after reminders.DeliveryKey, limit int) ([]reminders.Delivery, error) {
	from, to := Prefix("delivery/" + id + "/")
	if after != "" {
		from = After("delivery/" + string(after))
	}
	keys, err := keysIn(tx, from, to, limit)
	if err != nil {
		return nil, err
	}
	return named(tx, keys, func(tx reminders.Tx, key string) (reminders.Delivery, bool, error) {
		return (&OutboxRecords{}).Delivery(tx, reminders.DeliveryKey(strings.TrimPrefix(key, "delivery/")))
	})
}

func (copyRecords) InFlight(tx reminders.Tx, id string) (int, error) {
	from, to := Prefix(claimedKey(reminders.DeliveryKey(id + "/")))
	keys, err := keysIn(tx, from, to, 0)
	return len(keys), err
}

func (copyRecords) Joined(tx reminders.Tx, copied reminders.DeliveryKey) (reminders.DeliveryKey, bool, error) {
	return load[reminders.DeliveryKey](tx, "joined/"+string(copied))
}

func (copyRecords) SaveJoined(tx reminders.Tx, copied, host reminders.DeliveryKey) error {
	if host == "" {
		return drop(tx, "joined/"+string(copied))
	}
	return save(tx, "joined/"+string(copied), host)
}

func (copyRecords) JoinedOf(tx reminders.Tx, id string, limit int) ([]reminders.DeliveryKey, error) {
	from, to := Prefix("joined/" + id + "/")
	keys, err := keysIn(tx, from, to, limit)
	joined := make([]reminders.DeliveryKey, len(keys))
	for i, key := range keys {
		joined[i] = reminders.DeliveryKey(strings.TrimPrefix(key, "joined/"))
	}
	return joined, err
}

// unsent is the row of a copy that will not arrive, with the member by which the purge
// sees its age.
type unsent struct {
	At time.Time `json:"at"`
}

func (copyRecords) SaveUnsent(tx reminders.Tx, id string, copied reminders.DeliveryKey, result reminders.Result) error {
	rest := strings.TrimPrefix(string(copied), id+"/")
	return save(tx, unsentPrefix(id)+string(result)+"/"+rest, unsent{tx.Now()})
}

func unsentPrefix(id string) string { return "unsent/" + id + "/" }

// CountCopies counts by the keys alone. The chases of a notice stand under its key too,
// behind the names of their steps.
func (copyRecords) CountCopies(tx reminders.Tx, id string, steps []string) (notice.CopyCount, error) {
	var c notice.CopyCount
	prefixes := map[string]int{"delivery/" + id + "/": 1, "joined/" + id + "/": 1}
	for _, step := range steps {
		prefixes["delivery/"+id+"/"+step] = -1
	}
	for prefix, sign := range prefixes {
		n, err := count(tx, prefix)
		if err != nil {
			return c, err
		}
		c.Waiting += sign * n
	}
	all, err := count(tx, unsentPrefix(id))
	if err != nil || all == 0 {
		return c, err
	}
	c.Unreachable, err = count(tx, unsentPrefix(id)+string(reminders.Unreachable)+"/")
	c.Dropped = all - c.Unreachable
	return c, err
}

func followKey(id string, person reminders.PersonID) string {
	return "follow/" + notice.Notice{ID: id}.Handle() + "/" + string(person)
}

func (copyRecords) Follows(tx reminders.Tx) ([]notice.Follow, error) {
	return listPrefix[notice.Follow](tx, "follow/")
}

func (copyRecords) Follow(tx reminders.Tx, id string, person reminders.PersonID) (notice.Follow, bool, error) {
	return load[notice.Follow](tx, followKey(id, person))
}

func (copyRecords) SaveFollow(tx reminders.Tx, f notice.Follow) error {
	return save(tx, followKey(f.Notice, f.Person), f)
}

func (copyRecords) DropFollow(tx reminders.Tx, id string, person reminders.PersonID) error {
	return drop(tx, followKey(id, person))
}

// checkCopies wants every copy that was merged into a message to have that message still
// waiting: its notice would otherwise be under way for ever.
func checkCopies(ctx context.Context, r Reader) ([]Problem, error) {
	var problems []Problem
	from, to := Prefix("joined/")
	for row, err := range walk(ctx, r, from, to) {
		if err != nil {
			return problems, err
		}
		var host reminders.DeliveryKey
		if Decode(row.Value, &host) != nil {
			problems = append(problems, misread(row)...)
			continue
		}
		_, found, err := r.Get(ctx, "delivery/"+string(host))
		if err != nil {
			return problems, err
		}
		if !found {
			problems = append(problems, Problem{Key: row.Key, Text: rowText("orphan", "delivery/"+string(host))})
		}
	}
	return problems, nil
}

// keysIn lists the keys with from <= key < to, at most limit (all if limit <= 0).
func keysIn(tx reminders.Tx, from, to string, limit int) ([]string, error) {
	u, err := unitOf(tx)
	if err != nil {
		return nil, err
	}
	records, err := u.List(from, to, limit)
	keys := make([]string, len(records))
	for i, record := range records {
		keys[i] = record.Key
	}
	return keys, err
}
