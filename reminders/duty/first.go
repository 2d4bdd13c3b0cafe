package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// First is the errand of telling a person of their first shift of a block.
type First struct {
	Person reminders.PersonID `json:"person"`
	Block  string             `json:"block"`
	// From and To are the days of the block, in which the shifts are looked for.
	Window reminders.Window `json:"window"`
}

// firstHour is the hour at which people are told of the shift of the next day, be it a
// workday or not: they have a shift the day after, and the evening before is when that
// is looked for.
const firstHour = 18

// told gives the instant at which a person hears of a first shift that starts at an
// instant: at 18:00 of the day before.
func (d *Desk) told(start time.Time) time.Time {
	return dateOf(start.In(d.zone())).AddDays(-1).At(firstHour, 0, d.zone())
}

// plan puts on the agenda that the people of a shift hear of their first one. Those
// who have just been told of a change need not hear of the same shift again: changed
// says so.
func (d *Desk) plan(tx reminders.Tx, s Shift, changed bool) error {
	block, found := d.blockAt(s.Start)
	if s.Cancelled || !s.Start.After(tx.Now()) || !found {
		return nil
	}
	at := d.told(s.Start)
	if changed && !at.After(tx.Now()) {
		return nil
	}
	window := reminders.Window{From: block.First.At(0, 0, d.zone()), To: block.Last.AddDays(1).At(0, 0, d.zone())}
	for _, p := range s.People() {
		name := "first/" + s.Block + "/" + string(p)
		had, found, err := d.Store.Errand(tx, name)
		if err != nil {
			return err
		}
		if found && !at.Before(had.At) {
			continue
		}
		if err := d.Store.SaveErrand(tx, Errand{Name: name, At: at, First: &First{Person: p, Block: s.Block, Window: window}}); err != nil {
			return err
		}
	}
	return nil
}

// tellFirst tells a person of their first shift of the block and of how many follow. If
// it has moved to a later day the errand waits; if there is none left it ends.
func (d *Desk) tellFirst(tx reminders.Tx, e Errand) error {
	shifts, err := d.ShiftsOf(tx, e.First.Person, e.First.Window)
	if err != nil {
		return err
	}
	for len(shifts) > 0 && (shifts[0].Block != e.First.Block || !shifts[0].Start.After(tx.Now())) {
		shifts = shifts[1:] // of the block before, or too late to be told
	}
	if len(shifts) == 0 {
		return d.Store.DropErrand(tx, e.Name)
	}
	if at := d.told(shifts[0].Start); at.After(tx.Now()) {
		e.At = at
		return d.Store.SaveErrand(tx, e)
	}
	if err := d.Store.DropErrand(tx, e.Name); err != nil {
		return err
	}
	return d.Outbox.Enqueue(tx, d.firstNotice(tx.Now(), e, shifts))
}

// shownShifts is how many shifts a notice lists.
const shownShifts = 5

// firstNotice is the notice before the first of some shifts.
func (d *Desk) firstNotice(now time.Time, e Errand, shifts []Shift) reminders.Delivery {
	p, first := e.First.Person, shifts[0]
	block, _ := d.blockAt(first.Start)
	next := reminders.Say("duty.first_beside", nil)
	if slices.ContainsFunc(shifts, func(s Shift) bool { return s.Officer == p }) {
		next = reminders.Say("duty.first_officer", nil)
	}
	m := reminders.Line("duty.first", reminders.Args{
		"Block": BlockName(block), "Name": reminders.PersonName(p), "Start": reminders.Instant(first.Start),
		"Count": reminders.Number(len(shifts)), "Shifts": reminders.List(shiftLines(shifts, p)...), "Next": next,
	})
	return reminders.Delivery{
		Key: reminders.DeliveryKey("duty/" + e.Name), Kind: "duty-first", Act: reminders.ActSend, Person: p,
		Lane: reminders.LaneDuty, Block: e.First.Block, As: first.PlaceOf(p), Reason: "first-shift", CreatedAt: now,
		NotBefore: d.polite(now, first.Start), Until: first.Start, Lines: []reminders.Message{m},
	}
}
