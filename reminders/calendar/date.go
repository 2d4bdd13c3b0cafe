package calendar

import (
	"cmp"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Date is a civil date (日期): a day of the Gregorian calendar without time of
// day and without zone. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// layout is how a date is written in files, keys and JSON.
const layout = time.DateOnly

// DateOf gives the date that the calendar on the wall shows at t in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	year, month, day := t.In(loc).Date()
	return Date{year, month, day}
}

// ParseDate reads a date written as 2006-01-02. A day that does not exist, such
// as 31 November, is an Invalid error.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() == 0 {
		return Date{}, reminders.Fail(reminders.Invalid, "calendar.date", "calendar.date", reminders.Args{
			"Text": reminders.Text(clip(s)),
		})
	}
	return DateOf(t, time.UTC), nil
}

// At gives the instant at which clocks in loc show hour:minute on d. A time that
// is skipped when clocks go forward is the first valid instant after the gap; a
// time that occurs twice when they go back is the first of both. Hours beyond 23
// and minutes beyond 59 count on into the following day.
func (d Date) At(hour, minute int, loc *time.Location) time.Time {
	wall := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC)
	t := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, loc)
	start, end := t.ZoneBounds()
	switch shown := wallClock(t); {
	case shown.After(wall): // skipped, and t counts from the new offset
		return start.In(loc)
	case shown.Before(wall): // skipped, and t counts from the old offset
		return end.In(loc)
	case start.IsZero():
		return t
	}
	_, offset := start.Add(-time.Second).In(loc).Zone()
	earlier := wall.Add(-time.Duration(offset) * time.Second).In(loc)
	if earlier.Before(t) && wallClock(earlier).Equal(wall) {
		return earlier
	}
	return t
}

// wallClock gives what the clock shows at t as if it were UTC, so that readings
// can be compared.
func wallClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// AddDays gives the date n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n), time.UTC) }

// Sub gives the number of days from o to d; it is negative if d is earlier.
func (d Date) Sub(o Date) int {
	return int((d.midnight().Unix() - o.midnight().Unix()) / int64(24*time.Hour/time.Second))
}

// Compare gives -1, 0 or 1 if d is before, equal to or after o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// Before reports whether d is an earlier day than o.
func (d Date) Before(o Date) bool { return d.Compare(o) < 0 }

// After reports whether d is a later day than o.
func (d Date) After(o Date) bool { return d.Compare(o) > 0 }

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// IsZero reports whether d is the zero value, which is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String gives the date as 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day) }

// MarshalText writes the date as 2006-01-02, and the zero value as nothing. A
// date that does not exist, or has a year that ParseDate would not read back, is
// an error.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	if !d.valid() {
		return nil, reminders.Internalf("calendar.date", "%v does not exist", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// valid reports whether the day exists and its year has four digits.
func (d Date) valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && d == DateOf(d.midnight(), time.UTC)
}

// midnight is the start of the day in UTC, where every day has 24 hours.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
