package store

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// Keys of reports:
//
//	report/ID                    the report in all its versions
//	report-handle/HANDLE         its id
//	report-of/UNIT/DAY/ID        its id, by the unit and the day that it is about
//	report-on/DAY/UNIT/ID        its id, by the day
//	report-unsettled/DAY/ID      its id, while it is submitted or returned
//	report-mark                  how far the expectations have been written down
//
// The further parts of an incident stand behind the first: report/incident/2026-3,
// report/incident/2026-3/2.
func reportKey(id report.ID) string { return "report/" + string(id) }

// Reports gives the records of reports.
func (s *Store) Reports() report.Store { return reportRecords{} }

type reportRecords struct{}

func (reportRecords) Report(tx reminders.Tx, id report.ID) (report.Report, bool, error) {
	return load[report.Report](tx, reportKey(id))
}

func (r reportRecords) ReportByHandle(tx reminders.Tx, h report.Handle) (report.Report, bool, error) {
	id, found, err := load[report.ID](tx, "report-handle/"+string(h))
	if err != nil || !found {
		return report.Report{}, false, err
	}
	return r.Report(tx, id)
}

func (r reportRecords) SaveReport(tx reminders.Tx, one report.Report) error {
	before, found, err := r.Report(tx, one.ID)
	if err != nil {
		return err
	}
	var was []string
	if found {
		was = reportPlaces(before)
	}
	if err := moveRows(tx, was, reportPlaces(one), one.ID); err != nil {
		return err
	}
	return save(tx, reportKey(one.ID), one)
}

// reportPlaces are the keys of the indexes under which a report is found.
func reportPlaces(r report.Report) []string {
	day := r.Day.String()
	keys := []string{
		"report-handle/" + string(r.Handle()),
		"report-of/" + string(r.Unit) + "/" + day + "/" + string(r.ID),
		"report-on/" + day + "/" + string(r.Unit) + "/" + string(r.ID),
	}
	if r.State == report.Submitted || r.State == report.Returned {
		keys = append(keys, "report-unsettled/"+day+"/"+string(r.ID))
	}
	return keys
}

func (r reportRecords) ReportsOf(tx reminders.Tx, unit reminders.UnitID, from, to calendar.Date) ([]report.Report, error) {
	prefix := "report-of/" + string(unit) + "/"
	return r.listed(tx, prefix+from.String()+"/", prefix+to.AddDays(1).String()+"/")
}

func (r reportRecords) ReportsOn(tx reminders.Tx, from, to calendar.Date) ([]report.Report, error) {
	return r.listed(tx, "report-on/"+from.String()+"/", "report-on/"+to.AddDays(1).String()+"/")
}

func (r reportRecords) UnsettledReports(tx reminders.Tx) ([]report.Report, error) {
	from, to := Prefix("report-unsettled/")
	return r.listed(tx, from, to)
}

// listed reads the reports that the rows of an index name.
func (r reportRecords) listed(tx reminders.Tx, from, to string) ([]report.Report, error) {
	if to <= from {
		return nil, nil
	}
	ids, err := list[report.ID](tx, from, to, 0)
	if err != nil {
		return nil, err
	}
	return named(tx, ids, r.Report)
}

func (r reportRecords) IncidentParts(tx reminders.Tx, incident report.ID) ([]report.Report, error) {
	if !strings.HasPrefix(string(incident), "incident/") {
		return nil, nil
	}
	first, found, err := r.Report(tx, incident)
	if err != nil || !found {
		return nil, err
	}
	further, err := listPrefix[report.Report](tx, reportKey(incident)+"/")
	if err != nil {
		return nil, err
	}
	parts := append([]report.Report{first}, further...)
	slices.SortFunc(parts, func(a, b report.Report) int { return a.Part - b.Part })
	return parts, nil
}

func (reportRecords) ReportMark(tx reminders.Tx) (report.Mark, bool, error) {
	return load[report.Mark](tx, "report-mark")
}

func (reportRecords) SaveReportMark(tx reminders.Tx, m report.Mark) error {
	return save(tx, "report-mark", m)
}

func (reportRecords) Number(tx reminders.Tx, series string) (uint64, error) {
	u, err := unitOf(tx)
	if err != nil {
		return 0, err
	}
	return u.Number(series)
}

// reportIndex finds reports by handle, by unit, by day and while they are not settled.
var reportIndex = index{
	records: "report/", rows: []string{"report-handle/", "report-of/", "report-on/", "report-unsettled/"},
	expect: expecting(func(r report.Report) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range reportPlaces(r) {
			rows[key] = r.ID
		}
		return reportKey(r.ID), rows
	}),
	owner: owned(reportKey),
}

// purgeReport deletes a report with the rows by which it is found. Its files go when no
// record names them any more.
func purgeReport(u *Unit, record Record, before time.Time, _ int) (int, bool, error) {
	var r report.Report
	if Decode(record.Value, &r) != nil {
		return 0, false, nil
	}
	done := []time.Time{r.Latest().At, r.Review().At}
	if r.Overturned != nil {
		done = append(done, r.Overturned.At)
	}
	if slices.ContainsFunc(done, func(at time.Time) bool { return !at.Before(before) }) {
		return 0, false, nil
	}
	for _, key := range reportPlaces(r) {
		u.Delete(key)
	}
	return deleteIf(u, record.Key, true), false, nil
}
