package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// swapSides are the shifts of a swap as they stand now.
type swapSides struct {
	given, back Shift // back is zero for a cover
}

// sides reads the shifts of a swap. One that is not on the roster any more is a NotFound
// error.
func (d *SwapDesk) sides(tx reminders.Tx, s Swap) (swapSides, error) {
	given, err := d.shift(tx, s.Given)
	if err != nil || s.Back == "" {
		return swapSides{given: given}, err
	}
	back, err := d.shift(tx, s.Back)
	return swapSides{given, back}, err
}

// shift reads a shift that is on the roster.
func (d *SwapDesk) shift(tx reminders.Tx, id ShiftID) (Shift, error) {
	shift, found, err := d.duty.ShiftOf(tx, id)
	if err == nil && (!found || shift.Cancelled) {
		err = reminders.Fail(reminders.NotFound, "duty.swap", "swap.gone", nil)
	}
	return shift, err
}

// list gives the shifts, the given one first.
func (sides swapSides) list() []Shift {
	if sides.back.ID == "" {
		return []Shift{sides.given}
	}
	return []Shift{sides.given, sides.back}
}

// first is the start of the earlier shift.
func (sides swapSides) first() time.Time {
	at := sides.given.Start
	if sides.back.ID != "" {
		at = earlierOf(at, sides.back.Start)
	}
	return at
}

// begun reports whether a shift has begun.
func (sides swapSides) begun(now time.Time) bool { return !now.Before(sides.first()) }

// check holds a swap against the roster, the register and the leaves as they stand at
// this instant. applied says that it is to be reversed: both then hold what they got.
// running allows a cover of a shift that has begun and not ended. It gives what speaks
// against it without forbidding it.
func (d *SwapDesk) check(tx reminders.Tx, s Swap, applied, running bool) (swapSides, []SwapWarning, error) {
	sides, err := d.sides(tx, s)
	if err != nil {
		return sides, nil, err
	}
	if err := stillPossible(s, sides, tx.Now(), applied, running); err != nil {
		return sides, nil, err
	}
	var warnings []SwapWarning
	for _, shift := range sides.list() {
		warned, err := d.mayGet(tx, s.holds(shift.ID, !applied), s.Place, shift, other(s, shift.ID))
		if err != nil {
			return sides, nil, err
		}
		warnings = append(warnings, warned...)
	}
	return sides, warnings, nil
}

// other gives the other one of the two shifts: what whoever gets this one gives up for it.
func other(s Swap, id ShiftID) ShiftID {
	if id == s.Given {
		return s.Back
	}
	return s.Given
}

// stillPossible says what of the shifts themselves forbids the swap.
func stillPossible(s Swap, sides swapSides, now time.Time, applied, running bool) error {
	const op = "duty.swap"
	switch {
	case s.Back != "" && sides.back.Unit != sides.given.Unit:
		return reminders.Fail(reminders.Invalid, op, "swap.unit", nil)
	case running && s.Back == "":
		if !now.Before(sides.given.End) {
			return reminders.Fail(reminders.Closed, op, "swap.begun", nil)
		}
	case sides.begun(now):
		return reminders.Fail(reminders.Closed, op, "swap.begun", nil)
	}
	for _, shift := range sides.list() {
		if holder := s.holds(shift.ID, applied); shift.InPlace(s.Place) != holder {
			return reminders.Fail(reminders.Conflict, op, "swap.not_held", reminders.Args{
				"Name": reminders.PersonName(holder), "Start": reminders.Instant(shift.Start),
			})
		}
	}
	return nil
}

// mayGet says whether a person may get a place on a shift, giving up another one (none if
// empty): of the unit, in service, reachable, not on leave, not elsewhere at the time.
func (d *SwapDesk) mayGet(tx reminders.Tx, person reminders.PersonID, place reminders.Role, shift Shift, without ShiftID) ([]SwapWarning, error) {
	member, found, err := d.duty.Register.Member(tx, person)
	if err != nil {
		return nil, err
	}
	why := ""
	switch {
	case !found || !member.Active:
		why = "swap.retired"
	case !member.Reachable:
		why = "swap.unreachable"
	default:
		away, err := d.duty.Leaves.OnLeave(tx, person, shift.Window())
		if err != nil {
			return nil, err
		}
		if away {
			why = "swap.leave"
		}
	}
	if why != "" {
		return nil, reminders.Fail(reminders.Conflict, "duty.swap", why, reminders.Args{"Name": reminders.PersonName(person)})
	}
	span := max(d.duty.rules().Rest, time.Duration(d.duty.rules().MostDays+1)*24*time.Hour)
	has, err := d.duty.ShiftsOf(tx, person, reminders.Window{From: shift.Start.Add(-span), To: shift.End.Add(span)})
	if err != nil {
		return nil, err
	}
	if err := d.belongs(tx, member.Unit, place, shift, has); err != nil {
		return nil, err
	}
	has = slices.DeleteFunc(has, func(s Shift) bool { return s.ID == without })
	for _, s := range has {
		if s.Window().Overlaps(shift.Window()) {
			return nil, reminders.Fail(reminders.Conflict, "duty.swap", "swap.overlap", reminders.Args{
				"Name": reminders.PersonName(person), "Start": reminders.Instant(s.Start),
			})
		}
	}
	if place != reminders.DutyOfficer {
		return nil, nil // leaders and backups are on call
	}
	return strain(person, has, shift, d.duty.rules(), d.duty.zone()), nil
}

// belongs refuses somebody of another unit: a swap stays within the unit, those below it
// included, and for leaders those above it. Who is on the unit's roster already belongs.
func (d *SwapDesk) belongs(tx reminders.Tx, unit reminders.UnitID, place reminders.Role, shift Shift, has []Shift) error {
	if slices.ContainsFunc(has, func(s Shift) bool { return s.Unit == shift.Unit }) {
		return nil
	}
	units, err := d.duty.Register.AllUnits(tx)
	if err != nil {
		return err
	}
	parents := map[reminders.UnitID]reminders.UnitID{}
	for _, u := range units {
		parents[u.ID] = u.Parent
	}
	v := validation{Facts: Facts{Parents: parents}}
	if v.belongs(unit, shift.Unit) || place == reminders.DutyLeader && v.belongs(shift.Unit, unit) {
		return nil
	}
	return reminders.Fail(reminders.Conflict, "duty.swap", "swap.unit", nil)
}

// strain says what a shift more means for an officer with these shifts around it: too
// little rest, too many days in a row.
func strain(person reminders.PersonID, has []Shift, gets Shift, r Rules, loc *time.Location) []SwapWarning {
	var warnings []SwapWarning
	worked := slices.DeleteFunc(slices.Clone(has), func(s Shift) bool { return s.Officer != person })
	for _, s := range worked {
		rest := gets.Start.Sub(s.End)
		if s.Start.After(gets.Start) {
			rest = s.Start.Sub(gets.End)
		}
		if rest < r.Rest {
			warnings = append(warnings, SwapWarning{person, ShortRest, gets.Start, hours(rest), hours(r.Rest)})
		}
	}
	if row := daysInRow(worked, gets, loc); row > r.MostDays {
		warnings = append(warnings, SwapWarning{person, TooManyDays, gets.Start, row, r.MostDays})
	}
	return warnings
}

// daysInRow counts the days around the start of a shift on which, without a gap, a shift
// starts.
func daysInRow(has []Shift, gets Shift, loc *time.Location) int {
	on := map[calendar.Date]bool{}
	for _, s := range has {
		on[calendar.DateOf(s.Start, loc)] = true
	}
	day := calendar.DateOf(gets.Start, loc)
	n := 1
	for d := day.AddDays(-1); on[d]; d = d.AddDays(-1) {
		n++
	}
	for d := day.AddDays(1); on[d]; d = d.AddDays(1) {
		n++
	}
	return n
}
