package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// incidentCommand goes on with a half-finished incident, offers to follow up one that has
// not ended, or begins a new one at once.
func (t *Turn) incidentCommand(string) error {
	if f, open := t.waitsFor(form.incident); open {
		return t.goOn(f)
	}
	units, err := t.reportUnits()
	if err != nil {
		return err
	}
	units = slices.DeleteFunc(units, func(unit reminders.UnitID) bool {
		return t.Reports.May(t.tx, unit, t.person.ID, report.Incident, false) != nil
	})
	half, err := t.halfFinished(form.incident)
	if err != nil {
		return err
	}
	running, err := t.runningIncidents(units)
	switch {
	case err != nil:
		return err
	case len(units) == 0:
		return t.notOnShift()
	case len(units) == 1 && len(running) == 0 && len(half) == 0:
		return t.newIncident(units[0])
	}
	return t.say(t.incidentPage(units, running, half))
}

// notOnShift says that somebody has a shift, but not now.
func (t *Turn) notOnShift() error {
	all, err := t.reportUnits()
	if err == nil && len(all) == 0 {
		all = []reminders.UnitID{t.person.Unit}
	}
	if err != nil {
		return err
	}
	return t.Reports.May(t.tx, all[0], t.person.ID, report.Incident, false)
}

// runningIncidents lists the last part of each incident of these days that has no final
// report.
func (t *Turn) runningIncidents(units []reminders.UnitID) ([]report.Report, error) {
	today := calendar.DateOf(t.tx.Now(), t.zone())
	var running []report.Report
	for _, unit := range units {
		found, err := t.Reports.List(t.tx, report.Filter{From: today.AddDays(-reportsBack), To: today, Unit: unit, Kind: report.Incident})
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			if r.Stage != report.First {
				continue
			}
			parts, err := t.Reports.Incidents(t.tx, r.ID)
			if err != nil {
				return nil, err
			}
			if last := parts[len(parts)-1]; last.Stage != report.Final {
				running = append(running, last)
			}
		}
	}
	return running[:min(len(running), recentReports)], nil
}

// incidentPage offers to follow up what has not ended, or to begin anew.
func (t *Turn) incidentPage(units []reminders.UnitID, running []report.Report, half [][]reminders.Button) reminders.Message {
	var lines []reminders.Message
	rows := half
	for _, last := range running {
		title := last.Title()
		number := reminders.Say(title.Key, title.Args)
		lines = append(lines, reminders.Line("reportchat.running", reminders.Args{
			"Number": number, "What": t.subjectOf(last), "At": reminders.Instant(last.Latest().At),
		}))
		row := t.furtherButtons(last)
		for i := range row {
			if len(running) > 1 {
				row[i].Label += "_of"
				row[i].Args = reminders.Args{"Number": number}
			}
		}
		rows = append(rows, row)
	}
	for _, unit := range units {
		b := reminders.Button{Label: "reportchat.button.new_incident", Verb: "report", Object: beginIncident + "." + string(unit)}
		if len(units) > 1 {
			b.Label += "_of"
			b.Args = reminders.Args{"Unit": reminders.UnitName(unit)}
		}
		rows = append(rows, []reminders.Button{b})
	}
	m := reminders.Line("reportchat.incidents", reminders.Args{"Items": reminders.List(lines...)})
	m.Buttons = rows
	return m
}

// newIncident begins the first report of an incident.
func (t *Turn) newIncident(unit reminders.UnitID) error {
	return t.beginForm(report.Draft{Kind: report.Incident, Unit: unit, Stage: report.First})
}

// furtherPart begins the next report of an incident with what the last one said.
func (t *Turn) furtherPart(h report.Handle, stage report.Stage) error {
	r, err := t.Reports.ByHandle(t.tx, h)
	if err != nil {
		return err
	}
	parts, err := t.Reports.Incidents(t.tx, r.Incident)
	if err != nil {
		return err
	}
	if last := parts[len(parts)-1]; last.Stage == report.Final {
		title := last.Title()
		return reminders.Fail(reminders.Closed, "bot.incident", "report.incident_ended", reminders.Args{"Number": reminders.Say(title.Key, title.Args)})
	}
	draft, err := t.Reports.DraftFollowOn(t.tx, r.Incident, stage)
	if err != nil {
		return err
	}
	return t.beginForm(draft)
}

// furtherButtons follow an incident up, or end it.
func (t *Turn) furtherButtons(r report.Report) []reminders.Button {
	if r.Kind != report.Incident || r.Stage == report.Final {
		return nil
	}
	return []reminders.Button{
		{Label: "reportchat.button.follow", Verb: "report", Object: beginFollowOn + "." + string(r.Handle())},
		{Label: "reportchat.button.final", Verb: "report", Object: beginFinal + "." + string(r.Handle())},
	}
}
