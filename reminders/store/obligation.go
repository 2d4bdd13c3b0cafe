package store

import (
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Keys of the book of obligations:
//
//	terms/ID                     the terms
//	terms-handle/HANDLE          their id
//	agenda/INSTANT/HANDLE        the id of terms that want attention then
//	line/HANDLE/UNIT/PERSON      the line of a person, or of a unit as a whole
//	mine/OWNER/HANDLE/UNIT       the key of a line that is open, by its owner
func termsKey(id obligation.TermsID) string { return "terms/" + string(id) }

func lineKey(id obligation.TermsID, owner obligation.Owner) string {
	return "line/" + string(obligation.HandleOf(id)) + "/" + string(owner.Unit) + "/" + string(owner.Person)
}

func mineKey(id obligation.TermsID, owner obligation.Owner) string {
	return minePrefix(owner) + string(obligation.HandleOf(id)) + "/" + string(owner.Unit)
}

func minePrefix(owner obligation.Owner) string {
	if owner.ByUnit() {
		return "mine/u/" + string(owner.Unit) + "/"
	}
	return "mine/p/" + string(owner.Person) + "/"
}

// Obligations gives the records of the book.
func (s *Store) Obligations() obligation.Store { return obligationRecords{} }

type obligationRecords struct{}

func (obligationRecords) Terms(tx reminders.Tx, id obligation.TermsID) (obligation.Terms, bool, error) {
	return load[obligation.Terms](tx, termsKey(id))
}

func (r obligationRecords) TermsByHandle(tx reminders.Tx, h obligation.Handle) (obligation.Terms, bool, error) {
	id, found, err := load[obligation.TermsID](tx, "terms-handle/"+string(h))
	if err != nil || !found {
		return obligation.Terms{}, false, err
	}
	return r.Terms(tx, id)
}

func (obligationRecords) SaveTerms(tx reminders.Tx, t obligation.Terms) error {
	before, found, err := load[obligation.Terms](tx, termsKey(t.ID))
	if err != nil {
		return err
	}
	if !found {
		if err := save(tx, "terms-handle/"+string(t.Handle), t.ID); err != nil {
			return err
		}
	}
	was, is := agendaKey(before), agendaKey(t)
	if was != is {
		if was != "" {
			if err := drop(tx, was); err != nil {
				return err
			}
		}
		if is != "" {
			if err := save(tx, is, t.ID); err != nil {
				return err
			}
		}
	}
	return save(tx, termsKey(t.ID), t)
}

// agendaKey is the place of the terms in the agenda; empty if they want nothing.
func agendaKey(t obligation.Terms) string {
	if t.ID == "" || t.Next().IsZero() {
		return ""
	}
	return "agenda/" + instantAfter(t.Next()) + "/" + string(t.Handle)
}

func (obligationRecords) DueTerms(tx reminders.Tx, now time.Time, limit int) ([]obligation.TermsID, time.Time, error) {
	from, to := upTo("agenda/", now)
	due, err := list[obligation.TermsID](tx, from, to, limit)
	if err != nil {
		return nil, time.Time{}, err
	}
	next, err := firstInstant(tx, "agenda/", to)
	return due, next, err
}

func (obligationRecords) Obligation(tx reminders.Tx, id obligation.TermsID, owner obligation.Owner) (obligation.Obligation, bool, error) {
	return load[obligation.Obligation](tx, lineKey(id, owner))
}

func (obligationRecords) SaveObligation(tx reminders.Tx, o obligation.Obligation) error {
	key := lineKey(o.Terms, o.Owner)
	if err := save(tx, key, o); err != nil {
		return err
	}
	if o.State == obligation.Open {
		return save(tx, mineKey(o.Terms, o.Owner), key)
	}
	return drop(tx, mineKey(o.Terms, o.Owner))
}

func (obligationRecords) ObligationsAfter(tx reminders.Tx, id obligation.TermsID, cursor string, limit int) ([]obligation.Obligation, string, error) {
	from, to := Prefix("line/" + string(obligation.HandleOf(id)) + "/")
	if cursor != "" {
		from = After(cursor)
	}
	page, err := list[obligation.Obligation](tx, from, to, limit)
	if err != nil || len(page) < limit {
		return page, "", err
	}
	last := page[len(page)-1]
	return page, lineKey(last.Terms, last.Owner), nil
}

func (obligationRecords) ObligationsIn(tx reminders.Tx, id obligation.TermsID, unit reminders.UnitID) ([]obligation.Obligation, error) {
	return listPrefix[obligation.Obligation](tx, lineKey(id, obligation.Owner{Unit: unit}))
}

func (obligationRecords) OpenFor(tx reminders.Tx, owner obligation.Owner) ([]obligation.Obligation, error) {
	keys, err := listPrefix[string](tx, minePrefix(owner))
	if err != nil {
		return nil, err
	}
	var open []obligation.Obligation
	for _, key := range keys {
		line, found, err := load[obligation.Obligation](tx, key)
		if err != nil {
			return nil, err
		}
		if found && line.State == obligation.Open {
			open = append(open, line)
		}
	}
	return open, nil
}

// outagesKept is how many outages are remembered: more than an answering window
// can meet.
const outagesKept = 20

// outagesKey is where they are remembered.
const outagesKey = "life/outages"

// lostBefore makes a span in which answers were lost longer than any in which the
// chat service keeps them for us.
const lostBefore = obligation.KeptUpdates + time.Second

// keepOutages adds a span to those remembered.
func keepOutages(outages []reminders.Window, down reminders.Window) []reminders.Window {
	outages = append(outages, down)
	return slices.Delete(outages, 0, max(0, len(outages)-outagesKept))
}

func (obligationRecords) Outages(tx reminders.Tx) ([]reminders.Window, error) {
	outages, _, err := load[[]reminders.Window](tx, outagesKey)
	return outages, err
}

// Alive records that the service was at work at the unit's instant and, if the
// time since it last was is longer than gap, remembers that span as an outage,
// which it returns.
func (s *Store) Alive(tx reminders.Tx, gap time.Duration) (reminders.Window, bool, error) {
	last, found, err := load[time.Time](tx, "life/beat")
	if err != nil {
		return reminders.Window{}, false, err
	}
	now := tx.Now()
	if found && !now.After(last) {
		return reminders.Window{}, false, nil
	}
	if !found {
		if err := save(tx, "life/born", now); err != nil {
			return reminders.Window{}, false, err
		}
	}
	if err := save(tx, "life/beat", now); err != nil || !found || now.Sub(last) <= gap {
		return reminders.Window{}, false, err
	}
	down := reminders.Window{From: last, To: now}
	outages, _, err := load[[]reminders.Window](tx, outagesKey)
	if err != nil {
		return down, true, err
	}
	return down, true, save(tx, outagesKey, keepOutages(outages, down))
}

// Born gives the instant at which the service first was at work; zero before.
func (s *Store) Born(tx reminders.Tx) (time.Time, error) {
	born, _, err := load[time.Time](tx, "life/born")
	return born, err
}

// LastAlive gives the last instant at which the service was at work; zero if it
// never was.
func (s *Store) LastAlive(tx reminders.Tx) (time.Time, error) {
	last, _, err := load[time.Time](tx, "life/beat")
	return last, err
}

// AllTerms lists all terms of the book.
func (s *Store) AllTerms(tx reminders.Tx) ([]obligation.Terms, error) {
	return listPrefix[obligation.Terms](tx, "terms/")
}

// parseInstant reads the instant with which the rest of a key begins.
func parseInstant(rest string) (time.Time, error) {
	const digits = 20
	if len(rest) < digits {
		return time.Time{}, reminders.Internalf("store.instant", "a key without an instant")
	}
	ms, err := strconv.ParseInt(rest[:digits], 10, 64)
	if err != nil {
		return time.Time{}, reminders.Wrap("store.instant", err)
	}
	return time.UnixMilli(ms).UTC(), nil
}
