package duty

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Day is one day of a block in the roster of a unit (值班日).
type Day struct {
	Date calendar.Date
	// Window is the time that the day must cover, see Needed.
	Window  reminders.Window
	Shifts  []Shift // that start in it, as they stand now
	Covered bool    // by the rule of the unit, whatever became of the shifts
}

// Days gives the days of a block in the roster of a unit as it stands now, in order. Of a
// unit that keeps no roster, and has no shift in the block, it is nothing.
func (d *Desk) Days(tx reminders.Tx, unit reminders.UnitID, block calendar.Block) ([]Day, error) {
	shifts, wanted, err := d.wanted(tx, unit, block)
	if err != nil || !wanted {
		return nil, err
	}
	needed := Needed(block, shifts, d.zone())
	open := Uncovered(needed, shifts, d.rules().coverOf(unit))
	days := make([]Day, len(needed))
	for i, w := range needed {
		days[i] = Day{Date: block.First.AddDays(i), Window: w, Covered: !slices.ContainsFunc(open, w.Overlaps)}
		for _, s := range shifts {
			if w.Contains(s.Start) {
				days[i].Shifts = append(days[i].Shifts, s)
			}
		}
	}
	return days, nil
}
