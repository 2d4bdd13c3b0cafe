package theme

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The workdays within which a unit may be asked to put something right: those that are
// offered, from practice, and the most that anybody may set.
var offeredWorkdays = []int{5, 10, 15}

const mostWorkdays = 60

// OfferedWorkdays lists the deadlines that are offered, in workdays.
func OfferedWorkdays() []int { return slices.Clone(offeredWorkdays) }

// Suggest tells the unit what to put right and until when (提出建议): workdays after
// today, at the end of the working day. The unit owes a report from now on.
func (d *Desk) Suggest(tx reminders.Tx, id ID, number int, suggestion string, workdays int, by reminders.PersonID) (Finding, error) {
	const op = "theme.suggest"
	t, f, err := d.moving(tx, id, number, Suggest)
	if err != nil {
		return f, err
	}
	if suggestion, err = d.text(op, suggestion, longestText); err != nil {
		return f, err
	}
	if workdays < 1 || workdays > mostWorkdays {
		return f, reminders.Fail(reminders.Invalid, op, "theme.workdays", reminders.Args{"Limit": reminders.Number(mostWorkdays)})
	}
	f.Suggestion = suggestion
	if err := d.expect(tx, t, &f, workdays, ""); err != nil {
		return f, err
	}
	return d.move(tx, f, Suggest, suggestion, by)
}

// Report says what was put right (报整改). by is a liaison of the unit (Denied otherwise),
// or somebody of the office on its behalf. It answers what the unit owes; reporting again
// replaces what was not confirmed yet.
func (d *Desk) Report(tx reminders.Tx, id ID, number int, text string, by reminders.PersonID, office bool) (Finding, error) {
	const op = "theme.report"
	_, f, err := d.moving(tx, id, number, PutIn)
	if err != nil {
		return f, err
	}
	if err := d.mayReport(tx, f, by, office); err != nil {
		return f, err
	}
	if text, err = d.text(op, text, longestText); err != nil {
		return f, err
	}
	if f.Round > 0 {
		_, err := d.Book.Answer(tx, obligation.HandleOf(f.Terms()), obligation.Owner{Unit: f.Unit}, by, reminders.HashText(text))
		if kind := reminders.KindOf(err); err != nil && kind != reminders.Closed && kind != reminders.NotFound {
			return f, err // closed long ago: the report counts all the same
		}
	}
	f.Report = &Report{By: by, At: tx.Now(), Text: text}
	if f, err = d.move(tx, f, PutIn, text, by); err != nil {
		return f, err
	}
	return f, d.tellReported(tx, f)
}

// mayReport refuses whoever does not speak for the unit, and what the unit does not see.
func (d *Desk) mayReport(tx reminders.Tx, f Finding, by reminders.PersonID, office bool) error {
	if office {
		return nil
	}
	liaisons, err := d.Directory.InUnit(tx, f.Unit, reminders.Liaison)
	if err == nil && (!slices.Contains(liaisons, by) || !f.ShownToUnit()) {
		err = reminders.Fail(reminders.Denied, "theme.report", "error.denied", nil)
	}
	return err
}

// Return says that what was reported is not enough, for a reason (退回整改): the unit owes
// another report within so many workdays.
func (d *Desk) Return(tx reminders.Tx, id ID, number int, reason string, workdays int, by reminders.PersonID) (Finding, error) {
	const op = "theme.return"
	t, f, err := d.moving(tx, id, number, Return)
	if err != nil {
		return f, err
	}
	if f.Report == nil {
		return f, reminders.Fail(reminders.Conflict, op, "theme.finding.unreported", nil)
	}
	if reason, err = d.text(op, reason, longestText); err != nil {
		return f, err
	}
	if workdays < 1 || workdays > mostWorkdays {
		return f, reminders.Fail(reminders.Invalid, op, "theme.workdays", reminders.Args{"Limit": reminders.Number(mostWorkdays)})
	}
	f.Report = nil
	if err := d.expect(tx, t, &f, workdays, reason); err != nil {
		return f, err
	}
	return d.move(tx, f, Return, reason, by)
}

// Confirm closes a finding as put right (确认办结). Whoever reported it may not (Denied).
func (d *Desk) Confirm(tx reminders.Tx, id ID, number int, by reminders.PersonID) (Finding, error) {
	const op = "theme.confirm"
	_, f, err := d.moving(tx, id, number, Confirm)
	switch {
	case err != nil:
		return f, err
	case f.Report == nil:
		return f, reminders.Fail(reminders.Conflict, op, "theme.finding.unreported", nil)
	case f.Report.By == by:
		return f, reminders.Fail(reminders.Denied, op, "theme.finding.own_report", nil)
	}
	f.Outcome = Outcome{By: by, At: tx.Now(), Text: f.Report.Text}
	return d.move(tx, f, Confirm, "", by)
}

// Refer notes that another body has the finding (移送): number, date and receiving unit,
// and nothing of the matter. The unit owes nothing any more.
func (d *Desk) Refer(tx reminders.Tx, id ID, number int, r Referral, by reminders.PersonID) (Finding, error) {
	const op = "theme.refer"
	_, f, err := d.moving(tx, id, number, Refer)
	if err != nil {
		return f, err
	}
	if r.Number, err = d.text(op, r.Number, longestRef); err != nil {
		return f, err
	}
	if r.To, err = d.text(op, r.To, longestRef); err != nil {
		return f, err
	}
	if r.Day.IsZero() || r.Day.After(d.today(tx)) {
		return f, reminders.Fail(reminders.Invalid, op, "theme.refer.day", nil)
	}
	f.Outcome = Outcome{By: by, At: tx.Now(), Referral: r}
	if err := d.release(tx, f, by); err != nil {
		return f, err
	}
	return d.move(tx, f, Refer, r.Number, by)
}

// Dismiss says that a finding is not established, for a reason (不成立).
func (d *Desk) Dismiss(tx reminders.Tx, id ID, number int, reason string, by reminders.PersonID) (Finding, error) {
	const op = "theme.dismiss"
	_, f, err := d.moving(tx, id, number, Dismiss)
	if err != nil {
		return f, err
	}
	if reason, err = d.text(op, reason, longestText); err != nil {
		return f, err
	}
	f.Outcome = Outcome{By: by, At: tx.Now(), Text: reason}
	if err := d.release(tx, f, by); err != nil {
		return f, err
	}
	return d.move(tx, f, Dismiss, reason, by)
}

// moving gives a finding of a running theme that may take a move: a Conflict otherwise.
func (d *Desk) moving(tx reminders.Tx, id ID, number int, m Move) (Theme, Finding, error) {
	t, err := d.running(tx, id)
	if err != nil {
		return t, Finding{}, err
	}
	_, f, err := d.Finding(tx, id, number)
	if err != nil {
		return t, f, err
	}
	if _, legal := f.State.After(m); !legal {
		err = reminders.Fail(reminders.Conflict, "theme.move", "theme.finding.moved", reminders.Args{
			"State": reminders.Say("theme.finding."+string(f.State), nil),
		})
	}
	return t, f, err
}

// move takes a step and writes it down.
func (d *Desk) move(tx reminders.Tx, f Finding, m Move, text string, by reminders.PersonID) (Finding, error) {
	f.State, _ = f.State.After(m)
	f.Steps = append(slices.Clone(f.Steps), Step{Move: m, By: by, At: tx.Now(), Text: text})
	if err := d.Store.SaveFinding(tx, f); err != nil {
		return f, err
	}
	if err := d.note(tx, f, m, text, by); err != nil {
		return f, err
	}
	return f, d.changed(tx, f.Theme)
}

// release ends what the unit owes about a finding that went another way.
func (d *Desk) release(tx reminders.Tx, f Finding, by reminders.PersonID) error {
	if f.Round == 0 {
		return nil
	}
	// The unit learns that nothing is owed, not why.
	return d.Book.Withdraw(tx, f.Terms(), obligation.ReasonWithdrawn, by)
}
