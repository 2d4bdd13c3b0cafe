package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// What duty obliges people to, as the plan names it.
const (
	expectRoster   notice.Expects = "roster"
	expectTakeOver notice.Expects = "take-over"
	expectReport   notice.Expects = "report"
	expectPresence notice.Expects = "presence"
)

// spotCheckKind is the plan's kind of a spot check.
const spotCheckKind notice.Kind = "spot-check"

// aroundBlock is how many days before and after a block something of its duty may lie.
const aroundBlock = 60

// dutyPlan gives what duty and reports imply from one day until, without, another: what
// is asked of people, and the steps that follow where it is not answered. Of a spot
// check it shows the hours alone, as everybody may know them. Where no unit keeps a
// roster there is nothing.
func (f *office) dutyPlan(ctx context.Context, from, until calendar.Date) ([]planned, error) {
	cal := f.years.Calendar()
	window := reminders.Window{From: from.At(0, 0, cal.Location()), To: until.At(0, 0, cal.Location())}
	p := dutyPlanner{office: f, cal: cal}
	err := f.store.View(ctx, func(tx reminders.Tx) (err error) {
		if p.units, err = f.reg.AllUnits(tx); err != nil {
			return err
		}
		p.items = nil
		for _, block := range cal.Blocks(from.AddDays(-aroundBlock), until.AddDays(aroundBlock)) {
			if err := p.block(tx, block); err != nil {
				return err
			}
		}
		return nil
	})
	p.items = slices.DeleteFunc(p.items, func(i planned) bool { return !window.Contains(i.At) })
	return p.items, err
}

// dutyPlanner collects the items of one block after the other.
type dutyPlanner struct {
	*office

	cal   *calendar.Calendar
	units []reminders.Unit
	items []planned
}

// block adds what a block implies.
func (p *dutyPlanner) block(tx reminders.Tx, block calendar.Block) error {
	shifts, on, err := p.shifts(tx, block)
	if err != nil {
		return err
	}
	keep := slices.DeleteFunc(slices.Clone(p.units), func(u reminders.Unit) bool { return !u.Duty })
	if len(keep) == 0 && len(shifts) == 0 {
		return nil
	}
	if err := p.roster(tx, block, keep); err != nil {
		return err
	}
	for _, s := range shifts {
		p.add(block, item{
			id: s.TakeOverTerms(), at: s.Start, due: s.Start, kind: duty.KindTakeOver, to: reminders.DutyOfficer, people: 1, expects: expectTakeOver,
			why: reminders.Line("cli.plan.why.takeover", reminders.Args{"Unit": reminders.UnitName(s.Unit)}),
		})
	}
	if err := p.spotCheck(tx, block, len(keep)); err != nil {
		return err
	}
	return p.reports(tx, block, shifts, on)
}

// shifts lists the shifts of a block as the rosters stand, and the units that have any.
func (p *dutyPlanner) shifts(tx reminders.Tx, block calendar.Block) (all []duty.Shift, on []reminders.Unit, err error) {
	zone := p.cal.Location()
	window := reminders.Window{From: block.First.At(0, 0, zone), To: block.Last.AddDays(1).At(0, 0, zone)}
	for _, unit := range p.units {
		shifts, err := p.duty.Shifts(tx, unit.ID, window)
		if err != nil {
			return nil, nil, err
		}
		if len(shifts) > 0 {
			on = append(on, unit)
		}
		for _, s := range shifts {
			if s.Block == block.ID {
				all = append(all, s)
			}
		}
	}
	return all, on, nil
}

// item is what one instant of the plan asks of whom.
type item struct {
	id      obligation.TermsID
	step    string // of a ladder; empty: the asking itself
	at, due time.Time
	kind    notice.Kind
	to      reminders.Role
	people  int
	expects notice.Expects
	why     reminders.Message
}

// add adds an item of a block.
func (p *dutyPlanner) add(block calendar.Block, i item) {
	key, of := string(i.id), ""
	if i.step != "" {
		key, of = key+"/"+i.step, key
	}
	p.items = append(p.items, planned{notice.Item{
		Key: key, Of: of, At: i.at, Kind: i.kind, Block: block.ID, Audience: reminders.Audience{Roles: []reminders.Role{i.to}},
		Expects: cmp.Or(i.expects, notice.ExpectNothing), Due: i.due, Why: i.why, Provisional: block.Provisional,
	}, i.people})
}

// roster adds that the units are asked for their rosters, asked again, and that the
// leaders hear of those that are missing.
func (p *dutyPlanner) roster(tx reminders.Tx, block calendar.Block, keep []reminders.Unit) error {
	terms := duty.RosterDue(p.cal, block)
	whys := map[string]reminders.Message{
		"ask":   reminders.Line("cli.plan.why.roster", nil),
		"again": reminders.Line("cli.plan.why.roster_again", nil), "tell-leader": reminders.Line("cli.plan.why.roster_leader", nil),
	}
	for _, step := range terms.Ladder {
		i := item{id: terms.ID, step: step.Name, at: step.At, due: terms.Due, kind: notice.Chase, to: step.To, why: whys[step.Name]}
		if step.Action == obligation.Ask {
			i.step, i.kind, i.to, i.expects = "", duty.KindRosterDue, reminders.Liaison, expectRoster
		}
		var err error
		if i.people, err = p.reached(tx, keep, i.to); err != nil {
			return err
		}
		p.add(block, i)
	}
	return nil
}

// reached counts the people who have a role in units, each once.
func (p *dutyPlanner) reached(tx reminders.Tx, units []reminders.Unit, role reminders.Role) (int, error) {
	all := map[reminders.PersonID]bool{}
	for _, unit := range units {
		people, err := p.people.InUnit(tx, unit.ID, role)
		if err != nil {
			return 0, err
		}
		for _, id := range people {
			all[id] = true
		}
	}
	return len(all), nil
}

// spotCheck adds the hours of the days in which a check may come: the same for every
// block, whoever is drawn.
func (p *dutyPlanner) spotCheck(tx reminders.Tx, block calendar.Block, units int) error {
	promise, found, err := p.spots.Promise(tx, block.ID)
	if err != nil {
		return err
	}
	from, to := promise.From, promise.To
	if !found {
		from, to = p.spots.Rules.From, p.spots.Rules.To
	}
	zone := p.cal.Location()
	p.add(block, item{
		id: obligation.TermsID("duty/" + block.ID + "/" + string(spotCheckKind)), kind: spotCheckKind, to: reminders.DutyOfficer, people: units,
		at: block.First.At(0, from, zone), due: block.Last.At(0, to, zone), expects: expectPresence,
		why: reminders.Line("cli.plan.why.spot", reminders.Args{
			"From": reminders.TimeOfDay(block.First.At(0, from, zone)), "To": reminders.TimeOfDay(block.First.At(0, to, zone)),
		}),
	})
	return nil
}

// reports adds the daily reports, and the closing report of the units that are on duty.
func (p *dutyPlanner) reports(tx reminders.Tx, block calendar.Block, shifts []duty.Shift, on []reminders.Unit) error {
	liaisons, err := p.reached(tx, on, reminders.Liaison)
	if err != nil {
		return err
	}
	for _, terms := range p.office.reports.Planned(block) {
		i := item{id: terms.ID, at: terms.Ladder[0].At, due: terms.Due, kind: notice.Kind(terms.Kind), to: terms.AnsweredBy(), expects: expectReport}
		if terms.Kind == report.KindClosing {
			i.people, i.why = liaisons, reminders.Line("cli.plan.why.closing", nil)
		} else {
			i.people = officersAt(shifts, terms.Due)
			i.why = reminders.Line("cli.plan.why.daily", reminders.Args{
				"Minutes": reminders.Number(int(terms.Due.Sub(i.at) / time.Minute)),
			})
		}
		p.add(block, i)
	}
	return nil
}

// officersAt counts those who are on duty at an instant.
func officersAt(shifts []duty.Shift, at time.Time) int {
	people := map[reminders.PersonID]bool{}
	for _, s := range shifts {
		if s.Window().Contains(at) {
			people[s.Responsible()] = true
		}
	}
	return len(people)
}
