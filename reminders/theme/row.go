package theme

import (
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Row is one line of the register of themes as it is exported (台账行): what was seen at
// one point in one unit, or that the unit was not checked.
type Row struct {
	Theme     Theme
	Unit      reminders.UnitID
	CheckedAt time.Time
	Unchecked string // why not
	Point     int    // from 1; zero for a unit as a whole, or a finding outside of the checklist
	What      string // the text of the point
	Result    string // ok, finding; empty where nothing was looked at
	Finding   Finding
}

// Results of a point.
const (
	ResultOK      = "ok"
	ResultFinding = "finding"
)

// Rows makes the rows of a theme: unit by unit in the order of the scope, point by point.
func Rows(all Dossier) []Row {
	var rows []Row
	for _, unit := range all.Theme.Units {
		rows = append(rows, all.rowsOf(unit)...)
	}
	return rows
}

// rowsOf makes the rows of a unit.
func (a Dossier) rowsOf(unit reminders.UnitID) []Row {
	var rows []Row
	base := Row{Theme: a.Theme, Unit: unit}
	n := slices.IndexFunc(a.Checks, func(c Check) bool { return c.Unit == unit })
	checked := n >= 0 && a.Checks[n].Done()
	switch {
	case checked:
		base.CheckedAt = a.Checks[n].At
	case n >= 0:
		base.Unchecked = a.Checks[n].Unchecked
	}
	for point := 0; point <= len(a.Theme.Points); point++ {
		row := base
		if row.Point = point; point > 0 {
			row.What = a.Theme.Points[point-1].Text
		}
		found := a.at(unit, point)
		for _, f := range found {
			row.Result, row.Finding = ResultFinding, f
			rows = append(rows, row)
		}
		if len(found) == 0 && checked && point > 0 {
			row.Result = ResultOK
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 || !checked && base.Unchecked != "" {
		rows = append(rows, base)
	}
	return rows
}

// at lists the findings of a unit at a point.
func (a Dossier) at(unit reminders.UnitID, point int) []Finding {
	return slices.DeleteFunc(slices.Clone(a.Findings), func(f Finding) bool { return f.Unit != unit || f.Point != point })
}

// Overlaps reports whether the period of a theme, or its quarter as long as it has none,
// has a day in common with the days from and to; zero days are open ends.
func (t Theme) Overlaps(from, to calendar.Date) bool {
	first, last := t.From, t.To
	if first.IsZero() {
		first, last = t.Quarter.First(), t.Quarter.Last()
	}
	return (to.IsZero() || !first.After(to)) && (from.IsZero() || !last.Before(from))
}

// Columns lists the names of the columns under which rows are exported, in order. There
// is none for people: the register says what became of things, not who did how much.
func Columns() []string {
	return []string{
		"theme", "quarter", "title", "state", "unit", "checked_at", "not_checked", "point", "point_text", "result", "finding",
		"description", "suggestion", "finding_state", "due", "put_right", "reported_at", "settled_at", "referral_number",
		"referral_date", "referral_to", "reason", "followup",
	}
}

// Cells are the values of a row in the order of Columns: instants as such, zero where
// there is none. unit tells what a unit is called.
func (r Row) Cells(unit func(reminders.UnitID) string) []any {
	f := r.Finding
	var put, reason, state, day string
	var reported time.Time
	if f.Report != nil {
		put, reported = f.Report.Text, f.Report.At
	}
	if f.Number > 0 {
		state = string(f.State)
	}
	if f.State == NotEstablished {
		reason = f.Outcome.Text
	}
	if !f.Outcome.Referral.Day.IsZero() {
		day = f.Outcome.Referral.Day.String()
	}
	return []any{
		string(r.Theme.ID), string(r.Theme.Quarter), r.Theme.Title, string(r.Theme.State), unit(r.Unit), r.CheckedAt, r.Unchecked,
		ordinal(r.Point), r.What, r.Result, ordinal(f.Number), f.Text, f.Suggestion, state, f.Due, put, reported, f.Outcome.At,
		f.Outcome.Referral.Number, day, f.Outcome.Referral.To, reason, f.Followup,
	}
}

// ordinal writes a number from 1; zero is no number.
func ordinal(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
