package report

import (
	"maps"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Filter says which reports a list shows. What is empty does not matter; From and To are
// days, both included, and always given.
type Filter struct {
	From, To calendar.Date
	Unit     reminders.UnitID
	Kind     Kind
	State    State
}

// shows reports whether the filter lets a report through.
func (f Filter) shows(r Report) bool {
	return (f.Kind == "" || r.Kind == f.Kind) && (f.State == "" || r.State == f.State) && (f.Unit == "" || r.Unit == f.Unit)
}

// List gives the reports that a filter shows, in order of day, unit and id.
func (d *Desk) List(tx reminders.Tx, f Filter) ([]Report, error) {
	var found []Report
	var err error
	if f.Unit != "" {
		found, err = d.Store.ReportsOf(tx, f.Unit, f.From, f.To)
	} else {
		found, err = d.Store.ReportsOn(tx, f.From, f.To)
	}
	return slices.DeleteFunc(found, func(r Report) bool { return !f.shows(r) }), err
}

// Waiting lists what waits for a review, or for a correction after one, in order of day.
func (d *Desk) Waiting(tx reminders.Tx) ([]Report, error) { return d.Store.UnsettledReports(tx) }

// Board is how the daily reports of a day stand (日报看板).
type Board struct {
	Day    calendar.Date
	Handle obligation.Handle // of the terms; empty if nothing is expected on that day
	Total  Tally
	Units  []UnitDay // in order of their identifiers
}

// UnitDay is one unit on a day.
type UnitDay struct {
	Unit   reminders.UnitID
	State  obligation.State // of what it owed; empty if it reported without owing
	Report *Report          // nil: there is none yet
}

// Board gives how the daily reports of a day stand, for the staff and, cut down to it, for
// a unit.
func (d *Desk) Board(tx reminders.Tx, day calendar.Date) (Board, error) {
	board := Board{Day: day, Total: Tally{Sums: map[string]int{}}}
	b, found := d.blockOn(day)
	if !found {
		return board, nil
	}
	terms, _, byUnit, err := d.counted(tx, DailyTerms(b.ID, day))
	if err != nil {
		return board, err
	}
	board.Handle = terms.Handle
	reports, err := d.Store.ReportsOn(tx, day, day)
	if err != nil {
		return board, err
	}
	units := map[reminders.UnitID]*UnitDay{}
	for unit, ended := range byUnit {
		units[unit] = &UnitDay{Unit: unit, State: stateIn(ended)}
	}
	for i, r := range reports {
		if r.Kind != Daily || r.State == TakenBack {
			continue
		}
		if units[r.Unit] == nil {
			units[r.Unit] = &UnitDay{Unit: r.Unit}
		}
		units[r.Unit].Report = &reports[i]
	}
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		board.Units = append(board.Units, *units[unit])
	}
	one := b
	one.First, one.Last = day, day
	board.Total = Summarise(d.Forms.Daily, one, []map[reminders.UnitID]obligation.Tally{byUnit}, reports).Total
	return board, nil
}

// stateIn gives the state of the one line that a unit has.
func stateIn(ended obligation.Tally) obligation.State {
	for _, state := range obligation.States() {
		if ended[state] > 0 {
			return state
		}
	}
	return ""
}
