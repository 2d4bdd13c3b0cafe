package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// cell is one cell twice: as it is stored, where a date is a serial number, and
// as the spreadsheet program shows it. In a text file both are the same.
type cell struct {
	raw   string
	shown string
}

// newCell trims both views and undoes what exports do to protect a text.
func newCell(raw, shown string) cell { return cell{raw: clean(raw), shown: clean(shown)} }

// clean takes away the space around a text, the ="007" by which some programs
// keep leading zeros in a CSV file, and the ' that Write puts before a formula.
func clean(s string) string {
	s = strings.TrimFunc(s, isBlank)
	if len(s) > 3 && strings.HasPrefix(s, `="`) && strings.HasSuffix(s, `"`) {
		s = strings.TrimFunc(s[2:len(s)-1], isBlank)
	}
	if rest, ok := strings.CutPrefix(s, "'"); ok && startsFormula(rest) {
		s = rest
	}
	return s
}

// isBlank reports space of any width, and the marks of no width that come along
// when a text is copied from a web page or a chat.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || r == '\u200e' || r == '\u200f'
}

// text is what a person reads in the cell. The shown form of a number is taken
// only if it consists of digits, which keeps the zeros of a format like 00000;
// the stored form of a large number is better than 1.23E+11.
func (c cell) text() string {
	stored, err := strconv.ParseFloat(c.raw, 64)
	if c.raw == c.shown || err != nil || onlyDigits(c.shown) {
		return c.shown
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(c.shown, ",", ""), 64); err != nil {
		return c.shown // a date, a percentage, a truth value
	}
	if onlyDigits(c.raw) {
		return c.raw
	}
	return strconv.FormatFloat(stored, 'f', -1, 64)
}

func onlyDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// The serial numbers taken for a day: 1954 to 2119. Smaller and larger numbers
// are more likely a slip than a date.
const (
	firstSerial = 20_000
	lastSerial  = 80_000
)

var dateForm = regexp.MustCompile(`^(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})日?(?:[ T(星周].*)?$`)

var compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)

// date is the civil date in the cell.
func (c cell) date(from1904 bool) (time.Time, error) {
	if serial, err := strconv.ParseFloat(c.raw, 64); err == nil && serial >= firstSerial && serial < lastSerial {
		epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if from1904 {
			epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		return epoch.AddDate(0, 0, int(serial)), nil
	}
	for _, text := range []string{c.raw, c.shown} {
		if day, ok := parseDate(width.Fold.String(text)); ok {
			return day, nil
		}
	}
	return time.Time{}, c.wrong("sheet.date_missing", "sheet.date_wrong")
}

func parseDate(s string) (time.Time, bool) {
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		m = compactDate.FindStringSubmatch(s)
	}
	if m == nil {
		return time.Time{}, false
	}
	y, month, d := number(m[1]), number(m[2]), number(m[3])
	day := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	// time.Date turns 31 April into 1 May; that is a slip, not a date.
	return day, y >= 1900 && day.Day() == d && int(day.Month()) == month
}

var timeForm = regexp.MustCompile(`^(\d{1,2})(?::(\d{1,2})(?::\d{1,2}(?:\.\d+)?)?|[时点](?:(\d{1,2})分?)?)$`)

// timeOfDay is the span since midnight in the cell, to the minute.
func (c cell) timeOfDay() (time.Duration, error) {
	if serial, err := strconv.ParseFloat(c.raw, 64); err == nil && serial >= 0 && serial < lastSerial {
		if days, part := math.Modf(serial); part > 0 || days == 0 {
			return time.Duration(math.Round(part*24*60)) * time.Minute, nil
		}
	}
	for _, text := range []string{c.raw, c.shown} {
		if span, ok := parseTime(width.Fold.String(text)); ok {
			return span, nil
		}
	}
	return 0, c.wrong("sheet.time_missing", "sheet.time_wrong")
}

func parseTime(s string) (time.Duration, bool) {
	m := timeForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hour, minute := number(m[1]), number(m[2]+m[3])
	span := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return span, minute < 60 && span <= 24*time.Hour
}

// wrong is the error of a cell: one text if it is empty and one if it is not.
// The cell's own text stays out of it, it may be about a person.
func (c cell) wrong(missing, wrong string) error {
	if c.shown == "" {
		wrong = missing
	}
	return reminders.Fail(reminders.Invalid, "sheet.cell", wrong, nil)
}

// number reads digits that a pattern has let through; no digits are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
