package store

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// counter is a Reader that counts records without copying them.
type counter interface {
	// Count counts the records with from <= key < to.
	Count(ctx context.Context, from, to string) (int, error)
}

// count counts the records whose keys begin with prefix, as they were before the unit
// of work wrote anything: for metrics.
func (u *Unit) count(prefix string) (n int, err error) {
	base, err := u.reader()
	if err != nil {
		return 0, err
	}
	from, to := Prefix(prefix)
	if c, ok := base.(counter); ok {
		return c.Count(u.ctx, from, to)
	}
	for _, err := range walk(u.ctx, base, from, to) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// count counts the records under a prefix in the unit of work behind tx.
func count(tx reminders.Tx, prefix string) (int, error) {
	u, err := unitOf(tx)
	if err != nil {
		return 0, err
	}
	return u.count(prefix)
}

// Depth counts what waits, by lane.
func (*OutboxRecords) Depth(tx reminders.Tx) (map[reminders.Lane]int, error) {
	depth := map[reminders.Lane]int{}
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		n, err := count(tx, lanePrefix(lane))
		if err != nil {
			return nil, err
		}
		depth[lane] = n
	}
	return depth, nil
}

// Overdue says for how long, at now, the first of each lane has been due.
func (*OutboxRecords) Overdue(tx reminders.Tx, now time.Time) (map[reminders.Lane]time.Duration, error) {
	late := map[reminders.Lane]time.Duration{}
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		first, err := firstInstant(tx, lanePrefix(lane), lanePrefix(lane))
		if err != nil {
			return nil, err
		}
		late[lane] = 0
		if !first.IsZero() && first.Before(now) {
			late[lane] = now.Sub(first)
		}
	}
	return late, nil
}

// InboxDepth counts the updates that wait to be handled.
func (s *Store) InboxDepth(tx reminders.Tx) (int, error) { return count(tx, "inbox/") }

// InQuarantine counts what could not be handled.
func (s *Store) InQuarantine(tx reminders.Tx) (int, error) { return count(tx, "quarantine/") }
