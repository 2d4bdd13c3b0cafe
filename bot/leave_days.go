package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// dayForm is a day as people write it on a phone: 10月2日, 10-02, 2026.10.2, 2 Oct, Oct 2,
// and after a day with its month only 5日.
var dayForm = regexp.MustCompile(`(?i)(?:(\d{4})\s*[-年./]\s*)?(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*[日号]?` +
	`|(\d{1,2})\s*(` + months + `)[a-z]*\.?` +
	`|(` + months + `)[a-z]*\.?\s*(\d{1,2})` +
	`|(\d{1,2})\s*[日号]`)

// months are the English names of the months, as far as they count.
const months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"

// recently is how many days back a day without a year may lie: further back it means the
// next year.
const recently = 60

// ParseDays reads the days of a leave (请假日期): one day, or the first and the last. A day
// without a year is the one of this year, or of the next if it would long be over. What
// cannot be read, days that do not exist, such as 31 November, and days in the wrong order
// are Invalid errors.
func ParseDays(text string, today calendar.Date) (from, to calendar.Date, err error) {
	text = width.Fold.String(text)
	found := dayForm.FindAllStringSubmatch(text, -1)
	if len(found) == 0 || len(found) > 2 {
		return from, to, reminders.Fail(reminders.Invalid, "bot.days", "dutychat.leave.unreadable", nil)
	}
	if from, err = dayIn(found[0], today, calendar.Date{}); err != nil || len(found) == 1 {
		return from, from, err
	}
	if to, err = dayIn(found[1], today, from); err == nil && to.Before(from) {
		err = reminders.Fail(reminders.Invalid, "bot.days", "people.leave_days", nil)
	}
	return from, to, err
}

// dayIn reads one day; after gives month and year to one that has none.
func dayIn(m []string, today, after calendar.Date) (calendar.Date, error) {
	year, month, day := number(m[1]), number(m[2]), number(m[3])
	switch {
	case m[4] != "":
		month, day = monthOf(m[5]), number(m[4])
	case m[6] != "":
		month, day = monthOf(m[6]), number(m[7])
	case m[8] != "":
		month, day = int(after.Month), number(m[8])
	}
	if year != 0 {
		return dayOf(year, month, day)
	}
	if !after.IsZero() {
		d, err := dayOf(after.Year, month, day)
		if err == nil && d.Before(after) && month < int(after.Month) {
			return dayOf(after.Year+1, month, day) // from December to January
		}
		return d, err
	}
	d, err := dayOf(today.Year, month, day)
	if err != nil || d.Before(today.AddDays(-recently)) {
		return dayOf(today.Year+1, month, day)
	}
	return d, nil
}

// dayOf is a day that exists.
func dayOf(year, month, day int) (calendar.Date, error) {
	d, err := calendar.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	if err != nil {
		err = reminders.Fail(reminders.Invalid, "bot.days", "dutychat.leave.no_such_day", reminders.Args{
			"Month": reminders.Number(month), "Day": reminders.Number(day),
		})
	}
	return d, err
}

// number reads digits; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// monthOf numbers an English month.
func monthOf(name string) int { return strings.Index(months, strings.ToLower(name))/4 + 1 }
