package report

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Mark says how far the expectations of reports have been written down: everything before
// Day, and of Day as many jobs as Jobs; Cursor is the last unit of the job in progress.
type Mark struct {
	Day    calendar.Date    `json:"day"`
	Jobs   int              `json:"jobs,omitempty"`
	Cursor reminders.UnitID `json:"cursor,omitempty"`
}

// chunk is how many units one unit of work expects a report of: three records for each,
// and the smallest engine takes 128 at once.
const chunk = 20

// lookBack bounds how far a mark may lie back: what is older was nobody's business any
// more when the service came back.
const lookBack = 45

// ReasonNoShift excuses a unit that has nobody on duty at the due hour any more.
const ReasonNoShift = "no-shift"

// job is one thing to do on a day.
type job struct {
	at  time.Time
	run func(tx reminders.Tx, cursor reminders.UnitID) (next reminders.UnitID, err error)
}

// jobs lists what there is to do on a day, in order. On a day of a block the daily reports
// are written down at midnight, and once more when they are asked for, since rosters
// change; on the day after a block the closing reports are. Days of a provisional year that
// nobody has confirmed, and days outside of blocks, expect nothing.
func (d *Desk) jobs(day calendar.Date) []job {
	var jobs []job
	if b, found := d.blockOn(day.AddDays(-1)); found && b.Last == day.AddDays(-1) && released(b) {
		jobs = append(jobs, job{d.at(day, 0), func(tx reminders.Tx, cursor reminders.UnitID) (reminders.UnitID, error) {
			return d.expectClosings(tx, b, cursor)
		}})
	}
	if b, found := d.blockOn(day); found && released(b) {
		expect := func(tx reminders.Tx, cursor reminders.UnitID) (reminders.UnitID, error) {
			return d.expectDailies(tx, b.ID, day, cursor)
		}
		h := d.Forms.Daily.Daily
		jobs = append(jobs, job{d.at(day, 0), expect}, job{d.at(day, h.Due).Add(-h.Remind), expect})
	}
	return jobs
}

// released reports whether anything may be sent for the block.
func released(b calendar.Block) bool { return !b.Provisional || b.Confirmed }

// Advance writes down which reports are expected as soon as their day begins, one chunk of
// units at a time, and gives the instant at which it wants to be asked again.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	var mark, after Mark
	var begun bool
	err = d.Units.View(ctx, func(tx reminders.Tx) error {
		mark, begun, err = d.mark(tx, now)
		return err
	})
	if err != nil {
		return time.Time{}, false, err
	}
	if !begun {
		// From today on nothing is forgotten, also if the service is down on that day.
		err = d.Units.Do(ctx, func(tx reminders.Tx) error { return d.Store.SaveReportMark(tx, mark) })
		return time.Time{}, true, err
	}
	if next, found := d.pending(&mark, now); !found {
		return next, false, nil
	}
	err = d.Units.Do(ctx, func(tx reminders.Tx) error {
		job := d.jobs(mark.Day)[mark.Jobs]
		cursor, err := job.run(tx, mark.Cursor)
		if err != nil {
			return err
		}
		after = mark
		if after.Cursor = cursor; cursor == "" {
			after.Jobs++
		}
		return d.Store.SaveReportMark(tx, after)
	})
	return time.Time{}, true, err
}

// mark gives how far things are, and whether that was ever written down. A service that
// begins does so with today, and one that was away for long does not go back for ever.
func (d *Desk) mark(tx reminders.Tx, now time.Time) (mark Mark, begun bool, err error) {
	today := calendar.DateOf(now, d.zone())
	mark, begun, err = d.Store.ReportMark(tx)
	if err != nil || !begun {
		return Mark{Day: today}, begun, err
	}
	if oldest := today.AddDays(-lookBack); mark.Day.Before(oldest) {
		mark = Mark{Day: oldest}
	}
	return mark, begun, nil
}

// pending moves the mark to the first job that has come; without any, it gives the instant
// of the next one, or of the next midnight.
func (d *Desk) pending(mark *Mark, now time.Time) (next time.Time, found bool) {
	today := calendar.DateOf(now, d.zone())
	for ; !mark.Day.After(today); *mark = (Mark{Day: mark.Day.AddDays(1)}) {
		jobs := d.jobs(mark.Day)
		if mark.Jobs >= len(jobs) {
			continue
		}
		if at := jobs[mark.Jobs].at; at.After(now) {
			return at, false
		}
		return time.Time{}, true
	}
	return d.at(mark.Day, 0), false
}

// expectDailies opens the lines of the next units that have a shift at the due hour, and
// excuses those that do not have one any more.
func (d *Desk) expectDailies(tx reminders.Tx, block string, day calendar.Date, cursor reminders.UnitID) (reminders.UnitID, error) {
	terms := d.dailyTerms(block, day)
	units, err := d.onDuty(tx, terms.ID, cursor, terms.Due)
	if err != nil {
		return "", err
	}
	known, err := d.openUnder(tx, terms.ID)
	if err != nil {
		return "", err
	}
	all := slices.Concat(units, known)
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(u reminders.UnitID) bool { return u <= cursor })
	var owners []obligation.Owner
	for _, unit := range all[:min(chunk, len(all))] {
		if slices.Contains(units, unit) {
			owners = append(owners, owner(unit))
			continue
		}
		if err := d.Book.Excuse(tx, terms.ID, owner(unit), ReasonNoShift, ""); err != nil {
			return "", err
		}
	}
	return d.expectSome(tx, terms, owners, all)
}

// expectClosings opens the lines of the next units that were on duty at the due hour of a
// day of the block.
func (d *Desk) expectClosings(tx reminders.Tx, b calendar.Block, cursor reminders.UnitID) (reminders.UnitID, error) {
	terms := d.closingTerms(b)
	var hours []time.Time
	for day := b.First; !day.After(b.Last); day = day.AddDays(1) {
		hours = append(hours, d.at(day, d.Forms.Daily.Daily.Due))
	}
	units, err := d.onDuty(tx, terms.ID, cursor, hours...)
	if err != nil {
		return "", err
	}
	all := slices.DeleteFunc(slices.Clone(units), func(u reminders.UnitID) bool { return u <= cursor })
	var owners []obligation.Owner
	for _, unit := range all[:min(chunk, len(all))] {
		owners = append(owners, owner(unit))
	}
	return d.expectSome(tx, terms, owners, all)
}

// listed is who is on duty for the job in progress, as its first chunk has read it.
type listed struct {
	terms obligation.TermsID
	units []reminders.UnitID
}

// onDuty lists, in order, the units that have a shift at one of the hours. The rosters are
// read with the first chunk of a job, not again for each; what changes meanwhile is seen
// by the next job, or when the unit reports.
func (d *Desk) onDuty(tx reminders.Tx, id obligation.TermsID, cursor reminders.UnitID, hours ...time.Time) ([]reminders.UnitID, error) {
	if cursor != "" && d.listed.terms == id {
		return d.listed.units, nil
	}
	var all []reminders.UnitID
	for _, at := range hours {
		units, err := d.Roster.UnitsOnDuty(tx, at)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	slices.Sort(all)
	d.listed = listed{id, slices.Compact(all)}
	return d.listed.units, nil
}

// expectSome opens a chunk and gives the cursor behind it; empty at the end.
func (d *Desk) expectSome(tx reminders.Tx, t obligation.Terms, owners []obligation.Owner, all []reminders.UnitID) (reminders.UnitID, error) {
	if len(owners) > 0 {
		if err := d.Book.Expect(tx, t, owners); err != nil {
			return "", err
		}
	}
	if len(all) <= chunk {
		return "", nil
	}
	return all[chunk-1], nil
}

// openUnder lists the units that have an open line under the terms.
func (d *Desk) openUnder(tx reminders.Tx, id obligation.TermsID) ([]reminders.UnitID, error) {
	t, _, err := d.Book.Standing(tx, reminders.Ask{Terms: string(id)})
	if err != nil || t.ID == "" {
		return nil, err
	}
	_, byUnit, _, err := d.Book.Count(tx, t)
	var units []reminders.UnitID
	for unit, tally := range byUnit {
		if tally[obligation.Open] > 0 {
			units = append(units, unit)
		}
	}
	return units, err
}
