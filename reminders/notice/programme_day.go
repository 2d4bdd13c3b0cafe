package notice

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Hour is a time of the day in minutes since midnight, on the clock of the place.
type Hour int

// ParseHour reads "09:00". Hours run from 00:00 to 23:59.
func ParseHour(text string) (Hour, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of the day such as \"09:00\"", text)
	}
	return hourOf(t), nil
}

// hourOf is what a clock in the zone of t shows at t.
func hourOf(t time.Time) Hour { return Hour(t.Hour()*60 + t.Minute()) }

// String gives "09:00".
func (h Hour) String() string { return fmt.Sprintf("%02d:%02d", h/60, h%60) }

// When is an instant relative to an occasion: the earliest of some days, at an
// hour. The zero value is no instant.
type When struct {
	Days []Day
	Hour Hour
}

// IsZero reports whether there is no instant.
func (w When) IsZero() bool { return len(w.Days) == 0 }

// Anchor is what a day is counted from.
type Anchor string

// The anchors. The first three are counted from the occasion, the others from the
// row itself.
const (
	DaysBefore     Anchor = "days before"     // calendar days before the first day off
	WorkdaysBefore Anchor = "workdays before" // 1 is the last workday before it
	WorkdaysAfter  Anchor = "workdays after"  // 1 is the first workday after the last day off
	WorkdaysLater  Anchor = "workdays later"  // than the row; 0 is its own day
	AfterDue       Anchor = "workdays after due"
)

// Day is a number of days or workdays from an anchor.
type Day struct {
	Anchor Anchor
	Count  int
}

// farthest bounds how far a day may lie from its anchor: no office prepares a
// holiday longer than a quarter ahead, and the planner must know how far to look.
const farthest = 90

// dayNames are the phrases for the days that have a name of their own.
var dayNames = map[string]Day{
	"last workday before": {WorkdaysBefore, 1},
	"first workday after": {WorkdaysAfter, 1},
	"same day":            {WorkdaysLater, 0},
	"due day":             {AfterDue, 0},
}

var dayPhrase = regexp.MustCompile(`^([0-9]{1,2}) (day|workday)(s?) (before|after due|after|later)$`)

// ParseDay reads a day as the programme's file writes it: "3 days before", "last
// workday before", "1 workday after due".
func ParseDay(text string) (Day, error) {
	if day, ok := dayNames[text]; ok {
		return day, nil
	}
	m := dayPhrase.FindStringSubmatch(text)
	if m == nil {
		return Day{}, fmt.Errorf("%q is not a day such as \"3 days before\" or \"last workday before\"", text)
	}
	count, err := strconv.Atoi(m[1])
	if err != nil || count < 1 || count > farthest {
		return Day{}, fmt.Errorf("%q: the number runs from 1 to %d", text, farthest)
	}
	if (count == 1) != (m[3] == "") {
		return Day{}, fmt.Errorf("%q: write \"1 %s\", but \"2 %ss\"", text, m[2], m[2])
	}
	anchor := Anchor(m[2] + "s " + m[4])
	switch anchor {
	case DaysBefore, WorkdaysBefore, WorkdaysAfter, WorkdaysLater, AfterDue:
		return Day{anchor, count}, nil
	default:
		return Day{}, fmt.Errorf("%q: only workdays are counted after a block, only days or workdays before it", text)
	}
}

// String gives the phrase that ParseDay reads.
func (d Day) String() string {
	for phrase, day := range dayNames {
		if day == d {
			return phrase
		}
	}
	anchor := string(d.Anchor)
	if d.Count == 1 {
		anchor = strings.Replace(anchor, "days", "day", 1)
	}
	return strconv.Itoa(d.Count) + " " + anchor
}
