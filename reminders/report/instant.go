package report

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// The forms in which a date and a time are understood. Chinese numerals are Arabic ones
// by then.
var (
	fullDate   = regexp.MustCompile(`^(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})(?:[日号][ ,]*|[ ,t]+|$)`)
	monthDay   = regexp.MustCompile(`^(\d{1,2})(?:月|-|/)(\d{1,2})(?:[日号][ ,]*|[ ,]+|$)`)
	dayEnglish = regexp.MustCompile(`^(\d{1,2}) ([a-z]{3})[a-z]*\.?(?: (\d{4}))?[ ,]*`)
	english    = regexp.MustCompile(`^([a-z]{3})[a-z]*\.? (\d{1,2})(?:,? (\d{4}))?[ ,]*`)
	clockTime  = regexp.MustCompile(`^(\d{1,2})(?::|点|时)(\d{1,2}|半|整)?(?::\d{2})?分?(?: ?([ap])\.?m\.?)?$`)
	bareHour   = regexp.MustCompile(`^(\d{1,2}) ?([ap])\.?m\.?$`)
	numerals   = regexp.MustCompile(`[〇零○一二两三四五六七八九十]+`)
)

// relative are the words for days near today.
var relative = []struct {
	word string
	days int
}{
	{"今天", 0}, {"今日", 0}, {"昨天", -1}, {"昨日", -1}, {"前天", -2}, {"today", 0}, {"yesterday", -1},
}

// halves are the words for a part of the day: which hours after them are those of the
// second half, and the largest hour that makes sense.
var halves = []struct {
	word            string
	second, largest int
}{
	{"凌晨", 0, 12},
	{"早上", 0, 12},
	{"早晨", 0, 12},
	{"清晨", 0, 12},
	{"上午", 0, 12},
	{"中午", 2, 14},
	{"下午", 11, 23},
	{"傍晚", 11, 23},
	{"晚上", 11, 23},
}

// instants are the words for now.
var instants = []string{"现在", "刚才", "刚刚", "now", "just now"}

// ReadInstant reads date and time as people write them, on clocks in zone: 10月3日 14:30,
// 十月三日下午两点半, 昨天 23:10, 2026-10-03 14:30, 3 Oct 14:30, 14:30, 刚才. Without a year
// it is the latest such day that is not after tomorrow; without a date it is today. What
// it does not understand, and a day or an hour that does not exist, is an Invalid error.
func ReadInstant(text string, now time.Time, zone *time.Location) (time.Time, error) {
	plain := strings.ToLower(strings.TrimSpace(width.Fold.String(text)))
	plain = arabic(strings.Join(strings.Fields(plain), " "))
	for _, word := range instants {
		if plain == word {
			return now.In(zone).Truncate(time.Minute), nil
		}
	}
	today := calendar.DateOf(now, zone)
	day, rest, ok := cutDate(plain, today)
	if ok {
		if hour, minute, ok := readClock(rest); ok {
			return day.At(hour, minute, zone), nil
		}
	}
	return time.Time{}, reminders.Fail(reminders.Invalid, "report.instant", "report.value.instant", nil)
}

// arabic replaces Chinese numerals by Arabic ones.
func arabic(text string) string {
	return numerals.ReplaceAllStringFunc(text, func(word string) string {
		if n, ok := numeral(word); ok {
			return strconv.Itoa(n)
		}
		return word
	})
}

// cutDate takes the date off the beginning; today if there is none.
func cutDate(text string, today calendar.Date) (day calendar.Date, rest string, ok bool) {
	for _, r := range relative {
		if rest, found := strings.CutPrefix(text, r.word); found {
			return today.AddDays(r.days), strings.TrimLeft(rest, " ,"), true
		}
	}
	if m := fullDate.FindStringSubmatch(text); m != nil {
		day, ok = dayOf(atoi(m[1]), atoi(m[2]), atoi(m[3]))
		return day, text[len(m[0]):], ok
	}
	if m := monthDay.FindStringSubmatch(text); m != nil {
		day, ok = recent(atoi(m[1]), atoi(m[2]), today)
		return day, text[len(m[0]):], ok
	}
	for _, e := range []struct {
		form             *regexp.Regexp
		month, day, year int
	}{{english, 1, 2, 3}, {dayEnglish, 2, 1, 3}} {
		m := e.form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		month, known := months[m[e.month]]
		if !known {
			continue
		}
		if m[e.year] != "" {
			day, ok = dayOf(atoi(m[e.year]), month, atoi(m[e.day]))
		} else {
			day, ok = recent(month, atoi(m[e.day]), today)
		}
		return day, text[len(m[0]):], ok
	}
	return today, text, true
}

var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// dayOf gives a day that exists.
func dayOf(year, month, day int) (calendar.Date, bool) {
	d := calendar.Date{Year: year, Month: time.Month(month), Day: day}
	return d, year >= 2000 && year <= 2100 && month >= 1 && month <= 12 && d.AddDays(0) == d
}

// recent gives the latest such day that is not after tomorrow. 29 February may be some
// years ago.
func recent(month, day int, today calendar.Date) (calendar.Date, bool) {
	for year := today.Year + 1; year > today.Year-8; year-- {
		if d, ok := dayOf(year, month, day); ok && !d.After(today.AddDays(1)) {
			return d, true
		}
	}
	return calendar.Date{}, false
}

// readClock reads the time of day: 14:30, 下午2点半, 2:30 pm, 24:00.
func readClock(text string) (hour, minute int, ok bool) {
	second, largest := 0, 24
	for _, h := range halves {
		if rest, found := strings.CutPrefix(text, h.word); found {
			text, second, largest = strings.TrimLeft(rest, " "), h.second, h.largest
			break
		}
	}
	hour, minute, half, ok := clockFace(text)
	switch {
	case !ok, half != "" && (hour < 1 || hour > 12):
		return 0, 0, false
	case half == "p" && hour < 12, half == "" && hour >= 1 && hour <= second:
		hour += 12
	case half == "a" && hour == 12:
		hour = 0
	}
	return hour, minute, hour <= largest && (hour < 24 && minute < 60 || hour == 24 && minute == 0)
}

// clockFace reads hour and minute as they stand, and a or p where English has them.
func clockFace(text string) (hour, minute int, half string, ok bool) {
	if m := bareHour.FindStringSubmatch(text); m != nil {
		return atoi(m[1]), 0, m[2], true
	}
	m := clockTime.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, "", false
	}
	switch {
	case m[2] == "半":
		minute = 30
	case m[2] != "" && m[2] != "整":
		minute = atoi(m[2])
	case !strings.ContainsAny(text, "点时"):
		return 0, 0, "", false // "14:" is not finished
	}
	return atoi(m[1]), minute, m[3], true
}

// atoi reads a few digits that a form has matched.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
