package bot

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// hourForm is a time of day as people write it on a phone: 9:00, 09：00, 9点, 9点半, 9点30分.
var hourForm = regexp.MustCompile(`(\d{1,2})\s*(?::\s*(\d{2})|[点时]\s*(?:(\d{1,2})\s*分?|(半))?)`)

// namedDays are the days that people name by their distance.
var namedDays = map[string]int{"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "today": 0, "tomorrow": 1}

// ParseWhen reads an instant that somebody typed (发送时间), in the zone of the place: a day
// and a time, such as 10月12日 09:00, 2026-10-12 9点, 明天 15:00 or Oct 12, 9:00. A time
// alone is today's, or tomorrow's if it is over. What cannot be read, a day that does not
// exist and an instant that is over are Invalid errors.
func ParseWhen(text string, now time.Time, loc *time.Location) (time.Time, error) {
	text = strings.ToLower(width.Fold.String(text))
	m := hourForm.FindStringSubmatchIndex(text)
	if m == nil {
		return time.Time{}, unreadable()
	}
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	hour, minute := number(part(1)), number(part(2)+part(3))
	if part(4) != "" {
		minute = 30
	}
	if hour > 23 || minute > 59 {
		return time.Time{}, unreadable()
	}
	today := calendar.DateOf(now, loc)
	day, named, err := dayNamed(text[:m[0]]+" "+text[m[1]:], today)
	if err != nil {
		return time.Time{}, err
	}
	at := day.At(hour, minute, loc)
	if !named && !at.After(now) {
		at = day.AddDays(1).At(hour, minute, loc)
	}
	if !at.After(now) {
		return at, reminders.Fail(reminders.Invalid, "bot.when", "noticechat.when.over", nil)
	}
	return at, nil
}

// unreadable says how an instant is written.
func unreadable() error {
	return reminders.Fail(reminders.Invalid, "bot.when", "noticechat.when.unreadable", nil)
}

// dayNamed reads the day beside a time; none is today.
func dayNamed(text string, today calendar.Date) (day calendar.Date, named bool, err error) {
	text = strings.Trim(text, " ,，、。.的")
	if text == "" {
		return today, false, nil
	}
	if days, known := namedDays[text]; known {
		return today.AddDays(days), true, nil
	}
	day, to, err := ParseDays(text, today)
	if err != nil || day != to {
		return day, true, unreadable() // what ParseDays says speaks of spans
	}
	return day, true, nil
}
