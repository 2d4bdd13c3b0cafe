package notice

import (
	"errors"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// misordered tries the row on a block in a year without weekends and tells the
// first thing that cannot work even there: a row, answer or step that would never
// come is a slip of the editor, and silence must not be how it shows.
func misordered(row Row) error {
	if !row.Every.IsZero() {
		return nil
	}
	cal, occasion, err := withoutWeekends()
	if err != nil {
		return err
	}
	item, takesPlace := planRow(cal, occasion, row)
	switch {
	case !takesPlace:
		return errors.New("until: it must come after \"at\", otherwise the row never takes place")
	case !item.Due.IsZero() && !item.Due.After(item.At):
		return errors.New("due: it must come after \"at\"")
	case !item.Closes.IsZero() && !item.Closes.After(item.Due.Add(item.Grace)):
		return errors.New("closes: it must come after \"due\" and its grace")
	}
	for n, rung := range row.Ladder {
		if len(planLadder(cal, nil, item, []Rung{rung})) == 0 {
			return fmt.Errorf("ladder %d: the step must come after the day of the row and before \"closes\"", n+1)
		}
	}
	return nil
}

// withoutWeekends gives a calendar in which every day is a workday but for one
// block of three days, far enough from either end of its year.
func withoutWeekends() (*calendar.Calendar, calendar.Occasion, error) {
	const year = 2026
	arrangement := calendar.Arrangement{Year: year, Status: calendar.Official}
	first, end := calendar.Date{Year: year, Month: time.July, Day: 1}, calendar.Date{Year: year + 1, Month: time.January, Day: 1}
	for d := (calendar.Date{Year: year, Month: time.January, Day: 1}); d.Before(end); d = d.AddDays(1) {
		off := !d.Before(first) && d.Before(first.AddDays(3))
		arrangement.Days = append(arrangement.Days, calendar.Day{Name: "block", Date: d, Off: off})
	}
	cal, err := calendar.New(time.UTC, arrangement)
	if err != nil {
		return nil, calendar.Occasion{}, err
	}
	return cal, cal.Occasions(first, end)[0], nil
}
