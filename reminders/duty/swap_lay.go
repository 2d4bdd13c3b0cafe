package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Lay lays the applied swaps of a unit over the shifts that it is about to file: where the
// file still names the one who gave a shift away, it is the one who took it that stays on
// duty. So a roster that is filed again undoes no swap by accident; one that names a third
// person, or the taker, is filed as it says.
func (d *SwapDesk) Lay(tx reminders.Tx, unit reminders.UnitID, planned []Shift) ([]Shift, error) {
	applied, err := d.applied(tx, unit)
	if err != nil || len(applied) == 0 {
		return planned, err
	}
	planned = slices.Clone(planned)
	for _, s := range applied {
		for _, id := range s.shifts() {
			was, _, err := d.duty.ShiftOf(tx, id)
			if err != nil {
				return nil, err
			}
			n := slices.IndexFunc(planned, func(p Shift) bool { return p.Unit == was.Unit && p.Start.Equal(was.Start) })
			if n < 0 {
				next, found := Successor(was, planned)
				if !found {
					continue
				}
				n = slices.IndexFunc(planned, func(p Shift) bool { return p.Unit == next.Unit && p.Start.Equal(next.Start) })
			}
			if planned[n].InPlace(s.Place) == s.holds(id, false) {
				planned[n] = planned[n].with(s.Place, s.holds(id, true))
			}
		}
	}
	return planned, nil
}

// Successor finds the shift that a cancelled one became when its unit filed the roster
// with another start: of those that share time with it, which a unit has one after the
// other, the one that shares most, if that is at least half of the shorter of the two.
func Successor(gone Shift, around []Shift) (Shift, bool) {
	shared := func(s Shift) time.Duration {
		return reminders.Window{From: laterOf(gone.Start, s.Start), To: earlierOf(gone.End, s.End)}.Length()
	}
	near := slices.DeleteFunc(slices.Clone(around), func(s Shift) bool {
		return s.Unit != gone.Unit || s.Cancelled || s.ID == gone.ID ||
			2*shared(s) < min(gone.Window().Length(), s.Window().Length())
	})
	if len(near) == 0 {
		return Shift{}, false
	}
	return slices.MaxFunc(near, func(a, b Shift) int { return int(shared(a) - shared(b)) }), true
}

// laid gives a plan with the swaps that stand laid over it, in the same order.
func (d *Desk) laid(tx reminders.Tx, plan Plan) (Plan, error) {
	if d.Lay == nil {
		return plan, nil
	}
	shifts := make([]Shift, len(plan.Planned))
	for i, p := range plan.Planned {
		shifts[i] = p.Shift
	}
	shifts, err := d.Lay(tx, plan.Unit, shifts)
	if err != nil {
		return plan, err
	}
	plan.Planned = slices.Clone(plan.Planned)
	for i := range shifts {
		plan.Planned[i].Shift = shifts[i]
	}
	return plan, nil
}
