package calendar

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// reading is what a file of any format says.
type reading struct {
	year   int    // 0: the file does not say
	status Status // empty: the file does not say
	source string // empty: the file does not say
	feed   bool   // covers many years, of which one is wanted
	rows   []row
	errs   []RowError
}

// row is one listed day and where it stands.
type row struct {
	number     int
	date, flag string // columns of the date and of what makes it a day off
	day        Day
}

// fail notes that a row cannot be read.
func (r *reading) fail(number int, column, key string, args reminders.Args) {
	r.errs = append(r.errs, RowError{Row: number, Column: column, Message: reminders.Line(key, args)})
}

// maxDays is how many rows one year may have: more than it has days, since two
// holidays can share one, and few enough for every later step.
const maxDays = 1000

// arrangement makes one year of the rows.
func (r *reading) arrangement(name string) (Arrangement, []RowError, error) {
	if len(r.rows) == 0 && len(r.errs) == 0 {
		return Arrangement{}, nil, refuse("calendar.empty", nil)
	}
	if r.year == 0 {
		if err := r.chooseYear(name); err != nil {
			return Arrangement{}, nil, err
		}
	}
	if len(r.rows) > maxDays {
		return Arrangement{}, nil, refuse("calendar.too_many", reminders.Args{"Days": reminders.Number(maxDays)})
	}
	a := Arrangement{Year: r.year, Status: r.status, Source: r.source}
	if a.Status == "" {
		a.Status = Official
	}
	if a.Source == "" {
		a.Source = clip(path.Base(strings.ReplaceAll(name, `\`, "/")))
	}
	a.Days = r.days()
	slices.SortStableFunc(r.errs, func(x, y RowError) int { return x.Row - y.Row })
	return a, r.errs, nil
}

// days gives the days in order, each name and date once. A day outside the year,
// or one that an earlier row calls the opposite, is an error of its row.
func (r *reading) days() []Day {
	first, known := map[Date]row{}, map[Day]bool{}
	var days []Day
	for _, line := range r.rows {
		args := reminders.Args{"Text": reminders.Text(line.day.Date.String())}
		earlier, seen := first[line.day.Date]
		switch {
		case !within(line.day.Date, r.year):
			args["Year"] = reminders.Text(strconv.Itoa(r.year))
			r.fail(line.number, line.date, "calendar.row.year", args)
		case seen && earlier.day.Off != line.day.Off:
			args["Row"] = reminders.Number(earlier.number)
			r.fail(line.number, line.flag, "calendar.row.contradiction", args)
		case !known[line.day]:
			days = append(days, line.day)
		}
		known[line.day] = true
		if !seen {
			first[line.day.Date] = line
		}
	}
	slices.SortStableFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	return days
}

var yearInName = regexp.MustCompile(`(?:^|\D)(20\d\d)(?:\D|$)`)

// chooseYear finds the year of a file that does not name it: the one in which most
// days lie, of equals the later, since a notice governs the December before it. A
// feed of many years is cut to the year in its name.
func (r *reading) chooseYear(name string) error {
	count := map[int]int{}
	for _, line := range r.rows {
		count[line.day.Date.Year]++
	}
	for year, n := range count {
		if n > count[r.year] || n == count[r.year] && year > r.year {
			r.year = year
		}
	}
	outside := func(line row) bool { return !within(line.day.Date, r.year) }
	if !r.feed || !slices.ContainsFunc(r.rows, outside) {
		return nil
	}
	named := yearInName.FindStringSubmatch(path.Base(name))
	if named == nil {
		return refuse("calendar.years", nil)
	}
	r.year, _ = strconv.Atoi(named[1])
	r.rows = slices.DeleteFunc(r.rows, func(line row) bool { return line.day.Date.Year != r.year })
	if len(r.rows) == 0 {
		return refuse("calendar.years_without", reminders.Args{"Year": reminders.Text(named[1])})
	}
	return nil
}

// maxName is the length of a name in characters; names stand in messages.
const maxName = 60

// properName tidies the name of a day; false if it is empty, too long or not text.
func properName(name string) (string, bool) {
	name = strings.Join(strings.Fields(name), " ")
	odd := func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }
	return name, name != "" && utf8.RuneCountInString(name) <= maxName && !strings.ContainsFunc(name, odd)
}

// clip shortens a text that is repeated in an error or kept as a source.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if runes := []rune(s); len(runes) > maxName {
		return string(runes[:maxName]) + "…"
	}
	return s
}
