package notice

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// YearMissing is the reason of the daily warning from 1 December on while the
// coming year has no official arrangement.
const YearMissing ReasonName = "year-missing"

// warningHour is when the warning goes out.
const warningHour Hour = 9 * 60

// PlanAll is Plan together with the warnings that follow from the calendar
// itself.
func PlanAll(p Programme, cal *calendar.Calendar, w reminders.Window) []Item {
	items := append(Plan(p, cal, w), warnings(p.Quiet, cal, w)...)
	slices.SortStableFunc(items, func(a, b Item) int { return a.At.Compare(b.At) })
	return items
}

// warnings lists one item for each workday of December on which the arrangement
// of the coming year is missing. A wrong send is noticed; a reminder that never
// goes out because a year is missing is noticed by nobody.
func warnings(quiet Quiet, cal *calendar.Calendar, w reminders.Window) []Item {
	var items []Item
	loc := cal.Location()
	for day := calendar.DateOf(w.From, loc); day.At(0, 0, loc).Before(w.To); day = day.AddDays(1) {
		at := day.At(int(warningHour)/60, int(warningHour)%60, loc)
		year, missing := cal.Missing(at)
		if !missing || !w.Contains(at) || !cal.IsWorkday(day) {
			continue
		}
		items = append(items, Item{
			Key: fmt.Sprintf("%d/year-missing/%s", year, day), At: at, Kind: Readiness, Block: strconv.Itoa(year),
			Audience: reminders.Audience{Roles: []reminders.Role{reminders.Staff, reminders.Admin}},
			Expects:  ExpectNothing, Until: quiet.endOfDay(cal, day), By: ByDesk, ReasonName: YearMissing,
			Why: reminders.Line("why.year_missing", reminders.Args{"Year": reminders.Text(strconv.Itoa(year))}),
		})
	}
	return items
}
