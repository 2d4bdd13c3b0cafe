package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// themeUnits lists the units that a theme can cover, by name: all but the office's own.
func (t *Turn) themeUnits() ([]reminders.Unit, error) {
	units, err := t.Tree.Units(t.tx)
	units = slices.DeleteFunc(slices.Clone(units), func(u reminders.Unit) bool { return u.ID == t.person.Unit })
	slices.SortStableFunc(units, func(a, b reminders.Unit) int { return strings.Compare(a.Name, b.Name) })
	return units, err
}

// unitsPage asks which units a theme covers: a tap takes a unit with those below it, and
// another one leaves them out.
func (t *Turn) unitsPage(id theme.ID, page string) (reminders.Message, error) {
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	units, err := t.themeUnits()
	if err != nil {
		return reminders.Message{}, err
	}
	number, _ := strconv.Atoi(page)
	shown, more := cutPage(units, number)
	m := reminders.Line("theme.draft.ask", reminders.Args{
		"Quarter": th.Quarter.Say(), "Nth": reminders.Number(slices.Index(theme.Fields(), theme.FieldUnits) + 1),
		"Of": reminders.Number(len(theme.Fields())), "Ask": reminders.Say("theme.draft.units", reminders.Args{"Count": reminders.Number(len(th.Units))}),
	})
	for _, u := range shown {
		label := "theme.button.unit"
		if th.Covers(u.ID) {
			label = "theme.button.unit_chosen"
		}
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: label, Args: reminders.Args{"Unit": reminders.UnitName(u.ID)}, Verb: "page", Object: themeObject(id, "t", string(u.ID), page),
		}})
	}
	if turn := turnButtons(number, more, func(n int) string { return themeObject(id, "T", strconv.Itoa(n)) }); len(turn) > 0 {
		m.Buttons = append(m.Buttons, turn)
	}
	last := []reminders.Button{{Label: "theme.button.all_units", Verb: "page", Object: themeObject(id, "U")}}
	if len(th.Units) > 0 {
		last = append(last, reminders.Button{
			Label: "theme.button.units_done", Args: reminders.Args{"N": reminders.Number(len(th.Units))}, Verb: "page", Object: themeObject(id, "k"),
		})
	}
	m.Buttons = append(m.Buttons, last)
	return t.asks(Dialog{Asked: askedTheme, Object: string(id), Step: theme.FieldUnits}, m)
}

// toggleUnit takes a unit into the scope, or out of it, with the units below it.
func (t *Turn) toggleUnit(id theme.ID, more string) (reminders.Message, error) {
	unit, page, _ := strings.Cut(more, ".")
	below, err := t.People.Below(t.tx, reminders.UnitID(unit))
	if err != nil {
		return reminders.Message{}, err
	}
	units, err := t.themeUnits()
	if err != nil {
		return reminders.Message{}, err
	}
	_, err = t.Themes.Edit(t.tx, id, t.person.ID, func(th *theme.Theme) {
		in := th.Covers(reminders.UnitID(unit))
		th.Units = inOrder(units, func(u reminders.UnitID) bool {
			return slices.Contains(below, u) && !in || !slices.Contains(below, u) && th.Covers(u)
		})
	})
	if err != nil {
		return reminders.Message{}, err
	}
	return t.unitsPage(id, page)
}

// inOrder gives those of the units that are wanted, in their order.
func inOrder(units []reminders.Unit, wanted func(reminders.UnitID) bool) []reminders.UnitID {
	var chosen []reminders.UnitID
	for _, u := range units {
		if wanted(u.ID) {
			chosen = append(chosen, u.ID)
		}
	}
	return chosen
}

// allUnits takes every unit into the scope.
func (t *Turn) allUnits(id theme.ID, _ string) (reminders.Message, error) {
	units, err := t.themeUnits()
	if err != nil {
		return reminders.Message{}, err
	}
	return t.editTap(id, func(th *theme.Theme) { th.Units = inOrder(units, func(reminders.UnitID) bool { return true }) })
}

// unitsDone goes on after the units are chosen.
func (t *Turn) unitsDone(id theme.ID, _ string) (reminders.Message, error) {
	return t.editTap(id, func(*theme.Theme) {})
}
