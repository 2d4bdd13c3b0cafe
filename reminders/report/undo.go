package report

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// UndoNil takes back a nil report that was tapped by mistake (撤回), as long as an answer
// can be undone: what the unit owes is open again, the report keeps its number and counts
// nowhere, and the next report of that day takes its place. Doing it twice has the effect
// of once. It is Denied for somebody who is not on the shift, NotFound without a report,
// and Closed once the time is over or somebody has reviewed or corrected it.
func (d *Desk) UndoNil(tx reminders.Tx, unit reminders.UnitID, day calendar.Date, by reminders.PersonID) (Report, error) {
	r, err := d.Find(tx, DailyID(unit, day))
	if err != nil || r.State == TakenBack {
		return r, err
	}
	if err := d.may(tx, unit, by); err != nil {
		return r, err
	}
	last := r.Latest()
	over := reminders.Fail(reminders.Closed, "report.undo", "report.undo_over", reminders.Args{"Number": r.title()})
	if !last.Nil || last.Reason != "" || r.State != Submitted || r.Overturned != nil || !tx.Now().Before(last.At.Add(obligation.UndoWindow)) {
		return r, over
	}
	_, err = d.Book.Undo(tx, obligation.HandleOf(DailyTerms(r.Block, day)), owner(unit), by)
	switch {
	case reminders.KindOf(err) == reminders.Closed && err != nil:
		return r, over
	case err != nil:
		return r, err
	}
	r.State, r.Standing = TakenBack, ""
	if err := d.Store.SaveReport(tx, r); err != nil {
		return r, err
	}
	return r, d.note(tx, ledger.Undone, r, ReasonNil, by, last.Hash(), map[string]string{"number": r.Number.String()})
}
