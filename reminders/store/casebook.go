package store

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// Keys of public cases:
//
//	case/ID                    the case
//	case-handle/HANDLE         its id
//	case-open/ID               it is drafted, returned, held, or has a correction that waits
//	case-from/HASH/ID          by its source address
//	case-shown/PLACE/ID        what lists need of a published one, newest first
//	case-pushed/ID             when it was shown to readers by itself
//	case-own                   the office has published a case
const ownCaseKey = "case-own"

// Cases gives the records of public cases.
func (s *Store) Cases() casebook.Store { return caseRecords{} }

type caseRecords struct{}

func (caseRecords) Case(tx reminders.Tx, id string) (casebook.Case, bool, error) {
	return load[casebook.Case](tx, caseKey(id))
}

func caseKey(id string) string { return "case/" + id }

func (r caseRecords) CaseByHandle(tx reminders.Tx, handle string) (casebook.Case, bool, error) {
	id, found, err := load[string](tx, "case-handle/"+handle)
	if err != nil || !found {
		return casebook.Case{}, false, err
	}
	return r.Case(tx, id)
}

func (r caseRecords) SaveCase(tx reminders.Tx, c casebook.Case) error {
	before, found, err := r.Case(tx, c.ID)
	if err != nil {
		return err
	}
	var was map[string]any
	if found {
		was = casePlaces(before)
	}
	is := casePlaces(c)
	for key := range was {
		if _, stays := is[key]; !stays {
			if err := drop(tx, key); err != nil {
				return err
			}
		}
	}
	for key, row := range is {
		if err := save(tx, key, row); err != nil {
			return err
		}
	}
	if c.State == casebook.Published && before.State != casebook.Published {
		if err := save(tx, ownCaseKey, true); err != nil {
			return err
		}
	}
	return save(tx, caseKey(c.ID), c)
}

// casePlaces are the rows by which a case is found.
func casePlaces(c casebook.Case) map[string]any {
	rows := map[string]any{"case-handle/" + c.Handle(): c.ID}
	if c.Open() {
		rows["case-open/"+c.ID] = c.ID
	}
	if c.SourceURL != "" {
		rows[caseFrom(c.SourceURL)+c.ID] = c.ID
	}
	if c.State == casebook.Published {
		rows["case-shown/"+casebook.EntryOf(c).Place()] = casebook.EntryOf(c)
	}
	return rows
}

func caseFrom(address string) string { return "case-from/" + reminders.HashText(address)[:16] + "/" }

func (caseRecords) CasesAfter(tx reminders.Tx, after string, limit int) ([]casebook.Case, error) {
	_, end := Prefix(caseKey(""))
	return list[casebook.Case](tx, After(caseKey(after)), end, limit)
}

func (r caseRecords) OpenCases(tx reminders.Tx) ([]casebook.Case, error) {
	return r.under(tx, "case-open/")
}

func (r caseRecords) CasesFrom(tx reminders.Tx, address string) ([]casebook.Case, error) {
	return r.under(tx, caseFrom(address))
}

// under reads the cases that the rows of an index name.
func (r caseRecords) under(tx reminders.Tx, prefix string) ([]casebook.Case, error) {
	ids, err := listPrefix[string](tx, prefix)
	if err != nil {
		return nil, err
	}
	return named(tx, ids, r.Case)
}

func (caseRecords) ShownCases(tx reminders.Tx) ([]casebook.Entry, error) {
	return listPrefix[casebook.Entry](tx, "case-shown/")
}

func (caseRecords) OwnCases(tx reminders.Tx) (bool, error) {
	own, _, err := load[bool](tx, ownCaseKey)
	return own, err
}

func (caseRecords) Pushes(tx reminders.Tx) ([]casebook.Push, error) {
	return listPrefix[casebook.Push](tx, "case-pushed/")
}

func (caseRecords) SavePush(tx reminders.Tx, p casebook.Push) error {
	return save(tx, "case-pushed/"+p.Case, p)
}

// caseIndex finds cases by handle, by source, while something is to be decided about
// them, and what is published.
var caseIndex = index{
	records: "case/", rows: []string{"case-handle/", "case-open/", "case-from/", "case-shown/"},
	expect: expecting(func(c casebook.Case) (string, map[string]any) { return caseKey(c.ID), casePlaces(c) }),
	owner: func(row []byte) (string, error) {
		var id string
		if Decode(row, &id) == nil {
			return caseKey(id), nil
		}
		var entry casebook.Entry
		err := Decode(row, &entry)
		return caseKey(entry.ID), err
	},
}

// purgeCase deletes a case whose time is over: it expired, or was withdrawn. What was
// never approved goes by the day on which somebody last wrote at it.
func purgeCase(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var c casebook.Case
	if Decode(record.Value, &c) != nil || !c.Ended().Before(before) || c.Ended().IsZero() {
		return 0, false, nil
	}
	for key := range casePlaces(c) {
		u.Delete(key)
	}
	u.Delete("case-pushed/" + strings.TrimPrefix(record.Key, "case/"))
	return deleteIf(u, record.Key, true), false, nil
}
