package duty

import (
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Event is a shift in a calendar, as somebody sees it.
type Event struct {
	Shift
	Place reminders.Role // of whose calendar it is; empty in that of a unit
	Gone  bool           // cancelled, or not theirs any more
}

// How far a calendar reaches: what is over stays for a while, so that a subscriber who
// was away learns of what was cancelled.
const (
	eventsBefore = 60 * 24 * time.Hour
	eventsAhead  = 400 * 24 * time.Hour
)

// Events gives the shifts for a calendar at an instant, by start: those of a unit, or
// those on which a person has or had a place.
func (d *Desk) Events(tx reminders.Tx, who Whose, now time.Time) ([]Event, error) {
	w := reminders.Window{From: now.Add(-eventsBefore), To: now.Add(eventsAhead)}
	units := []reminders.UnitID{who.Unit}
	if who.Person != "" {
		stints, err := d.Store.Stints(tx, who.Person)
		if err != nil {
			return nil, err
		}
		units = nil
		for _, s := range stints {
			if !slices.Contains(units, s.Unit) && s.Window.Overlaps(w) {
				units = append(units, s.Unit)
			}
		}
	}
	var events []Event
	for _, unit := range units {
		versions, err := d.versions(tx, unit, w)
		if err != nil {
			return nil, err
		}
		events = append(events, eventsOf(versions, who.Person)...)
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Start.Compare(b.Start) })
	return events, nil
}

// eventsOf gives each shift once, as it stands; for a person those that are or were
// theirs, with the place they have or had last.
func eventsOf(versions []Shift, person reminders.PersonID) []Event {
	var events []Event
	for _, v := range versions {
		n := len(events)
		if n == 0 || events[n-1].ID != v.ID {
			events = append(events, Event{})
			n++
		}
		place := v.PlaceOf(person)
		e := Event{Shift: v, Place: place, Gone: v.Cancelled || person != "" && place == ""}
		if place == "" {
			e.Place = events[n-1].Place
		}
		events[n-1] = e
	}
	return slices.DeleteFunc(events, func(e Event) bool { return person != "" && e.Place == "" })
}

// product names the program in a calendar, as RFC 5545 wants it.
const product = "-//qingfeng//duty roster//EN"

// ICS writes events as a calendar (RFC 5545). Instants are in UTC, so that every program
// shows the right hour whichever zone it knows; zone is the name of the place's. The
// identifier of an event never changes, its sequence grows with each version, and what
// was cancelled stays in it as cancelled. say gives the words of a text.
func ICS(events []Event, title reminders.Message, zone *time.Location, say func(reminders.Message) string) string {
	cal := ics.NewCalendarFor("qingfeng")
	cal.SetProductId(product)
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(say(title))
	cal.SetXWRTimezone(zone.String())
	for _, e := range events {
		event := cal.AddEvent(string(e.ID) + "@qingfeng")
		event.SetDtStampTime(e.RecordedAt.UTC())
		event.SetLastModifiedAt(e.RecordedAt.UTC())
		event.SetSequence(e.Version)
		event.SetStartAt(e.Start.UTC())
		event.SetEndAt(e.End.UTC())
		event.SetSummary(say(e.summary()))
		event.SetDescription(say(e.description()))
		event.SetStatus(ics.ObjectStatusConfirmed)
		if e.Gone {
			event.SetStatus(ics.ObjectStatusCancelled)
		}
	}
	return cal.Serialize(ics.WithNewLineWindows)
}

// summary is the title of the event: in a person's calendar the place, in that of a unit
// the officer.
func (e Event) summary() reminders.Message {
	args := reminders.Args{"Unit": reminders.UnitName(e.Unit)}
	if e.Place != "" {
		args["Place"] = PlaceName(e.Place)
		return reminders.Line("duty.event.mine", args)
	}
	args["Name"] = reminders.PersonName(e.Officer)
	return reminders.Line("duty.event.unit", args)
}

// description names those on the shift.
func (e Event) description() reminders.Message {
	return reminders.Line("duty.event.people", reminders.Args{
		"Officer": personOrNobody(e.Officer), "Leader": personOrNobody(e.Leader), "Backup": personOrNobody(e.Backup),
	})
}

// personOrNobody is a place that may be empty as an argument of a text.
func personOrNobody(p reminders.PersonID) reminders.Value {
	if p == "" {
		return reminders.Say("duty.nobody", nil)
	}
	return reminders.PersonName(p)
}

// CalendarTitle is the name of somebody's calendar.
func CalendarTitle(who Whose) reminders.Message {
	if who.Unit != "" {
		return reminders.Line("duty.event.title_unit", reminders.Args{"Unit": reminders.UnitName(who.Unit)})
	}
	return reminders.Line("duty.event.title", reminders.Args{"Name": reminders.PersonName(who.Person)})
}
