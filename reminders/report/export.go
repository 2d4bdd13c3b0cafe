package report

import (
	"slices"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Row is one version of a report as it is exported (台账行): flat, with instants to be
// written as RFC 3339 and empty where there is none.
type Row struct {
	Report   ID
	Number   string // 2026-17
	Kind     Kind
	Unit     reminders.UnitID
	Block    string
	Day      calendar.Date
	Incident ID
	Stage    Stage

	Version      int
	Latest       bool
	State        State // of the report
	Nil          bool
	Standing     string // met, late, missed, excused; empty where nothing was owed
	AfterClosing bool
	SubmittedAt  time.Time
	By           reminders.PersonID
	Reason       string // of the correction
	Hash         string

	// The last review of this version.
	ReviewedAt   time.Time
	ReviewedBy   reminders.PersonID
	Review       State
	ReviewReason string

	OverturnedAt  time.Time
	OverturnedBy  reminders.PersonID
	OverturnedRef string

	Questions  int // that the rules of plausibility asked
	Unanswered int // of them without an answer
	Files      int
	Values     map[string]string // by the names of fields: numbers in digits, instants in RFC 3339, choices by name
}

// Rows makes one row of each version of the reports, in their order. Instants in values
// are those of zone.
func Rows(reports []Report, zone *time.Location) []Row {
	var rows []Row
	for _, r := range reports {
		for i := range r.Versions {
			rows = append(rows, r.row(i, zone))
		}
	}
	return rows
}

// row makes the row of one version.
func (r Report) row(i int, zone *time.Location) Row {
	v := r.Versions[i]
	row := Row{
		Report: r.ID, Number: r.Number.String(), Kind: r.Kind, Unit: r.Unit, Block: r.Block, Day: r.Day, Incident: r.Incident,
		Stage: r.Stage, Version: i + 1, Latest: i == len(r.Versions)-1, State: r.State, Nil: v.Nil, Standing: string(r.Standing),
		AfterClosing: r.AfterClosing, SubmittedAt: v.At, By: v.By, Reason: v.Reason, Hash: v.Hash(), Questions: len(v.Questions),
		Files: len(v.Files), Values: map[string]string{},
	}
	for _, q := range v.Questions {
		if q.Why == "" {
			row.Unanswered++
		}
	}
	for _, step := range r.Reviews {
		if step.Version == i+1 {
			row.ReviewedAt, row.ReviewedBy, row.Review, row.ReviewReason = step.At, step.By, step.State, step.Reason
		}
	}
	if o := r.Overturned; o != nil {
		row.OverturnedAt, row.OverturnedBy, row.OverturnedRef = o.At, o.By, o.Ref
	}
	for name, value := range v.Values {
		row.Values[name] = value.plain(zone)
	}
	return row
}

// plain writes a value for a machine.
func (v Value) plain(zone *time.Location) string {
	switch {
	case v.Number != nil:
		return strconv.Itoa(*v.Number)
	case !v.At.IsZero():
		return v.At.In(zone).Format(time.RFC3339)
	case v.Choice != "":
		return v.Choice
	}
	return v.Text
}

// ValueColumns lists the names of the fields of all forms, each once, in the order of the
// forms: the columns behind the fixed ones.
func (f *Forms) ValueColumns() []string {
	var names []string
	for _, kind := range Kinds() {
		for _, field := range f.Of(kind).Fields {
			if field.Type != TypeAttachment && !slices.Contains(names, field.Name) {
				names = append(names, field.Name)
			}
		}
	}
	return names
}
