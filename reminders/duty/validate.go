package duty

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Plan is the roster that a unit wants to file for a block.
type Plan struct {
	Unit    reminders.UnitID
	Block   calendar.Block
	Planned []Planned // by start
}

// Planned is one shift of a plan, with the row of the file in which it stands.
type Planned struct {
	Row int
	Shift
}

// Facts are what a plan is held against.
type Facts struct {
	Rules   Rules
	Zone    *time.Location
	Members map[reminders.PersonID]Member
	Parents map[reminders.UnitID]reminders.UnitID
	// Leaves are the windows of shifts in which somebody is on leave.
	Leaves map[reminders.PersonID][]reminders.Window
	// Others are the shifts that stay on the roster beside the plans: of other units,
	// of other blocks, and those that have begun.
	Others []Shift
}

// Validate says what is wrong with plans that are filed together: row by row, what
// blocks before what warns. It is pure, and linear but for sorting. Rest and days in
// a row are counted for officers; leaders and backups are on call.
func Validate(plans []Plan, f Facts) []Problem {
	v := validation{Facts: f, busy: map[reminders.PersonID][]Planned{}}
	for _, plan := range plans {
		v.cover(plan)
		v.overlaps(plan)
		v.reach(plan)
		for _, p := range plan.Planned {
			v.places(p)
			for _, person := range p.People() {
				v.person(p, person)
				v.busy[person] = append(v.busy[person], p)
			}
		}
	}
	for _, s := range f.Others {
		for _, person := range s.People() {
			if _, planned := v.busy[person]; planned {
				v.busy[person] = append(v.busy[person], Planned{Row: standing, Shift: s})
			}
		}
	}
	for _, person := range slices.Sorted(maps.Keys(v.busy)) {
		v.calendarOf(person)
	}
	slices.SortStableFunc(v.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Row, b.Row), a.Window.From.Compare(b.Window.From))
	})
	return v.found
}

// rank puts what blocks before what warns.
func (p Problem) rank() int {
	if p.Blocks() {
		return 0
	}
	return 1
}

// standing is the row of what is not in the plans but on the roster.
const standing = -1

// validation is one run.
type validation struct {
	Facts
	found []Problem
	busy  map[reminders.PersonID][]Planned // every shift of the people in the plans
}

func (v *validation) add(reason Reason, p Planned, people ...reminders.PersonID) {
	v.found = append(v.found, Problem{Row: max(0, p.Row), Unit: p.Unit, Window: p.Window(), People: people, Reason: reason})
}

// cover finds the time that no shift covers.
func (v *validation) cover(plan Plan) {
	var shifts []Shift
	for _, p := range plan.Planned {
		shifts = append(shifts, p.Shift)
	}
	for _, s := range v.Others {
		if s.Unit == plan.Unit && s.Block == plan.Block.ID {
			shifts = append(shifts, s)
		}
	}
	for _, w := range Uncovered(Needed(plan.Block, shifts, v.Zone), shifts, v.Rules.coverOf(plan.Unit)) {
		v.found = append(v.found, Problem{Unit: plan.Unit, Window: w, Reason: NoCover})
	}
}

// overlaps finds shifts of the unit that share time with the one before, or with one
// that stays.
func (v *validation) overlaps(plan Plan) {
	all := slices.Clone(plan.Planned)
	for _, s := range v.Others {
		if s.Unit == plan.Unit {
			all = append(all, Planned{Row: standing, Shift: s})
		}
	}
	slices.SortStableFunc(all, func(a, b Planned) int { return a.Start.Compare(b.Start) })
	for i, last := 1, 0; i < len(all); i++ {
		if a, b := all[last], all[i]; a.Window().Overlaps(b.Window()) && (a.Row != standing || b.Row != standing) {
			v.collide(Overlap, a, b)
		}
		if all[i].End.After(all[last].End) {
			last = i
		}
	}
}

// collide reports two shifts that cannot both be, at the later row.
func (v *validation) collide(reason Reason, a, b Planned, people ...reminders.PersonID) {
	if a.Row > b.Row {
		a, b = b, a
	}
	v.add(reason, b, people...)
	last := &v.found[len(v.found)-1]
	last.Other, last.OtherRow = a.Shift, max(0, a.Row)
}

// places looks at the places of one shift.
func (v *validation) places(p Planned) {
	if p.Leader == "" {
		v.add(NoLeader, p)
	}
	for _, pair := range [][2]reminders.PersonID{{p.Officer, p.Leader}, {p.Officer, p.Backup}, {p.Leader, p.Backup}} {
		if pair[0] != "" && pair[0] == pair[1] {
			v.add(TwoPlaces, p, pair[0])
			break
		}
	}
}

// reach finds whom messages do not reach, each once at their first shift of the plan:
// the enrolment is to be seen to once, however many shifts there are.
func (v *validation) reach(plan Plan) {
	first := map[reminders.PersonID]int{}
	for _, p := range plan.Planned {
		for _, person := range p.People() {
			if member, known := v.Members[person]; !known || !member.Active || member.Reachable {
				continue
			}
			if _, named := first[person]; !named {
				first[person] = len(v.found)
				v.add(Unreachable, p, person)
			}
			v.found[first[person]].Count++
		}
	}
}

// person looks at one person on one shift.
func (v *validation) person(p Planned, person reminders.PersonID) {
	member, known := v.Members[person]
	switch {
	case !known:
		v.add(Unknown, p, person)
		return
	case !member.Active:
		v.add(Retired, p, person)
		return
	}
	if !v.belongs(member.Unit, p.Unit) && (person != p.Leader || !v.belongs(p.Unit, member.Unit)) {
		v.add(Foreign, p, person)
	}
	if slices.ContainsFunc(v.Leaves[person], p.Window().Overlaps) {
		v.add(OnLeave, p, person)
	}
}

// belongs reports whether a unit is another one or lies below it.
func (v *validation) belongs(unit, to reminders.UnitID) bool {
	for range len(v.Parents) + 1 {
		if unit == to {
			return true
		}
		if unit = v.Parents[unit]; unit == "" {
			return false
		}
	}
	return false
}

// calendarOf looks at all shifts of one person: two at one time, too little rest, too
// many days in a row.
func (v *validation) calendarOf(person reminders.PersonID) {
	all := v.busy[person]
	slices.SortStableFunc(all, func(a, b Planned) int { return a.Start.Compare(b.Start) })
	for i, last := 1, 0; i < len(all); i++ {
		a, b := all[last], all[i]
		if a.Unit != b.Unit && a.Window().Overlaps(b.Window()) && (a.Row != standing || b.Row != standing) {
			v.collide(Double, a, b, person) // within a unit it is an overlap
		}
		if b.End.After(a.End) {
			last = i
		}
	}
	worked := slices.DeleteFunc(slices.Clone(all), func(p Planned) bool { return p.Officer != person })
	v.rest(person, worked)
	v.run(person, worked)
}

// rest finds too short a time between two shifts.
func (v *validation) rest(person reminders.PersonID, worked []Planned) {
	for i := 1; i < len(worked); i++ {
		a, b := worked[i-1], worked[i]
		rest := b.Start.Sub(a.End)
		if rest >= 0 && rest < v.Rules.Rest && (a.Row != standing || b.Row != standing) {
			v.collide(ShortRest, a, b, person)
			v.found[len(v.found)-1].Count, v.found[len(v.found)-1].Limit = hours(rest), hours(v.Rules.Rest)
		}
	}
}

// run finds the first shift of each run of days that is one too many.
func (v *validation) run(person reminders.PersonID, worked []Planned) {
	length, reported := 0, false
	var before calendar.Date
	for _, p := range worked {
		day := calendar.DateOf(p.Start, v.Zone)
		switch {
		case day == before:
			continue
		case !before.IsZero() && day.Sub(before) == 1:
			length++
		default:
			length, reported = 1, false
		}
		before = day
		if length > v.Rules.MostDays && p.Row != standing && !reported {
			v.add(TooManyDays, p, person)
			v.found[len(v.found)-1].Count, v.found[len(v.found)-1].Limit = length, v.Rules.MostDays
			reported = true
		}
	}
}
