package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// ladderStep is a step of a ladder: as the obligations carry it out, and as an item
// that shows it in the plan. Both have the same instant.
type ladderStep struct {
	obligation.Step

	item Item
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
		if !date.After(r.row) {
			continue
		}
		step := newStep(item, rung)
		step.item.Why = whyStep(why(cal, item.Occasion, rung.At, wanted, date), rung.Action)
		step.place(r.at(date, rung.At.Hour))
		step.join(cal, rows)
		if step.At.Before(item.Closes) {
			steps = append(steps, step)
		}
	}
	slices.SortStableFunc(steps, func(a, b ladderStep) int { return a.At.Compare(b.At) })
	return steps
}

// newStep is a step of the ladder of item without its instant.
func newStep(item Item, rung Rung) ladderStep {
	step := ladderStep{Step: obligation.Step{Name: rung.Name, Action: rung.Action, To: rung.To}}
	step.item = Item{
		Key:         item.Block + "/" + rung.Name,
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
	if rung.Action == obligation.Tell {
		step.item.Until, step.item.ReasonName = item.Closes, TellLevel
	}
	return step
}

// place gives the step its instant.
func (s *ladderStep) place(at time.Time) { s.At, s.item.At = at, at }

// join moves a step to a row that reaches all its readers on the same day anyway.
// A step before the due instant never moves past it.
func (s *ladderStep) join(cal *calendar.Calendar, rows []Item) {
	loc := cal.Location()
	day := calendar.DateOf(s.At, loc)
	for _, row := range rows {
		sameDay := calendar.DateOf(row.At, loc) == day
		pastDue := s.At.Before(s.item.Due) && !row.At.Before(s.item.Due)
		if !sameDay || pastDue || row.At.Equal(s.At) || !reaches(row.Audience, s.To) {
			continue
		}
		s.place(row.At)
		s.item.ReasonName = JoinsDigest
		s.item.Why = whyJoins(s.item.Why, row.Kind, row.At)
		return
	}
}

// reaches reports whether everyone who has the role is in the audience.
func reaches(a reminders.Audience, role reminders.Role) bool {
	return slices.ContainsFunc(a.Roles, reminders.Roles{role}.Has)
}
