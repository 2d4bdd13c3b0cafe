package theme

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Quarter names a quarter of a year (季度), such as "2026-Q3".
type Quarter string

var quarterForm = regexp.MustCompile(`^(\d{4})-Q([1-4])$`)

// QuarterOf gives the quarter of a day.
func QuarterOf(d calendar.Date) Quarter {
	return Quarter(fmt.Sprintf("%04d-Q%d", d.Year, (int(d.Month)+2)/3))
}

// Valid reports whether q names a quarter.
func (q Quarter) Valid() bool { return quarterForm.MatchString(string(q)) }

// parts are the year and the number of the quarter; zero for what names none.
func (q Quarter) parts() (year, number int) {
	m := quarterForm.FindStringSubmatch(string(q))
	if m == nil {
		return 0, 0
	}
	year, _ = strconv.Atoi(m[1])
	number, _ = strconv.Atoi(m[2])
	return year, number
}

// First is the first day of the quarter.
func (q Quarter) First() calendar.Date {
	year, number := q.parts()
	return calendar.Date{Year: year, Month: time.Month(3*number - 2), Day: 1}
}

// Last is the last day of the quarter.
func (q Quarter) Last() calendar.Date { return q.Next().First().AddDays(-1) }

// Next is the quarter after it.
func (q Quarter) Next() Quarter {
	year, number := q.parts()
	if number == 4 {
		return Quarter(fmt.Sprintf("%04d-Q1", year+1))
	}
	return Quarter(fmt.Sprintf("%04d-Q%d", year, number+1))
}

// Say is the name of the quarter as an argument of a text.
func (q Quarter) Say() reminders.Value {
	year, number := q.parts()
	return reminders.Say("theme.quarter", reminders.Args{
		"Year": reminders.Text(strconv.Itoa(year)), "Number": reminders.Say("theme.nth."+strconv.Itoa(number), nil),
	})
}
