package theme

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Answer is what was seen at one point in one unit.
type Answer struct {
	// Finding is what was found, in a sentence; empty if the point is in order.
	Finding string `json:"finding,omitempty"`
}

// Check records that a unit was checked: one answer for each point of the checklist. Each
// finding gets its number. It is a Conflict if the check is recorded already, and Invalid
// for a unit out of scope or a text that the guard refuses.
func (d *Desk) Check(tx reminders.Tx, id ID, unit reminders.UnitID, answers []Answer, by reminders.PersonID) (Check, error) {
	t, err := d.checkable(tx, id, unit)
	if err != nil {
		return Check{}, err
	}
	if len(answers) != len(t.Points) {
		return Check{}, reminders.Fail(reminders.Invalid, "theme.check", "theme.check.answers", nil)
	}
	c := Check{Theme: id, Unit: unit, At: tx.Now(), By: by, Results: make([][]int, len(answers))}
	for i, a := range answers {
		if a.Finding == "" {
			continue
		}
		f, err := d.found(tx, &t, unit, i+1, a.Finding, by)
		if err != nil {
			return Check{}, err
		}
		c.Results[i] = []int{f.Number}
	}
	if err := d.Store.SaveTheme(tx, t); err != nil {
		return c, err
	}
	if err := d.Store.SaveCheck(tx, c); err != nil {
		return c, err
	}
	return c, d.remark(tx, t, unit, "checked", "", by)
}

// Skip marks a unit as not checked, for a reason (未检查). It can still be checked later.
func (d *Desk) Skip(tx reminders.Tx, id ID, unit reminders.UnitID, reason string, by reminders.PersonID) (Check, error) {
	const op = "theme.skip"
	t, err := d.checkable(tx, id, unit)
	if err != nil {
		return Check{}, err
	}
	if reason, err = d.text(op, reason, longestText); err != nil {
		return Check{}, err
	}
	c := Check{Theme: id, Unit: unit, At: tx.Now(), By: by, Unchecked: reason}
	if err := d.Store.SaveCheck(tx, c); err != nil {
		return c, err
	}
	return c, d.remark(tx, t, unit, "not-checked", reminders.HashText(reason), by)
}

// checkable gives the theme if the unit is in its scope and no check of it is recorded.
func (d *Desk) checkable(tx reminders.Tx, id ID, unit reminders.UnitID) (Theme, error) {
	const op = "theme.check"
	t, err := d.running(tx, id)
	if err != nil {
		return t, err
	}
	if !t.Covers(unit) {
		return t, reminders.Fail(reminders.Invalid, op, "theme.check.unit", nil)
	}
	before, found, err := d.Store.Check(tx, id, unit)
	if err == nil && found && before.Done() {
		err = reminders.Fail(reminders.Conflict, op, "theme.check.done", reminders.Args{
			"By": reminders.PersonName(before.By), "At": reminders.Instant(before.At),
		})
	}
	return t, err
}

// Add records a finding beside a check, or after it. point counts from 1; 0 is outside of
// the checklist.
func (d *Desk) Add(tx reminders.Tx, id ID, unit reminders.UnitID, point int, text string, by reminders.PersonID) (Finding, error) {
	t, err := d.running(tx, id)
	switch {
	case err != nil:
		return Finding{}, err
	case !t.Covers(unit):
		return Finding{}, reminders.Fail(reminders.Invalid, "theme.add", "theme.check.unit", nil)
	case point < 0 || point > len(t.Points):
		return Finding{}, reminders.Fail(reminders.Invalid, "theme.add", "error.invalid", nil)
	}
	f, err := d.found(tx, &t, unit, point, text, by)
	if err != nil {
		return f, err
	}
	if err := d.Store.SaveTheme(tx, t); err != nil {
		return f, err
	}
	c, found, err := d.Store.Check(tx, id, unit)
	if err == nil && found && c.Done() && point > 0 {
		c.Results = slices.Clone(c.Results)
		c.Results[point-1] = append(slices.Clone(c.Results[point-1]), f.Number)
		err = d.Store.SaveCheck(tx, c)
	}
	if err != nil {
		return f, err
	}
	return f, d.changed(tx, id)
}

// found writes a finding down under the next number of the theme, which the caller saves.
func (d *Desk) found(tx reminders.Tx, t *Theme, unit reminders.UnitID, point int, text string, by reminders.PersonID) (Finding, error) {
	const op = "theme.found"
	text, err := d.text(op, text, longestText)
	if err != nil {
		return Finding{}, err
	}
	t.Findings++
	f := Finding{
		Theme: t.ID, Number: t.Findings, Unit: unit, Point: point, Text: text, State: Found,
		Steps: []Step{{Move: Record, By: by, At: tx.Now()}},
	}
	if err := d.Store.SaveFinding(tx, f); err != nil {
		return f, err
	}
	return f, d.note(tx, f, Record, text, by)
}

// note writes a step of a finding into the ledger: Reason is the state that it has now.
func (d *Desk) note(tx reminders.Tx, f Finding, m Move, text string, by reminders.PersonID) error {
	hash := ""
	if text != "" {
		hash = reminders.HashText(text)
	}
	return d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Finding, Object: "theme/" + string(f.Theme) + "/" + strconv.Itoa(f.Number),
		Subject: string(f.Unit), Reason: string(f.State), TextHash: hash, Attrs: map[string]string{"move": string(m)},
	})
}
