package store

import (
	"fmt"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Keys of the people register:
//
//	person/ID            the record
//	chat/CHAT            the person to whom the chat is bound
//	member/UNIT/ID       the people of a unit
//	unit/ID              the unit
//	invitation/HASH      an invitation by the hash of its code
//	invited/ID           the hash of the latest invitation for a person
//	guess/CHAT           wrong codes that came from a chat
//	leave/ID/NUMBER      a leave of a person, NUMBER with six digits
func personKey(id reminders.PersonID) string { return "person/" + string(id) }
func chatKey(chat reminders.ChatID) string   { return "chat/" + strconv.FormatInt(int64(chat), 10) }
func unitKey(id reminders.UnitID) string     { return "unit/" + string(id) }
func memberKey(unit reminders.UnitID, id reminders.PersonID) string {
	return "member/" + string(unit) + "/" + string(id)
}

// People gives the register's records.
func (s *Store) People() people.Store { return peopleRecords{} }

type peopleRecords struct{}

func (peopleRecords) Person(tx reminders.Tx, id reminders.PersonID) (people.Record, bool, error) {
	return load[people.Record](tx, personKey(id))
}

func (peopleRecords) SavePerson(tx reminders.Tx, r people.Record) error {
	u, err := unitOf(tx)
	if err != nil {
		return err
	}
	before, found, err := Load[people.Record](u, personKey(r.ID))
	if err != nil {
		return err
	}
	if found && before.Chat != r.Chat && before.Chat != 0 {
		// The chat may have gone to somebody else in this unit of work already.
		holder, _, err := Load[reminders.PersonID](u, chatKey(before.Chat))
		if err != nil {
			return err
		}
		if holder == r.ID {
			u.Delete(chatKey(before.Chat))
		}
	}
	if found && before.Unit != r.Unit {
		u.Delete(memberKey(before.Unit, r.ID))
	}
	if r.Chat != 0 && before.Chat != r.Chat {
		if err := Save(u, chatKey(r.Chat), r.ID); err != nil {
			return err
		}
	}
	if !found || before.Unit != r.Unit {
		if err := Save(u, memberKey(r.Unit, r.ID), r.ID); err != nil {
			return err
		}
	}
	return Save(u, personKey(r.ID), r)
}

func (peopleRecords) PeopleAfter(tx reminders.Tx, after reminders.PersonID, limit int) ([]people.Record, error) {
	_, end := Prefix("person/")
	return list[people.Record](tx, After(personKey(after)), end, limit)
}

func (peopleRecords) PersonAt(tx reminders.Tx, chat reminders.ChatID) (reminders.PersonID, bool, error) {
	return load[reminders.PersonID](tx, chatKey(chat))
}

func (peopleRecords) Unit(tx reminders.Tx, id reminders.UnitID) (reminders.Unit, bool, error) {
	return load[reminders.Unit](tx, unitKey(id))
}

func (peopleRecords) SaveUnit(tx reminders.Tx, unit reminders.Unit) error {
	return save(tx, unitKey(unit.ID), unit)
}

func (peopleRecords) Units(tx reminders.Tx) ([]reminders.Unit, error) {
	return listPrefix[reminders.Unit](tx, "unit/")
}

func (peopleRecords) UnitsAfter(tx reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error) {
	_, end := Prefix("unit/")
	return list[reminders.Unit](tx, After(unitKey(after)), end, limit)
}

func (peopleRecords) UnitMembers(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error) {
	return listPrefix[reminders.PersonID](tx, memberKey(unit, ""))
}

func (peopleRecords) Invitation(tx reminders.Tx, hash string) (people.Invitation, bool, error) {
	return load[people.Invitation](tx, "invitation/"+hash)
}

func (peopleRecords) SaveInvitation(tx reminders.Tx, i people.Invitation) error {
	if err := save(tx, "invitation/"+i.Hash, i); err != nil {
		return err
	}
	latest, found, err := load[string](tx, "invited/"+string(i.Person))
	if err != nil || (found && latest == i.Hash) {
		return err
	}
	if current, found, err := load[people.Invitation](tx, "invitation/"+latest); err != nil {
		return err
	} else if found && current.CreatedAt.After(i.CreatedAt) {
		return nil
	}
	return save(tx, "invited/"+string(i.Person), i.Hash)
}

func (r peopleRecords) LatestInvitation(tx reminders.Tx, person reminders.PersonID) (people.Invitation, bool, error) {
	hash, found, err := load[string](tx, "invited/"+string(person))
	if err != nil || !found {
		return people.Invitation{}, false, err
	}
	return r.Invitation(tx, hash)
}

func (peopleRecords) Guesses(tx reminders.Tx, chat reminders.ChatID) (people.Guesses, error) {
	g, _, err := load[people.Guesses](tx, "guess/"+chatKey(chat))
	return g, err
}

func (peopleRecords) SaveGuesses(tx reminders.Tx, chat reminders.ChatID, g people.Guesses) error {
	if len(g.Wrong) == 0 {
		return drop(tx, "guess/"+chatKey(chat))
	}
	return save(tx, "guess/"+chatKey(chat), g)
}

// Leaves gives the records of who is away when.
func (s *Store) Leaves() people.LeaveStore { return leaveRecords{} }

type leaveRecords struct{}

func (leaveRecords) LeavesOf(tx reminders.Tx, person reminders.PersonID) ([]people.Leave, error) {
	return listPrefix[people.Leave](tx, "leave/"+string(person)+"/")
}

func (leaveRecords) SaveLeave(tx reminders.Tx, l people.Leave) error {
	return save(tx, fmt.Sprintf("leave/%s/%06d", l.Person, l.Number), l)
}
