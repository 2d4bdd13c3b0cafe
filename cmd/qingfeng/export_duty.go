package main

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// rosterFields, reportFields and spotFields are those of docs/export.md. The columns of a
// roster begin as those of its import, so that an export can be filed again.
var (
	rosterFields = []string{
		"date", "start", "end", "unit", "officer", "leader", "backup", "officer_name", "leader_name", "backup_name", "block",
		"starts_at", "ends_at", "taken_at", "taken_by", "handed_at", "handed_by", "version", "why", "recorded_at", "recorded_by",
	}
	reportFields = []string{
		"report", "number", "kind", "unit", "block", "date", "incident", "stage", "version", "latest", "state", "nil", "standing",
		"after_closing", "submitted_at", "by", "correction_reason", "hash", "reviewed_at", "reviewed_by", "review", "review_reason",
		"overturned_at", "overturned_by", "overturned_ref", "questions", "unanswered", "files",
	}
	spotFields = []string{
		"unit", "block", "number", "state", "reason", "moment", "asked_at", "staff_no", "name", "outcome", "asked_by", "why", "override",
		"roster_hash", "window", "commitment", "committed_at", "secret", "revealed_at",
	}
)

// roster gives one row for each shift that overlaps the days, as it stands now.
func (t *exportTask) roster(ctx context.Context, f *office) (records, error) {
	found := records{fields: rosterFields}
	zone := f.years.Calendar().Location()
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		shifts, err := t.shifts(tx, f)
		for _, s := range shifts {
			found.rows = append(found.rows, rosterRow(s, who, zone))
		}
		return err
	})
	found.sortBy(slices.Index(rosterFields, "starts_at"))
	return found, err
}

// shifts lists those that overlap the days, as they stand now, by unit.
func (t *exportTask) shifts(tx reminders.Tx, f *office) ([]duty.Shift, error) {
	units, err := f.reg.AllUnits(tx)
	if err != nil {
		return nil, err
	}
	var all []duty.Shift
	for _, unit := range units {
		shifts, err := f.duty.Shifts(tx, unit.ID, t.window(f.years.Calendar().Location()))
		if err != nil {
			return nil, err
		}
		all = append(all, shifts...)
	}
	return all, nil
}

// rosterRow is the row of a shift.
func rosterRow(s duty.Shift, who *namer, zone *time.Location) []any {
	const clock = "15:04"
	return []any{
		calendar.DateOf(s.Start, zone).String(), s.Start.In(zone).Format(clock), s.End.In(zone).Format(clock), who.units[s.Unit],
		string(s.Officer), string(s.Leader), string(s.Backup), who.people[s.Officer], who.people[s.Leader], who.people[s.Backup], s.Block,
		s.Start, s.End, s.TakenAt, string(s.TakenBy), s.HandedAt, string(s.HandedBy), s.Version, s.Why, s.RecordedAt, string(s.By),
	}
}

// rosterCalendar writes the shifts as a calendar (RFC 5545). Those that were cancelled
// are not in it: whoever wants to follow changes subscribes to a feed.
func (t *exportTask) rosterCalendar(ctx context.Context, c *console, f *office) error {
	zone := f.years.Calendar().Location()
	var events []duty.Event
	err := f.store.View(ctx, func(tx reminders.Tx) (err error) {
		if c, err = c.named(tx, f); err != nil {
			return err
		}
		shifts, err := t.shifts(tx, f)
		for _, s := range shifts {
			events = append(events, duty.Event{Shift: s})
		}
		return err
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(events, func(a, b duty.Event) int { return a.Start.Compare(b.Start) })
	_, err = io.WriteString(c.out, duty.ICS(events, reminders.Line("cli.export.calendar", nil), zone, c.say))
	return err
}

// reports gives one row for each version of the reports about the days, with a column
// for each field of the forms behind the fixed ones.
func (t *exportTask) reports(ctx context.Context, f *office) (records, error) {
	zone := f.years.Calendar().Location()
	values := f.reports.Forms.ValueColumns()
	found := records{fields: slices.Concat(reportFields, values)}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		window := t.window(zone)
		list, err := f.reports.List(tx, report.Filter{
			From: calendar.DateOf(window.From, zone), To: calendar.DateOf(window.To.Add(-1), zone),
		})
		if err != nil {
			return err
		}
		for _, r := range report.Rows(list, zone) {
			row := reportRow(r, who)
			for _, name := range values {
				row = append(row, r.Values[name])
			}
			found.rows = append(found.rows, row)
		}
		return nil
	})
	return found, err
}

// reportRow is the row of a version but for its values.
func reportRow(r report.Row, who *namer) []any {
	return []any{
		string(r.Report), r.Number, string(r.Kind), who.units[r.Unit], r.Block, r.Day.String(), string(r.Incident), string(r.Stage), r.Version,
		r.Latest, string(r.State), r.Nil, r.Standing, r.AfterClosing, r.SubmittedAt, string(r.By), r.Reason, r.Hash, r.ReviewedAt,
		string(r.ReviewedBy), string(r.Review), r.ReviewReason, r.OverturnedAt, string(r.OverturnedBy), r.OverturnedRef, r.Questions,
		r.Unanswered, r.Files,
	}
}

// spotChecks gives the spot checks whose block is over, with all that is needed to
// recompute their moments. Before that nobody learns of them here.
func (t *exportTask) spotChecks(ctx context.Context, f *office) (records, error) {
	found := records{fields: spotFields}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		checks, err := f.spots.Published(tx, t.window(f.years.Calendar().Location()))
		if err != nil {
			return err
		}
		for _, s := range checks {
			p, _, err := f.spots.Promise(tx, s.Block)
			if err != nil {
				return err
			}
			found.rows = append(found.rows, spotRow(s, p, who))
		}
		return nil
	})
	return found, err
}

// spotRow is the row of a check. One that was asked for by hand has no proof and wants
// none.
func spotRow(s duty.SpotCheck, p duty.SpotPromise, who *namer) []any {
	row := []any{
		who.units[s.Unit], s.Block, s.Number, string(s.State), s.Reason, s.Moment, s.AskedAt, string(s.Officer), who.people[s.Officer],
		string(s.Outcome), string(s.By), s.Why, s.Override,
	}
	if s.Roster == "" {
		return append(row, "", "", "", time.Time{}, "", time.Time{})
	}
	return append(row, s.Roster, s.Window, p.Commitment, p.CommittedAt, string(p.Secret), p.RevealedAt)
}
