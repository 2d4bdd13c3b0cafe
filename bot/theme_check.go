package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// checkList lists the units of a theme: those that are not checked yet first.
func (t *Turn) checkList(id theme.ID, page string) (reminders.Message, error) {
	all, err := t.Themes.Dossier(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	var waiting, over []reminders.Button
	for _, unit := range all.Theme.Units {
		n := slices.IndexFunc(all.Checks, func(c theme.Check) bool { return c.Unit == unit })
		b := reminders.Button{
			Label: "theme.button.unit", Args: reminders.Args{"Unit": reminders.UnitName(unit)}, Verb: "page", Object: themeObject(id, "b", string(unit)),
		}
		switch {
		case n < 0:
			waiting = append(waiting, b)
		case all.Checks[n].Done():
			b.Label = "theme.button.unit_checked"
			over = append(over, b)
		default:
			b.Label = "theme.button.unit_skipped"
			over = append(over, b)
		}
	}
	number, _ := strconv.Atoi(page)
	scope, checked, skipped := all.Progress()
	shown, more := cutPage(append(waiting, over...), number)
	m := reminders.Line("theme.check.list", reminders.Args{
		"Title": themeTitle(all.Theme), "Scope": reminders.Number(scope), "Checked": reminders.Number(checked),
		"Skipped": reminders.Number(skipped), "Left": reminders.Number(scope - checked - skipped),
	})
	for _, b := range shown {
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	if turn := turnButtons(number, more, func(n int) string { return themeObject(id, "c", strconv.Itoa(n)) }); len(turn) > 0 {
		m.Buttons = append(m.Buttons, turn)
	}
	return m, nil
}

// checkUnit shows a unit of a theme: the record of its check, or the points that are to be
// looked at, with one tap for all of them.
func (t *Turn) checkUnit(id theme.ID, more string) (reminders.Message, error) {
	unit := reminders.UnitID(more)
	all, err := t.Themes.Dossier(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	if !all.Theme.Covers(unit) {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.theme", "theme.not_found", nil)
	}
	all.Theme = all.Theme.In(t.lang)
	args := reminders.Args{"Unit": reminders.UnitName(unit), "Title": themeTitle(all.Theme), "Items": reminders.List(pointLines(all.Theme.Points)...)}
	m := reminders.Line("theme.check.unit_page", args)
	n := slices.IndexFunc(all.Checks, func(c theme.Check) bool { return c.Unit == unit })
	back := reminders.Button{Label: "button.back", Verb: "page", Object: themeObject(id, "c")}
	switch {
	case n >= 0 && all.Checks[n].Done():
		c := all.Checks[n]
		m.Key = "theme.check.record"
		args["Items"], args["At"], args["By"] = reminders.List(resultLines(all, c)...), reminders.Instant(c.At), reminders.PersonName(c.By)
	case n >= 0:
		m.Key, args["Reason"] = "theme.check.skipped", reminders.Text(all.Checks[n].Unchecked)
		delete(args, "Items")
	}
	if all.Theme.State != theme.Running {
		m.Buttons = [][]reminders.Button{{back}}
		return m, nil
	}
	if n < 0 || !all.Checks[n].Done() {
		m.Buttons = [][]reminders.Button{
			{
				{Label: "theme.button.all_in_order", Verb: "page", Object: themeObject(id, "O", string(unit))},
				{Label: "theme.button.point_by_point", Verb: "page", Object: themeObject(id, "p", string(unit))},
			},
		}
	}
	row := []reminders.Button{{Label: "theme.button.add", Verb: "page", Object: themeObject(id, "r", string(unit))}}
	if n < 0 {
		row = append(row, reminders.Button{Label: "theme.button.skip", Verb: "page", Object: themeObject(id, "u", string(unit))})
	}
	m.Buttons = append(m.Buttons, append(row, back))
	return m, nil
}

// resultLines say point by point what a check saw.
func resultLines(all theme.Dossier, c theme.Check) []reminders.Message {
	var lines []reminders.Message
	for i, p := range all.Theme.Points {
		args := reminders.Args{"N": reminders.Number(i + 1), "Text": reminders.Text(p.Text)}
		if len(c.Results[i]) == 0 {
			lines = append(lines, reminders.Line("theme.check.ok", args))
			continue
		}
		var found []reminders.Message
		for _, number := range c.Results[i] {
			found = append(found, reminders.Line("theme.check.number", reminders.Args{"Number": reminders.Number(number)}))
		}
		args["Found"] = reminders.Series(found...)
		lines = append(lines, reminders.Line("theme.check.found", args))
	}
	return lines
}

// allInOrder records that nothing was found in a unit; within a check that has begun,
// nothing at the points that are left.
func (t *Turn) allInOrder(id theme.ID, more string) (reminders.Message, error) {
	unit := reminders.UnitID(more)
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	answers := make([]theme.Answer, len(th.Points))
	if d, found, err := t.dialog(); err != nil {
		return reminders.Message{}, err
	} else if found && d.Asked == askedCheck && d.Object == themeObject(id, string(unit)) {
		answers = answersIn(d, len(th.Points))
	}
	return t.recordCheck(id, unit, answers)
}

// answersIn are the answers that a dialog has so far, one for each point.
func answersIn(d Dialog, points int) []theme.Answer {
	answers := make([]theme.Answer, points)
	for i := range answers {
		answers[i].Finding = d.Noted[strconv.Itoa(i+1)]
	}
	return answers
}

// beginCheck goes through the points of a unit one by one.
func (t *Turn) beginCheck(id theme.ID, more string) (reminders.Message, error) {
	return t.askPoint(Dialog{Asked: askedCheck, Object: themeObject(id, more), Step: "1"})
}

// checked are the theme and the unit of a dialog about a check.
func (d Dialog) checked() (theme.ID, reminders.UnitID) {
	id, unit, _ := strings.Cut(strings.TrimPrefix(d.Object, placeTheme+"-"), ".")
	return theme.ID(id), reminders.UnitID(unit)
}

// askPoint asks what was seen at the point at which a check is, or records the check
// behind the last one.
func (t *Turn) askPoint(d Dialog) (reminders.Message, error) {
	id, unit := d.checked()
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	at, _ := strconv.Atoi(d.Step)
	if at < 1 || at > len(th.Points) {
		return t.recordCheck(id, unit, answersIn(d, len(th.Points)))
	}
	p := th.In(t.lang).Points[at-1]
	m := reminders.Line("theme.check.ask", reminders.Args{
		"Unit": reminders.UnitName(unit), "Nth": reminders.Number(at), "Of": reminders.Number(len(th.Points)),
		"Text": reminders.Text(p.Text), "Look": reminders.Text(p.Look),
	})
	m.Buttons = [][]reminders.Button{{{Label: "theme.button.in_order", Verb: "page", Object: themeObject(id, "o", string(unit), d.Step)}}}
	if at > 1 && at < len(th.Points) {
		m.Buttons[0] = append(m.Buttons[0], reminders.Button{Label: "theme.button.rest_in_order", Verb: "page", Object: themeObject(id, "O", string(unit))})
	}
	return t.asks(d, m)
}

// pointInOrder notes that nothing was found at the point that was asked.
func (t *Turn) pointInOrder(id theme.ID, more string) (reminders.Message, error) {
	unit, step, _ := strings.Cut(more, ".")
	d, err := t.within(askedCheck, step)
	if err == nil && d.Object != themeObject(id, unit) {
		err = reminders.Fail(reminders.Closed, "bot.theme", "dialog.over", nil)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	return t.askPoint(d.at(following(step)))
}

// following is the number after the one in a text.
func following(step string) string {
	n, _ := strconv.Atoi(step)
	return strconv.Itoa(n + 1)
}

// checkText takes what was found at a point.
func (t *Turn) checkText(d Dialog, text string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.theme", "error.denied", nil)
	}
	if err := t.Themes.Proper(text); err != nil {
		return t.askAgain(d, err)
	}
	page, err := t.askPoint(d.with(d.Step, text).at(following(d.Step)))
	if err != nil {
		return err
	}
	return t.say(page)
}

// recordCheck records a check and shows it.
func (t *Turn) recordCheck(id theme.ID, unit reminders.UnitID, answers []theme.Answer) (reminders.Message, error) {
	if _, err := t.Themes.Check(t.tx, id, unit, answers, t.person.ID); err != nil {
		return reminders.Message{}, err
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	return t.checkUnit(id, string(unit))
}

// skipUnit asks why a unit is not checked.
func (t *Turn) skipUnit(id theme.ID, more string) (reminders.Message, error) {
	return t.askMove(Dialog{Asked: askedMove, Step: moveSkip, Object: themeObject(id, more)})
}

// addFinding asks at which point something was found, and then what.
func (t *Turn) addFinding(id theme.ID, more string) (reminders.Message, error) {
	unit, point, chosen := strings.Cut(more, ".")
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	if chosen {
		d := Dialog{Asked: askedMove, Step: moveAdd, Object: themeObject(id, unit)}
		return t.askMove(d.with(notedPoint, point))
	}
	m := reminders.Line("theme.add.point", reminders.Args{"Unit": reminders.UnitName(reminders.UnitID(unit)), "Items": reminders.List(pointLines(th.In(t.lang).Points)...)})
	var row []reminders.Button
	for i := range th.Points {
		row = append(row, reminders.Button{
			Label: "theme.button.point", Args: reminders.Args{"N": reminders.Number(i + 1)}, Verb: "page", Object: themeObject(id, "r", unit, strconv.Itoa(i+1)),
		})
	}
	m.Buttons = append(slices.Collect(slices.Chunk(row, 4)), []reminders.Button{
		{Label: "theme.button.other_point", Verb: "page", Object: themeObject(id, "r", unit, "0")},
		{Label: "button.back", Verb: "page", Object: themeObject(id, "b", unit)},
	})
	return m, nil
}
