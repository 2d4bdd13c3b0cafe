package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// What the buttons of a unit do, behind its identifier.
const (
	unitAlone = "1" // it is taken alone, or left out
	unitBelow = "a" // it is taken with all below it
	unitNone  = "0" // it is left out with all below it
)

// units shows a place in the tree of units: "" or "PAGE" is the top, UNIT or UNIT.PAGE what
// is below a unit, UNIT.WHAT takes it in or out. A unit with nothing below it is taken by
// the tap itself.
func (t *Turn) units(p notice.Publication, rest string) (reminders.Message, error) {
	all, err := t.Tree.Units(t.tx)
	if err != nil {
		return reminders.Message{}, err
	}
	id, what, _ := strings.Cut(rest, ".")
	at := slices.IndexFunc(all, func(u reminders.Unit) bool { return string(u.ID) == id })
	if at < 0 {
		return unitTree(p, all, reminders.Unit{}, pageNumber(id)), nil
	}
	unit := all[at]
	if isLeaf(all, unit.ID) && what == "" {
		what = unitAlone
	}
	if p, err = t.takeUnit(p, all, unit.ID, what); err != nil {
		return reminders.Message{}, err
	}
	if !isLeaf(all, unit.ID) {
		page, _ := strings.CutPrefix(what, pageMark)
		if page == what {
			page = "" // it was no page
		}
		return unitTree(p, all, unit, pageNumber(page)), nil
	}
	above := slices.IndexFunc(all, func(u reminders.Unit) bool { return u.ID == unit.Parent })
	if above < 0 {
		return unitTree(p, all, reminders.Unit{}, pageOfUnit(all, "", unit.ID)), nil
	}
	return unitTree(p, all, all[above], pageOfUnit(all, unit.Parent, unit.ID)), nil
}

// takeUnit takes a unit into the audience or out of it.
func (t *Turn) takeUnit(p notice.Publication, all []reminders.Unit, unit reminders.UnitID, what string) (notice.Publication, error) {
	below := people.Descendants(all, unit)
	switch what {
	case unitAlone:
		return t.changeAudience(p, func(a *reminders.Audience) { a.Units = flipped(a.Units, unit) })
	case unitBelow:
		return t.changeAudience(p, func(a *reminders.Audience) {
			a.Units = append(without(a.Units, below), below...)
		})
	case unitNone:
		return t.changeAudience(p, func(a *reminders.Audience) { a.Units = without(a.Units, below) })
	}
	return p, nil
}

// without is a list less some of its elements.
func without[T comparable](list, some []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool { return slices.Contains(some, one) })
}

// children lists what is directly below a unit, or at the top, by name.
func children(all []reminders.Unit, above reminders.UnitID) []reminders.Unit {
	var found []reminders.Unit
	for _, u := range all {
		known := slices.ContainsFunc(all, func(o reminders.Unit) bool { return o.ID == u.Parent })
		if known && u.Parent == above || !known && above == "" {
			found = append(found, u)
		}
	}
	slices.SortStableFunc(found, func(a, b reminders.Unit) int { return strings.Compare(a.Name, b.Name) })
	return found
}

func isLeaf(all []reminders.Unit, unit reminders.UnitID) bool {
	return !slices.ContainsFunc(all, func(u reminders.Unit) bool { return u.Parent == unit })
}

// pageOfUnit is the page of a list of units on which one stands.
func pageOfUnit(all []reminders.Unit, above, unit reminders.UnitID) int {
	return slices.IndexFunc(children(all, above), func(u reminders.Unit) bool { return u.ID == unit }) / shownAtOnce
}

// unitTree shows one place in the tree.
func unitTree(p notice.Publication, all []reminders.Unit, unit reminders.Unit, page int) reminders.Message {
	h, top := p.Handle(), unit.ID == ""
	m := reminders.Line("noticechat.audience.units", reminders.Args{"Head": headOf(p), "N": reminders.Number(len(p.Audience.Units))})
	if !top {
		m = reminders.Line("noticechat.audience.unit", reminders.Args{"Head": headOf(p), "N": reminders.Number(len(p.Audience.Units)), "Unit": reminders.Text(unit.Name)})
		alone := onOff(slices.Contains(p.Audience.Units, unit.ID), "noticechat.button.unit_alone_on", "noticechat.button.unit_alone")
		m.Buttons = [][]reminders.Button{{
			stepButton(alone, "u", h, string(unit.ID), unitAlone), stepButton("noticechat.button.unit_below", "u", h, string(unit.ID), unitBelow),
			stepButton("noticechat.button.unit_none", "u", h, string(unit.ID), unitNone),
		}}
	}
	shown, paging := paged(children(all, unit.ID), page, func(label string, page int) reminders.Button {
		if top {
			return stepButton(label, "u", h, strconv.Itoa(page))
		}
		return stepButton(label, "u", h, string(unit.ID), pageMark+strconv.Itoa(page))
	})
	for _, u := range shown {
		m.Buttons = append(m.Buttons, []reminders.Button{unitButton(p, all, u)})
	}
	if len(paging) > 0 {
		m.Buttons = append(m.Buttons, paging)
	}
	back := stepButton("noticechat.button.up", "u", h, string(unit.Parent))
	if top {
		back = stepButton("button.back", "a", h)
	}
	m.Buttons = append(m.Buttons, []reminders.Button{back})
	return m
}

// pageMark tells the number of a page from what a button does with a unit.
const pageMark = "p"

// unitButton opens a unit, or takes one with nothing below it.
func unitButton(p notice.Publication, all []reminders.Unit, u reminders.Unit) reminders.Button {
	below := people.Descendants(all, u.ID)
	chosen := len(below) - len(without(below, p.Audience.Units))
	b := stepButton("noticechat.button.plain", "u", p.Handle(), string(u.ID))
	b.Args = reminders.Args{"Title": reminders.Text(u.Name)}
	switch {
	case len(below) == 1 && chosen == 1:
		b.Label = "noticechat.button.chosen"
	case len(below) > 1:
		b.Label = "noticechat.button.unit_open"
		b.Args["Chosen"], b.Args["All"] = reminders.Number(chosen), reminders.Number(len(below))
	}
	return b
}
