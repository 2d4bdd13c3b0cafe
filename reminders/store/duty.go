package store

import (
	"fmt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// Keys of duty. START is 20261001T0800 on the clock of the place, VERSION has six
// digits:
//
//	shift/UNIT/START/VERSION     a version of a shift
//	roster/UNIT/BLOCK/VERSION    what a unit filed for a block
//	stint/PERSON/UNIT/BLOCK      where a person has, or had, places on shifts
func shiftKey(id duty.ShiftID, version int) string {
	return fmt.Sprintf("shift/%s/%06d", id, version)
}

func stintKey(s duty.Stint) string {
	return "stint/" + string(s.Person) + "/" + string(s.Unit) + "/" + s.Block
}

// Duty gives the records of duty.
func (s *Store) Duty() duty.Store { return dutyRecords{} }

type dutyRecords struct{}

func (dutyRecords) SaveShift(tx reminders.Tx, s duty.Shift) error {
	return save(tx, shiftKey(s.ID, s.Version), s)
}

func (dutyRecords) Versions(tx reminders.Tx, _ reminders.UnitID, from, to duty.ShiftID) ([]duty.Shift, error) {
	return list[duty.Shift](tx, "shift/"+string(from), "shift/"+string(to), 0)
}

func (dutyRecords) Roster(tx reminders.Tx, unit reminders.UnitID, block string) (duty.Roster, bool, error) {
	versions, err := listPrefix[duty.Roster](tx, fmt.Sprintf("roster/%s/%s/", unit, block))
	if err != nil || len(versions) == 0 {
		return duty.Roster{}, false, err
	}
	return versions[len(versions)-1], true, nil
}

func (dutyRecords) SaveRoster(tx reminders.Tx, r duty.Roster) error {
	return save(tx, fmt.Sprintf("roster/%s/%s/%06d", r.Unit, r.Block, r.Version), r)
}

func (dutyRecords) Stints(tx reminders.Tx, person reminders.PersonID) ([]duty.Stint, error) {
	return listPrefix[duty.Stint](tx, "stint/"+string(person)+"/")
}

func (dutyRecords) SaveStint(tx reminders.Tx, s duty.Stint) error {
	return save(tx, stintKey(s), s)
}
