package notice

import (
	"fmt"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// ladderStep is a step on its way into the plan: an item, and what the ladder of
// the row needs to know of it.
type ladderStep struct {
	Item

	name   string
	action Action
	to     reminders.Role
}

// resolved is the step as the item lists it.
func (s ladderStep) resolved() Step {
	return Step{Name: s.name, At: s.At, Action: s.action, To: s.to}
}

// planLadder resolves the ladder of item, which is one of rows. Steps come in order
// of their instants.
//
// A step is dropped on the day of the row itself (nobody is chased on the day of
// the reminder) and from the closing on. A step that falls on a day on which
// another row reaches the same readers joins that row, so that it stays one
// message a day.
func planLadder(cal *calendar.Calendar, rows []Item, item Item, rungs []Rung) []ladderStep {
	loc := cal.Location()
	r := ruler{
		cal: cal, occasion: item.Occasion,
		row: calendar.DateOf(item.At, loc), due: calendar.DateOf(item.Due, loc),
	}
	var steps []ladderStep
	for _, rung := range rungs {
		wanted := r.earliest(rung.At.Days)
		date := cal.OnOrBefore(wanted)
		step := newStep(item, rung)
		step.At = r.at(date, rung.At.Hour)
		step.Reason = sentence(item.Occasion, rung.At, wanted, date) + audienceOf(rung.Action)
		step.join(cal, rows)
		if date.After(r.row) && step.At.Before(item.Closes) {
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b ladderStep) int { return a.At.Compare(b.At) })
	return steps
}

// newStep is a step of the ladder of item without its instant.
func newStep(item Item, rung Rung) ladderStep {
	step := ladderStep{name: rung.Name, action: rung.Action, to: rung.To}
	step.Item = Item{
		Key:         Key(item.Block + "/" + rung.Name),
		Kind:        Chase,
		Block:       item.Block,
		Occasion:    item.Occasion,
		Audience:    reminders.Audience{Roles: []reminders.Role{rung.To}},
		Expects:     ExpectNothing,
		Due:         item.Due,
		Until:       item.Due.Add(item.Grace),
		By:          ByLadder,
		Of:          item.Key,
		ReasonName:  ChaseOwner,
		Provisional: item.Provisional,
	}
	if rung.Action == ActionTell {
		step.Until, step.ReasonName = item.Closes, TellLevel
	}
	return step
}

// join moves a step to a row that reaches all its readers on the same day anyway.
// A step before the due instant never moves past it.
func (s *ladderStep) join(cal *calendar.Calendar, rows []Item) {
	day := calendar.DateOf(s.At, cal.Location())
	for _, row := range rows {
		sameDay := calendar.DateOf(row.At, cal.Location()) == day
		if !sameDay || !reaches(row.Audience, s.to) || row.At.Equal(s.At) || s.At.Before(s.Due) && row.At.After(s.Due) {
			continue
		}
		s.At = row.At
		s.ReasonName = JoinsDigest
		s.Reason += fmt.Sprintf("; joins %s at %s, so that it stays one message that day",
			row.Key.name(), hourOf(row.At.In(cal.Location())))
		return
	}
}

// reaches reports whether everyone who has the role is in the audience.
func reaches(a reminders.Audience, role reminders.Role) bool {
	return slices.ContainsFunc(a.Roles, reminders.Roles{role}.Has)
}
