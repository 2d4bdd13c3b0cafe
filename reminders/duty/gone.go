package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// farAhead is how far shifts are looked for of somebody who leaves.
const farAhead = 400 * 24 * time.Hour

// PersonGone is told that a person has left the register. Their shifts that are still to
// come stay on the roster, as gaps, until somebody replaces them; the liaisons of the
// units hear which they are. It gives the shifts.
func (d *Desk) PersonGone(tx reminders.Tx, person reminders.PersonID) ([]Shift, error) {
	shifts, err := d.ShiftsOf(tx, person, reminders.Window{From: tx.Now(), To: tx.Now().Add(farAhead)})
	if err != nil || len(shifts) == 0 {
		return nil, err
	}
	about := "duty/gone/" + string(person) + "/" + tx.Now().In(d.zone()).Format(stampLayout)
	return shifts, d.tellLiaisons(tx, about, shifts, func(unit reminders.UnitID, mine []Shift) reminders.Message {
		return reminders.Line("duty.gone", reminders.Args{
			"Unit": reminders.UnitName(unit), "Name": reminders.PersonName(person), "Shifts": reminders.List(shiftLines(mine, person)...),
		})
	})
}

// LeaveEntered is told that a leave of a person was entered over a window. It gives the
// shifts on which they are then, which need somebody else; the liaisons of the units
// hear which they are, but for the one who entered it.
func (d *Desk) LeaveEntered(tx reminders.Tx, person reminders.PersonID, window reminders.Window, by reminders.PersonID) ([]Shift, error) {
	if window.From.Before(tx.Now()) {
		window.From = tx.Now()
	}
	shifts, err := d.ShiftsOf(tx, person, window)
	if err != nil || len(shifts) == 0 {
		return nil, err
	}
	about := "duty/leave/" + string(person) + "/" + tx.Now().In(d.zone()).Format(stampLayout+"05")
	return shifts, d.tellLiaisons(tx, about, shifts, func(unit reminders.UnitID, mine []Shift) reminders.Message {
		return reminders.Line("duty.leave", reminders.Args{
			"Unit": reminders.UnitName(unit), "Name": reminders.PersonName(person), "Shifts": reminders.List(shiftLines(mine, person)...),
		})
	}, by)
}

// tellLiaisons sends the liaisons of each unit with shifts among some one message. What
// begins within a day is told as duty, at any hour that is not night; the rest waits
// for office hours like any push.
func (d *Desk) tellLiaisons(tx reminders.Tx, about string, shifts []Shift, say func(reminders.UnitID, []Shift) reminders.Message, but ...reminders.PersonID) error {
	byUnit := map[reminders.UnitID][]Shift{}
	var units []reminders.UnitID
	for _, s := range shifts {
		if byUnit[s.Unit] == nil {
			units = append(units, s.Unit)
		}
		byUnit[s.Unit] = append(byUnit[s.Unit], s)
	}
	for _, unit := range units {
		liaisons, err := d.Register.InUnit(tx, unit, reminders.Liaison)
		if err != nil {
			return err
		}
		mine := byUnit[unit]
		for _, p := range liaisons {
			if slices.Contains(but, p) {
				continue
			}
			notice := reminders.Delivery{
				Key: reminders.DeliveryKey(about + "/" + string(unit) + "/" + string(p)), Kind: "duty-gap", Act: reminders.ActSend,
				Person: p, Lane: reminders.LanePersonal, Block: mine[0].Block, As: reminders.Liaison, Extra: true, Reason: "duty-gap",
				CreatedAt: tx.Now(), NotBefore: tx.Now(), Until: mine[len(mine)-1].End, Lines: []reminders.Message{say(unit, mine)},
			}
			if mine[0].Start.Before(tx.Now().Add(24 * time.Hour)) {
				notice.Lane, notice.NotBefore = reminders.LaneDuty, d.polite(tx.Now(), mine[0].Start)
			}
			if err := d.Outbox.Enqueue(tx, notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// shiftLines lists the first shifts of a person, one a line.
func shiftLines(shifts []Shift, p reminders.PersonID) []reminders.Message {
	var lines []reminders.Message
	for _, s := range shifts[:min(len(shifts), shownShifts)] {
		lines = append(lines, reminders.Line("duty.shift.line", reminders.Args{
			"Unit": reminders.UnitName(s.Unit), "Start": reminders.Instant(s.Start), "End": reminders.Instant(s.End),
			"Place": PlaceName(s.PlaceOf(p)),
		}))
	}
	return lines
}
