package main

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// register shows the people register to those who need only who there is.
type register struct {
	desk  *people.Desk
	store people.Store
	crew  *crew
}

// PeopleAfter pages through the active people.
func (r register) PeopleAfter(tx reminders.Tx, after reminders.PersonID, limit int) ([]reminders.Person, error) {
	return r.page(tx, after, limit, people.Record.Enrolled)
}

// SubscribersAfter pages through the active people who have not left a topic.
func (r register) SubscribersAfter(tx reminders.Tx, topic string, after reminders.PersonID, limit int) ([]reminders.Person, error) {
	return r.page(tx, after, limit, func(record people.Record) bool { return record.Enrolled() && record.Wants(topic) })
}

// page gives the next people whom is selects.
func (r register) page(tx reminders.Tx, after reminders.PersonID, limit int, is func(people.Record) bool) ([]reminders.Person, error) {
	var found []reminders.Person
	for len(found) < limit {
		page, err := r.store.PeopleAfter(tx, after, limit)
		if err != nil {
			return nil, err
		}
		for _, record := range page {
			after = record.ID
			if is(record) && len(found) < limit {
				found = append(found, record.Person)
			}
		}
		if len(page) < limit {
			break
		}
	}
	return found, nil
}

// UnitsAfter pages through the units that are asked: those with enrolled people,
// except the supervising office itself unless it has a liaison of its own.
func (r register) UnitsAfter(tx reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error) {
	var asked []reminders.Unit
	for len(asked) < limit {
		page, err := r.store.UnitsAfter(tx, after, limit)
		if err != nil {
			return nil, err
		}
		for _, unit := range page {
			after = unit.ID
			is, err := r.asked(tx, unit.ID)
			if err != nil {
				return nil, err
			}
			if is && len(asked) < limit {
				asked = append(asked, unit)
			}
		}
		if len(page) < limit {
			break
		}
	}
	return asked, nil
}

// asked reports whether a unit is asked.
func (r register) asked(tx reminders.Tx, unit reminders.UnitID) (bool, error) {
	members, err := r.desk.Members(tx, unit)
	if err != nil {
		return false, err
	}
	has := func(role reminders.Role) bool {
		return slices.ContainsFunc(members, func(m people.Record) bool { return m.Roles.Has(role) })
	}
	return len(members) > 0 && (!has(reminders.Staff) || has(reminders.Liaison)), nil
}

// InUnit lists the people of a unit in one role.
func (r register) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	return r.desk.InUnit(tx, unit, role)
}

// Unreachable counts whom no message reaches.
func (r register) Unreachable(tx reminders.Tx) (neverBound, outOfReach int, err error) {
	missing, err := r.desk.Unreachables(tx)
	for _, m := range missing {
		if m.Kind == people.NeverBound {
			neverBound++
		} else {
			outOfReach++
		}
	}
	return neverBound, outOfReach, err
}

// reachable reports whether messages reach a person.
func (r register) reachable(tx reminders.Tx, id reminders.PersonID) (bool, error) {
	record, found, err := r.store.Person(tx, id)
	return found && record.Enrolled() && record.Bound() && record.Unreachable.Reason == "", err
}

// staff lists the people of the supervising office who can be written to.
func (r register) staff(tx reminders.Tx) ([]reminders.PersonID, error) {
	var found []reminders.PersonID
	for record, err := range r.desk.All(tx) {
		if err != nil {
			return nil, err
		}
		if record.Enrolled() && record.Bound() && record.Roles.Has(reminders.Staff) {
			found = append(found, record.ID)
		}
	}
	return found, nil
}

// count says how many active people an audience has that have not left the kind of
// notice.
func (r register) count(tx reminders.Tx, audience reminders.Audience, kind string) (int, error) {
	n := 0
	for record, err := range r.desk.All(tx) {
		if err != nil {
			return 0, err
		}
		if record.Enrolled() && record.Wants(kind) && audience.Includes(record.Person) {
			n++
		}
	}
	return n, nil
}
