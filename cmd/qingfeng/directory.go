package main

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// directory finds the people behind a unit: those with a role by the register, those
// with a place on its shift, at the instant of the unit of work, by the roster.
type directory struct {
	people *people.Desk
	duty   *duty.Desk // joined after the book of obligations, which asks the directory
}

// InUnit lists the active people who have a role or hold a place on the shift now. A
// place that nobody holds is answered by nobody: no unit above stands in for it.
func (d *directory) InUnit(tx reminders.Tx, unit reminders.UnitID, role reminders.Role) ([]reminders.PersonID, error) {
	switch role {
	case reminders.DutyOfficer, reminders.DutyLeader, reminders.DutyBackup, reminders.StaffOnDuty:
		return d.duty.InPlace(tx, unit, role, tx.Now())
	}
	return d.people.InUnit(tx, unit, role)
}

// Member shows the roster one person of the register.
func (r register) Member(tx reminders.Tx, id reminders.PersonID) (duty.Member, bool, error) {
	record, found, err := r.store.Person(tx, id)
	return member(record), found && record.ID != people.Placeholder, err
}

// Members lists the active people of one unit.
func (r register) Members(tx reminders.Tx, unit reminders.UnitID) ([]duty.Member, error) {
	records, err := r.desk.Members(tx, unit)
	members := make([]duty.Member, len(records))
	for i, record := range records {
		members[i] = member(record)
	}
	return members, err
}

// crew is who works in the supervising office, as one unit of work has read it: a ladder
// that tells the staff of many units asks for it once for each of them.
type crew struct {
	mu      sync.Mutex
	tx      reminders.Tx
	members []duty.Member
}

// Office lists the active people who have the role of staff.
func (r register) Office(tx reminders.Tx) ([]duty.Member, error) {
	r.crew.mu.Lock()
	defer r.crew.mu.Unlock()
	if r.crew.tx == tx {
		return r.crew.members, nil
	}
	var members []duty.Member
	for record, err := range r.desk.All(tx) {
		if err != nil {
			return nil, err
		}
		if record.Enrolled() && record.Roles.Has(reminders.Staff) {
			members = append(members, member(record))
		}
	}
	r.crew.tx, r.crew.members = tx, members
	return members, nil
}

// AllUnits lists the units.
func (r register) AllUnits(tx reminders.Tx) ([]reminders.Unit, error) { return r.store.Units(tx) }

// member is a record as far as a roster must know it.
func member(r people.Record) duty.Member {
	return duty.Member{Person: r.Person, Active: r.Active(), Reachable: r.Bound() && r.Unreachable.Reason == ""}
}

// readers lists the active people who are shown what is revealed: staff and auditors.
func (r register) readers(tx reminders.Tx) ([]reminders.PersonID, error) {
	var found []reminders.PersonID
	for record, err := range r.desk.All(tx) {
		if err != nil {
			return nil, err
		}
		if record.Enrolled() && (record.Roles.Has(reminders.Staff) || record.Roles.Has(reminders.Auditor)) {
			found = append(found, record.ID)
		}
	}
	return found, nil
}

// watch shows the rosters to the reports.
type watch struct {
	duty  *duty.Desk
	units func(tx reminders.Tx) ([]reminders.Unit, error)
}

// OnShift reports whether a person has a place on the shift of the unit.
func (w watch) OnShift(tx reminders.Tx, unit reminders.UnitID, person reminders.PersonID, at time.Time) (bool, error) {
	s, found, err := w.duty.OnDuty(tx, unit, at)
	return found && (s.Has(person) || person != "" && person == s.TakenBy), err
}

// UnitsOnDuty lists the units that have a shift at an instant.
func (w watch) UnitsOnDuty(tx reminders.Tx, at time.Time) ([]reminders.UnitID, error) {
	all, err := w.units(tx)
	if err != nil {
		return nil, err
	}
	var on []reminders.UnitID
	for _, unit := range all {
		_, found, err := w.duty.OnDuty(tx, unit.ID, at)
		if err != nil {
			return nil, err
		}
		if found {
			on = append(on, unit.ID)
		}
	}
	return on, nil
}

// NotesOf lists what the shifts of a unit handed over in writing within the window,
// then the matters that were open at its end.
func (w watch) NotesOf(tx reminders.Tx, unit reminders.UnitID, window reminders.Window) ([]report.Note, error) {
	ended := reminders.Window{From: window.From.AddDate(0, 0, -1), To: window.To} // some hand over late
	shifts, err := w.duty.Shifts(tx, unit, ended)
	if err != nil {
		return nil, err
	}
	var notes []report.Note
	for _, s := range shifts {
		if s.Note != "" && window.Contains(s.HandedAt) {
			notes = append(notes, report.Note{Ref: string(s.ID), Text: s.Note})
		}
	}
	matters, err := w.duty.Store.Matters(tx, unit)
	matters = slices.DeleteFunc(matters, func(m duty.Matter) bool {
		return !m.OpenedAt.Before(window.To) || !m.Open() && m.ClosedAt.Before(window.To)
	})
	for _, m := range matters {
		notes = append(notes, report.Note{Ref: "matter/" + string(unit) + "/" + strconv.Itoa(m.Number), Text: m.Text})
	}
	return notes, err
}
