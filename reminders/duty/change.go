package duty

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Change is what became of one shift: as it was (zero for a new one) and as it is.
type Change struct {
	Was Shift `json:"was"`
	Is  Shift `json:"is"`
}

// had and has tell whether a person had or has a place in the change.
func (c Change) had(p reminders.PersonID) bool {
	return c.Was.Version > 0 && !c.Was.Cancelled && c.Was.Has(p)
}
func (c Change) has(p reminders.PersonID) bool { return !c.Is.Cancelled && c.Is.Has(p) }

// concerns reports whether the change alters the place or the time of a person.
func (c Change) concerns(p reminders.PersonID) bool {
	switch had, has := c.had(p), c.has(p); {
	case !had && !has:
		return false
	case had && has:
		return c.Was.PlaceOf(p) != c.Is.PlaceOf(p) || !c.Was.End.Equal(c.Is.End)
	}
	return true
}

// Affected lists those whose place or time changes, each once, in order.
func Affected(changes []Change) []reminders.PersonID {
	var people []reminders.PersonID
	for _, c := range changes {
		for _, p := range slices.Concat(c.Was.People(), c.Is.People()) {
			if c.concerns(p) && !slices.Contains(people, p) {
				people = append(people, p)
			}
		}
	}
	slices.Sort(people)
	return people
}

// LinesFor says what the changes mean for one person, one text for each shift that
// concerns them, by start.
func LinesFor(p reminders.PersonID, changes []Change) []reminders.Message {
	changes = slices.Clone(changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return a.shift().Start.Compare(b.shift().Start) })
	var lines []reminders.Message
	for _, c := range changes {
		if c.concerns(p) {
			lines = append(lines, c.line(p))
		}
	}
	return lines
}

// shift is the shift of the change: as it is, or as it was.
func (c Change) shift() Shift {
	if c.Is.ID == "" {
		return c.Was
	}
	return c.Is
}

// line says what the change means for a person whom it concerns.
func (c Change) line(p reminders.PersonID) reminders.Message {
	args := reminders.Args{
		"Unit": reminders.UnitName(c.shift().Unit), "Start": reminders.Instant(c.shift().Start), "End": reminders.Instant(c.shift().End),
		"Place": PlaceName(c.Is.PlaceOf(p)),
	}
	switch {
	case !c.has(p):
		args["Place"], args["End"] = PlaceName(c.Was.PlaceOf(p)), reminders.Instant(c.Was.End)
		return reminders.Line("duty.change.removed", args)
	case !c.had(p):
		return reminders.Line("duty.change.added", args)
	case c.Was.PlaceOf(p) != c.Is.PlaceOf(p):
		args["Was"] = PlaceName(c.Was.PlaceOf(p))
		return reminders.Line("duty.change.place", args)
	}
	args["Was"] = reminders.Instant(c.Was.End)
	return reminders.Line("duty.change.end", args)
}

// PlaceName is the name of a place on a shift as an argument of a text.
func PlaceName(place reminders.Role) reminders.Value {
	switch place {
	case reminders.DutyLeader:
		return reminders.Say("duty.place.leader", nil)
	case reminders.DutyBackup:
		return reminders.Say("duty.place.backup", nil)
	}
	return reminders.Say("duty.place.officer", nil)
}

// tellChange tells one person what changes mean for them, in one message. about names
// the changes: the same ones are told once. Nobody is told what they did themselves.
func (d *Desk) tellChange(tx reminders.Tx, about string, p, by reminders.PersonID, changes []Change) error {
	member, found, err := d.Register.Member(tx, p)
	if err != nil || !found || !member.Active || p == by {
		return err
	}
	mine := slices.DeleteFunc(slices.Clone(changes), func(c Change) bool { return !c.concerns(p) })
	var until, first time.Time
	var buttons [][]reminders.Button
	for _, c := range mine {
		s := c.shift()
		if s.End.After(until) {
			until = s.End
		}
		if first.IsZero() || s.Start.Before(first) {
			first = s.Start
		}
		if c.has(p) && c.Is.Officer == p && !tx.Now().Before(s.Start.Add(-takeOverEarly)) {
			buttons = append(buttons, []reminders.Button{takeOverButton(s)})
		}
	}
	if !until.After(tx.Now()) {
		return nil
	}
	m := reminders.Line("duty.change", reminders.Args{
		"Unit": reminders.UnitName(mine[0].shift().Unit), "Name": reminders.PersonName(p),
		"Changes": reminders.List(LinesFor(p, mine)...),
	})
	m.Buttons = buttons
	return d.Outbox.Enqueue(tx, reminders.Delivery{
		Key: reminders.DeliveryKey("duty/changed/" + about + "/" + string(p)), Kind: "duty-change", Act: reminders.ActSend,
		Person: p, Lane: reminders.LaneDuty, Block: mine[0].shift().Block, As: reminders.DutyOfficer, Reason: "roster-changed",
		CreatedAt: tx.Now(), NotBefore: d.polite(tx.Now(), first), Until: until, Lines: []reminders.Message{m},
	})
}

// The hours in which people who are not on duty yet are left alone, also by duty.
const (
	nightFrom = 22
	nightTo   = 7

	nightSpare = 2 * time.Hour // what somebody needs between waking and a shift
)

// polite gives the first instant from at on at which somebody may be told of a shift
// that begins at an instant: not at night, between 22:00 and 07:00, unless the shift
// begins before the morning or within two hours of it.
func (d *Desk) polite(at, begins time.Time) time.Time {
	local := at.In(d.zone())
	day := dateOf(local)
	switch {
	case local.Hour() >= nightFrom:
		day = day.AddDays(1)
	case local.Hour() >= nightTo:
		return at
	}
	morning := day.At(nightTo, 0, d.zone())
	if begins.Before(morning.Add(nightSpare)) {
		return at
	}
	return morning
}
