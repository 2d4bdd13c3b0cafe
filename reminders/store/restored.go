package store

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// countedAtOnce is how many records are read together where many are counted.
const countedAtOnce = 500

// Waiting counts what waits to be sent and is due at now, by kind. It looks at
// most deliveries at most; more says that there are others.
func (r *OutboxRecords) Waiting(tx reminders.Tx, now time.Time, most int) (kinds map[string]int, more bool, err error) {
	kinds = map[string]int{}
	left := most
	for lane := reminders.LaneAnswer; lane <= reminders.LaneBroadcast; lane++ {
		from, to := upTo(lanePrefix(lane), now)
		for {
			u, err := unitOf(tx)
			if err != nil {
				return nil, false, err
			}
			rows, err := u.List(from, to, countedAtOnce)
			if err != nil {
				return nil, false, err
			}
			for _, row := range rows {
				if left--; left < 0 {
					return kinds, true, nil
				}
				d, found, err := r.Delivery(tx, deliveryOf(row.Key))
				if err != nil {
					return nil, false, err
				}
				if found {
					kinds[d.Kind]++
				}
			}
			if len(rows) < countedAtOnce {
				break
			}
			from = After(rows[len(rows)-1].Key)
		}
	}
	return kinds, false, nil
}

// deliveryOf gives the delivery to which a row due/LANE/INSTANT/KEY leads.
func deliveryOf(row string) reminders.DeliveryKey {
	parts := strings.SplitN(row, "/", 4)
	return reminders.DeliveryKey(parts[len(parts)-1])
}

// Numbers gives the last number of each series that people see.
func (s *Store) Numbers(tx reminders.Tx) (map[string]uint64, error) {
	u, err := unitOf(tx)
	if err != nil {
		return nil, err
	}
	from, to := Prefix("number/")
	last := map[string]uint64{}
	for row, err := range Scan[uint64](u, from, to) {
		if err != nil {
			return nil, err
		}
		if series := strings.TrimPrefix(row.Key, from); series != "quarantine" {
			last[series] = row.Value
		}
	}
	return last, nil
}

// RaiseNumber makes the next number of a series follow n: numbers up to n were
// given out elsewhere. It reports false, and changes nothing, if the series has come
// as far already.
func (s *Store) RaiseNumber(tx reminders.Tx, series string, n uint64) (bool, error) {
	last, _, err := load[uint64](tx, "number/"+series)
	if err != nil || n <= last {
		return false, err
	}
	return true, save(tx, "number/"+series, n)
}
