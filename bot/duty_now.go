package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// onDutyPlace is the page of who is on duty now, unit by unit, for those who oversee all
// of them.
func (t *Turn) onDutyPlace(rest string) (reminders.Message, error) {
	if !t.has(readers...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.on_duty", "error.denied", nil)
	}
	units, err := t.dutyUnits()
	if err != nil {
		return reminders.Message{}, err
	}
	number, _ := strconv.Atoi(rest)
	shown, paging := pageOf(units, number, shownAtOnce, placeOnDuty, "")
	var lines []reminders.Message
	for _, u := range shown {
		line, err := t.nowLine(u.ID)
		if err != nil {
			return reminders.Message{}, err
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return reminders.Line("dutychat.no_units", nil), nil
	}
	m := reminders.Line("dutychat.now", reminders.Args{"At": reminders.Instant(t.tx.Now()), "Items": reminders.List(lines...)})
	m.Buttons = [][]reminders.Button{append(paging, reminders.Button{Label: "button.refresh", Verb: "page", Object: placeOnDuty + "-" + strconv.Itoa(number)})}
	return m, nil
}

// keptFor reports whether a roster is kept in the unit of a person or below it, or for
// those who oversee all units in any.
func (b *Bot) keptFor(tx reminders.Tx, r people.Record) (bool, error) {
	units, err := b.Tree.Units(tx)
	if err != nil {
		return false, err
	}
	below := people.Descendants(units, r.Unit)
	all := slices.ContainsFunc(readers, r.Roles.Has)
	return slices.ContainsFunc(units, func(u reminders.Unit) bool { return u.Duty && (all || slices.Contains(below, u.ID)) }), nil
}

// dutyUnits lists the units that keep a roster, by name.
func (t *Turn) dutyUnits() ([]reminders.Unit, error) {
	units, err := t.Tree.Units(t.tx)
	units = slices.DeleteFunc(slices.Clone(units), func(u reminders.Unit) bool { return !u.Duty })
	slices.SortStableFunc(units, func(a, b reminders.Unit) int { return strings.Compare(a.Name, b.Name) })
	return units, err
}

// nowLine says in one line who is on duty in a unit now.
func (t *Turn) nowLine(unit reminders.UnitID) (reminders.Message, error) {
	s, found, err := t.Duty.OnDuty(t.tx, unit, t.tx.Now())
	switch {
	case err != nil:
		return reminders.Message{}, err
	case !found:
		return reminders.Line("dutychat.now_nobody", reminders.Args{"Unit": reminders.UnitName(unit)}), nil
	}
	args := reminders.Args{"Unit": reminders.UnitName(unit), "Name": reminders.PersonName(s.Responsible()), "Leader": reminders.Say("duty.nobody", nil)}
	if s.Leader != "" {
		args["Leader"] = reminders.PersonName(s.Leader)
	}
	if s.TakenAt.IsZero() {
		return reminders.Line("dutychat.now_waiting", args), nil
	}
	args["At"] = reminders.TimeOfDay(s.TakenAt)
	return reminders.Line("dutychat.now_taken", args), nil
}

// nowLines say who is on duty now in the units of some shifts, or in the person's own if
// it keeps a roster.
func (t *Turn) nowLines(shifts []duty.Shift) ([]reminders.Message, error) {
	units := t.unitsOf(shifts)
	var lines []reminders.Message
	for _, unit := range units {
		u, found, err := t.Tree.Unit(t.tx, unit)
		if err != nil {
			return nil, err
		}
		if !found || !u.Duty {
			continue
		}
		line, err := t.nowLine(unit)
		if err != nil {
			return nil, err
		}
		if _, holiday := t.Years.Calendar().BlockAt(t.today()); holiday || line.Key != "dutychat.now_nobody" {
			lines = append(lines, line) // that nobody is on duty matters in a holiday only
		}
	}
	return lines, nil
}

// unitsOf lists the units of some shifts, each once, the person's own first.
func (t *Turn) unitsOf(shifts []duty.Shift) []reminders.UnitID {
	units := []reminders.UnitID{t.person.Unit}
	for _, s := range shifts {
		if !slices.Contains(units, s.Unit) && len(units) < shownAtOnce {
			units = append(units, s.Unit)
		}
	}
	return units
}

// dutyPage is the page to which a message about something open leads those for whom the
// board has none: a roster for its liaison, a shift for those on it.
func (t *Turn) dutyPage(h obligation.Handle) (reminders.Message, bool, error) {
	if len(h) != len(obligation.HandleOf("")) || t.has(readers...) {
		return reminders.Message{}, false, nil
	}
	terms, err := t.Book.TermsOf(t.tx, h)
	switch {
	case reminders.KindOf(err) == reminders.NotFound:
		return reminders.Message{}, false, nil
	case err != nil || terms.Kind != duty.KindRosterDue || !t.has(reminders.Liaison):
		if err != nil {
			return reminders.Message{}, false, err
		}
		return t.dutyTerms(terms)
	}
	n := slices.IndexFunc(t.blocks(), func(b calendar.Block) bool { return b.ID == terms.Block })
	if n < 0 {
		return reminders.Message{}, false, nil
	}
	page, err := t.rostersPlace("0-" + strconv.Itoa(n))
	return page, true, err
}

// dutyTerms is the page to which a message about something open on duty leads those with
// a place on the shift: how it stands and who is on duty.
func (t *Turn) dutyTerms(terms obligation.Terms) (reminders.Message, bool, error) {
	shifts, err := t.myShifts()
	if err != nil || !terms.Duty {
		return reminders.Message{}, false, err
	}
	for _, unit := range t.unitsOf(shifts) {
		_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(terms.ID), Unit: unit})
		if err != nil {
			return reminders.Message{}, false, err
		}
		if line.Terms == "" || !slices.ContainsFunc(shifts, func(s duty.Shift) bool { return s.Unit == unit }) {
			continue
		}
		now, err := t.nowLine(unit)
		if err != nil {
			return reminders.Message{}, false, err
		}
		return reminders.Line("dutychat.terms", reminders.Args{
			"Subject": obligation.Subject(terms), "State": t.lineState(terms, line), "Now": reminders.Say(now.Key, now.Args),
		}), true, nil
	}
	return reminders.Message{}, false, nil
}

// lineState is how a line stands, as an argument of a text.
func (t *Turn) lineState(terms obligation.Terms, line obligation.Obligation) reminders.Value {
	status, _ := t.standingOf(terms, line, t.tx)
	if status.Key == "" {
		return reminders.Say("dutychat.open", reminders.Args{"Due": reminders.Instant(terms.Due)})
	}
	return reminders.Say(status.Key, status.Args)
}
