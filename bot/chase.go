package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// chase asks those outstanding in one unit once more, at the request of the
// unit's liaison or of the office: once a day, and within the push budget.
func (t *Turn) chase(object string) error {
	if handle, ok := ofPublication(object); ok {
		return t.chasePublication(handle)
	}
	terms, lines, err := t.outstandingIn(object)
	if err != nil {
		return err
	}
	today := calendar.DateOf(t.tx.Now(), t.Years.Calendar().Location())
	asked := 0
	for _, line := range lines {
		n, err := t.Book.Ask(t.tx, terms, line, "asked-"+today.String(), t.person.ID)
		if err != nil {
			return err
		}
		asked += n
	}
	if asked == 0 {
		return t.toast(reminders.Line("chase.nobody", nil), true)
	}
	return t.toast(reminders.Line("chase.asked", reminders.Args{"Count": reminders.Number(asked)}), true)
}

// sure stands before the object of a button that carries out what an earlier one
// asked about.
const sure = "sure."

// waive excuses those outstanding in one unit, by decision of the office, once it
// is sure.
func (t *Turn) waive(object string) error {
	object, decided := strings.CutPrefix(object, sure)
	terms, lines, err := t.outstandingIn(object)
	if err != nil {
		return err
	}
	if !decided {
		return t.replace(askWaive(terms, object, len(lines)))
	}
	for _, line := range lines {
		if err := t.Book.Excuse(t.tx, terms.ID, line.Owner, obligation.ReasonWaived, t.person.ID); err != nil {
			return err
		}
	}
	if err := t.toast(reminders.Line("waive.done", reminders.Args{"Count": reminders.Number(len(lines))}), true); err != nil {
		return err
	}
	return t.turnTo(object)
}

// askWaive says what waiving does and asks whether it is meant.
func askWaive(terms obligation.Terms, object string, open int) reminders.Message {
	_, unit, _ := strings.Cut(object, ".")
	m := reminders.Line("waive.ask", reminders.Args{
		"Subject": obligation.Subject(terms), "Unit": reminders.UnitName(reminders.UnitID(unit)), "Count": reminders.Number(open),
	})
	m.Buttons = [][]reminders.Button{{
		{Label: "button.waive_now", Verb: "waive", Object: sure + object},
		{Label: "button.back", Verb: "page", Object: object},
	}}
	return m
}

// outstandingIn finds the open lines of HANDLE.UNIT, if the person may act on
// them.
func (t *Turn) outstandingIn(object string) (obligation.Terms, []obligation.Obligation, error) {
	handle, unit, _ := strings.Cut(object, ".")
	if !t.has(reminders.Staff) && !t.oversees(reminders.UnitID(unit)) {
		return obligation.Terms{}, nil, reminders.Fail(reminders.Denied, "bot.chase", "error.denied", nil)
	}
	terms, err := t.Book.TermsOf(t.tx, obligation.Handle(handle))
	if err != nil {
		return terms, nil, err
	}
	lines, err := t.Book.InUnit(t.tx, terms, reminders.UnitID(unit))
	if err != nil {
		return terms, nil, err
	}
	var open []obligation.Obligation
	for _, line := range lines {
		if line.State == obligation.Open {
			open = append(open, line)
		}
	}
	return terms, open, nil
}
