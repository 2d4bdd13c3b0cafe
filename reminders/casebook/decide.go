package casebook

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// utc is the zone in which days are counted where no place is meant.
var utc = time.UTC

// Drafts lists what is open at the desk: drafts, returned cases, held ones, and those with
// a correction that waits.
func (d *Desk) Drafts(tx reminders.Tx) ([]Case, error) { return d.Store.OpenCases(tx) }

// Waiting lists the drafts and corrections about which a second person has to decide.
func (d *Desk) Waiting(tx reminders.Tx) ([]Case, error) {
	open, err := d.Store.OpenCases(tx)
	return slices.DeleteFunc(open, func(c Case) bool { return !c.Waits() }), err
}

// Overrule lets a soft hit pass. That by is the head of the office is for the caller to
// check; a reason is required.
func (d *Desk) Overrule(tx reminders.Tx, handle, rule, reason string, by reminders.PersonID) (Case, error) {
	const op = "casebook.overrule"
	c, err := d.draft(tx, handle)
	if err != nil {
		return c, err
	}
	hits := d.Problems(c, d.today(tx))
	at := slices.IndexFunc(hits, func(h reminders.Hit) bool { return h.Rule == rule })
	switch {
	case reason == "":
		return c, reminders.Fail(reminders.Invalid, op, "case.no_reason", nil)
	case at < 0:
		return c, reminders.Fail(reminders.NotFound, op, "case.not_found", nil)
	case hits[at].Hard:
		return c, &reminders.Error{Kind: reminders.Denied, Op: op, Message: hits[at].Say}
	}
	c.Overrides = append(slices.Clone(c.Overrides), reminders.Override{Rule: rule, By: by, Reason: reason})
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, c, "overrode", by)
}

// Submit hands a draft to a second person. It fails with Invalid and the text of the
// first problem as long as there is one.
func (d *Desk) Submit(tx reminders.Tx, handle string, by reminders.PersonID) (Case, error) {
	c, err := d.draft(tx, handle)
	if err != nil {
		return c, err
	}
	if hits := d.Problems(c, d.today(tx)); len(hits) > 0 {
		return c, &reminders.Error{Kind: reminders.Invalid, Op: "casebook.submit", Message: hits[0].Say}
	}
	c.State, c.Submitted, c.Reason = Draft, tx.Now(), ""
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, c, "submitted", by)
}

// Abandon gives a draft up. Its text goes; its source address stays known, so that a feed
// does not draft it again.
func (d *Desk) Abandon(tx reminders.Tx, handle string, by reminders.PersonID) (Case, error) {
	c, err := d.draft(tx, handle)
	if err != nil {
		return c, err
	}
	return d.bury(tx, c, "abandoned", "", by)
}

// Decide approves or returns what waits: a draft, which is published with the approval,
// or the correction of a published case. The drafter may not, unless there is nobody else
// who could (lone); that is recorded as such. A return needs a reason.
func (d *Desk) Decide(tx reminders.Tx, handle string, approve bool, reason string, by reminders.PersonID, lone bool) (Case, error) {
	const op = "casebook.decide"
	c, err := d.Case(tx, handle)
	if err != nil {
		return c, err
	}
	drafter := c.By
	if c.Correction != nil {
		drafter = c.Correction.By
	}
	switch {
	case !c.Waits():
		return c, reminders.Fail(reminders.Closed, op, "case.decided", nil)
	case drafter == by && !lone:
		return c, reminders.Fail(reminders.Denied, op, "case.own", nil)
	case !approve && reason == "":
		return c, reminders.Fail(reminders.Invalid, op, "case.no_reason", nil)
	case c.Correction != nil:
		return d.decideCorrection(tx, c, approve, reason, by)
	}
	c.DecidedBy, c.DecidedAt, c.Lone = by, tx.Now(), drafter == by
	step := "returned"
	if approve {
		if faults := d.Faults(c.Content, d.today(tx)); len(faults) > 0 { // it waited too long
			return c, &reminders.Error{Kind: reminders.Invalid, Op: op, Message: faults[0].Say}
		}
		step, c.State, c.Published = "published", Published, tx.Now()
	} else {
		c.State, c.Reason, c.Submitted = Returned, reason, time.Time{}
	}
	if c.Lone {
		step += ", lone-approver"
	}
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, c, step, by)
}

// Correct proposes a new text for a case that readers see. A second person decides; until
// then readers see the old one. A later proposal takes the place of an earlier one.
func (d *Desk) Correct(tx reminders.Tx, handle, note string, by reminders.PersonID, change func(*Content)) (Case, error) {
	const op = "casebook.correct"
	c, err := d.Case(tx, handle)
	switch {
	case err != nil:
		return c, err
	case c.Origin == Library, c.State != Published && c.State != Approved:
		return c, reminders.Fail(reminders.Closed, op, "case.decided", nil)
	}
	corrected := c
	corrected.Festivals = slices.Clone(c.Festivals)
	change(&corrected.Content)
	corrected.Content = corrected.tidy()
	if corrected.Same(c.Content) {
		return c, reminders.Fail(reminders.Invalid, op, "case.unchanged", nil)
	}
	if hits := d.Problems(corrected, d.today(tx)); len(hits) > 0 {
		return c, &reminders.Error{Kind: reminders.Invalid, Op: op, Message: hits[0].Say}
	}
	c.Correction = &Correction{Content: corrected.Content, Note: note, By: by, At: tx.Now()}
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, corrected, "correction-drafted", by)
}

// decideCorrection puts a correction into force, or drops it.
func (d *Desk) decideCorrection(tx reminders.Tx, c Case, approve bool, reason string, by reminders.PersonID) (Case, error) {
	proposal := *c.Correction
	c.Correction = nil
	step := "correction-returned"
	if approve {
		step = "corrected"
		c.Content, c.Snapshot, c.CheckedAt, c.Failures = proposal.Content, "", time.Time{}, 0
		c.CorrectedAt = tx.Now()
		if c.Held != "" { // somebody looked at it
			c.State, c.Held = Published, ""
		}
	} else {
		c.Reason = reason
	}
	if proposal.By == by {
		step += ", lone-approver"
	}
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	if err := d.record(tx, c, step, by); err != nil || !approve {
		return c, err
	}
	return c, d.changed(tx, c.ID, "case-corrected", "")
}

// changed tells whoever showed the case that it says something else now.
func (d *Desk) changed(tx reminders.Tx, id, reason string, withdrawnBy reminders.PersonID) error {
	if d.Changed == nil {
		return nil
	}
	return d.Changed(tx, id, reason, withdrawnBy)
}
