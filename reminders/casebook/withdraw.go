package casebook

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Library is the origin of what comes with the content.
const Library = "library"

// Withdraw takes a case back that was approved, in one step and by one person. What
// remains is the tombstone: its text is gone from lists, digests and exports at once, and
// the copies that readers have are brought up to date. A reason is required.
func (d *Desk) Withdraw(tx reminders.Tx, handle, reason string, by reminders.PersonID) (Case, error) {
	const op = "casebook.withdraw"
	c, err := d.Case(tx, handle)
	switch {
	case err != nil:
		return c, err
	case reason == "":
		return c, reminders.Fail(reminders.Invalid, op, "case.no_reason", nil)
	case c.Origin == Library:
		return c, reminders.Fail(reminders.Denied, op, "case.of_library", nil)
	case c.State != Published && c.State != Approved && c.State != Expired:
		return c, reminders.Fail(reminders.Closed, op, "case.decided", nil)
	}
	if hits := d.Screen(reason); len(hits) > 0 {
		return c, &reminders.Error{Kind: reminders.Invalid, Op: op, Message: hits[0].Say}
	}
	if c, err = d.bury(tx, c, "withdrawn", reason, by); err != nil {
		return c, err
	}
	return c, d.changed(tx, c.ID, "case-withdrawn", by)
}

// bury leaves nothing of a case but its tombstone.
func (d *Desk) bury(tx reminders.Tx, c Case, step, reason string, by reminders.PersonID) (Case, error) {
	said := c.Content
	c.State, c.Correction, c.Held = Withdrawn, nil, ""
	c.Tombstone = &Tombstone{By: by, At: tx.Now(), Reason: reason, TextHash: said.Hash()}
	c.Content = Content{
		Category: said.Category, Level: said.Level, Issued: said.Issued, Issuer: said.Issuer, SourceURL: said.SourceURL,
		Expires: said.Expires, English: Words{Issuer: said.English.Issuer},
	}
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, Case{ID: c.ID, Content: said}, step, by)
}
