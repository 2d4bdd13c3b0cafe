package report

import (
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The reasons in the ledger for which a version was submitted.
const (
	ReasonNil       = "nil"
	ReasonReport    = "report"
	ReasonCorrected = "corrected"
)

// The reasons with which a question of plausibility was settled.
const (
	ReasonExplained   = "explained"
	ReasonUnexplained = "not-explained"
)

// SubmitNil reports for a unit that there is nothing to report on a day: the one tap of
// most days. Doing it twice, also by another person on the shift, gives the report as it
// stands. It is a Conflict if a full report is there, or the report was returned: then a
// tap is no answer. Otherwise as Submit.
func (d *Desk) SubmitNil(tx reminders.Tx, unit reminders.UnitID, day calendar.Date, by reminders.PersonID) (Report, error) {
	return d.Submit(tx, Draft{Kind: Daily, Unit: unit, Day: day, Nil: true}, by)
}

// Submit takes the first version of a daily or closing report in, answers the obligation
// to report and gives the report its number. A report that comes after the closing is
// recorded, and changes nothing in the obligation. Submitting again what is there already
// gives it as it stands; anything else is a Conflict, since what was reported changes only
// by a correction with a reason.
//
// It is Denied for somebody who is not on the shift (for a closing report: nor liaison nor
// leader of the unit), NotFound for a day on which the unit owes none, Closed for a day
// that has not begun, Invalid for a value that the form does not take, and a Conflict for
// an older version of the form.
func (d *Desk) Submit(tx reminders.Tx, draft Draft, by reminders.PersonID) (Report, error) {
	if draft.Kind == Incident {
		return d.Incident(tx, draft, by)
	}
	r, terms, err := d.due(tx, draft)
	if err != nil {
		return Report{}, err
	}
	var roles []reminders.Role
	if r.Kind == Closing {
		roles = []reminders.Role{reminders.Liaison, reminders.Leader}
	}
	if err := d.may(tx, r.Unit, by, roles...); err != nil {
		return Report{}, err
	}
	form := d.Forms.Of(r.Kind)
	if err := form.check(draft, tx.Now()); err != nil {
		return Report{}, err
	}
	version := draft.version(form, by, tx.Now())
	version.Reason = ""
	before, found, err := d.Store.Report(tx, r.ID)
	retaken := found && before.State == TakenBack
	if err != nil || found && !retaken {
		if err == nil {
			err = again(before, version)
		}
		return before, err
	}
	if err := d.owed(tx, r, terms); err != nil {
		return Report{}, err
	}
	if retaken {
		r = before
	} else if r.Number, err = d.number(tx, r.Kind); err != nil {
		return Report{}, err
	}
	if err := d.answer(tx, &r, terms.ID, version, by); err != nil {
		return Report{}, err
	}
	reason := ReasonReport
	if version.Nil {
		reason = ReasonNil
	}
	return d.enter(tx, r, version, draft.Answers, reason)
}

// again tells whether submitting a version over a report that is there says the same once
// more. A returned report wants a correction.
func again(r Report, v Version) error {
	args := reminders.Args{"Number": r.title(), "At": reminders.Instant(r.Latest().At), "By": reminders.PersonName(r.Latest().By)}
	switch {
	case r.State == Returned && v.Nil:
		return reminders.Fail(reminders.Conflict, "report.submit", "report.nil_after_return", reminders.Args{"Number": r.title()})
	case r.State == Returned, r.Latest().Hash() != v.Hash():
		return reminders.Fail(reminders.Conflict, "report.submit", "report.there_already", args)
	}
	return nil
}

// due finds which report a draft is, and the terms under which it is owed.
func (d *Desk) due(tx reminders.Tx, draft Draft) (Report, obligation.Terms, error) {
	const op = "report.due"
	if draft.Kind == Daily {
		if draft.Day.After(d.today(tx)) {
			return Report{}, obligation.Terms{}, reminders.Fail(reminders.Closed, op, "report.day_ahead", reminders.Args{"Day": d.shown(draft.Day)})
		}
		b, found := d.blockOn(draft.Day)
		if !found {
			return Report{}, obligation.Terms{}, d.outside(draft)
		}
		r := Report{ID: DailyID(draft.Unit, draft.Day), Kind: Daily, Unit: draft.Unit, Day: draft.Day, Block: b.ID}
		return r, d.dailyTerms(b.ID, draft.Day), nil
	}
	b, found := d.block(draft.Block, d.today(tx))
	if !found || !b.Last.Before(d.today(tx)) {
		return Report{}, obligation.Terms{}, d.outside(draft)
	}
	r := Report{ID: ClosingID(draft.Unit, b.ID), Kind: Closing, Unit: draft.Unit, Day: b.Last, Block: b.ID}
	return r, d.closingTerms(b), nil
}

// block finds a block of the last year by its name.
func (d *Desk) block(id string, today calendar.Date) (calendar.Block, bool) {
	for _, b := range d.Calendar().Blocks(today.AddDays(-366), today.AddDays(1)) {
		if b.ID == id {
			return b, true
		}
	}
	return calendar.Block{}, false
}

// outside says that nothing is owed.
func (d *Desk) outside(draft Draft) error {
	if draft.Kind == Closing {
		return reminders.Fail(reminders.NotFound, "report.due", "report.block_outside", nil)
	}
	return reminders.Fail(reminders.NotFound, "report.due", "report.day_outside", reminders.Args{"Day": d.shown(draft.Day)})
}

// shown is a day as an argument of a text.
func (d *Desk) shown(day calendar.Date) reminders.Value { return reminders.Day(d.at(day, 12*60)) }

// owed makes sure that the unit has a line under the terms. One that came onto the roster
// since the day's lines were written gets its own now.
func (d *Desk) owed(tx reminders.Tx, r Report, terms obligation.Terms) error {
	_, line, err := d.Book.Standing(tx, reminders.Ask{Terms: string(terms.ID), Unit: r.Unit})
	if err != nil || line.State != "" {
		return err
	}
	outside := d.outside(Draft{Kind: r.Kind, Day: r.Day})
	if r.Kind == Closing {
		return outside
	}
	units, err := d.Roster.UnitsOnDuty(tx, terms.Due)
	if err != nil {
		return err
	}
	for _, unit := range units {
		if unit == r.Unit {
			return d.Book.Expect(tx, terms, []obligation.Owner{owner(unit)})
		}
	}
	return outside
}

// answer settles what the unit owed, and notes what became of it. After the closing it
// stays as it is.
func (d *Desk) answer(tx reminders.Tx, r *Report, id obligation.TermsID, v Version, by reminders.PersonID) error {
	line, err := d.Book.Answer(tx, obligation.HandleOf(id), owner(r.Unit), by, v.Hash())
	if err != nil && reminders.KindOf(err) != reminders.Closed {
		return err
	}
	r.Standing, r.AfterClosing = line.State, err != nil
	return nil
}

// number gives the next number of a kind in the year of the place.
func (d *Desk) number(tx reminders.Tx, kind Kind) (Number, error) {
	year := d.today(tx).Year
	serial, err := d.Store.Number(tx, "report/"+strconv.Itoa(year)+"/"+string(kind))
	return Number{Year: year, Serial: int(serial)}, err
}

// enter adds a version to a report: it is looked at for plausibility, saved, and written
// into the ledger.
func (d *Desk) enter(tx reminders.Tx, r Report, v Version, why map[string]string, reason string) (Report, error) {
	const op = "report.answer"
	questions, err := d.questions(tx, r, v)
	if err != nil {
		return Report{}, err
	}
	for _, q := range questions {
		answer, err := reasoned(op, why[q.Rule])
		if err != nil && why[q.Rule] != "" && reminders.MessageOf(err).Key == "report.reason_long" {
			return Report{}, err
		}
		v.Questions = append(v.Questions, Questioned{Question: q, Why: answer, By: v.By, At: v.At})
	}
	r.Versions, r.State = append(r.Versions[:len(r.Versions):len(r.Versions)], v), Submitted
	if err := d.Store.SaveReport(tx, r); err != nil {
		return Report{}, err
	}
	attrs := map[string]string{"number": r.Number.String(), "version": strconv.Itoa(len(r.Versions))}
	if r.Standing != "" && reason != ReasonCorrected {
		attrs["standing"] = string(r.Standing)
	}
	if r.Stage != "" {
		attrs["stage"] = string(r.Stage)
	}
	if err := d.note(tx, ledger.Reported, r, reason, v.By, v.Hash(), attrs); err != nil {
		return Report{}, err
	}
	for _, q := range v.Questions {
		settled, hash := ReasonUnexplained, ""
		if q.Why != "" {
			settled, hash = ReasonExplained, reminders.HashText(q.Why)
		}
		if err := d.note(tx, ledger.Questioned, r, settled, v.By, hash, map[string]string{"rule": q.Rule}); err != nil {
			return Report{}, err
		}
	}
	return r, nil
}
