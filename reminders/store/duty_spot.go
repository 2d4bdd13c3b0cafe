package store

import (
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Keys of spot checks:
//
//	spot-block/BLOCK             the draw of a block
//	spot-draw/INSTANT/BLOCK      the draw, at the instant at which it wants attention
//	spot-secret/BLOCK            its secret, apart from everything that is shown
//	spot/HANDLE                  a check
//	spot-of/BLOCK//UNIT//NUMBER  its handle
//	spot-at/INSTANT/HANDLE       its handle, by its moment
//	spot-due/INSTANT/HANDLE      its handle, at the instant at which it wants attention
//	spot-last/UNIT               the last check of a unit
//
// A backup holds the secrets, since a restored service must go on with them. Who can
// read the file of the store, or a backup of it, can know the moments beforehand; no
// export has them.
const (
	spotPrefix      = "spot/"
	spotBlockPrefix = "spot-block/"
	spotDrawPrefix  = "spot-draw/"
	spotDuePrefix   = "spot-due/"
	spotAtPrefix    = "spot-at/"
)

func spotKey(h obligation.Handle) string { return spotPrefix + string(h) }
func spotBlockKey(block string) string   { return spotBlockPrefix + block }

// spotOfPrefix has double slashes, so that no unit is the beginning of another.
func spotOfPrefix(block string, unit reminders.UnitID) string {
	return "spot-of/" + block + "//" + string(unit) + "//"
}

// SpotChecks gives the records of draws and spot checks.
func (s *Store) SpotChecks() duty.SpotStore { return spotRecords{} }

type spotRecords struct{}

func (spotRecords) SpotBlock(tx reminders.Tx, block string) (duty.SpotBlock, bool, error) {
	return load[duty.SpotBlock](tx, spotBlockKey(block))
}

func (r spotRecords) SaveSpotBlock(tx reminders.Tx, b duty.SpotBlock) error {
	before, _, err := r.SpotBlock(tx, b.Block)
	if err != nil {
		return err
	}
	if err := moveRows(tx, spotBlockPlaces(before), spotBlockPlaces(b), duty.SpotDue{Block: b.Block}); err != nil {
		return err
	}
	return save(tx, spotBlockKey(b.Block), b)
}

// spotBlockPlaces is where a draw stands among what is due.
func spotBlockPlaces(b duty.SpotBlock) []string {
	if b.Next().IsZero() {
		return nil
	}
	return []string{spotDrawPrefix + instantAfter(b.Next()) + "/" + b.Block}
}

func (spotRecords) SpotSecret(tx reminders.Tx, block string) (duty.SpotSecret, bool, error) {
	return load[duty.SpotSecret](tx, "spot-secret/"+block)
}

func (spotRecords) SaveSpotSecret(tx reminders.Tx, block string, s duty.SpotSecret) error {
	return save(tx, "spot-secret/"+block, s)
}

func (spotRecords) SpotCheck(tx reminders.Tx, h obligation.Handle) (duty.SpotCheck, bool, error) {
	return load[duty.SpotCheck](tx, spotKey(h))
}

func (r spotRecords) SaveSpotCheck(tx reminders.Tx, s duty.SpotCheck) error {
	before, found, err := r.SpotCheck(tx, s.Handle())
	if err != nil {
		return err
	}
	var was []string
	if found {
		was = spotPlaces(before)
	}
	if err := moveRows(tx, was, spotPlaces(s), duty.SpotDue{Check: s.Handle()}); err != nil {
		return err
	}
	return save(tx, spotKey(s.Handle()), s)
}

// spotPlaces are the keys of the indexes under which a check is found.
func spotPlaces(s duty.SpotCheck) []string {
	handle := string(s.Handle())
	keys := []string{
		spotOfPrefix(s.Block, s.Unit) + fmt.Sprintf("%04d", s.Number),
		spotAtPrefix + instant(s.Moment) + "/" + handle,
	}
	if !s.Next().IsZero() {
		keys = append(keys, spotDuePrefix+instantAfter(s.Next())+"/"+handle)
	}
	return keys
}

func (r spotRecords) SpotChecksOf(tx reminders.Tx, unit reminders.UnitID, block string) ([]duty.SpotCheck, error) {
	from, to := Prefix(spotOfPrefix(block, unit))
	return r.checks(tx, from, to)
}

func (r spotRecords) SpotChecksIn(tx reminders.Tx, w reminders.Window) ([]duty.SpotCheck, error) {
	return r.checks(tx, spotAtPrefix+instantAfter(w.From), spotAtPrefix+instantAfter(w.To))
}

// checks gives the checks to which the rows in a range belong.
func (r spotRecords) checks(tx reminders.Tx, from, to string) ([]duty.SpotCheck, error) {
	rows, err := list[duty.SpotDue](tx, from, to, 0)
	if err != nil {
		return nil, err
	}
	return named(tx, rows, func(tx reminders.Tx, row duty.SpotDue) (duty.SpotCheck, bool, error) {
		return r.SpotCheck(tx, row.Check)
	})
}

// DueSpot gives draws before checks: a check that is due at the start of its block is
// drawn first.
func (spotRecords) DueSpot(tx reminders.Tx, now time.Time) (due duty.SpotDue, next time.Time, err error) {
	for _, prefix := range []string{spotDrawPrefix, spotDuePrefix} {
		from, to := upTo(prefix, now)
		found, err := list[duty.SpotDue](tx, from, to, 1)
		if err != nil {
			return due, next, err
		}
		if len(found) > 0 {
			return found[0], now, nil
		}
		at, err := firstInstant(tx, prefix, to)
		if err != nil {
			return due, next, err
		}
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return due, next, nil
}

func (spotRecords) LastSpot(tx reminders.Tx, unit reminders.UnitID) (duty.SpotLast, bool, error) {
	return load[duty.SpotLast](tx, "spot-last/"+string(unit))
}

func (spotRecords) SaveLastSpot(tx reminders.Tx, l duty.SpotLast) error {
	return save(tx, "spot-last/"+string(l.Unit), l)
}

// spotBlockIndex finds what is due of the draws.
var spotBlockIndex = index{
	records: spotBlockPrefix, rows: []string{spotDrawPrefix},
	expect: expecting(func(b duty.SpotBlock) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range spotBlockPlaces(b) {
			rows[key] = duty.SpotDue{Block: b.Block}
		}
		return spotBlockKey(b.Block), rows
	}),
	owner: owned(func(due duty.SpotDue) string { return spotBlockKey(due.Block) }),
}

// spotIndex finds checks by unit and block, by their moments and by what is due.
var spotIndex = index{
	records: spotPrefix, rows: []string{"spot-of/", spotAtPrefix, spotDuePrefix},
	expect: expecting(func(s duty.SpotCheck) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range spotPlaces(s) {
			rows[key] = duty.SpotDue{Check: s.Handle()}
		}
		return spotKey(s.Handle()), rows
	}),
	owner: owned(func(due duty.SpotDue) string { return spotKey(due.Check) }),
}
