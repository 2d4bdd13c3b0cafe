package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The limits of an ICS file. The parser is slow on long lines and recurses on
// nested components, so what no calendar needs is refused before it starts.
const (
	maxLine  = 4 << 10 // bytes of a line after unfolding
	maxDepth = 4       // calendar, event, alarm, and one to spare
	maxSpan  = 60      // days of one event
	maxFeed  = 20_000  // days of all events, of all years
)

// readICS reads a calendar of whole-day events, each of which is a holiday, or a
// make-up workday if its title says so (班, workday).
func readICS(file []byte) (reading, error) {
	text, err := decode(file)
	if err != nil {
		return reading{}, err
	}
	lines, ok := unfold(text)
	if !ok || lines[len(lines)-1] != "END:VCALENDAR" {
		return reading{}, refuse("calendar.ics", nil)
	}
	cal, err := ics.ParseCalendar(strings.NewReader(strings.Join(lines, "\r\n")))
	if err != nil {
		return reading{}, refuse("calendar.ics", nil)
	}
	r := reading{feed: true}
	for i, event := range cal.Events() {
		r.readEvent(i+1, event)
		if len(r.rows) > maxFeed {
			return reading{}, refuse("calendar.too_many", reminders.Args{"Days": reminders.Number(maxFeed)})
		}
	}
	return r, nil
}

var property = regexp.MustCompile(`^[A-Za-z0-9-]+[;:]`)

// unfold joins the lines that were folded; false if one is not a property or a
// limit is passed.
func unfold(text string) ([]string, bool) {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case line == "":
		case folded && len(lines) > 0:
			if len(lines[len(lines)-1])+len(line) > maxLine {
				return nil, false
			}
			lines[len(lines)-1] += line[1:]
		default:
			lines = append(lines, line)
		}
	}
	depth := 0
	for _, line := range lines {
		token := strings.TrimRight(property.FindString(line), ";:")
		switch token {
		case "BEGIN":
			depth++
		case "END":
			depth--
		}
		if token == "" || len(line) > maxLine || depth > maxDepth {
			return nil, false
		}
	}
	return lines, len(lines) > 0
}

// makeUp finds in a title that people work on that day.
var makeUp = regexp.MustCompile(`(?i)班|make-?up|\bwork(ing)?[ -]?day\b`)

// notMakeUp finds titles that only look so.
var notMakeUp = regexp.MustCompile(`(?i)\bnon[ -]?work`)

// readEvent reads the days of one event; cancelled ones are left out.
func (r *reading) readEvent(number int, event *ics.VEvent) {
	if value(event, ics.ComponentPropertyStatus) == string(ics.ObjectStatusCancelled) {
		return
	}
	if event.HasProperty(ics.ComponentPropertyRrule) || event.HasProperty(ics.ComponentPropertyRdate) {
		r.fail(number, "RRULE", "calendar.row.recurring", nil)
		return
	}
	summary := value(event, ics.ComponentPropertySummary)
	name, ok := properName(summary)
	if !ok {
		r.fail(number, "SUMMARY", "calendar.row.name", nil)
		return
	}
	first, length, column := eventDays(event)
	if column != "" {
		text := reminders.Text(clip(value(event, ics.ComponentProperty(column))))
		r.fail(number, column, "calendar.row.whole_day", reminders.Args{"Text": text})
		return
	}
	off := !makeUp.MatchString(name) || notMakeUp.MatchString(name)
	for i := range length {
		day := Day{Name: name, Date: first.AddDays(i), Off: off}
		r.rows = append(r.rows, row{number, "DTSTART", "SUMMARY", day})
	}
}

// eventDays gives the first day and the number of days of an event, or the column
// that is wrong. The end of an event is the day after its last; an event without
// end, or with an end that equals its start, is one day.
func eventDays(event *ics.VEvent) (first Date, length int, wrong string) {
	first, ok := wholeDay(value(event, ics.ComponentPropertyDtStart))
	if !ok {
		return Date{}, 0, "DTSTART"
	}
	length = 1
	switch end, span := value(event, ics.ComponentPropertyDtEnd), value(event, ics.ComponentPropertyDuration); {
	case end != "":
		until, ok := wholeDay(end)
		if length = max(1, until.Sub(first)); !ok || until.Before(first) || length > maxSpan {
			return Date{}, 0, "DTEND"
		}
	case span != "":
		if length, ok = wholeDays(span); !ok {
			return Date{}, 0, "DURATION"
		}
	}
	return first, length, ""
}

// value gives a property of an event, and nothing if it lacks it.
func value(event *ics.VEvent, name ics.ComponentProperty) string {
	if p := event.GetProperty(name); p != nil {
		return strings.TrimSpace(p.Value)
	}
	return ""
}

// wholeDay reads a date, or a midnight on the clock of the event's own place. A
// midnight in UTC is not known to be one there.
func wholeDay(s string) (Date, bool) {
	t, err := time.Parse("20060102", strings.TrimSuffix(s, "T000000"))
	return DateOf(t, time.UTC), err == nil && t.Year() > 0
}

var duration = regexp.MustCompile(`^\+?P(\d{1,2})([DW])$`)

// wholeDays reads a duration in days or weeks.
func wholeDays(s string) (int, bool) {
	m := duration.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	n, _ := strconv.Atoi(m[1])
	if m[2] == "W" {
		n *= 7
	}
	return n, n >= 1 && n <= maxSpan
}
