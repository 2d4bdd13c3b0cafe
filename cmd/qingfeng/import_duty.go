package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// roster previews or files what a file says of one or more units. What is unusual, such
// as a day without cover, is said and filed all the same, unless --strict forbids it;
// what is wrong keeps the whole file out.
func (t *importTask) roster(ctx context.Context, c *console, f *office) ([]reminders.Message, []sheet.RowError, error) {
	list, wrong, err := duty.ReadRoster(t.Name, t.File)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	var plans []duty.Plan
	var filed []duty.Filed
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		if c, err = c.named(tx, f); err != nil {
			return err
		}
		where, err := t.whose(tx, f)
		if err != nil {
			return err
		}
		if plans, wrong, err = f.duty.Plans(tx, list, where); err != nil || len(wrong) > 0 {
			return err
		}
		if filed, err = f.duty.Preview(tx, plans); err != nil {
			return err
		}
		return t.tellProblems(c, filed)
	})
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	if !t.DryRun {
		err = f.openly(ctx, t.Name, func() (err error) {
			filed, err = f.duty.FileAll(ctx, plans, "", true)
			return err
		})
	}
	return rosterLines(filed, c.names), nil, err
}

// whose says which unit is meant where the file does not say so.
func (t *importTask) whose(tx reminders.Tx, f *office) (duty.Where, error) {
	if t.Unit == "" {
		return duty.Where{}, nil
	}
	unit, err := f.unitCalled(tx, t.Unit)
	return duty.Where{Unit: unit.ID}, err
}

// unitCalled finds a unit by its name or its identifier; one that is not there is a
// usage error.
func (f *office) unitCalled(tx reminders.Tx, name string) (reminders.Unit, error) {
	unit, found, err := f.store.People().Unit(tx, people.UnitIDOf(name))
	if err == nil && !found {
		unit, found, err = f.store.People().Unit(tx, reminders.UnitID(name))
	}
	if err == nil && !found {
		err = usage("cli.unit.unknown", reminders.Args{"Unit": reminders.Text(name)})
	}
	return unit, err
}

// tellProblems names what is wrong or unusual in the rosters, and ends the import if it
// is wrong.
func (t *importTask) tellProblems(c *console, filed []duty.Filed) error {
	blocked, warnings := 0, 0
	for _, one := range filed {
		for _, p := range one.Problems {
			if p.Blocks() {
				blocked++
			} else {
				warnings++
			}
			c.note("cli.roster.problem", reminders.Args{
				"Unit": reminders.UnitName(one.Plan.Unit), "Problem": reminders.Say(p.Line().Key, p.Line().Args),
			})
		}
	}
	switch {
	case blocked > 0:
		c.note("cli.roster.blocked", reminders.Args{"Count": reminders.Number(blocked)})
		return &statedError{exitInput}
	case warnings > 0 && t.Strict:
		c.note("cli.roster.warned", reminders.Args{"Count": reminders.Number(warnings)})
		return &statedError{exitInput}
	}
	return nil
}

// rosterLines say what filing rosters does, or has done, one line for each unit and
// block.
func rosterLines(filed []duty.Filed, who bot.Names) []reminders.Message {
	var lines []reminders.Message
	for _, one := range filed {
		cancelled := 0
		for _, change := range one.Changes {
			if change.Is.Cancelled {
				cancelled++
			}
		}
		lines = append(lines, reminders.Line("cli.roster.filed", reminders.Args{
			"Unit": reminders.Text(who.UnitName(one.Plan.Unit)), "Block": reminders.Text(one.Plan.Block.ID),
			"Count": reminders.Number(len(one.Plan.Planned)), "Changed": reminders.Number(len(one.Changes) - cancelled),
			"Cancelled": reminders.Number(cancelled), "Unchanged": reminders.Number(one.Unchanged),
		}))
	}
	return lines
}

// leave previews or enters the leaves of a file. Whoever is on duty then stays on the
// roster, and the unit's liaisons hear of it.
func (t *importTask) leave(ctx context.Context, f *office) ([]reminders.Message, []sheet.RowError, error) {
	list, wrong, err := people.ReadLeaves(t.Name, t.File)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	var diff people.LeaveDiff
	err = f.store.View(ctx, func(tx reminders.Tx) (err error) {
		diff, wrong, err = f.leaves.Preview(tx, list, nil)
		return err
	})
	lines := []reminders.Message{
		reminders.Line("cli.leave.new", reminders.Args{"Count": reminders.Number(len(diff.New))}),
		reminders.Line("cli.leave.unchanged", reminders.Args{"Count": reminders.Number(diff.Unchanged)}),
	}
	if err != nil || len(wrong) > 0 || t.DryRun {
		return lines, wrong, err
	}
	zone := f.years.Calendar().Location()
	err = f.openly(ctx, t.Name, func() error {
		_, err := f.leaves.Apply(ctx, f.store, list, "", func(tx reminders.Tx, l people.Leave) error {
			_, err := f.duty.LeaveEntered(tx, l.Person, l.Window(zone), "")
			return err
		})
		return err
	})
	return lines, nil, err
}
