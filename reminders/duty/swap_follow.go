package duty

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
)

// sweepEvery is how often every live swap is held against the roster. A step of a swap
// looks by itself; this finds what nobody touches.
const sweepEvery = time.Minute

// sweptAtOnce bounds the swaps that are looked at in one go.
const sweptAtOnce = 50

// Advance ends a swap that is still open when a shift begins, or lets one follow its
// shifts, each in one unit of work. It is a source of the clockwork.
func (d *SwapDesk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	err = d.duty.Units.Do(ctx, func(tx reminders.Tx) error {
		due, at, err := d.store.DueSwap(tx, now)
		next, more = at, due != ""
		if err != nil || !more {
			return err
		}
		return d.begin(tx, due)
	})
	if err == nil && !more && (now.Sub(d.swept) >= sweepEvery || now.Before(d.swept)) {
		if err = d.sweep(ctx); err == nil {
			d.swept = now
		}
	}
	if err == nil && more {
		crashpoint.Pass(crashpoint.Step)
	}
	return next, more, err
}

// begin deals with a swap one of whose shifts begins.
func (d *SwapDesk) begin(tx reminders.Tx, id SwapID) error {
	s, err := d.Swap(tx, id)
	if err != nil {
		return err
	}
	if s.Open() {
		return d.end(tx, id, SwapExpired)
	}
	s.Settled = true
	return d.store.SaveSwap(tx, s)
}

// sweep holds all live swaps against the roster and lets follow those that do not agree
// with it.
func (d *SwapDesk) sweep(ctx context.Context) error {
	for cursor, first := "", true; first || cursor != ""; first = false {
		var adrift []SwapID
		err := d.duty.Units.View(ctx, func(tx reminders.Tx) error {
			adrift = nil
			page, next, err := d.store.LiveSwaps(tx, "", cursor, sweptAtOnce)
			if err != nil {
				return err
			}
			cursor = next
			for _, s := range page {
				if off, err := d.adrift(tx, s); err != nil {
					return err
				} else if off {
					adrift = append(adrift, s.ID)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, id := range adrift {
			if err := d.duty.Units.Do(ctx, func(tx reminders.Tx) error { return d.Follow(tx, id) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// adrift reports whether the roster does not say what the swap says.
func (d *SwapDesk) adrift(tx reminders.Tx, s Swap) (bool, error) {
	if !s.Live() {
		return false, nil
	}
	for _, id := range s.shifts() {
		shift, found, err := d.duty.ShiftOf(tx, id)
		if err != nil {
			return false, err
		}
		if !found || shift.Cancelled {
			return true, nil
		}
		if as, err := d.stands(tx, s, id, shift); err != nil || !as {
			return true, err
		}
	}
	return false, nil
}

// stands reports whether a place is held as the swap says, now: once it is applied by who
// got the shift, or by somebody to whom it went on in a later swap.
func (d *SwapDesk) stands(tx reminders.Tx, s Swap, id ShiftID, shift Shift) (bool, error) {
	if shift.InPlace(s.Place) == s.holds(id, s.State == SwapApplied) {
		return true, nil
	}
	if s.State != SwapApplied {
		return false, nil
	}
	applied, err := d.applied(tx, s.Unit)
	return slices.ContainsFunc(applied, func(later Swap) bool {
		return later.ID != s.ID && later.Place == s.Place && later.Order > s.Order &&
			(slices.Contains(later.shifts(), id) && later.holds(id, false) == s.holds(id, true) ||
				slices.Contains(later.shifts(), shift.ID) && later.holds(shift.ID, false) == s.holds(id, true))
	}), err
}

// applied lists the applied swaps of a unit that are still followed, in the order in
// which they were applied.
func (d *SwapDesk) applied(tx reminders.Tx, unit reminders.UnitID) ([]Swap, error) {
	live, err := d.Live(tx, unit)
	live = slices.DeleteFunc(live, func(s Swap) bool { return s.State != SwapApplied })
	slices.SortStableFunc(live, func(a, b Swap) int { return a.Order - b.Order })
	return live, err
}

// Follow brings a swap into line with the roster after its unit filed again. It belongs
// to its shifts: where one of them moved, the swap moves along; who had agreed to another
// time is asked again, and what was applied stays applied, also where the file still names
// the one who gave the shift away. A swap whose shift is cancelled is withdrawn and both
// are told; so is one whose shift a third person got.
func (d *SwapDesk) Follow(tx reminders.Tx, id SwapID) error {
	s, err := d.Swap(tx, id)
	if err != nil {
		return err
	}
	if off, err := d.adrift(tx, s); err != nil || !off {
		return err
	}
	moved := s
	for i, id := range s.shifts() {
		now, why, err := d.found(tx, s, id)
		if err != nil {
			return err
		}
		if why != "" {
			return d.end(tx, s.ID, why)
		}
		if i == 0 {
			moved.Given = now
		} else {
			moved.Back = now
		}
	}
	return d.move(tx, s, moved)
}

// found gives the shift that stands for a shift of a swap now, or why there is none.
func (d *SwapDesk) found(tx reminders.Tx, s Swap, id ShiftID) (ShiftID, string, error) {
	shift, found, err := d.duty.ShiftOf(tx, id)
	if err != nil {
		return "", "", err
	}
	if !found || shift.Cancelled {
		around, err := d.duty.Shifts(tx, s.Unit, shift.Window())
		if err != nil {
			return "", "", err
		}
		if shift, found = Successor(shift, around); !found {
			return "", SwapCancelled, nil
		}
	}
	as, err := d.stands(tx, s, id, shift)
	if err != nil {
		return "", "", err
	}
	if as || shift.InPlace(s.Place) == s.holds(id, false) {
		return shift.ID, "", nil
	}
	if shift.ID != id {
		return "", SwapCancelled, nil // what covers the time now is another shift
	}
	return "", SwapNotHeld, nil
}

// move carries a swap over to the shifts that its own became. What was applied is put
// into them; if that cannot be any more, the swap is withdrawn.
func (d *SwapDesk) move(tx reminders.Tx, was, s Swap) error {
	sides, err := d.sides(tx, s)
	if err != nil {
		return err
	}
	s.Expires = sides.first()
	state, err := s.State.After(StepFollow, ActorService)
	if err != nil {
		return err
	}
	if s.State == SwapApplied {
		if why, err := d.fits(tx, s, sides); err != nil {
			return err
		} else if why != "" {
			return d.end(tx, s.ID, why)
		}
		if _, err := d.put(tx, s, true, WhySwap, ""); err != nil {
			return err
		}
	}
	s.State = state
	s.Steps = append(slices.Clone(s.Steps), SwapTaken{Step: StepFollow, At: tx.Now(), Given: was.Given, Back: was.Back})
	if err := d.store.SaveSwap(tx, s); err != nil {
		return err
	}
	if err := d.note(tx, s, StepFollow, "", ""); err != nil || s.State == SwapApplied {
		return err
	}
	return d.tellAsked(tx, s)
}

// fits says why an applied swap cannot be put into the shifts as they are now: somebody
// would be in two places, is away or has left; empty if it can.
func (d *SwapDesk) fits(tx reminders.Tx, s Swap, sides swapSides) (string, error) {
	for _, shift := range sides.list() {
		gets := s.holds(shift.ID, true)
		if shift.InPlace(s.Place) != s.holds(shift.ID, false) {
			continue
		}
		_, err := d.mayGet(tx, gets, s.Place, shift, other(s, shift.ID))
		if reminders.KindOf(err) == reminders.Conflict {
			return SwapNotHeld, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}
