package main

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// rosterGaps shows readiness what is missing in the rosters.
type rosterGaps struct{ *office }

// Gaps counts, over all units that keep a roster, what is missing for any of the blocks.
func (g rosterGaps) Gaps(tx reminders.Tx, blocks []calendar.Block) (gaps notice.RosterGaps, err error) {
	units, err := g.dutyUnits(tx)
	for _, unit := range units {
		filed := true
		var absent []reminders.PersonID
		for _, b := range blocks {
			_, found, err := g.duty.Roster(tx, unit.ID, b.ID)
			if err != nil {
				return gaps, err
			}
			if filed = filed && found; !found {
				continue
			}
			days, err := g.duty.Days(tx, unit.ID, b)
			if err != nil {
				return gaps, err
			}
			for _, day := range days {
				if !day.Covered {
					gaps.Days++
				}
			}
			if absent, err = g.absent(tx, unit.ID, b, absent); err != nil {
				return gaps, err
			}
		}
		gaps.Units++
		gaps.People += len(absent)
		if !filed {
			gaps.Unfiled++
		}
	}
	return gaps, err
}

// absent adds those on a unit's roster who cannot be there, each once.
func (g rosterGaps) absent(tx reminders.Tx, unit reminders.UnitID, b calendar.Block, known []reminders.PersonID) ([]reminders.PersonID, error) {
	problems, err := g.duty.Gaps(tx, unit, b)
	for _, p := range problems {
		if !slices.Contains([]duty.Reason{duty.OnLeave, duty.Unreachable, duty.Retired, duty.Unknown}, p.Reason) {
			continue
		}
		for _, person := range p.People {
			if !slices.Contains(known, person) {
				known = append(known, person)
			}
		}
	}
	return known, err
}

// dutyUnits lists the units that keep a roster.
func (f *office) dutyUnits(tx reminders.Tx) ([]reminders.Unit, error) {
	units, err := f.reg.AllUnits(tx)
	return slices.DeleteFunc(slices.Clone(units), func(u reminders.Unit) bool { return !u.Duty }), err
}

// How far around an instant blocks are looked at for what units owe of them: rosters before
// it, closing reports after it, with the workdays that they may take.
const (
	owedBefore = 45
	owedAhead  = 20
)

// owed names the rosters and closing reports of the blocks around an instant, and what
// units are to put right for themes.
func (f *office) owed(at time.Time) []obligation.TermsID {
	cal := f.years.Calendar()
	today := calendar.DateOf(at, cal.Location())
	owed := f.themesOwed()
	for _, b := range cal.Blocks(today.AddDays(-owedBefore), today.AddDays(owedAhead)) {
		owed = append(owed, duty.RosterTerms(b.ID), report.ClosingTerms(b.ID))
	}
	return owed
}
