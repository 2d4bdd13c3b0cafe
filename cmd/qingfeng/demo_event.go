package main

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// event is something at which the clock of the demo stops.
type event struct {
	at          time.Time
	kind        string
	what        reminders.Message
	audience    []reminders.Role
	people      int // who receive it; negative: count them
	why         reminders.Message
	provisional bool
}

// events lists what comes next: the programme but for the daily digest, which often has
// nothing to say, and the case of the week but for the first that comes; of duty what
// concerns the people whom the visitor plays; and what happens elsewhere and is worth a look. The moment
// of a spot check is not among them.
func (d *demo) events(now time.Time) []event {
	var events []event
	window := reminders.Window{From: now.Add(time.Millisecond), To: now.Add(demoHorizon)}
	for _, item := range d.notices.Upcoming(window) {
		if item.Kind != notice.Digest && (item.Kind != notice.CasePush || item.At.Equal(d.firstCase)) {
			events = append(events, eventOf(item, "kind."+string(item.Kind), -1))
		}
	}
	events = append(events, d.dutyEvents(window)...)
	for _, act := range d.cast.habits.Acts {
		if act.Stop != "" && window.Contains(act.At) {
			events = append(events, act.event())
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events
}

// event is an act at which the clock stops.
func (a act) event() event {
	readers := a.Readers
	if len(readers) == 0 {
		readers = []reminders.Role{reminders.Staff}
	}
	return event{
		at: a.At, kind: a.Stop, what: reminders.Line("demo.stop."+a.Stop, nil), audience: readers,
		people: -1, why: reminders.Line("demo.why."+a.Stop, nil),
	}
}

// findFirstCase gives the first case of the week, from an instant on, that comes: around a
// holiday the push budget leaves no room for one. Zero if there is none.
func (d *demo) findFirstCase(from time.Time) time.Time {
	items := d.notices.Upcoming(reminders.Window{From: from.AddDate(0, -2, 0), To: from.Add(demoHorizon)})
	for _, item := range items {
		if item.Kind == notice.CasePush && item.At.After(from) && notice.PeriodAt(items, item.At).Block == "" {
			return item.At
		}
	}
	return time.Time{}
}

// eventOf is an item of the plan as an event.
func eventOf(item notice.Item, name string, people int) event {
	return event{
		at: item.At, kind: string(item.Kind), what: reminders.Line(name, nil), audience: item.Audience.Roles,
		people: people, why: item.Why, provisional: item.Provisional,
	}
}

// dutyEvents are the events of duty within a window.
func (d *demo) dutyEvents(window reminders.Window) []event {
	cal := d.years.Calendar()
	from, until := calendar.DateOf(window.From, cal.Location()), calendar.DateOf(window.To, cal.Location())
	items, err := d.dutyPlan(context.Background(), from, until)
	if err != nil {
		d.log.Error("events of the demo", "error", err)
		return nil
	}
	mine := d.visitorShifts(window)
	var events []event
	for _, item := range items {
		if !window.Contains(item.At) {
			continue
		}
		switch string(item.Kind) {
		case duty.KindTakeOver:
			n := slices.IndexFunc(mine, func(s duty.Shift) bool { return string(s.TakeOverTerms()) == item.Key })
			if n < 0 {
				continue
			}
			item.Why.Args = reminders.Args{"Unit": reminders.Text(d.unitName(mine[n].Unit))}
		case report.KindDaily:
			if !slices.ContainsFunc(mine, func(s duty.Shift) bool { return s.Window().Contains(item.Due) }) {
				continue
			}
		case duty.KindRosterDue, report.KindClosing:
		default:
			continue
		}
		one := eventOf(item.Item, "demo.what."+string(item.Kind), item.recipients)
		one.what.Args = reminders.Args{"Block": blockName(cal, item.Block, from, until)}
		events = append(events, one)
	}
	return events
}

// blockName is the name of a block of some days: one for which something is due then may
// lie a little before or after them.
func blockName(cal *calendar.Calendar, id string, from, until calendar.Date) reminders.Value {
	for _, block := range cal.Blocks(from.AddDays(-31), until.AddDays(31)) {
		if block.ID == id {
			return duty.BlockName(block)
		}
	}
	return reminders.Text(id)
}

// unitName is the name of a unit.
func (d *demo) unitName(id reminders.UnitID) (name string) {
	_ = d.store.View(context.Background(), func(tx reminders.Tx) error {
		unit, _, err := d.store.People().Unit(tx, id)
		name = unit.Name
		return err
	})
	return name
}

// visitorShifts lists the shifts of the officers whom the visitor plays.
func (d *demo) visitorShifts(window reminders.Window) []duty.Shift {
	var mine []duty.Shift
	_ = d.store.View(context.Background(), func(tx reminders.Tx) error {
		mine = nil
		for _, a := range d.cast.actors {
			if !a.visitor {
				continue
			}
			shifts, err := d.duty.ShiftsOf(tx, a.record.ID, reminders.Window{From: window.From.Add(-24 * time.Hour), To: window.To})
			if err != nil {
				return err
			}
			for _, s := range shifts {
				if s.Officer == a.record.ID {
					mine = append(mine, s)
				}
			}
		}
		return nil
	})
	return mine
}

// How the clock is minded where it has landed, by the wall.
const (
	mindEvery = 10 * time.Millisecond
	mindQuiet = 2   // looks at an idle service in a row, after which the clock goes on
	mindMost  = 500 // looks after which it goes on anyway
)

// mind lets the clock go on from where it has landed as soon as the service has nothing
// to do any more, until ctx ends.
func (d *demo) mind(ctx context.Context) error {
	for quiet, looks := 0, 0; pause(ctx, mindEvery) == nil; {
		switch {
		case !d.clock.Landed():
			quiet, looks = 0, 0
			continue
		case d.busy(ctx):
			quiet = 0
		default:
			quiet++
		}
		if looks++; quiet >= mindQuiet || looks >= mindMost {
			d.clock.Resume()
		}
	}
	return nil
}

// settle waits until the service has nothing to do, though not for long.
func (d *demo) settle(ctx context.Context) {
	for quiet, looks := 0, 0; quiet < mindQuiet && looks < mindMost && pause(ctx, mindEvery) == nil; looks++ {
		if quiet++; d.busy(ctx) {
			quiet = 0
		}
	}
}

// busy reports whether something waits to be handled or sent.
func (d *demo) busy(ctx context.Context) (busy bool) {
	_ = d.store.View(ctx, func(tx reminders.Tx) error {
		updates, err := d.store.InboxDepth(tx)
		if busy = updates > 0; busy || err != nil {
			return err
		}
		claimed, err := d.store.Outbox().Claimed(tx)
		if busy = len(claimed) > 0; busy || err != nil {
			return err
		}
		lanes := []reminders.Lane{reminders.LaneAnswer, reminders.LaneDuty}
		paused, err := d.notices.Paused(tx)
		if err != nil {
			return err
		}
		if d.notices.Hush(tx.Now()).IsZero() && len(paused) == 0 { // the others wait
			lanes = append(lanes, reminders.LanePersonal, reminders.LaneBroadcast)
		}
		for _, lane := range lanes {
			due, err := d.store.Outbox().Queue(tx, lane, tx.Now(), 1)
			if busy = busy || len(due) > 0; err != nil {
				return err
			}
		}
		return nil
	})
	return busy
}
