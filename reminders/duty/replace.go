package duty

import (
	"fmt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// mostReplaced is how many shifts one unit of work replaces at most.
const mostReplaced = 4

// Replace records a new version of a shift that is on the roster: other people, or
// another end. What is expected follows, those affected are told the difference, and
// the ledger names why. It fails with NotFound if the shift is not on the roster any
// more, with Conflict if it changed since the caller read it, or if somebody would be
// on two shifts or the unit have two at once, and with Invalid for somebody who is not
// in the register.
func (d *Desk) Replace(tx reminders.Tx, shift Shift, why string, by reminders.PersonID) error {
	return d.ReplaceAll(tx, []Shift{shift}, why, by)
}

// ReplaceAll is Replace for shifts that change together, up to four: whoever is
// affected by several of them is told in one message.
func (d *Desk) ReplaceAll(tx reminders.Tx, shifts []Shift, why string, by reminders.PersonID) error {
	if len(shifts) == 0 || len(shifts) > mostReplaced {
		return reminders.Internalf("duty.replace", "%d shifts at once, the limit is %d", len(shifts), mostReplaced)
	}
	var changes []Change
	for _, is := range shifts {
		was, err := d.standing(tx, "duty.replace", is.ID)
		if err != nil {
			return err
		}
		if was.Version != is.Version {
			return reminders.Fail(reminders.Conflict, "duty.replace", "duty.shift_changed", nil)
		}
		c, err := d.replace(tx, was, is, why, by)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	for _, c := range changes {
		if err := d.checkReplaced(tx, c.Is); err != nil {
			return err
		}
		if err := d.plan(tx, c.Is, true); err != nil {
			return err
		}
	}
	about := fmt.Sprintf("%s/%d", changes[0].Is.ID, changes[0].Is.Version)
	for _, p := range Affected(changes) {
		if err := d.tellChange(tx, about, p, by, changes); err != nil {
			return err
		}
	}
	return nil
}

// replace records one version and lets follow what is expected.
func (d *Desk) replace(tx reminders.Tx, was, is Shift, why string, by reminders.PersonID) (Change, error) {
	planned := was
	planned.Officer, planned.Leader, planned.Backup, planned.End, planned.Cancelled = is.Officer, is.Leader, is.Backup, is.End, is.Cancelled
	if planned.TakenBy != "" && !planned.Has(planned.TakenBy) {
		// Who took over has left the shift: it is to be taken over again.
		planned = withoutTaken(planned)
	}
	recorded, err := d.record(tx, was, planned, why, by)
	if err != nil {
		return Change{}, err
	}
	if err := d.follow(tx, recorded); err != nil {
		return Change{}, err
	}
	return Change{Was: was, Is: recorded}, d.Ledger.Append(tx, ledger.Entry{
		Actor: actor(by), Verb: ledger.Changed, Object: "duty/" + string(is.ID), Subject: string(recorded.Officer), Reason: why,
		Attrs: map[string]string{"was": string(was.Officer), "leader": string(recorded.Leader), "backup": string(recorded.Backup)},
	})
}

// actor is the ledger's name of who acted.
func actor(by reminders.PersonID) string {
	if by == "" {
		return ledger.System
	}
	return string(by)
}

// checkReplaced refuses a shift that cannot be on the roster as it stands now.
func (d *Desk) checkReplaced(tx reminders.Tx, s Shift) error {
	const op = "duty.replace"
	if s.Cancelled {
		return nil
	}
	if !s.End.After(s.Start) || s.End.Sub(s.Start) > longest || s.Officer == "" {
		return reminders.Internalf(op, "a shift needs an officer and an end within a day after its start")
	}
	others, err := d.Shifts(tx, s.Unit, s.Window())
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID != s.ID {
			return reminders.Fail(reminders.Conflict, op, "duty.replace.overlap", reminders.Args{
				"Start": reminders.Instant(o.Start), "End": reminders.Instant(o.End),
			})
		}
	}
	for _, p := range s.People() {
		if err := d.checkFree(tx, s, p); err != nil {
			return err
		}
	}
	return nil
}

// checkFree refuses somebody who cannot be on a shift: unknown, left, or on another at
// the same time.
func (d *Desk) checkFree(tx reminders.Tx, s Shift, p reminders.PersonID) error {
	const op = "duty.replace"
	member, found, err := d.Register.Member(tx, p)
	if err != nil {
		return err
	}
	if !found || !member.Active {
		return reminders.Fail(reminders.Invalid, op, "duty.replace.unknown", reminders.Args{"StaffNo": reminders.Text(string(p))})
	}
	others, err := d.ShiftsOf(tx, p, s.Window())
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID != s.ID {
			return reminders.Fail(reminders.Conflict, op, "duty.replace.double", reminders.Args{
				"Name": reminders.PersonName(p), "Unit": reminders.UnitName(o.Unit), "Start": reminders.Instant(o.Start),
			})
		}
	}
	return nil
}

// Cancel takes a shift off the roster. What was expected of it is withdrawn and its
// people are told; the time it leaves is a gap until another shift covers it.
func (d *Desk) Cancel(tx reminders.Tx, id ShiftID, by reminders.PersonID) error {
	s, err := d.standing(tx, "duty.cancel", id)
	if err != nil {
		return err
	}
	s.Cancelled = true
	return d.Replace(tx, s, WhyCancelled, by)
}
