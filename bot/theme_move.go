package bot

import (
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// The steps that ask for a text, about a finding or about a unit.
const (
	moveSuggest     = "suggest"      // what the unit is to put right
	moveSuggestDays = "suggest-days" // and within how many workdays
	moveReport      = "report"       // what the unit has put right
	moveReportFor   = "report-for"   // the same, by the office for it
	moveReturn      = "return"       // what is not enough
	moveReturnDays  = "return-days"  // and within how many workdays
	moveRefer       = "refer"        // number of the referral
	moveReferDay    = "refer-day"    // its date
	moveReferTo     = "refer-to"     // who received it
	moveDismiss     = "dismiss"      // why it is not established
	moveSkip        = "skip"         // why a unit is not checked
	moveAdd         = "add"          // what else was found in a unit
)

// What such a dialog notes.
const (
	notedText  = "text"
	notedDay   = "day"
	notedPoint = "point"
)

// aboutFinding is the dialog of a step about a finding.
func aboutFinding(id theme.ID, number int, step string) Dialog {
	return Dialog{Asked: askedMove, Step: step, Object: findingObject(id, number)}
}

// askMove asks what the step of a dialog asks.
func (t *Turn) askMove(d Dialog) (reminders.Message, error) {
	id, unit := d.checked()
	args := reminders.Args{"Ask": reminders.Say("theme.move."+d.Step, nil)}
	if d.Step == moveSkip || d.Step == moveAdd {
		th, err := t.Themes.Find(t.tx, id)
		if err != nil {
			return reminders.Message{}, err
		}
		args["Unit"], args["Title"] = reminders.UnitName(unit), themeTitle(th)
		return t.asks(d, reminders.Line("theme.move.unit", args))
	}
	_, f, err := t.Themes.Finding(t.tx, id, findingNumber(d))
	if err != nil {
		return reminders.Message{}, err
	}
	args["Number"], args["Unit"], args["Text"] = reminders.Number(f.Number), reminders.UnitName(f.Unit), reminders.Text(f.Text)
	m := reminders.Line("theme.move.finding", args)
	switch d.Step {
	case moveSuggestDays:
		m.Buttons = workdayButtons("assign", f)
	case moveReturnDays:
		m.Buttons = workdayButtons("return", f)
	}
	return t.asks(d, m)
}

// findingNumber is the number of the finding that a dialog is about.
func findingNumber(d Dialog) int {
	_, text := d.checked()
	number, _ := strconv.Atoi(string(text))
	return number
}

// workdayButtons offer the deadlines.
func workdayButtons(verb string, f theme.Finding) [][]reminders.Button {
	var row []reminders.Button
	for _, n := range theme.OfferedWorkdays() {
		row = append(row, reminders.Button{
			Label: "theme.button.workdays", Args: reminders.Args{"N": reminders.Number(n)}, Verb: verb,
			Object: findingObject(f.Theme, f.Number, strconv.Itoa(n)),
		})
	}
	return [][]reminders.Button{row}
}

// moveText takes the answer of such a step.
func (t *Turn) moveText(d Dialog, text string) error {
	if !t.has(office...) && d.Step != moveReport {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	page, err := t.moved(d, text)
	if err != nil {
		return t.askAgain(d, err)
	}
	return t.say(page)
}

// moved does the step, or goes on with what it asks next.
func (t *Turn) moved(d Dialog, text string) (reminders.Message, error) {
	id, unit := d.checked()
	switch d.Step {
	case moveSuggest, moveReturn:
		if err := t.Themes.Proper(text); err != nil {
			return reminders.Message{}, err
		}
		return t.askMove(d.with(notedText, text).at(d.Step + "-days"))
	case moveSuggestDays, moveReturnDays:
		return t.afterWorkdays(d, text)
	case moveReport, moveReportFor:
		return t.tookStep(t.Themes.Report(t.tx, id, findingNumber(d), text, t.person.ID, d.Step == moveReportFor))
	case moveRefer:
		if err := t.Themes.Proper(text); err != nil {
			return reminders.Message{}, err
		}
		return t.askMove(d.with(notedText, text).at(moveReferDay))
	case moveReferDay:
		day, _, err := ParseDays(text, t.today())
		if err == nil && day.After(t.today()) {
			err = reminders.Fail(reminders.Invalid, "bot.theme", "theme.refer.day", nil)
		}
		if err != nil {
			return reminders.Message{}, err
		}
		return t.askMove(d.with(notedDay, day.String()).at(moveReferTo))
	case moveReferTo:
		return t.refer(d, text)
	case moveDismiss:
		return t.tookStep(t.Themes.Dismiss(t.tx, id, findingNumber(d), text, t.person.ID))
	case moveSkip:
		if _, err := t.Themes.Skip(t.tx, id, unit, text, t.person.ID); err != nil {
			return reminders.Message{}, err
		}
		if err := t.endDialog(); err != nil {
			return reminders.Message{}, err
		}
		return t.checkUnit(id, string(unit))
	case moveAdd:
		point, _ := strconv.Atoi(d.Noted[notedPoint])
		return t.tookStep(t.Themes.Add(t.tx, id, unit, point, text, t.person.ID))
	}
	return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.theme", "dialog.over", nil)
}

// tookStep ends the dialog of a step that was taken and shows the finding.
func (t *Turn) tookStep(f theme.Finding, err error) (reminders.Message, error) {
	if err != nil {
		return reminders.Message{}, err
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	th, f, err := t.Themes.Finding(t.tx, f.Theme, f.Number)
	return t.findingPage(th, f), err
}

// afterWorkdays takes a deadline that was tapped or typed.
func (t *Turn) afterWorkdays(d Dialog, text string) (reminders.Message, error) {
	id, _ := d.checked()
	workdays, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		workdays = 0 // refused with the limits
	}
	if d.Step == moveReturnDays {
		return t.tookStep(t.Themes.Return(t.tx, id, findingNumber(d), d.Noted[notedText], workdays, t.person.ID))
	}
	return t.tookStep(t.Themes.Suggest(t.tx, id, findingNumber(d), d.Noted[notedText], workdays, t.person.ID))
}

// refer notes a referral with its receiver.
func (t *Turn) refer(d Dialog, to string) (reminders.Message, error) {
	id, _ := d.checked()
	day, _, err := ParseDays(d.Noted[notedDay], t.today())
	if err != nil {
		return reminders.Message{}, err
	}
	return t.tookStep(t.Themes.Refer(t.tx, id, findingNumber(d), theme.Referral{Number: d.Noted[notedText], Day: day, To: to}, t.person.ID))
}

// suggestFinding begins a suggestion; with a number of workdays behind, it ends it.
func (t *Turn) suggestFinding(object string) error { return t.withDeadline(object, moveSuggest) }

// returnFinding begins the return of a report, or ends it.
func (t *Turn) returnFinding(object string) error { return t.withDeadline(object, moveReturn) }

// withDeadline takes a step that asks for a text and a deadline.
func (t *Turn) withDeadline(object, step string) error {
	id, number, workdays := cutFinding(object)
	d := aboutFinding(id, number, step)
	if workdays == "" {
		page, err := t.askMove(d)
		if err != nil {
			return err
		}
		return t.replace(page)
	}
	open, err := t.within(askedMove, step+"-days")
	if err == nil && open.Object != d.Object {
		err = reminders.Fail(reminders.Closed, "bot.theme", "dialog.over", nil)
	}
	if err != nil {
		return err
	}
	page, err := t.afterWorkdays(open, workdays)
	if err != nil {
		return err
	}
	return t.replace(page)
}

// reportFinding asks the liaison of a unit what was put right.
func (t *Turn) reportFinding(id theme.ID, number int) error {
	if !t.has(reminders.Liaison) {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	_, f, err := t.Themes.Finding(t.tx, id, number)
	if err != nil || !t.oversees(f.Unit) || !f.ShownToUnit() {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	page, err := t.askMove(aboutFinding(id, number, moveReport))
	if err != nil {
		return err
	}
	return t.say(page)
}

// confirmFinding closes a finding as put right.
func (t *Turn) confirmFinding(object string) error {
	id, number, _ := cutFinding(object)
	page, err := t.tookStep(t.Themes.Confirm(t.tx, id, number, t.person.ID))
	if err != nil {
		return err
	}
	if err := t.toast(reminders.Line("theme.confirmed", reminders.Args{"Number": reminders.Number(number)}), false); err != nil {
		return err
	}
	return t.replace(page)
}

// referFinding, dismissFinding and reportFor begin those steps.
func (t *Turn) referFinding(id theme.ID, number string) (reminders.Message, error) {
	return t.beginMove(id, number, moveRefer)
}

func (t *Turn) dismissFinding(id theme.ID, number string) (reminders.Message, error) {
	return t.beginMove(id, number, moveDismiss)
}

func (t *Turn) reportFor(id theme.ID, number string) (reminders.Message, error) {
	return t.beginMove(id, number, moveReportFor)
}

func (t *Turn) beginMove(id theme.ID, text, step string) (reminders.Message, error) {
	number, _ := strconv.Atoi(text)
	return t.askMove(aboutFinding(id, number, step))
}
