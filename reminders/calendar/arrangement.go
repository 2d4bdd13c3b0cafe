package calendar

import (
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Status says on what the days of a year rest.
type Status string

// The statuses.
const (
	Official    Status = "official"    // announced by the State Council or imported by an admin
	Provisional Status = "provisional" // statutory days only; no make-up days are known
)

// Day is one listed day of an arrangement, in the shape of holiday-cn: a day off,
// or a make-up workday (调休上班日).
type Day struct {
	Name string `json:"name"` // as the notice names it; two festivals are joined by "、"
	Date Date   `json:"date"`
	Off  bool   `json:"isOffDay"`
}

// Arrangement is the yearly arrangement of public holidays (放假安排). Its year is
// the year that the notice is about; days of the December before and of the
// January after belong to it where the notice lists them.
type Arrangement struct {
	Year   int    `json:"year"`
	Status Status `json:"status"`
	Source string `json:"source,omitempty"` // notice, date and number, or the name of the file
	Days   []Day  `json:"days"`
	// Confirmed says that an admin allowed sending for this provisional year.
	// A file never sets it.
	Confirmed bool `json:"confirmed,omitempty"`
}

// within reports whether an arrangement of year may list d.
func within(d Date, year int) bool {
	return !d.Before(Date{year - 1, 12, 1}) && d.Before(Date{year + 1, 2, 1})
}

// check tells the first reason why a calendar cannot be built from a.
func (a Arrangement) check() error {
	const op = "calendar.arrangement"
	year := reminders.Text(strconv.Itoa(a.Year))
	if a.Year < 1 || a.Year > 9998 {
		return reminders.Fail(reminders.Invalid, op, "calendar.year", nil)
	}
	if a.Status != Official && a.Status != Provisional {
		return reminders.Fail(reminders.Invalid, op, "calendar.status", reminders.Args{"Year": year})
	}
	flags := make(map[Date]bool, len(a.Days))
	for _, day := range a.Days {
		args := reminders.Args{"Year": year, "Text": reminders.Text(day.Date.String())}
		if !day.Date.valid() || !within(day.Date, a.Year) {
			return reminders.Fail(reminders.Invalid, op, "calendar.row.year", args)
		}
		if off, known := flags[day.Date]; known && off != day.Off {
			return reminders.Fail(reminders.Invalid, op, "calendar.contradiction", args)
		}
		flags[day.Date] = day.Off
	}
	return nil
}
