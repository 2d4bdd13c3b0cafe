package bot

import (
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// themePage shows a theme: what it is, how far the checks are, where the findings stand,
// and what can be done next.
func (t *Turn) themePage(id theme.ID) (reminders.Message, error) {
	all, err := t.Themes.Dossier(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	th := all.Theme.In(t.lang)
	args := t.themeArgs(th)
	args["State"] = reminders.Say("theme.state."+string(th.State), nil)
	args["Progress"], args["Findings"], args["Note"] = reminders.Text(""), reminders.List(), themeNote(th)
	if th.State == theme.Running || th.State == theme.Closed {
		scope, checked, skipped := all.Progress()
		args["Progress"] = reminders.Say("theme.page.progress", reminders.Args{
			"Scope": reminders.Number(scope), "Checked": reminders.Number(checked), "Skipped": reminders.Number(skipped),
			"Left": reminders.Number(scope - checked - skipped),
		})
		args["Findings"] = reminders.List(tallyLines(all.Findings)...)
	}
	m := reminders.Line("theme.page", args)
	m.Buttons = t.themeButtons(all)
	return m, nil
}

// themeArgs are the facts of a theme as arguments of a text.
func (t *Turn) themeArgs(th theme.Theme) reminders.Args {
	return reminders.Args{
		"Quarter": th.Quarter.Say(), "Title": themeTitle(th), "Basis": reminders.Text(th.Basis), "Scope": reminders.Text(th.Scope),
		"Form": formOf(th), "From": t.day(th.From), "To": t.day(th.To), "Units": reminders.Number(len(th.Units)),
		"Points": reminders.Number(len(th.Points)),
	}
}

// formOf is the form of a theme in words.
func formOf(th theme.Theme) reminders.Value {
	if th.Form == "" {
		return reminders.Text("")
	}
	return reminders.Say("theme.form."+string(th.Form), nil)
}

// day is a day as an argument of a text; nothing for none.
func (t *Turn) day(d calendar.Date) reminders.Value {
	if d.IsZero() {
		return reminders.Text("")
	}
	return reminders.Day(d.At(12, 0, t.zone()))
}

// themeNote says what a theme waits for.
func themeNote(th theme.Theme) reminders.Value {
	switch th.State {
	case theme.Waiting:
		return reminders.Say("theme.note.waiting", reminders.Args{"By": reminders.PersonName(th.By)})
	case theme.Returned:
		return reminders.Say("theme.note.returned", reminders.Args{"Reason": reminders.Text(th.Returned)})
	case theme.Closed:
		return reminders.Say("theme.note.closed", reminders.Args{"By": reminders.PersonName(th.ClosedBy), "At": reminders.Instant(th.ClosedAt)})
	}
	return reminders.Text("")
}

// tallyLines count the findings by state: outcomes first, then what is open.
func tallyLines(findings []theme.Finding) []reminders.Message {
	if len(findings) == 0 {
		return []reminders.Message{reminders.Line("theme.page.no_findings", nil)}
	}
	tally := theme.Tally(findings)
	open := tally[theme.Found] + tally[theme.Suggested] + tally[theme.InProgress]
	lines := []reminders.Message{reminders.Line("theme.page.outcomes", reminders.Args{
		"Found": reminders.Number(len(findings)), "Right": reminders.Number(tally[theme.PutRight]),
		"Referred": reminders.Number(tally[theme.Referred]), "Dismissed": reminders.Number(tally[theme.NotEstablished]),
	})}
	if open > 0 {
		lines = append(lines, reminders.Line("theme.page.open", reminders.Args{
			"Open": reminders.Number(open), "New": reminders.Number(tally[theme.Found]),
			"Suggested": reminders.Number(tally[theme.Suggested]), "Doing": reminders.Number(tally[theme.InProgress]),
		}))
	}
	return lines
}

// themeButtons lead to checks and findings, and to the end of a theme.
func (t *Turn) themeButtons(all theme.Dossier) [][]reminders.Button {
	th := all.Theme
	if th.State != theme.Running && th.State != theme.Closed {
		return nil
	}
	var first []reminders.Button
	if th.State == theme.Running && t.has(office...) {
		first = append(first, reminders.Button{Label: "theme.button.check", Verb: "open", Object: themeObject(th.ID, "c")})
	}
	if n := len(all.Findings); n > 0 {
		first = append(first, reminders.Button{
			Label: "theme.button.findings", Args: reminders.Args{"N": reminders.Number(n)}, Verb: "open", Object: themeObject(th.ID, "F"),
		})
	}
	last := []reminders.Button{{Label: "theme.button.export", Verb: "open", Object: themeObject(th.ID, "x")}}
	if th.State == theme.Running && t.has(office...) {
		last = append(last, reminders.Button{Label: "theme.button.close", Verb: "close", Object: themeObject(th.ID)})
	}
	if len(first) == 0 {
		return [][]reminders.Button{last}
	}
	return [][]reminders.Button{first, last}
}

// findingList lists the findings of a theme, those that wait for the office first.
func (t *Turn) findingList(id theme.ID, page string) (reminders.Message, error) {
	all, err := t.Themes.Dossier(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	number, _ := strconv.Atoi(page)
	shown, more := cutPage(all.Findings, number)
	var lines []reminders.Message
	var rows [][]reminders.Button
	var row []reminders.Button
	for _, f := range shown {
		lines = append(lines, findingLine(f))
		row = append(row, reminders.Button{
			Label: "theme.button.finding", Args: reminders.Args{"Number": reminders.Number(f.Number)}, Verb: "page", Object: f.Object(),
		})
		if len(row) == 4 {
			rows, row = append(rows, row), nil
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	m := reminders.Line("theme.findings", reminders.Args{"Title": themeTitle(all.Theme), "Items": reminders.List(lines...)})
	m.Buttons = rows
	if turn := turnButtons(number, more, func(n int) string { return themeObject(id, "F", strconv.Itoa(n)) }); len(turn) > 0 {
		m.Buttons = append(m.Buttons, turn)
	}
	return m, nil
}

// findingLine is one finding in a list.
func findingLine(f theme.Finding) reminders.Message {
	return reminders.Line("theme.findings.line", reminders.Args{
		"Number": reminders.Number(f.Number), "Unit": reminders.UnitName(f.Unit), "Text": reminders.Text(f.Text), "State": standOf(f),
	})
}

// standOf says where a finding stands, and for whom it waits.
func standOf(f theme.Finding) reminders.Value {
	switch {
	case f.ToConfirm():
		return reminders.Say("theme.stand.confirm", nil)
	case f.State == theme.InProgress:
		return reminders.Say("theme.stand.again", reminders.Args{"Due": reminders.Instant(f.Due)})
	case f.State == theme.Suggested:
		return reminders.Say("theme.stand.suggested", reminders.Args{"Due": reminders.Instant(f.Due)})
	}
	return reminders.Say("theme.finding."+string(f.State), nil)
}

// cutPage cuts a page out of a list, and says whether there is more behind it.
func cutPage[T any](list []T, page int) (shown []T, more bool) {
	from := max(0, min(page*shownAtOnce, len(list)))
	to := min(from+shownAtOnce, len(list))
	return list[from:to], to < len(list)
}

// turnButtons turn the pages of a list.
func turnButtons(page int, more bool, object func(page int) string) []reminders.Button {
	var row []reminders.Button
	if page > 0 {
		row = append(row, reminders.Button{Label: "button.previous", Verb: "page", Object: object(page - 1)})
	}
	if more {
		row = append(row, reminders.Button{Label: "button.next", Verb: "page", Object: object(page + 1)})
	}
	return row
}
