package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// namesAtOnce is how many names one message shows.
const namesAtOnce = 20

// unitPage names who is outstanding in one unit. It is for its liaison, its
// leader, the office and auditors.
func (t *Turn) unitPage(h obligation.Handle, unit reminders.UnitID, page int) (reminders.Message, error) {
	if !t.has(readers...) && !t.oversees(unit) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.unit", "error.denied", nil)
	}
	terms, err := t.Book.TermsOf(t.tx, h)
	if err != nil {
		return reminders.Message{}, err
	}
	lines, err := t.Book.InUnit(t.tx, terms, unit)
	if err != nil {
		return reminders.Message{}, err
	}
	var named []reminders.Message
	open, answered := 0, 0
	for _, line := range lines {
		switch line.State {
		case obligation.Met, obligation.Late:
			answered++
			continue
		case obligation.Open:
			open++
		}
		item, err := t.outstandingLine(line)
		if err != nil {
			return reminders.Message{}, err
		}
		named = append(named, item)
	}
	shown, paging := pageOf(named, page, namesAtOnce, string(h), "."+string(unit))
	m := reminders.Message{Key: "board.unit_page", Args: reminders.Args{
		"Subject": obligation.Subject(terms), "Unit": reminders.UnitName(unit), "Due": reminders.Instant(terms.Due),
		"Answered": reminders.Number(answered), "Total": reminders.Number(len(lines)),
		"Items": reminders.List(shown...),
	}}
	if len(named) == 0 {
		m.Key = "board.unit_done"
	}
	m.Buttons = t.unitButtons(terms, unit, open)
	if len(paging) > 0 {
		m.Buttons = append([][]reminders.Button{paging}, m.Buttons...)
	}
	return m, nil
}

// outstandingLine names who has not answered; for a unit as a whole also those who
// can.
func (t *Turn) outstandingLine(line obligation.Obligation) (reminders.Message, error) {
	state := reminders.Say("state."+string(line.State), nil)
	if !line.Owner.ByUnit() {
		return reminders.Line("board.person", reminders.Args{"Name": reminders.PersonName(line.Owner.Person), "State": state}), nil
	}
	liaisons, err := t.People.Liaisons(t.tx, line.Owner.Unit)
	if err != nil || len(liaisons) == 0 {
		return reminders.Line("board.whole", reminders.Args{"State": state, "Liaison": reminders.Say("board.no_liaison", nil)}), err
	}
	var names []reminders.Message
	for _, id := range liaisons {
		names = append(names, reminders.Line("board.name", reminders.Args{"Name": reminders.PersonName(id)}))
	}
	return reminders.Line("board.whole", reminders.Args{"State": state, "Liaison": reminders.Series(names...)}), nil
}

// unitButtons offers what can be done about one unit.
func (t *Turn) unitButtons(terms obligation.Terms, unit reminders.UnitID, open int) [][]reminders.Button {
	object := string(terms.Handle) + "." + string(unit)
	var rows [][]reminders.Button
	if open > 0 && !terms.Closed && t.has(reminders.Liaison, reminders.Staff) {
		row := []reminders.Button{{Label: "button.chase", Verb: "chase", Object: object}}
		if t.has(reminders.Staff) {
			row = append(row, reminders.Button{Label: "button.waive", Verb: "waive", Object: object})
		}
		rows = append(rows, row)
	}
	back := reminders.Button{Label: "button.back", Verb: "page", Object: string(terms.Handle)}
	if !t.has(readers...) {
		back.Object = placeUnit
	}
	return append(rows, []reminders.Button{back})
}

// oversees reports whether the person is liaison or leader of the unit or of one
// above it.
func (t *Turn) oversees(unit reminders.UnitID) bool {
	if !t.has(ofUnit...) {
		return false
	}
	below, err := t.People.Below(t.tx, t.person.Unit)
	return err == nil && slices.Contains(below, unit)
}

// unit shows a liaison or leader what is outstanding in the own unit.
func (t *Turn) unit(string) error {
	page, err := t.ownUnit()
	if err != nil {
		return err
	}
	return t.say(page)
}

// ownUnit lists what is asked of the own unit, with a button for the names.
func (t *Turn) ownUnit() (reminders.Message, error) {
	asking, err := t.asking()
	if err != nil {
		return reminders.Message{}, err
	}
	var lines []reminders.Message
	var rows [][]reminders.Button
	for _, terms := range asking {
		own, err := t.Book.InUnit(t.tx, terms, t.person.Unit)
		if err != nil {
			return reminders.Message{}, err
		}
		if len(own) == 0 || len(lines) == shownAtOnce {
			continue
		}
		tally := obligation.Tally{}
		for _, line := range own {
			tally[line.State]++
		}
		lines = append(lines, standingLine(terms, tally))
		rows = append(rows, []reminders.Button{{
			Label: "board.open", Args: reminders.Args{"Subject": obligation.Subject(terms)},
			Verb: "page", Object: string(terms.Handle) + "." + string(t.person.Unit),
		}})
	}
	watched, ways, err := t.ownSection()
	if err != nil {
		return reminders.Message{}, err
	}
	found, err := t.findingsWay()
	if err != nil {
		return reminders.Message{}, err
	}
	ways = append(ways, found...)
	args := reminders.Args{"Unit": reminders.UnitName(t.person.Unit), "At": reminders.Instant(t.tx.Now()), "Duty": reminders.List(watched...)}
	rows = append(rows, t.groupWay()...)
	switch {
	case len(lines)+len(ways) == 0:
		return reminders.Message{Key: "unit.nothing", Args: reminders.Args{"Unit": args["Unit"]}, Buttons: rows}, nil
	case len(lines) == 0:
		return reminders.Message{Key: "watch.own", Args: args, Buttons: slices.Concat(ways, rows)}, nil
	}
	args["Items"] = reminders.List(lines...)
	return reminders.Message{Key: "unit.body", Args: args, Buttons: slices.Concat(ways, rows)}, nil
}
