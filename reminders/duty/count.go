package duty

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Served is how much duty a person has done, or is to do, in a window: for those who
// make rosters, so that they can share it out. It is never shown as a ranking.
type Served struct {
	Officer, Leader, Backup int // shifts in each place
	Hours                   int // as officer
}

// Counts gives how much duty the people of a unit's shifts have in a window. Who took
// over in somebody's place is counted as the officer.
func (d *Desk) Counts(tx reminders.Tx, unit reminders.UnitID, w reminders.Window) (map[reminders.PersonID]Served, error) {
	shifts, err := d.Shifts(tx, unit, w)
	if err != nil {
		return nil, err
	}
	counts := map[reminders.PersonID]Served{}
	add := func(p reminders.PersonID, count func(*Served)) {
		if p != "" {
			s := counts[p]
			count(&s)
			counts[p] = s
		}
	}
	for _, s := range shifts {
		officer := s.Responsible()
		add(officer, func(c *Served) { c.Officer++; c.Hours += hours(s.End.Sub(s.Start)) })
		if s.Leader != officer {
			add(s.Leader, func(c *Served) { c.Leader++ })
		}
		if s.Backup != officer {
			add(s.Backup, func(c *Served) { c.Backup++ })
		}
	}
	return counts, nil
}
