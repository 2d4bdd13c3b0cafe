package duty

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// mostChanged bounds what one filing changes: shifts, and people who are new to the
// roster. It is written in one unit of work, so that nobody ever reads half a roster,
// and the smallest engine takes 128 changes at once.
const mostChanged = 95

// Filed is what filing a plan does, or has done.
type Filed struct {
	Plan      Plan
	Roster    Roster // the version that is in force then
	Changes   []Change
	Unchanged int
	First     bool // the unit had filed nothing for the block
	Problems  []Problem
}

// Blocked reports whether a problem keeps the plan from being filed.
func (f Filed) Blocked() bool { return slices.ContainsFunc(f.Problems, Problem.Blocks) }

// Preview says what filing plans together would do, and what is wrong with them. It
// changes nothing.
func (d *Desk) Preview(tx reminders.Tx, plans []Plan) ([]Filed, error) {
	var all []Filed
	var stay []Shift
	plans = slices.Clone(plans)
	for i, filed := range plans {
		var err error
		if plans[i], err = d.laid(tx, filed); err != nil {
			return nil, err
		}
		f, kept, err := d.compare(tx, plans[i], filed)
		if err != nil {
			return nil, err
		}
		all, stay = append(all, f), append(stay, kept...)
	}
	facts, err := d.facts(tx, plans)
	if err != nil {
		return nil, err
	}
	facts.Others = append(facts.Others, stay...)
	for _, p := range Validate(plans, facts) {
		n := slices.IndexFunc(all, func(f Filed) bool { return f.Plan.Unit == p.Unit && f.Plan.covers(p) })
		if n >= 0 {
			all[n].Problems = append(all[n].Problems, p)
		}
	}
	return all, nil
}

// covers reports whether a problem of the unit belongs to the plan.
func (p Plan) covers(o Problem) bool {
	return slices.ContainsFunc(p.Planned, func(s Planned) bool { return s.Window().Overlaps(o.Window) }) ||
		p.Block.Contains(dateOf(o.Window.From))
}

// compare finds what a plan changes against the roster as it stands, and the shifts
// that have begun and stay although the plan does not name them. The document keeps
// the plan as it was filed, without the swaps laid over it.
func (d *Desk) compare(tx reminders.Tx, plan, asFiled Plan) (f Filed, stay []Shift, err error) {
	before, filed, err := d.Store.Roster(tx, plan.Unit, plan.Block.ID)
	if err != nil {
		return f, nil, err
	}
	versions, err := d.versions(tx, plan.Unit, union(d.span(plan.Block), before.Window))
	if err != nil {
		return f, nil, err
	}
	f = Filed{Plan: plan, First: !filed, Roster: before}
	was := map[ShiftID]Shift{}
	for _, s := range newest(versions, tx.Now()) {
		was[s.ID] = s
	}
	text := []Shift{}
	for i, p := range plan.Planned {
		old := was[p.ID]
		delete(was, p.ID)
		text = append(text, asFiled.Planned[i].Shift)
		if old.Version > 0 && !old.Cancelled && old.SamePlan(p.Shift) {
			f.Unchanged++
			continue
		}
		if old.Version > 0 && !old.Cancelled && begun(old, tx) {
			f.Problems = append(f.Problems, Problem{Row: p.Row, Unit: plan.Unit, Window: old.Window(), Reason: Begun})
			continue
		}
		f.Changes = append(f.Changes, Change{Was: old, Is: planned(old, p.Shift)})
	}
	for _, old := range was {
		switch {
		case old.Cancelled || old.Block != plan.Block.ID:
		case begun(old, tx):
			stay, text = append(stay, old), append(text, old)
		default:
			gone := old
			gone.Cancelled = true
			f.Changes = append(f.Changes, Change{Was: old, Is: gone})
		}
	}
	slices.SortFunc(f.Changes, func(a, b Change) int { return cmp.Compare(a.shift().ID, b.shift().ID) })
	f.Roster = roster(before, plan, inOrder(text))
	return f, stay, nil
}

// begun reports whether a shift runs, is over or was taken over.
func begun(s Shift, tx reminders.Tx) bool { return !s.Start.After(tx.Now()) || !s.TakenAt.IsZero() }

// planned gives the shift of a plan on top of what is recorded of it.
func planned(old, p Shift) Shift {
	is := p
	is.Version, is.Life = old.Version, old.Life
	return is
}

// roster is the document of a plan.
func roster(before Roster, plan Plan, shifts []Shift) Roster {
	text := Canonical(plan.Unit, plan.Block.ID, shifts)
	r := Roster{
		Unit: plan.Unit, Block: plan.Block.ID, Version: before.Version + 1, Text: text, Hash: reminders.HashText(text),
	}
	for _, s := range shifts {
		r.Window = union(r.Window, s.Window())
	}
	return r
}

// union gives the window that holds both; a zero one holds nothing.
func union(a, b reminders.Window) reminders.Window {
	switch {
	case a.From.IsZero():
		return b
	case b.From.IsZero():
		return a
	}
	if b.From.Before(a.From) {
		a.From = b.From
	}
	if b.To.After(a.To) {
		a.To = b.To
	}
	return a
}

// File makes a plan the roster of its unit for the block (报备值班表), in one unit of
// work. It gives Conflict if warnings are not confirmed, and Invalid if something
// blocks it or it changes too much at once; what is wrong stands in the result then.
// Filing the same plan again changes nothing. What follows, obligations and notices,
// is done by Advance.
func (d *Desk) File(tx reminders.Tx, plan Plan, by reminders.PersonID, confirmed bool) (Filed, error) {
	previews, err := d.Preview(tx, []Plan{plan})
	if err != nil {
		return Filed{}, err
	}
	f := previews[0]
	if err := mayFile(f, confirmed); err != nil {
		return f, err
	}
	if !f.First && len(f.Changes) == 0 {
		f.Roster, _, err = d.Store.Roster(tx, plan.Unit, plan.Block.ID)
		return f, err
	}
	for i, c := range f.Changes {
		why := WhyFiled
		if c.Is.Cancelled {
			why = WhyCancelled
		}
		if f.Changes[i].Is, err = d.record(tx, c.Was, c.Is, why, by); err != nil {
			return f, err
		}
	}
	f.Roster.FiledAt, f.Roster.FiledBy = tx.Now(), by
	for _, p := range f.Problems {
		if !slices.Contains(f.Roster.Accepted, p.Reason) {
			f.Roster.Accepted = append(f.Roster.Accepted, p.Reason)
		}
	}
	if err := d.Store.SaveRoster(tx, f.Roster); err != nil {
		return f, err
	}
	if err := d.queueCarry(tx, f, by); err != nil {
		return f, err
	}
	if err := d.noteFiled(tx, f, by); err != nil {
		return f, err
	}
	return f, d.answerRoster(tx, f.Roster)
}

// mayFile says why a plan cannot be filed as it is.
func mayFile(f Filed, confirmed bool) error {
	const op = "duty.file"
	people := map[reminders.PersonID]bool{}
	for _, c := range f.Changes {
		for _, p := range c.Is.People() {
			people[p] = true
		}
	}
	switch {
	case f.Blocked():
		return reminders.Fail(reminders.Invalid, op, "duty.file.blocked", nil)
	case len(f.Changes)+len(people) > mostChanged:
		return reminders.Fail(reminders.Invalid, op, "duty.file.too_many", nil)
	case len(f.Problems) > 0 && !confirmed:
		return reminders.Fail(reminders.Conflict, op, "duty.file.confirm", reminders.Args{"Count": reminders.Number(len(f.Problems))})
	}
	return nil
}

// noteFiled writes the filing into the ledger.
func (d *Desk) noteFiled(tx reminders.Tx, f Filed, by reminders.PersonID) error {
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: actor(by), Verb: ledger.Filed, Object: f.Roster.Block + "/roster", Subject: string(f.Roster.Unit),
		TextHash: f.Roster.Hash, Attrs: map[string]string{
			"version": strconv.Itoa(f.Roster.Version), "shifts": strconv.Itoa(len(f.Plan.Planned)),
			"changed": strconv.Itoa(len(f.Changes)), "warnings": strconv.Itoa(len(f.Problems)),
		},
	})
}

// answerRoster settles what the unit owed. A unit that files before it was asked, or
// after the closing, is not told so.
func (d *Desk) answerRoster(tx reminders.Tx, r Roster) error {
	_, err := d.Book.Answer(tx, obligation.HandleOf(RosterTerms(r.Block)), obligation.Owner{Unit: r.Unit}, r.FiledBy, r.Hash)
	if kind := reminders.KindOf(err); err != nil && (kind == reminders.NotFound || kind == reminders.Closed) {
		return nil
	}
	return err
}

// FileAll files plans one after the other, each in a unit of work of its own: a plan
// that cannot be filed stops it, and those before it are filed. It may be repeated.
func (d *Desk) FileAll(ctx context.Context, plans []Plan, by reminders.PersonID, confirmed bool) ([]Filed, error) {
	var all []Filed
	for _, plan := range plans {
		var f Filed
		err := d.Units.Do(ctx, func(tx reminders.Tx) (err error) {
			f, err = d.File(tx, plan, by, confirmed)
			return err
		})
		if err != nil {
			return append(all, f), err
		}
		all = append(all, f)
		crashpoint.Pass(crashpoint.Import)
	}
	return all, nil
}
