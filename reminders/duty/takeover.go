package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Taken is a shift that somebody took over.
type Taken struct {
	Shift Shift
	Late  bool // after the grace
	Again bool // the same person had done so before; nothing changed
	Left  Left // by the shift before
}

// TakeOver records that a person takes a shift over (接班): the officer, or backup or
// leader in their place. It is open from half an hour before the start until the end.
// It fails with NotFound for a shift that is not on the roster, with Denied for
// somebody without a place on it, with Conflict if somebody else took over, and with
// Closed outside of its time.
func (d *Desk) TakeOver(tx reminders.Tx, id ShiftID, by reminders.PersonID) (Taken, error) {
	s, err := d.standing(tx, "duty.take_over", id)
	if err != nil {
		return Taken{}, err
	}
	left, err := d.leftFor(tx, s)
	if err != nil {
		return Taken{}, err
	}
	if s.TakenBy == by {
		return Taken{Shift: s, Late: s.TakenAt.After(s.Start.Add(d.rules().Grace)), Again: true, Left: left}, nil
	}
	if err := mayTakeOver(s, by, tx.Now()); err != nil {
		return Taken{Shift: s}, err
	}
	is := s
	is.TakenAt, is.TakenBy = tx.Now(), by
	if is, err = d.record(tx, s, is, WhyTaken, by); err != nil {
		return Taken{}, err
	}
	taken := Taken{Shift: is, Left: left}
	if taken.Late, err = d.answerTakeOver(tx, is); err != nil {
		return Taken{}, err
	}
	return taken, d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.TookOver, Object: string(s.TakeOverTerms()), Subject: string(s.Officer),
		Reason: string(s.PlaceOf(by)), Attrs: map[string]string{"late": word(taken.Late)},
	})
}

// word writes a truth value for the ledger.
func word(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// standing gives a shift that is on the roster now.
func (d *Desk) standing(tx reminders.Tx, op string, id ShiftID) (Shift, error) {
	s, found, err := d.ShiftOf(tx, id)
	if err == nil && (!found || s.Cancelled) {
		err = reminders.Fail(reminders.NotFound, op, "duty.shift_gone", nil)
	}
	return s, err
}

// mayTakeOver says why somebody cannot take a shift over now; nil if they can.
func mayTakeOver(s Shift, by reminders.PersonID, now time.Time) error {
	const op = "duty.take_over"
	opens := s.Start.Add(-takeOverEarly)
	switch {
	case !s.Has(by):
		return reminders.Fail(reminders.Denied, op, "duty.takeover.not_yours", reminders.Args{
			"Start": reminders.Instant(s.Start), "Name": reminders.PersonName(s.Officer),
		})
	case !s.TakenAt.IsZero():
		return reminders.Fail(reminders.Conflict, op, "duty.takeover.taken", reminders.Args{
			"Name": reminders.PersonName(s.TakenBy), "At": reminders.Instant(s.TakenAt),
		})
	case now.Before(opens):
		return reminders.Fail(reminders.Closed, op, "duty.takeover.early", reminders.Args{
			"Start": reminders.Instant(s.Start), "Opens": reminders.Instant(opens),
		})
	case !now.Before(s.End):
		return reminders.Fail(reminders.Closed, op, "duty.takeover.over", reminders.Args{"End": reminders.Instant(s.End)})
	}
	return nil
}

// answerTakeOver settles what was expected and reports whether it was late.
func (d *Desk) answerTakeOver(tx reminders.Tx, s Shift) (late bool, err error) {
	if err := d.follow(tx, withoutTaken(s)); err != nil { // a roster whose consequences are still under way
		return false, err
	}
	line, err := d.Book.Answer(tx, obligation.HandleOf(s.TakeOverTerms()), obligation.Owner{Unit: s.Unit}, s.TakenBy, "")
	return line.State == obligation.Late, err
}

// withoutTaken is the shift before somebody took over.
func withoutTaken(s Shift) Shift {
	s.TakenAt, s.TakenBy = time.Time{}, ""
	return s
}
