package store

import (
	"context"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// Keys of duty. START is 20261001T0800 on the clock of the place; VERSION and NUMBER
// have six digits:
//
//	shift/UNIT/START/VERSION     a version of a shift
//	roster/UNIT/BLOCK/VERSION    what a unit filed for a block
//	stint/PERSON/UNIT/BLOCK      where a person has, or had, places on shifts
//	matter/UNIT/NUMBER           something that a shift left open
//	errand/NAME                  what the desk itself does at an instant
//	errand-at/INSTANT/NAME       its name
//	feed/HASH                    whose calendar a token opens, by the hash of the token
//	feed-of/WHOSE                the hash of somebody's feed
func shiftKey(id duty.ShiftID, version int) string {
	return fmt.Sprintf("shift/%s/%06d", id, version)
}

func stintKey(s duty.Stint) string {
	return "stint/" + string(s.Person) + "/" + string(s.Unit) + "/" + s.Block
}

func errandKey(name string) string { return "errand/" + name }

// errandPlace is the place of an errand in the agenda of duty.
func errandPlace(e duty.Errand) string { return "errand-at/" + instantAfter(e.At) + "/" + e.Name }

func feedKey(hash string) string { return "feed/" + hash }

func feedOfKey(w duty.Whose) string {
	if w.Unit != "" {
		return "feed-of/u/" + string(w.Unit)
	}
	return "feed-of/p/" + string(w.Person)
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
	versions, err := listPrefix[duty.Roster](tx, rosterPrefix(unit, block))
	if err != nil || len(versions) == 0 {
		return duty.Roster{}, false, err
	}
	return versions[len(versions)-1], true, nil
}

func (dutyRecords) Rosters(tx reminders.Tx, unit reminders.UnitID, block string) ([]duty.Roster, error) {
	return listPrefix[duty.Roster](tx, rosterPrefix(unit, block))
}

func rosterPrefix(unit reminders.UnitID, block string) string {
	return "roster/" + string(unit) + "/" + block + "/"
}

func (dutyRecords) SaveRoster(tx reminders.Tx, r duty.Roster) error {
	return save(tx, fmt.Sprintf("%s%06d", rosterPrefix(r.Unit, r.Block), r.Version), r)
}

func (dutyRecords) Stints(tx reminders.Tx, person reminders.PersonID) ([]duty.Stint, error) {
	return listPrefix[duty.Stint](tx, "stint/"+string(person)+"/")
}

func (dutyRecords) SaveStint(tx reminders.Tx, s duty.Stint) error {
	return save(tx, stintKey(s), s)
}

func (dutyRecords) Matters(tx reminders.Tx, unit reminders.UnitID) ([]duty.Matter, error) {
	return listPrefix[duty.Matter](tx, "matter/"+string(unit)+"/")
}

func (dutyRecords) SaveMatter(tx reminders.Tx, m duty.Matter) error {
	return save(tx, fmt.Sprintf("matter/%s/%06d", m.Unit, m.Number), m)
}

func (dutyRecords) Errand(tx reminders.Tx, name string) (duty.Errand, bool, error) {
	return load[duty.Errand](tx, errandKey(name))
}

func (r dutyRecords) SaveErrand(tx reminders.Tx, e duty.Errand) error {
	before, found, err := r.Errand(tx, e.Name)
	if err != nil {
		return err
	}
	if !found || errandPlace(before) != errandPlace(e) {
		if found {
			if err := drop(tx, errandPlace(before)); err != nil {
				return err
			}
		}
		if err := save(tx, errandPlace(e), e.Name); err != nil {
			return err
		}
	}
	return save(tx, errandKey(e.Name), e)
}

func (r dutyRecords) DropErrand(tx reminders.Tx, name string) error {
	e, found, err := r.Errand(tx, name)
	if err != nil || !found {
		return err
	}
	if err := drop(tx, errandPlace(e)); err != nil {
		return err
	}
	return drop(tx, errandKey(name))
}

func (r dutyRecords) DueErrands(tx reminders.Tx, now time.Time, limit int) ([]duty.Errand, time.Time, error) {
	from, to := upTo("errand-at/", now)
	names, err := list[string](tx, from, to, limit)
	if err != nil {
		return nil, time.Time{}, err
	}
	due, err := named(tx, names, r.Errand)
	if err != nil {
		return nil, time.Time{}, err
	}
	next, err := firstInstant(tx, "errand-at/", to)
	return due, next, err
}

func (dutyRecords) Feed(tx reminders.Tx, hash string) (duty.Feed, bool, error) {
	return load[duty.Feed](tx, feedKey(hash))
}

func (r dutyRecords) FeedFor(tx reminders.Tx, who duty.Whose) (duty.Feed, bool, error) {
	hash, found, err := load[string](tx, feedOfKey(who))
	if err != nil || !found {
		return duty.Feed{}, false, err
	}
	return r.Feed(tx, hash)
}

func (dutyRecords) SaveFeed(tx reminders.Tx, f duty.Feed) error {
	if err := save(tx, feedOfKey(f.Whose), f.Hash); err != nil {
		return err
	}
	return save(tx, feedKey(f.Hash), f)
}

func (dutyRecords) DropFeed(tx reminders.Tx, f duty.Feed) error {
	if err := drop(tx, feedOfKey(f.Whose)); err != nil {
		return err
	}
	return drop(tx, feedKey(f.Hash))
}

// errandIndex finds errands by their instant.
var errandIndex = index{
	records: "errand/", rows: []string{"errand-at/"},
	expect: expecting(func(e duty.Errand) (string, map[string]any) {
		return errandKey(e.Name), map[string]any{errandPlace(e): e.Name}
	}),
	owner: owned(errandKey),
}

// feedIndex finds feeds by whose they are.
var feedIndex = index{
	records: "feed/", rows: []string{"feed-of/"},
	expect: expecting(func(f duty.Feed) (string, map[string]any) {
		return feedKey(f.Hash), map[string]any{feedOfKey(f.Whose): f.Hash}
	}),
	owner: owned(feedKey),
}

// checkStints wants every place on a shift to be found by whose it is.
func checkStints(ctx context.Context, r Reader) ([]Problem, error) {
	var problems []Problem
	from, to := Prefix("shift/")
	for record, err := range walk(ctx, r, from, to) {
		if err != nil {
			return problems, err
		}
		var s duty.Shift
		if Decode(record.Value, &s) != nil {
			problems = append(problems, misread(record)...)
			continue
		}
		for _, person := range s.People() {
			key := stintKey(duty.Stint{Person: person, Unit: s.Unit, Block: s.Block})
			how, err := stintHolds(ctx, r, key, s.Window())
			if err != nil {
				return problems, err
			}
			if how != "" {
				problems = append(problems, Problem{Key: record.Key, Text: rowText(how, key)})
			}
		}
	}
	return problems, nil
}

// stintHolds says what is wrong with a stint that must span a shift.
func stintHolds(ctx context.Context, r Reader, key string, w reminders.Window) (how string, err error) {
	row, found, err := r.Get(ctx, key)
	if err != nil || !found {
		return "missing", err
	}
	var s duty.Stint
	if Decode(row.Value, &s) != nil || w.From.Before(s.Window.From) || w.To.After(s.Window.To) {
		return "wrong", nil
	}
	return "", nil
}
