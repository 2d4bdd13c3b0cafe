package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Cover is how much of a day of a block a unit's roster must cover.
type Cover string

// The rules of cover. Offices of a city administration keep duty day and night over a
// holiday (24 小时值班), so WholeDay is what applies unless something else is said.
const (
	WholeDay Cover = "whole-day" // all 24 hours, counted from the start of the first shift
	ByDay    Cover = "day"       // office hours only: a shift on each day
)

// Rules are what a roster is held against (值班规则). They are data, see ParseRules.
type Rules struct {
	Cover   Cover
	CoverOf map[reminders.UnitID]Cover // units with another rule
	// MostDays is how many days in a row one person may be officer.
	MostDays int
	// Rest is how long a person must be off between two shifts as officer.
	Rest time.Duration
	// Grace is how long after its start a shift is taken over in time.
	Grace time.Duration
}

// DefaultRules are the product's: whole days, two days in a row, twelve hours of rest,
// half an hour to take over.
func DefaultRules() Rules {
	return Rules{Cover: WholeDay, MostDays: 2, Rest: 12 * time.Hour, Grace: 30 * time.Minute}
}

// coverOf gives the rule of a unit.
func (r Rules) coverOf(unit reminders.UnitID) Cover {
	if c, ok := r.CoverOf[unit]; ok {
		return c
	}
	return r.Cover
}

// defaultStart is when a day of duty begins where no shift says it.
const defaultStart = 8

// Needed gives the spans of a block that a unit must cover: one for each day off, from
// the time of the day at which its first shift starts. shifts are those of the unit in
// the block; without any, days begin at 08:00.
func Needed(block calendar.Block, shifts []Shift, zone *time.Location) []reminders.Window {
	hour, minute := defaultStart, 0
	var first time.Time
	for _, s := range shifts {
		start := s.Start.In(zone)
		if first.IsZero() || start.Before(first) {
			first, hour, minute = start, start.Hour(), start.Minute()
		}
	}
	var days []reminders.Window
	for day := block.First; !day.After(block.Last); day = day.AddDays(1) {
		days = append(days, reminders.Window{From: day.At(hour, minute, zone), To: day.AddDays(1).At(hour, minute, zone)})
	}
	return days
}

// Uncovered gives the parts of days that no shift covers, in order; by the day rule
// whole days on which none starts.
func Uncovered(days []reminders.Window, shifts []Shift, cover Cover) []reminders.Window {
	shifts = inOrder(slices.Clone(shifts))
	var open []reminders.Window
	for _, day := range days {
		if cover == ByDay {
			if !slices.ContainsFunc(shifts, func(s Shift) bool { return day.Contains(s.Start) }) {
				open = append(open, day)
			}
			continue
		}
		at := day.From
		for _, s := range shifts {
			if !s.Start.Before(day.To) {
				break
			}
			if s.Start.After(at) {
				open = append(open, reminders.Window{From: at, To: s.Start})
			}
			if s.End.After(at) {
				at = s.End
			}
		}
		if at.Before(day.To) {
			open = append(open, reminders.Window{From: at, To: day.To})
		}
	}
	return joined(open)
}

// joined makes one span of those that touch.
func joined(spans []reminders.Window) []reminders.Window {
	var all []reminders.Window
	for _, w := range spans {
		if n := len(all); n > 0 && all[n-1].To.Equal(w.From) {
			all[n-1].To = w.To
			continue
		}
		all = append(all, w)
	}
	return all
}

// Gaps lists what is wrong with the roster of a unit for a block as it stands now: time
// without cover, and shifts whose people cannot be there. Of a unit that keeps no
// roster it is nothing.
func (d *Desk) Gaps(tx reminders.Tx, unit reminders.UnitID, block calendar.Block) ([]Problem, error) {
	shifts, wanted, err := d.wanted(tx, unit, block)
	if err != nil || !wanted {
		return nil, err
	}
	plan := Plan{Unit: unit, Block: block}
	for _, s := range shifts {
		plan.Planned = append(plan.Planned, Planned{Shift: s})
	}
	facts, err := d.facts(tx, []Plan{plan})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(Validate([]Plan{plan}, facts), func(p Problem) bool { return !p.Gap() }), nil
}

// wanted lists the shifts of a unit's roster for a block, as they stand now, and reports
// whether there is a roster to speak of: it has shifts, or the unit keeps one.
func (d *Desk) wanted(tx reminders.Tx, unit reminders.UnitID, block calendar.Block) (shifts []Shift, wanted bool, err error) {
	if shifts, err = d.inBlock(tx, unit, block); err != nil || len(shifts) > 0 {
		return shifts, true, err
	}
	wanted, err = d.keeps(tx, unit)
	return nil, wanted, err
}

// keeps reports whether a unit keeps a roster.
func (d *Desk) keeps(tx reminders.Tx, unit reminders.UnitID) (bool, error) {
	units, err := d.Register.AllUnits(tx)
	return slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.ID == unit && u.Duty }), err
}

// inBlock lists the shifts of a unit's roster for a block, as they stand now.
func (d *Desk) inBlock(tx reminders.Tx, unit reminders.UnitID, block calendar.Block) ([]Shift, error) {
	shifts, err := d.Shifts(tx, unit, d.span(block))
	return slices.DeleteFunc(shifts, func(s Shift) bool { return s.Block != block.ID }), err
}

// span is the time in which shifts of a block may lie: the last one ends the day after.
func (d *Desk) span(block calendar.Block) reminders.Window {
	return reminders.Window{From: block.First.At(0, 0, d.zone()), To: block.Last.AddDays(2).At(0, 0, d.zone())}
}

// gapAt reports whether an instant needed cover by what was known of a unit's shifts
// at another, and had none.
func (d *Desk) gapAt(tx reminders.Tx, unit reminders.UnitID, at, knownAt time.Time) (bool, error) {
	for _, moment := range []time.Time{at, at.Add(-longest)} { // the last day reaches into the next
		block, found := d.blockAt(moment)
		if !found {
			continue
		}
		shifts, err := d.shiftsKnown(tx, unit, d.span(block), knownAt)
		if err != nil {
			return false, err
		}
		shifts = slices.DeleteFunc(shifts, func(s Shift) bool { return s.Block != block.ID })
		keeps, err := d.keeps(tx, unit)
		if err != nil || !keeps && len(shifts) == 0 {
			return false, err
		}
		open := Uncovered(Needed(block, shifts, d.zone()), shifts, d.rules().coverOf(unit))
		if slices.ContainsFunc(open, func(w reminders.Window) bool { return w.Contains(at) }) {
			return true, nil
		}
	}
	return false, nil
}

// blockAt gives the holiday block in which an instant lies.
func (d *Desk) blockAt(at time.Time) (calendar.Block, bool) {
	return d.Calendar().BlockAt(dateOf(at.In(d.zone())))
}

// dateOf is the date that t shows in its own location.
func dateOf(t time.Time) calendar.Date { return calendar.DateOf(t, t.Location()) }
