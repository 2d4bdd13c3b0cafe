package notice

import (
	"iter"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// planRecurring gives the items of the recurring rows whose instant lies in the
// window. The expression is read in the zone of the calendar, also across a change
// of the clocks. An instant that moved onto the day of another is left out: one
// key a day.
func planRecurring(p Programme, cal *calendar.Calendar, w reminders.Window) []Item {
	var items []Item
	for _, row := range p.Rows {
		if row.Every.IsZero() {
			continue
		}
		seen := map[string]bool{}
		for t := range row.instants(cal.Location(), w) {
			item, takesPlace := planOnce(p, cal, row, t)
			if takesPlace && !seen[item.Key] {
				seen[item.Key] = true
				items = append(items, item)
			}
		}
	}
	return items
}

// instants ranges over what the expression names in the window, and where rest days
// move also in the time after it from which an instant may move into the window.
func (row Row) instants(loc *time.Location, w reminders.Window) iter.Seq[time.Time] {
	end := w.To
	if row.RestDay == Preceding {
		end = end.AddDate(0, 0, sight)
	}
	return func(yield func(time.Time) bool) {
		t := row.Every.schedule.Next(w.From.In(loc).Add(-time.Second))
		for !t.IsZero() && t.Before(end) && yield(t) { // zero: the expression names no day at all
			t = row.Every.schedule.Next(t)
		}
	}
}

// planOnce resolves one occurrence. What a day's digest says is said anew by the
// next one, so it is worthless once the day has become quiet.
func planOnce(p Programme, cal *calendar.Calendar, row Row, t time.Time) (Item, bool) {
	r := ruler{cal: cal}
	wanted := calendar.DateOf(t, cal.Location())
	date, takesPlace := rest(cal, row.RestDay, wanted)
	hour := hourOf(t)
	until := p.Quiet.endOfDay(cal, date)
	if row.Kind == CasePush {
		until = row.nextAt(cal, t)
	}
	return Item{
		Key:         date.String() + "/" + row.Name,
		At:          r.at(date, hour),
		Kind:        row.Kind,
		Audience:    reminders.Audience{Roles: row.To},
		Expects:     row.Expects,
		Until:       until,
		By:          ByDesk,
		Why:         reminders.Line(row.rhythm(t), reminders.Args{"At": reminders.TimeOfDay(r.at(date, hour))}),
		ReasonName:  RecurringRow,
		Provisional: provisionalYear(cal, date.Year, row.Kind),
	}, takesPlace
}

// rhythm is the key of the text that says how often the row recurs, as its next
// occurrence after t shows.
func (row Row) rhythm(t time.Time) string {
	switch days := int(row.Every.schedule.Next(t).Sub(t).Hours()+12) / 24; {
	case days == 1:
		return "why.recurring"
	case days == 7:
		return "why.weekly"
	case days >= 28 && days <= 31:
		return "why.monthly"
	}
	return "why.regular"
}

// nextAt is the instant of the next occurrence, at which a case that waited for room in
// the push budget gives way to another; the end of the day if there is none.
func (row Row) nextAt(cal *calendar.Calendar, t time.Time) time.Time {
	next := row.Every.schedule.Next(t)
	if next.IsZero() {
		return calendar.DateOf(t, cal.Location()).AddDays(1).At(0, 0, cal.Location())
	}
	return next
}

// provisionalYear reports whether the workdays of a year are not official yet. An admin
// who has confirmed them all the same lets the cases of the weeks go.
func provisionalYear(cal *calendar.Calendar, year int, kind Kind) bool {
	arrangement, known := cal.Arrangement(year)
	return !known || arrangement.Status == calendar.Provisional && !(kind == CasePush && arrangement.Confirmed)
}
