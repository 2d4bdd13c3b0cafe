package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// ruler counts days from an occasion and from one row in it.
type ruler struct {
	cal      *calendar.Calendar
	occasion calendar.Occasion
	row      calendar.Date // the day of the row, once it is known
	due      calendar.Date // the day on which the row is due
}

// day gives the date of one day.
func (r ruler) day(d Day) calendar.Date {
	switch d.Anchor {
	case DaysBefore:
		return r.occasion.First().AddDays(-d.Count)
	case WorkdaysBefore:
		return r.cal.AddWorkdays(r.occasion.First(), -d.Count)
	case WorkdaysAfter:
		return r.cal.AddWorkdays(r.occasion.Last(), d.Count)
	case AfterDue:
		return r.cal.AddWorkdays(r.due, d.Count)
	default: // WorkdaysLater
		return r.cal.AddWorkdays(r.row, d.Count)
	}
}

// earliest gives the earliest of the days.
func (r ruler) earliest(days []Day) calendar.Date {
	first := r.day(days[0])
	for _, d := range days[1:] {
		if date := r.day(d); date.Before(first) {
			first = date
		}
	}
	return first
}

// instant gives the instant, or zero for no instant.
func (r ruler) instant(w When) time.Time {
	if w.IsZero() {
		return time.Time{}
	}
	return r.at(r.earliest(w.Days), w.Hour)
}

// at gives the instant of an hour on a date.
func (r ruler) at(d calendar.Date, h Hour) time.Time {
	return d.At(int(h)/60, int(h)%60, r.cal.Location())
}

// rest applies the rule for rest days. It reports false where the row does not
// take place.
func rest(cal *calendar.Calendar, rule RestDay, d calendar.Date) (calendar.Date, bool) {
	if rule == Skip && !cal.IsWorkday(d) {
		return d, false
	}
	return cal.OnOrBefore(d), true
}

// planRow resolves one row for one occasion. It reports false where the row does
// not take place: its day is skipped, or the row that makes it worthless comes no
// later, as when both readiness rows meet on one day.
func planRow(cal *calendar.Calendar, occasion calendar.Occasion, row Row) (Item, bool) {
	r := ruler{cal: cal, occasion: occasion}
	wanted := r.earliest(row.At.Days)
	date, takesPlace := rest(cal, row.RestDay, wanted)
	r.row = date
	item := Item{
		Key:         occasion.ID + "/" + row.Name,
		At:          r.at(date, row.At.Hour),
		Kind:        row.Kind,
		Block:       occasion.ID,
		Occasion:    occasion,
		Audience:    reminders.Audience{Roles: row.To},
		Expects:     row.Expects,
		Due:         r.instant(row.Due),
		Grace:       row.Grace,
		Closes:      r.instant(row.Closes),
		Until:       r.instant(row.Until),
		By:          ByDesk,
		Why:         why(cal, occasion, row.At, wanted, date),
		ReasonName:  FirstSend,
		Provisional: occasion.Provisional(),
	}
	return item, takesPlace && item.At.Before(item.Until)
}
