package people

import (
	"iter"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Person gives a record, also of a retired person.
func (d *Desk) Person(tx reminders.Tx, id reminders.PersonID) (Record, bool, error) {
	return d.store.Person(tx, id)
}

// At gives the active person to whom a chat is bound.
func (d *Desk) At(tx reminders.Tx, chat reminders.ChatID) (Record, bool, error) {
	id, found, err := d.store.PersonAt(tx, chat)
	if err != nil || !found {
		return Record{}, false, err
	}
	r, found, err := d.store.Person(tx, id)
	return r, found && r.Active() && r.Chat == chat, err
}

// NoAdmin reports whether no active person is an admin, as before first use.
func (d *Desk) NoAdmin(tx reminders.Tx) (bool, error) {
	for r, err := range d.All(tx) {
		if err != nil {
			return false, err
		}
		if r.Active() && r.Roles.Has(reminders.Admin) {
			return false, nil
		}
	}
	return true, nil
}

// All walks through the register in order of staff numbers, retired people too.
// After an error it ends.
func (d *Desk) All(tx reminders.Tx) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		after := reminders.PersonID("")
		for {
			page, err := d.store.PeopleAfter(tx, after, 500)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
			after = page[len(page)-1].ID
		}
	}
}

// InUnit gives the enrolled people who have a role in a unit, or in the nearest
// unit above it that has any. It gives nobody if no unit on the way up has.
func (d *Desk) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	seen := map[reminders.UnitID]bool{}
	for unit != "" && !seen[unit] {
		seen[unit] = true
		members, err := d.Members(tx, unit)
		if err != nil {
			return nil, err
		}
		var found []reminders.PersonID
		for _, r := range members {
			if r.Roles.Has(role) {
				found = append(found, r.ID)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
		u, _, err := d.store.Unit(tx, unit)
		if err != nil {
			return nil, err
		}
		unit = u.Parent
	}
	return nil, nil
}

// Liaisons gives the liaisons of a unit, see InUnit.
func (d *Desk) Liaisons(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error) {
	return d.InUnit(tx, unit, reminders.Liaison)
}

// Leaders gives the leaders of a unit, see InUnit.
func (d *Desk) Leaders(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error) {
	return d.InUnit(tx, unit, reminders.Leader)
}

// Members gives the enrolled people of a unit itself, in order of staff numbers.
func (d *Desk) Members(tx reminders.Tx, unit reminders.UnitID) ([]Record, error) {
	ids, err := d.store.UnitMembers(tx, unit)
	if err != nil {
		return nil, err
	}
	var members []Record
	for _, id := range ids {
		r, found, err := d.store.Person(tx, id)
		if err != nil {
			return nil, err
		}
		if found && r.Enrolled() && r.Unit == unit {
			members = append(members, r)
		}
	}
	return members, nil
}

// Below gives a unit and all units below it, see Descendants. An unknown unit is
// a NotFound error.
func (d *Desk) Below(tx reminders.Tx, unit reminders.UnitID) ([]reminders.UnitID, error) {
	units, err := d.store.Units(tx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.ID == unit }) {
		return nil, reminders.Fail(reminders.NotFound, "people.below", "people.unit_unknown", nil)
	}
	return Descendants(units, unit), nil
}

// Missing is an enrolled person whom messages do not reach (失联人员).
type Missing struct {
	Person reminders.Person
	Kind   Reach
	Since  time.Time // zero for NeverBound
}

// Unreachables lists the enrolled people whom messages do not reach, in order of
// staff numbers.
func (d *Desk) Unreachables(tx reminders.Tx) ([]Missing, error) {
	var list []Missing
	for r, err := range d.All(tx) {
		switch {
		case err != nil:
			return nil, err
		case !r.Enrolled():
		case !r.Bound():
			list = append(list, Missing{Person: r.Person, Kind: NeverBound})
		case r.Unreachable.Reason != "":
			list = append(list, Missing{Person: r.Person, Kind: r.Unreachable.Reason, Since: r.Unreachable.Since})
		}
	}
	return list, nil
}
