package store

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// Keys of swaps:
//
//	swap/ID                 the swap
//	swap-shift/UNIT/START   the open swap in which a shift takes part
//	swap-live/UNIT//ID      its id while it is followed
//	swap-due/INSTANT/ID     its id, at the instant at which it wants attention
const (
	swapPrefix     = "swap/"
	swapDuePrefix  = "swap-due/"
	swapLivePrefix = "swap-live/"
)

func swapKey(id duty.SwapID) string       { return swapPrefix + string(id) }
func swapShiftKey(id duty.ShiftID) string { return "swap-shift/" + string(id) }

// swapLiveKey has two slashes, so that no unit is the beginning of another.
func swapLiveKey(unit reminders.UnitID, id duty.SwapID) string {
	return swapLivePrefix + string(unit) + "//" + string(id)
}

// Swaps gives the records of swaps.
func (s *Store) Swaps() duty.SwapStore { return swapRecords{} }

type swapRecords struct{}

func (swapRecords) Swap(tx reminders.Tx, id duty.SwapID) (duty.Swap, bool, error) {
	return load[duty.Swap](tx, swapKey(id))
}

func (r swapRecords) SaveSwap(tx reminders.Tx, s duty.Swap) error {
	before, _, err := r.Swap(tx, s.ID)
	if err != nil {
		return err
	}
	if err := moveRows(tx, swapPlaces(before), swapPlaces(s), s.ID); err != nil {
		return err
	}
	return save(tx, swapKey(s.ID), s)
}

// swapPlaces are the keys of the indexes under which a swap is found.
func swapPlaces(s duty.Swap) []string {
	if s.ID == "" || !s.Live() {
		return nil
	}
	keys := []string{swapLiveKey(s.Unit, s.ID), swapDuePrefix + instantAfter(s.Next()) + "/" + string(s.ID)}
	if s.Open() {
		keys = append(keys, swapShiftKey(s.Given))
		if s.Back != "" {
			keys = append(keys, swapShiftKey(s.Back))
		}
	}
	return keys
}

func (swapRecords) OpenSwapOn(tx reminders.Tx, shift duty.ShiftID) (duty.SwapID, bool, error) {
	return load[duty.SwapID](tx, swapShiftKey(shift))
}

func (r swapRecords) LiveSwaps(tx reminders.Tx, unit reminders.UnitID, cursor string, limit int) ([]duty.Swap, string, error) {
	prefix := swapLivePrefix
	if unit != "" {
		prefix = swapLiveKey(unit, "")
	}
	from, to := Prefix(prefix)
	if cursor != "" {
		from = After(cursor)
	}
	ids, err := list[duty.SwapID](tx, from, to, limit)
	if err != nil {
		return nil, "", err
	}
	live, err := named(tx, ids, r.Swap)
	if err != nil {
		return nil, "", err
	}
	if limit <= 0 || len(ids) < limit || len(live) == 0 {
		return live, "", nil
	}
	last := live[len(live)-1]
	return live, swapLiveKey(last.Unit, last.ID), nil
}

func (swapRecords) DueSwap(tx reminders.Tx, now time.Time) (duty.SwapID, time.Time, error) {
	from, to := upTo(swapDuePrefix, now)
	due, err := list[duty.SwapID](tx, from, to, 1)
	if err != nil {
		return "", time.Time{}, err
	}
	if len(due) > 0 {
		return due[0], now, nil
	}
	next, err := firstInstant(tx, swapDuePrefix, to)
	return "", next, err
}

// swapIndex finds swaps by their shifts, by unit and by the instant at which they want
// attention.
var swapIndex = index{
	records: swapPrefix, rows: []string{"swap-shift/", swapLivePrefix, swapDuePrefix},
	expect: expecting(func(s duty.Swap) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range swapPlaces(s) {
			rows[key] = s.ID
		}
		return swapKey(s.ID), rows
	}),
	owner: owned(swapKey),
}
