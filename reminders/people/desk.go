package people

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Store keeps the register. Its methods work within the unit of work tx; what is
// saved there is read there.
type Store interface {
	Person(tx reminders.Tx, id reminders.PersonID) (Record, bool, error)
	// SavePerson also moves the person in the index of chats and of units.
	SavePerson(tx reminders.Tx, r Record) error
	// PeopleAfter pages through all records, retired ones too, in order of
	// their identifiers: those greater than after, at most limit.
	PeopleAfter(tx reminders.Tx, after reminders.PersonID, limit int) ([]Record, error)
	// PersonAt gives the person to whom a chat is bound.
	PersonAt(tx reminders.Tx, chat reminders.ChatID) (reminders.PersonID, bool, error)

	Unit(tx reminders.Tx, id reminders.UnitID) (reminders.Unit, bool, error)
	SaveUnit(tx reminders.Tx, u reminders.Unit) error
	Units(tx reminders.Tx) ([]reminders.Unit, error)
	// UnitsAfter pages through the units in order of their identifiers: those
	// greater than after, at most limit.
	UnitsAfter(tx reminders.Tx, after reminders.UnitID, limit int) ([]reminders.Unit, error)
	// UnitMembers gives everybody whose record names the unit, retired people
	// too, in order of their identifiers; not those of units below it.
	UnitMembers(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error)

	Invitation(tx reminders.Tx, hash string) (Invitation, bool, error)
	// SaveInvitation also makes it the latest one for its person.
	SaveInvitation(tx reminders.Tx, i Invitation) error
	// LatestInvitation gives the newest invitation for a person.
	LatestInvitation(tx reminders.Tx, person reminders.PersonID) (Invitation, bool, error)

	// Guesses gives the wrong codes that came from a chat, none if unknown.
	Guesses(tx reminders.Tx, chat reminders.ChatID) (Guesses, error)
	// SaveGuesses keeps them; without any, it forgets the chat.
	SaveGuesses(tx reminders.Tx, chat reminders.ChatID, g Guesses) error
}

// Desk keeps the register: every change of it goes through here and has its
// entry in the ledger, in the same unit of work. Entries name identifiers and
// never names. The actor of a change is the staff number of who asked for it,
// or ledger.System.
type Desk struct {
	store     Store
	book      ledger.Book
	newCode   func() string
	languages []reminders.Language
}

// New joins the desk to what it needs. newCode makes one-time codes, see NewCode.
// languages are those in which there are texts; none means Chinese and English.
func New(store Store, book ledger.Book, newCode func() string, languages ...reminders.Language) *Desk {
	if len(languages) == 0 {
		languages = []reminders.Language{reminders.Chinese, reminders.English}
	}
	return &Desk{store: store, book: book, newCode: newCode, languages: slices.Clone(languages)}
}

// chunk is how many people or units one unit of work changes at most. A person
// who moves to a new unit costs up to six changes of the store (record, two of
// the index, unit, two entries) and the smallest engine takes 128 at once.
const chunk = 20

// change saves a record and writes its entry.
func (d *Desk) change(tx reminders.Tx, r Record, verb ledger.Verb, reason, actor string) error {
	if err := d.store.SavePerson(tx, r); err != nil {
		return err
	}
	return d.note(tx, verb, string(r.ID), reason, actor)
}

// note writes an entry about a person or a unit.
func (d *Desk) note(tx reminders.Tx, verb ledger.Verb, subject, reason, actor string) error {
	return d.book.Append(tx, ledger.Entry{Actor: actor, Verb: verb, Object: "people", Subject: subject, Reason: reason})
}

// find gives a record or a NotFound error.
func (d *Desk) find(tx reminders.Tx, op string, id reminders.PersonID) (Record, error) {
	r, found, err := d.store.Person(tx, id)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, op, "people.unknown", reminders.Args{"StaffNo": reminders.Text(string(id))})
	}
	return r, err
}
