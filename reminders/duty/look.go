package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// longest is how long before an instant a shift that contains it may have started:
// 24 hours of the clock, and one more on the day on which clocks go back.
const longest = 25 * time.Hour

// versions gives all versions of the shifts of a unit that may overlap the window.
func (d *Desk) versions(tx reminders.Tx, unit reminders.UnitID, w reminders.Window) ([]Shift, error) {
	from := IDOf(unit, w.From.Add(-longest).In(d.zone()))
	to := IDOf(unit, w.To.Add(time.Minute).In(d.zone()))
	return d.Store.Versions(tx, unit, from, to)
}

// newest keeps the last version of each shift that was recorded at knownAt or
// earlier; a zero knownAt means now. Cancelled shifts are among them.
func newest(versions []Shift, knownAt time.Time) []Shift {
	var last []Shift
	for _, v := range versions {
		switch n := len(last); {
		case !knownAt.IsZero() && v.RecordedAt.After(knownAt):
		case n > 0 && last[n-1].ID == v.ID:
			last[n-1] = v
		default:
			last = append(last, v)
		}
	}
	return last
}

// Shifts lists the shifts of a unit that overlap the window, as they stand now, by
// their start. Cancelled ones are not among them.
func (d *Desk) Shifts(tx reminders.Tx, unit reminders.UnitID, w reminders.Window) ([]Shift, error) {
	return d.shiftsKnown(tx, unit, w, time.Time{})
}

// shiftsKnown is Shifts as the record stood at knownAt.
func (d *Desk) shiftsKnown(tx reminders.Tx, unit reminders.UnitID, w reminders.Window, knownAt time.Time) ([]Shift, error) {
	versions, err := d.versions(tx, unit, w)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(newest(versions, knownAt), func(s Shift) bool {
		return s.Cancelled || !s.Window().Overlaps(w)
	}), nil
}

// ShiftsOf lists the shifts that overlap the window on which a person has a place, as
// they stand now, in all units, by their start.
func (d *Desk) ShiftsOf(tx reminders.Tx, person reminders.PersonID, w reminders.Window) ([]Shift, error) {
	stints, err := d.Store.Stints(tx, person)
	if err != nil {
		return nil, err
	}
	var mine []Shift
	seen := map[reminders.UnitID]bool{}
	for _, stint := range stints {
		if seen[stint.Unit] || !stint.Window.Overlaps(w) {
			continue
		}
		seen[stint.Unit] = true
		shifts, err := d.Shifts(tx, stint.Unit, w)
		if err != nil {
			return nil, err
		}
		mine = append(mine, slices.DeleteFunc(shifts, func(s Shift) bool { return !s.Has(person) })...)
	}
	return inOrder(mine), nil
}

// ShiftOf gives a shift as it stands now, also a cancelled one.
func (d *Desk) ShiftOf(tx reminders.Tx, id ShiftID) (Shift, bool, error) {
	unit, _, ok := id.Split()
	if !ok {
		return Shift{}, false, nil
	}
	versions, err := d.Store.Versions(tx, unit, id, id+"0")
	if err != nil || len(versions) == 0 {
		return Shift{}, false, err
	}
	return versions[len(versions)-1], true, nil
}

// OnDuty gives the shift of a unit that contains the instant, as it stands now.
func (d *Desk) OnDuty(tx reminders.Tx, unit reminders.UnitID, at time.Time) (Shift, bool, error) {
	shifts, err := d.Shifts(tx, unit, reminders.Window{From: at, To: at.Add(1)})
	if err != nil || len(shifts) == 0 {
		return Shift{}, false, err
	}
	return shifts[0], true, nil
}

// InPlace lists who holds a place on the shift of a unit at an instant: nobody if
// there is no shift then or the place is empty. The officer is whoever took over.
// StaffOnDuty does not depend on the unit: they are officer and leader of the
// supervising office's own shift, or all of its people if it has none then.
func (d *Desk) InPlace(tx reminders.Tx, unit reminders.UnitID, place reminders.Role, at time.Time) ([]reminders.PersonID, error) {
	if place == reminders.StaffOnDuty {
		return d.staffOnDuty(tx, at)
	}
	s, found, err := d.OnDuty(tx, unit, at)
	if err != nil || !found {
		return nil, err
	}
	person := s.InPlace(place)
	if place == reminders.DutyOfficer {
		person = s.Responsible()
	}
	if person == "" {
		return nil, nil
	}
	return []reminders.PersonID{person}, nil
}

// staffOnDuty lists the people of the supervising office who are on its roster at an
// instant, or all of them.
func (d *Desk) staffOnDuty(tx reminders.Tx, at time.Time) ([]reminders.PersonID, error) {
	staff, err := d.Register.Office(tx)
	if err != nil {
		return nil, err
	}
	var all, now []reminders.PersonID
	seen := map[reminders.UnitID]bool{}
	for _, member := range staff {
		all = append(all, member.ID)
		if seen[member.Unit] {
			continue
		}
		seen[member.Unit] = true
		s, found, err := d.OnDuty(tx, member.Unit, at)
		if err != nil {
			return nil, err
		}
		if found {
			now = append(now, s.Responsible())
			if s.Leader != "" && s.Leader != s.Responsible() {
				now = append(now, s.Leader)
			}
		}
	}
	if len(now) > 0 {
		return now, nil
	}
	return all, nil
}

// Answer says who was responsible for a unit at an instant, as the record stood at
// another.
type Answer struct {
	Unit    reminders.UnitID
	At      time.Time
	KnownAt time.Time
	// Person is empty if nobody was on the roster then: Gap says that the day is
	// one that needs cover.
	Person reminders.PersonID
	Shift  Shift // as it was known; zero without one
	Gap    bool
}

// Responsible answers for one instant at two clocks: at is the valid time, knownAt the
// record time; a zero knownAt means now. What is recorded after an instant does not
// change who was responsible at it, unless it is recorded as a correction.
func (d *Desk) Responsible(tx reminders.Tx, unit reminders.UnitID, at, knownAt time.Time) (Answer, error) {
	a := Answer{Unit: unit, At: at, KnownAt: knownAt}
	if knownAt.IsZero() {
		a.KnownAt = tx.Now()
	}
	versions, err := d.versions(tx, unit, reminders.Window{From: at, To: at.Add(1)})
	if err != nil {
		return a, err
	}
	for _, s := range inForce(versions, at, a.KnownAt) {
		if !s.Cancelled && s.Window().Contains(at) {
			a.Shift, a.Person = s, s.Responsible()
			return a, nil
		}
	}
	a.Gap, err = d.gapAt(tx, unit, at, a.KnownAt)
	return a, err
}

// inForce gives each shift in the version that was in force at an instant, as known at
// another: the last one recorded until then; a correction counts whenever it was
// recorded; a shift that was filed late was in force as it was filed first.
func inForce(versions []Shift, at, knownAt time.Time) []Shift {
	var force []Shift
	for _, v := range versions {
		n := len(force)
		first := n == 0 || force[n-1].ID != v.ID
		switch {
		case v.RecordedAt.After(knownAt):
		case first:
			force = append(force, v)
		case !v.RecordedAt.After(at) || v.Why == WhyCorrected:
			force[n-1] = v
		}
	}
	return force
}
