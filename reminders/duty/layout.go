package duty

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// The layout of offices: a title, a header of one or two rows, then one row a day (or
// several under one merged date). Columns say by their header what they hold: the date,
// officers, leaders or backups, for the day, the night or the whole of it, with the
// times in brackets; without times a day shift lasts from 08:00 to 20:00, a night shift
// from 20:00 to 08:00, and a shift without a name from 08:00 to 08:00. A cell may hold
// two names: the officer and the backup.

// span is the time of a shift within its day, as in Entry.
type span struct{ start, end time.Duration }

// The times of shifts whose header does not say them.
var (
	wholeDay = span{8 * time.Hour, 32 * time.Hour}
	dayTime  = span{8 * time.Hour, 20 * time.Hour}
	night    = span{20 * time.Hour, 32 * time.Hour}
)

// held is what a column holds.
type held string

const (
	holdsDate    held = "date"
	holdsUnit    held = "unit"
	holdsShift   held = "shift" // the name or the times of the row's shift
	holdsOfficer held = "officer"
	holdsLeader  held = "leader"
	holdsBackup  held = "backup"
)

// layoutColumn is one column of an office's roster.
type layoutColumn struct {
	at     int
	header string
	holds  held
	time   span
	timed  bool // the header says which shift it is
}

// headerWithin is how many filled rows are searched for the header.
const headerWithin = 20

// readLayouts reads the first sheet that has the layout of an office.
func readLayouts(name string, file []byte) (List, []sheet.RowError, bool, error) {
	sheets, err := sheet.ReadSheets(name, file)
	if err != nil {
		return List{}, nil, false, err
	}
	for _, s := range sheets {
		if columns, ignored, body := findLayout(s.Rows); columns != nil {
			list, errs := readLayout(columns, body)
			list.Ignored = ignored
			return list, errs, true, nil
		}
	}
	return List{}, nil, false, nil
}

// findLayout finds the header of one or two rows, and what stands below it.
func findLayout(rows []sheet.Row) (columns []layoutColumn, ignored []string, body []sheet.Row) {
	for i, row := range rows[:min(headerWithin, len(rows))] {
		columns, ignored = layoutOf(headersOf(row, nil))
		if !usable(columns) && i+1 == len(rows) {
			return nil, nil, nil
		}
		if !hasDate(columns) {
			continue
		}
		below := rows[i+1:]
		if len(below) > 0 && headerGoesOn(columns, below[0]) {
			columns, ignored = layoutOf(headersOf(row, &below[0]))
			below = below[1:]
		}
		if usable(columns) {
			return columns, ignored, below
		}
	}
	return nil, nil, nil
}

// headersOf gives the header of each column: the words of one row, or of two.
func headersOf(row sheet.Row, second *sheet.Row) []string {
	headers := make([]string, row.Len())
	for i := range headers {
		headers[i] = strings.Join(strings.Fields(row.TextAt(i)), " ")
	}
	if second == nil {
		return headers
	}
	for i := range second.Len() {
		text := strings.Join(strings.Fields(second.TextAt(i)), " ")
		switch {
		case i >= len(headers):
			headers = append(headers, text)
		case text != "" && text != headers[i]:
			headers[i] = strings.TrimSpace(headers[i] + " " + text)
		}
	}
	return headers
}

// headerGoesOn reports whether a row belongs to the header: it has no date, and words
// under columns of people.
func headerGoesOn(columns []layoutColumn, row sheet.Row) bool {
	date := columns[slices.IndexFunc(columns, func(c layoutColumn) bool { return c.holds == holdsDate })]
	text := strings.Join(strings.Fields(row.TextAt(date.at)), " ")
	if text != "" && text != date.header {
		return false
	}
	for i := range row.Len() {
		_, timed := timesIn(row.TextAt(i))
		if holds, known := holdsOf(row.TextAt(i)); i != date.at && (timed || known && holds != holdsDate) {
			return true
		}
	}
	return false
}

func hasDate(columns []layoutColumn) bool {
	return slices.ContainsFunc(columns, func(c layoutColumn) bool { return c.holds == holdsDate })
}

// usable reports whether columns make a roster: a date and somebody on duty.
func usable(columns []layoutColumn) bool {
	return hasDate(columns) && slices.ContainsFunc(columns, func(c layoutColumn) bool { return c.holds == holdsOfficer })
}

// layoutOf gives what the columns hold, and the headers that mean nothing.
func layoutOf(headers []string) (columns []layoutColumn, ignored []string) {
	for at, header := range headers {
		holds, known := holdsOf(header)
		switch {
		case header == "":
			continue
		case !known:
			ignored = append(ignored, header)
			continue
		case holds == holdsDate && hasDate(columns):
			continue // a merged header
		}
		c := layoutColumn{at: at, header: header, holds: holds}
		c.time, c.timed = timesIn(header)
		columns = append(columns, c)
	}
	return columns, ignored
}

// words are what headers are known by; the first kind of which one occurs counts.
var words = []struct {
	holds held
	words []string
}{
	{"", []string{"电话", "手机", "联系", "备注", "星期", "序号", "说明", "phone", "remark", "weekday", "mobile"}},
	{holdsLeader, []string{"带班", "领导", "leader"}},
	{holdsBackup, []string{"备班", "备勤", "副班", "backup"}},
	{holdsOfficer, []string{"值班员", "值班人", "officer"}},
	{holdsDate, []string{"日期", "date"}},
	{holdsUnit, []string{"单位", "部门", "unit"}},
	{holdsShift, []string{"班次", "时段", "值班时间", "shift"}},
	{holdsOfficer, []string{"白班", "夜班", "日班", "晚班", "早班", "全天", "主班", "值班", "人员", "on duty"}},
}

// holdsOf says what a header names; false for what is no column of a roster. A header
// longer than a few words is a title or a remark.
func holdsOf(header string) (held, bool) {
	text := strings.ToLower(width.Fold.String(header))
	if len([]rune(text)) > 40 || strings.HasSuffix(text, "表") {
		return "", false
	}
	for _, kind := range words {
		if slices.ContainsFunc(kind.words, func(w string) bool { return strings.Contains(text, w) }) {
			return kind.holds, kind.holds != ""
		}
	}
	return "", false
}

var timesForm = regexp.MustCompile(`(\d{1,2})(?::(\d{1,2})|[时点](?:(\d{1,2})分?)?)\s*(?:-|—|–|―|~|至|到)+\s*(?:次日|翌日|第二天)?\s*(\d{1,2})(?::(\d{1,2})|[时点](?:(\d{1,2})分?)?)`)

// shiftNames are the shifts as headers and cells call them.
var shiftNames = []struct {
	word string
	time span
}{
	{"白班", dayTime},
	{"日班", dayTime},
	{"早班", dayTime},
	{"夜班", night},
	{"晚班", night},
	{"全天", wholeDay},
	{"24小时", wholeDay},
	{"night", night},
	{"whole day", wholeDay},
	{"day shift", dayTime},
}

// timesIn finds the times of a shift in a header or a cell, or those that belong to the
// name of one.
func timesIn(text string) (span, bool) {
	text = strings.ToLower(width.Fold.String(text))
	if m := timesForm.FindStringSubmatch(text); m != nil {
		start, okStart := clock(m[1], m[2]+m[3])
		end, okEnd := clock(m[4], m[5]+m[6])
		if okStart && okEnd {
			from, to, err := shiftTimes(start, end)
			return span{from, to}, err == nil
		}
	}
	for _, name := range shiftNames {
		if strings.Contains(text, name.word) {
			return name.time, true
		}
	}
	return span{}, false
}

// clock reads hours and minutes.
func clock(hour, minute string) (time.Duration, bool) {
	h, m := digits(hour), digits(minute)
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, h < 25 && m < 60 && (h < 24 || m == 0)
}

// digits reads up to two digits; no digits are 0.
func digits(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

func sortErrors(errs []sheet.RowError) {
	slices.SortStableFunc(errs, func(a, b sheet.RowError) int { return cmp.Compare(a.Row, b.Row) })
}

// rowError is what is wrong with a cell.
func rowError(row int, column, key string, args reminders.Args) sheet.RowError {
	return sheet.RowError{Row: row, Column: column, Message: reminders.Line(key, args)}
}

// isHan reports whether a text has Chinese characters.
func isHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
