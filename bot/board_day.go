package bot

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// dayPlace is one day of one unit: its shifts and who took over, the daily report with its
// review, the incidents.
func (t *Turn) dayPlace(rest string) (reminders.Message, error) {
	date, block, unit, _, err := t.watched(rest)
	if err != nil {
		return reminders.Message{}, err
	}
	days, err := t.Duty.Days(t.tx, unit, block)
	if err != nil {
		return reminders.Message{}, err
	}
	var lines []reminders.Message
	for _, day := range days {
		if day.Date == date {
			lines = t.shiftLines(day)
		}
	}
	if len(lines) == 0 {
		lines = []reminders.Message{reminders.Line("watch.no_shift", nil)}
	}
	daily, toDaily, err := t.dailyLines(unit, block, date)
	if err != nil {
		return reminders.Message{}, err
	}
	incidents, toIncidents, err := t.incidentLines(unit, date)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("watch.day_page", reminders.Args{
		"Unit": reminders.UnitName(unit), "Day": reminders.Day(date.At(0, 0, t.Years.Calendar().Location())),
		"Shifts": reminders.List(lines...), "Report": reminders.List(daily...), "Incidents": reminders.List(incidents...),
	})
	m.Buttons = slices.Concat(toDaily, toIncidents, [][]reminders.Button{{{
		Label: "button.back", Verb: "page", Object: placeDays + "-" + block.First.String() + "." + string(unit),
	}}})
	return m, nil
}

// shiftLines say who had the shifts of a day and who took over.
func (t *Turn) shiftLines(day duty.Day) []reminders.Message {
	var lines []reminders.Message
	for _, s := range day.Shifts {
		args := reminders.Args{
			"Start": reminders.Instant(s.Start), "End": reminders.TimeOfDay(s.End), "Officer": reminders.PersonName(s.Officer),
			"Leader": reminders.Say("duty.nobody", nil), "State": reminders.Say("watch.not_taken", nil),
		}
		if s.Leader != "" {
			args["Leader"] = reminders.PersonName(s.Leader)
		}
		at := reminders.Instant(s.TakenAt)
		switch {
		case s.TakenBy != "" && s.TakenBy != s.Officer:
			args["State"] = reminders.Say("watch.taken_by", reminders.Args{"Name": reminders.PersonName(s.TakenBy), "At": at})
		case !s.TakenAt.IsZero():
			args["State"] = reminders.Say("watch.taken", reminders.Args{"At": at})
		case s.Start.After(t.tx.Now()):
			args["State"] = reminders.Say("watch.to_come", nil)
		}
		lines = append(lines, reminders.Line("watch.shift", args))
	}
	if !day.Covered {
		lines = append(lines, reminders.Line("watch.uncovered", nil))
	}
	return lines
}

// dailyLines say what became of the daily report, with a button to it.
func (t *Turn) dailyLines(unit reminders.UnitID, block calendar.Block, date calendar.Date) (lines []reminders.Message, ways [][]reminders.Button, err error) {
	state, err := t.reportState(unit, block, date)
	if err != nil {
		return nil, nil, err
	}
	r, err := t.Reports.Find(t.tx, report.DailyID(unit, date))
	switch {
	case reminders.KindOf(err) == reminders.NotFound || err == nil && r.State == report.TakenBack:
		return []reminders.Message{reminders.Line("watch.no_report", reminders.Args{"State": t.reportWord(date, state)})}, nil, nil
	case err != nil:
		return nil, nil, err
	}
	number := r.Title()
	lines = []reminders.Message{reminders.Line("watch.report", reminders.Args{
		"State": t.reportWord(date, state), "Number": reminders.Say(number.Key, number.Args),
		"Review": reminders.Say("watch.review."+string(r.State), nil),
	})}
	if r.Overturned != nil {
		lines = append(lines, reminders.Line("watch.overturned", reminders.Args{"Ref": reminders.Text(r.Overturned.Ref)}))
	}
	return lines, [][]reminders.Button{reportRow(r)}, nil
}

// incidentLines list the incidents of the day, with buttons to their last reports.
func (t *Turn) incidentLines(unit reminders.UnitID, date calendar.Date) (lines []reminders.Message, ways [][]reminders.Button, err error) {
	first, err := t.incidentsOf(unit, date, date)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range first[:min(len(first), shownAtOnce)] {
		parts, err := t.Reports.Incidents(t.tx, r.ID)
		if err != nil {
			return nil, nil, err
		}
		last, stage, number := parts[len(parts)-1], "watch.not_final", r.Title()
		if last.Stage == report.Final {
			stage = "watch.final"
		}
		lines = append(lines, reminders.Line("watch.incident", reminders.Args{
			"Number": reminders.Say(number.Key, number.Args), "At": reminders.Instant(r.Versions[0].At), "Stage": reminders.Say(stage, nil),
		}))
		ways = append(ways, reportRow(last))
	}
	return lines, ways, nil
}

// reportRow is the button to a report.
func reportRow(r report.Report) []reminders.Button {
	number := r.Title()
	return []reminders.Button{{
		Label: "button.report", Args: reminders.Args{"Number": reminders.Say(number.Key, number.Args)}, Verb: "page", Object: string(r.Handle()),
	}}
}

// servedPlace shows the liaison of a unit how many shifts its people have in the year of a
// block, until its end: plain numbers in the order of names, for sharing duty out.
func (t *Turn) servedPlace(rest string) (reminders.Message, error) {
	_, block, unit, page, err := t.watched(rest)
	if err != nil {
		return reminders.Message{}, err
	}
	if !t.has(reminders.Liaison) || !t.oversees(unit) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.served", "error.denied", nil)
	}
	zone := t.Years.Calendar().Location()
	year := reminders.Window{From: calendar.Date{Year: block.First.Year, Month: 1, Day: 1}.At(0, 0, zone), To: block.Last.AddDays(1).At(0, 0, zone)}
	counts, err := t.Duty.Counts(t.tx, unit, year)
	if err != nil {
		return reminders.Message{}, err
	}
	var people []reminders.PersonID
	for id := range counts {
		people = append(people, id)
	}
	who := t.names(t.tx)
	slices.SortFunc(people, func(a, b reminders.PersonID) int {
		return strings.Compare(who.PersonName(a)+string(a), who.PersonName(b)+string(b))
	})
	object := block.First.String() + "." + string(unit)
	shown, paging := watchedPage(people, page, placeServed+"-"+object)
	var lines []reminders.Message
	for _, id := range shown {
		lines = append(lines, reminders.Line("watch.served", reminders.Args{
			"Name": reminders.PersonName(id), "Officer": reminders.Number(counts[id].Officer), "Leader": reminders.Number(counts[id].Leader),
			"Backup": reminders.Number(counts[id].Backup),
		}))
	}
	if len(lines) == 0 {
		lines = []reminders.Message{reminders.Line("watch.no_shift", nil)}
	}
	m := reminders.Line("watch.served_page", reminders.Args{
		"Unit": reminders.UnitName(unit), "From": reminders.Day(year.From), "To": reminders.Day(year.To.Add(-1)), "Items": reminders.List(lines...),
	})
	m.Buttons = [][]reminders.Button{append(paging, reminders.Button{Label: "button.back", Verb: "page", Object: placeDays + "-" + object})}
	return m, nil
}
