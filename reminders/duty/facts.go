package duty

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// neighbourly is how far from a shift others count for rest and for days in a row.
const neighbourly = 3 * longest

// facts gathers what plans are held against: who their people are, when they are on
// leave, and where else they are on duty.
func (d *Desk) facts(tx reminders.Tx, plans []Plan) (Facts, error) {
	f := Facts{
		Rules: d.rules(), Zone: d.zone(), Members: map[reminders.PersonID]Member{},
		Parents: map[reminders.UnitID]reminders.UnitID{}, Leaves: map[reminders.PersonID][]reminders.Window{},
	}
	units, err := d.Register.AllUnits(tx)
	if err != nil {
		return f, err
	}
	for _, u := range units {
		f.Parents[u.ID] = u.Parent
	}
	looked := map[reminders.PersonID]reminders.Window{}
	for _, plan := range plans {
		for _, p := range plan.Planned {
			for _, person := range p.People() {
				looked[person] = union(looked[person], reminders.Window{From: p.Start.Add(-neighbourly), To: p.End.Add(neighbourly)})
				if err := d.factsOf(tx, &f, person, p.Window()); err != nil {
					return f, err
				}
			}
		}
	}
	seen := map[ShiftID]bool{}
	for person, w := range looked {
		shifts, err := d.ShiftsOf(tx, person, w)
		if err != nil {
			return f, err
		}
		for _, s := range shifts {
			if !seen[s.ID] && !replaced(plans, s) {
				f.Others = append(f.Others, s)
			}
			seen[s.ID] = true
		}
	}
	return f, d.neighbours(tx, &f, plans, seen)
}

// factsOf adds what is known of one person during one shift.
func (d *Desk) factsOf(tx reminders.Tx, f *Facts, person reminders.PersonID, w reminders.Window) error {
	if _, known := f.Members[person]; !known {
		member, found, err := d.Register.Member(tx, person)
		if err != nil {
			return err
		}
		if found {
			f.Members[person] = member
		}
	}
	away, err := d.Leaves.OnLeave(tx, person, w)
	if away {
		f.Leaves[person] = append(f.Leaves[person], w)
	}
	return err
}

// neighbours adds the shifts of the units themselves that reach into the block or out
// of it.
func (d *Desk) neighbours(tx reminders.Tx, f *Facts, plans []Plan, seen map[ShiftID]bool) error {
	for _, plan := range plans {
		shifts, err := d.Shifts(tx, plan.Unit, d.span(plan.Block))
		if err != nil {
			return err
		}
		for _, s := range shifts {
			if !seen[s.ID] && !replaced(plans, s) {
				f.Others = append(f.Others, s)
			}
			seen[s.ID] = true
		}
	}
	inOrder(f.Others)
	return nil
}

// replaced reports whether one of the plans takes the place of a shift.
func replaced(plans []Plan, s Shift) bool {
	return slices.ContainsFunc(plans, func(p Plan) bool { return p.Unit == s.Unit && p.Block.ID == s.Block })
}
