package bot

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The pages of reports, see places: those of one unit (UNIT), and what waits for a review.
const (
	placeReports = "reports"
	placeReview  = "review"
)

// reportsBack is how many days back a unit's page shows reports.
const reportsBack = 14

// recentReports is how many reports a unit's page shows.
const recentReports = 5

// reportCommand goes on with a half-finished report, shows what the person's unit has to
// report, or what the office has to review.
func (t *Turn) reportCommand(string) error {
	if f, open := t.waitsFor(func(f form) bool { return !f.incident() }); open {
		return t.goOn(f)
	}
	units, err := t.reportUnits()
	if err != nil {
		return err
	}
	switch {
	case len(units) == 0 && !t.has(readers...):
		return t.say(reminders.Line("dutychat.none", nil)) // asked to swap, on no shift yet
	case len(units) == 0:
		page, err := t.reviewPlace("")
		if err != nil {
			return err
		}
		return t.say(page)
	}
	page, err := t.reportsOf(units[0])
	if err != nil {
		return err
	}
	return t.say(page)
}

// reportUnits lists the units for which the person reports, first those in which there is
// a shift now, then those of other shifts of these days, then the own one of liaison and
// leader.
func (t *Turn) reportUnits() ([]reminders.UnitID, error) {
	shifts, err := t.myShifts()
	if err != nil {
		return nil, err
	}
	var now, near []reminders.UnitID
	for _, s := range shifts {
		if s.Window().Contains(t.tx.Now()) {
			now = append(now, s.Unit)
		} else {
			near = append(near, s.Unit)
		}
	}
	if t.has(ofUnit...) {
		near = append(near, t.person.Unit)
	}
	var units []reminders.UnitID
	for _, unit := range slices.Concat(now, near) {
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return units[:min(len(units), shownAtOnce)], nil
}

// reportsPlace is the page of one unit's reports.
func (t *Turn) reportsPlace(rest string) (reminders.Message, error) {
	return t.reportsOf(reminders.UnitID(rest))
}

// reportsOf says what a unit has to report and what it has reported, with one tap for each
// thing that the person can do.
func (t *Turn) reportsOf(unit reminders.UnitID) (reminders.Message, error) {
	if err := t.mustSeeReports(unit); err != nil {
		return reminders.Message{}, err
	}
	open, rows, err := t.openReports(unit)
	if err != nil {
		return reminders.Message{}, err
	}
	if len(open) == 0 {
		open = []reminders.Message{reminders.Line("reportchat.none_open", nil)}
	}
	recent, numbers, err := t.recentReports(unit)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("reportchat.reports", reminders.Args{
		"Unit": reminders.UnitName(unit), "Open": reminders.List(open...), "Recent": reminders.List(recent...),
	})
	if len(numbers) > 0 {
		rows = append(rows, numbers)
	} else {
		m.Key = "reportchat.reports_new"
		delete(m.Args, "Recent")
	}
	more, err := t.reportWays(unit)
	m.Buttons = append(rows, more...)
	return m, err
}

// openReports lists what the unit has to report, and the buttons by which the person can.
func (t *Turn) openReports(unit reminders.UnitID) (lines []reminders.Message, rows [][]reminders.Button, err error) {
	open, err := t.Book.OpenFor(t.tx, obligation.Owner{Unit: unit})
	if err != nil {
		return nil, nil, err
	}
	for _, line := range open {
		terms, _, err := t.Book.Standing(t.tx, line.Ask())
		if err != nil {
			return nil, nil, err
		}
		how, ours := reportAnswers()[terms.Kind]
		if !ours || terms.Opens.After(t.tx.Now()) || len(lines) == shownAtOnce {
			continue
		}
		subject := reminders.Args{"Subject": obligation.Subject(terms), "Due": reminders.Instant(terms.Due)}
		key := "reportchat.open"
		if !t.tx.Now().Before(terms.Due.Add(terms.Grace)) {
			key, subject["Due"] = "reportchat.open_late", reminders.Instant(terms.Closes)
		}
		lines = append(lines, reminders.Line(key, subject))
		kind, _, _, _ := report.Expected(terms.ID)
		if t.Reports.May(t.tx, unit, t.person.ID, kind, terms.Kind == report.KindCorrection) != nil {
			continue
		}
		offers := how.offer(terms, line)
		for i := range offers {
			offers[i].Label += "_of"
			offers[i].Args = reminders.Args{"Subject": obligation.Subject(terms)}
		}
		rows = append(rows, offers)
	}
	if len(rows) == 1 { // what it is about stands above
		for i := range rows[0] {
			rows[0][i].Label, rows[0][i].Args = rows[0][i].Label[:len(rows[0][i].Label)-len("_of")], nil
		}
	}
	half, err := t.halfFinished(func(f form) bool { return f.Unit == unit })
	return lines, append(half, rows...), err
}

// recentReports lists the unit's reports of these days, the last one first, with a button
// for each.
func (t *Turn) recentReports(unit reminders.UnitID) (lines []reminders.Message, numbers []reminders.Button, err error) {
	today := calendar.DateOf(t.tx.Now(), t.zone())
	found, err := t.Reports.List(t.tx, report.Filter{From: today.AddDays(-reportsBack), To: today.AddDays(1), Unit: unit})
	slices.Reverse(found)
	for _, r := range found[:min(len(found), recentReports)] {
		lines = append(lines, t.reportLine(len(lines)+1, r))
		numbers = append(numbers, numberButton(len(lines), r))
	}
	return lines, numbers, err
}

// reportLine is one report in a list.
func (t *Turn) reportLine(n int, r report.Report) reminders.Message {
	title := r.Title()
	return reminders.Line("reportchat.line", reminders.Args{
		"N": reminders.Number(n), "Number": reminders.Say(title.Key, title.Args), "What": t.shortOf(r), "State": stateText(r),
	})
}

// shortOf says in a few words what a report is about.
func (t *Turn) shortOf(r report.Report) reminders.Value {
	args := reminders.Args{"Day": reminders.Day(r.Day.At(12, 0, t.zone()))}
	switch {
	case r.Kind == report.Closing:
		return t.occasionOf(report.Draft{Day: r.Day, Block: r.Block})
	case r.Latest().Nil:
		return reminders.Say("reportchat.short.nil", args)
	case r.Stage == report.Final:
		return reminders.Say("reportchat.short.final", args)
	case r.Stage == report.FollowOn:
		args["Part"] = reminders.Number(r.Part - 1)
		return reminders.Say("reportchat.short.follow_on", args)
	case r.Kind == report.Incident:
		return reminders.Say("reportchat.short.first", args)
	}
	return reminders.Say("reportchat.short.full", args)
}

// stateText says how far the review of a report is.
func stateText(r report.Report) reminders.Value {
	switch {
	case r.Overturned != nil && r.Latest().Nil:
		return reminders.Say("reportchat.state.overturned", nil)
	case r.State == report.Returned:
		return reminders.Say("reportchat.state.returned", nil)
	case r.State == report.Accepted:
		return reminders.Say("reportchat.state.accepted", nil)
	case r.State == report.TakenBack:
		return reminders.Say("reportchat.state.taken_back", nil)
	}
	return reminders.Say("reportchat.state.submitted", nil)
}

// numberButton opens a report of a list by its place in it.
func numberButton(n int, r report.Report) reminders.Button {
	return reminders.Button{
		Label: "reportchat.button.number", Args: reminders.Args{"Number": reminders.Number(n)}, Verb: "page", Object: string(r.Handle()),
	}
}

// reportWays lead on from the page of a unit: to a new incident, to the other units of the
// person, to what waits for a review.
func (t *Turn) reportWays(unit reminders.UnitID) ([][]reminders.Button, error) {
	var rows [][]reminders.Button
	if t.Reports.May(t.tx, unit, t.person.ID, report.Incident, false) == nil {
		rows = append(rows, []reminders.Button{{Label: "reportchat.button.incident", Verb: "report", Object: beginIncident + "." + string(unit)}})
	}
	units, err := t.reportUnits()
	if err != nil {
		return nil, err
	}
	var row []reminders.Button
	for _, other := range units {
		if other != unit {
			row = append(row, reminders.Button{
				Label: "reportchat.button.unit", Args: reminders.Args{"Unit": reminders.UnitName(other)}, Verb: "page", Object: placeReports + "-" + string(other),
			})
		}
	}
	rows = slices.AppendSeq(rows, slices.Chunk(row, 2))
	if !t.has(readers...) {
		return rows, nil
	}
	waiting, err := t.toReview()
	return append(rows, []reminders.Button{{
		Label: "reportchat.button.review", Args: reminders.Args{"N": reminders.Number(len(waiting))}, Verb: "page", Object: placeReview,
	}}), err
}

// mustSeeReports refuses those who neither oversee a unit nor have, or had these days, a
// place on its shift.
func (t *Turn) mustSeeReports(unit reminders.UnitID) error {
	if t.has(readers...) || t.oversees(unit) {
		return nil
	}
	units, err := t.reportUnits()
	if err == nil && !slices.Contains(units, unit) {
		err = reminders.Fail(reminders.Denied, "bot.reports", "error.denied", nil)
	}
	return err
}

// pageNumber reads the number of a page; the first for what is none.
func pageNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
