package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// closings works out what a closing summary says of duty and reports, and makes the
// picture and the spreadsheet that go with it.
type closings struct{ *office }

// closingRecord is what was recorded of duty and reports in some blocks.
type closingRecord struct {
	report.Summary
	units     []unitRecord // by name: nothing ranks them
	incidents []incidentRecord
}

// unitRecord is one unit in it.
type unitRecord struct {
	name string
	report.Tally
	days, covered int // of the roster
}

// incidentRecord is one incident: which, not what.
type incidentRecord struct {
	unit  string
	first report.Report
	last  report.Stage
	parts int
}

// Closing implements notice.Closings.
func (c closings) Closing(ctx context.Context, blocks []calendar.Block) (closing notice.Closing, err error) {
	record, err := c.record(ctx, blocks)
	if err != nil || len(record.units) == 0 {
		return closing, err
	}
	name := "closing-" + record.Last.String()
	if record.drawn() {
		picture, err := drawDays(record.Days)
		if err != nil {
			return closing, err
		}
		if err := c.keep(ctx, &closing, name+".png", picture); err != nil {
			return closing, err
		}
	}
	book, err := c.closingBook(record)
	if err != nil {
		return closing, err
	}
	if err := c.keep(ctx, &closing, name+".xlsx", book); err != nil {
		return closing, err
	}
	closing.Lines = record.lines()
	for _, b := range blocks {
		closing.Buttons = append(closing.Buttons, []reminders.Button{{
			Label: "button.watch", Args: reminders.Args{"Block": duty.BlockName(b)}, Verb: "open", Object: "watch-" + b.First.String(),
		}})
	}
	return closing, nil
}

// keep adds a file to what is sent.
func (c closings) keep(ctx context.Context, closing *notice.Closing, name string, content []byte) error {
	file, err := c.files.Put(ctx, name, bytes.NewReader(content))
	closing.Files = append(closing.Files, file)
	return err
}

// record reads what was recorded, in one view.
func (c closings) record(ctx context.Context, blocks []calendar.Block) (record closingRecord, err error) {
	err = c.store.View(ctx, func(tx reminders.Tx) error {
		record = closingRecord{}
		for i, b := range blocks {
			s, err := c.reports.Summary(tx, b)
			if err != nil {
				return err
			}
			if i > 0 {
				s = record.With(s)
			}
			record.Summary = s
		}
		units, err := c.reg.AllUnits(tx)
		if err != nil {
			return err
		}
		if err := c.addUnits(tx, &record, units, blocks); err != nil {
			return err
		}
		return c.addIncidents(tx, &record, units)
	})
	return record, err
}

// addUnits adds the units that had duty, or reported.
func (c closings) addUnits(tx reminders.Tx, record *closingRecord, units []reminders.Unit, blocks []calendar.Block) error {
	tallies := map[reminders.UnitID]report.Tally{}
	for _, u := range record.Units {
		tallies[u.Unit] = u.Tally
	}
	for _, unit := range units {
		one := unitRecord{name: unit.Name, Tally: tallies[unit.ID]}
		_, reported := tallies[unit.ID]
		if !unit.Duty && !reported {
			continue
		}
		for _, b := range blocks {
			days, err := c.duty.Days(tx, unit.ID, b)
			if err != nil {
				return err
			}
			for _, day := range days {
				one.days++
				if day.Covered {
					one.covered++
				}
			}
		}
		record.units = append(record.units, one)
	}
	slices.SortStableFunc(record.units, func(a, b unitRecord) int { return strings.Compare(a.name, b.name) })
	return nil
}

// addIncidents adds the incidents of the days, in the order of their numbers.
func (c closings) addIncidents(tx reminders.Tx, record *closingRecord, units []reminders.Unit) error {
	names := map[reminders.UnitID]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	found, err := c.reports.List(tx, report.Filter{From: record.First, To: record.Last, Kind: report.Incident})
	if err != nil {
		return err
	}
	counted := func(day calendar.Date) bool {
		return slices.ContainsFunc(record.Days, func(d report.DayTally) bool { return d.Day == day })
	}
	for _, r := range found {
		if r.Stage != report.First || !counted(r.Day) {
			continue
		}
		parts, err := c.reports.Incidents(tx, r.ID)
		if err != nil {
			return err
		}
		record.incidents = append(record.incidents, incidentRecord{
			unit: names[r.Unit], first: r, last: parts[len(parts)-1].Stage, parts: len(parts),
		})
	}
	slices.SortStableFunc(record.incidents, func(a, b incidentRecord) int {
		return a.first.Versions[0].At.Compare(b.first.Versions[0].At)
	})
	return nil
}

// mostSums is how many sums the summary names; the spreadsheet has all.
const mostSums = 8

// lines says in words what was recorded.
func (r closingRecord) lines() []reminders.Message {
	number := reminders.Number
	days, covered := 0, 0
	for _, u := range r.units {
		days, covered = days+u.days, covered+u.covered
	}
	t := r.Total
	lines := []reminders.Message{
		reminders.Line("closing.duty", reminders.Args{"Count": number(len(r.units)), "Days": number(days), "Covered": number(covered)}),
	}
	if t.Expected > 0 {
		lines = append(lines,
			reminders.Line("closing.reports", reminders.Args{
				"Expected": number(t.Expected), "OnTime": number(t.OnTime), "Late": number(t.Late), "Missed": number(t.Missed),
				"Excused": number(t.Excused),
			}),
			reminders.Line("closing.filed", reminders.Args{
				"Filed": number(t.Filed), "Nil": number(t.Nil), "Returned": number(t.Returned), "Overturned": number(t.Overturned),
			}))
	}
	if sums := r.sums(); len(sums) > 0 {
		lines = append(lines, reminders.Line("closing.sums", reminders.Args{"Sums": reminders.Series(sums...)}))
	}
	lines = append(lines, reminders.Line("closing.incidents", reminders.Args{"Count": number(t.Incidents)}))
	if r.drawn() {
		lines = append(lines, reminders.Line("closing.legend", nil))
	}
	return lines
}

// drawn reports whether there is something to draw: one bar says no more than a number.
func (r closingRecord) drawn() bool { return r.Total.Expected > 0 && len(r.Days) > 1 }

// sums names the sums of the first screen of the form, and of the rest what is not zero.
func (r closingRecord) sums() []reminders.Message {
	var sums []reminders.Message
	for _, field := range r.Fields {
		n := r.Total.Sums[field.Name]
		if r.Total.Filed == 0 || field.More && n == 0 || len(sums) == mostSums {
			continue
		}
		sums = append(sums, reminders.Line("closing.sum", reminders.Args{
			"Label": reminders.Say(field.Label, nil), "Number": reminders.Number(n),
		}))
	}
	return sums
}

// submittedAt is when the incident was reported first.
func (r incidentRecord) submittedAt(zone *time.Location) time.Time {
	return r.first.Versions[0].At.In(zone)
}
