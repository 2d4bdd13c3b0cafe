package duty

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// readLayout reads the rows below the header of an office's roster.
func readLayout(columns []layoutColumn, body []sheet.Row) (list List, errs []sheet.RowError) {
	date := columns[slices.IndexFunc(columns, func(c layoutColumn) bool { return c.holds == holdsDate })]
	for _, row := range body {
		if remark(row) {
			continue
		}
		day, err := dayAt(row, date.at)
		if err != nil {
			errs = append(errs, sheet.RowError{Row: row.Number, Column: date.header, Message: reminders.MessageOf(err)})
			continue
		}
		entries, wrong := readDay(columns, row)
		for i := range entries {
			entries[i].Date = day
		}
		list.Entries, errs = append(list.Entries, entries...), append(errs, wrong...)
	}
	return list, errs
}

// shortDay is a day without its year, as most offices write it below a title.
var shortDay = regexp.MustCompile(`^(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?(?:[ (星周].*)?$`)

// dayAt reads the day of a row; one without a year gets it from the calendar, see
// lookup.year.
func dayAt(row sheet.Row, at int) (calendar.Date, error) {
	day, err := row.DateAt(at)
	if err == nil {
		return dateOf(day), nil
	}
	m := shortDay.FindStringSubmatch(tidy(row.TextAt(at)))
	if m == nil {
		return calendar.Date{}, err
	}
	month, _ := strconv.Atoi(m[1])
	date, _ := strconv.Atoi(m[2])
	const leap = 2000 // has every day that some year has
	if t := time.Date(leap, time.Month(month), date, 0, 0, 0, 0, time.UTC); int(t.Month()) != month || t.Day() != date {
		return calendar.Date{}, err
	}
	return calendar.Date{Month: time.Month(month), Day: date}, nil
}

// remark reports whether a row holds one text only, as remarks below a table do.
func remark(row sheet.Row) bool {
	text := ""
	for i := range row.Len() {
		switch cell := row.TextAt(i); {
		case cell == "" || cell == text:
		case text == "":
			text = cell
		default:
			return false
		}
	}
	for _, mark := range []string{"备注", "说明", "注", "附", "填表", "制表", "审核", "联系", "remark", "note"} {
		if strings.HasPrefix(strings.ToLower(text), mark) {
			return true
		}
	}
	return false
}

// readDay reads the shifts of one row: one for each time that its columns name. A
// column without a time counts for all of them.
func readDay(columns []layoutColumn, row sheet.Row) (entries []Entry, errs []sheet.RowError) {
	unit := ""
	rowTime, named := wholeDay, false
	for _, c := range columns {
		switch c.holds {
		case holdsUnit:
			unit = tidy(row.TextAt(c.at))
		case holdsShift:
			text := row.TextAt(c.at)
			if rowTime, named = timesIn(text); !named {
				errs = append(errs, rowError(row.Number, c.header, "duty.row.shift", nil))
				return nil, errs
			}
		}
	}
	for _, times := range timesOf(columns, rowTime, named) {
		e, wrong := readShift(columns, row, times)
		e.Unit = unit
		entries, errs = append(entries, e), append(errs, wrong...)
	}
	return entries, errs
}

// timesOf lists the times of the shifts of a row, in order: those of the columns of
// officers, and that of the row for columns without one.
func timesOf(columns []layoutColumn, rowTime span, named bool) []span {
	var times []span
	for _, c := range columns {
		t := c.time
		if !c.timed || named {
			t = rowTime
		}
		if c.holds == holdsOfficer && !slices.Contains(times, t) {
			times = append(times, t)
		}
	}
	slices.SortFunc(times, func(a, b span) int { return int(a.start - b.start) })
	return times
}

// readShift reads one shift of a row.
func readShift(columns []layoutColumn, row sheet.Row, times span) (e Entry, errs []sheet.RowError) {
	e = Entry{Row: row.Number, Start: times.start, End: times.end, headers: map[string]string{}}
	for _, c := range columns {
		if c.timed && c.time != times {
			continue
		}
		names := Names(row.TextAt(c.at))
		switch c.holds {
		case holdsLeader:
			e.headers["leader"] = c.header
			errs = append(errs, put(&e.Leader, names, row, c)...)
		case holdsBackup:
			e.headers["backup"] = c.header
			errs = append(errs, put(&e.Backup, names, row, c)...)
		case holdsOfficer:
			e.headers["officer"] = c.header
			if len(names) == 2 && e.Officer == "" && e.Backup == "" {
				e.Backup, names = names[1], names[:1]
				e.headers["backup"] = c.header
			}
			errs = append(errs, put(&e.Officer, names, row, c)...)
		case holdsUnit:
			e.headers["unit"] = c.header
		case holdsDate:
			e.headers["date"] = c.header
		}
	}
	if e.Officer == "" && len(errs) == 0 {
		errs = append(errs, rowError(row.Number, e.header("officer"), "sheet.cell_empty", nil))
	}
	return e, errs
}

// put takes the one name of a cell; more are an error, since a place has one person.
func put(place *string, names []string, row sheet.Row, c layoutColumn) []sheet.RowError {
	switch {
	case len(names) == 0:
	case len(names) > 1 || *place != "":
		return []sheet.RowError{rowError(row.Number, c.header, "duty.row.names", nil)}
	default:
		*place = names[0]
	}
	return nil
}

var (
	inBrackets = regexp.MustCompile(`\([^)]*\)`)
	phone      = regexp.MustCompile(`[0-9][0-9 -]{5,}`)
)

// Names takes the names out of a cell: separated by 、, comma, semicolon, slash, line
// break, or by space where both sides are whole Chinese names. What stands in brackets,
// and telephone numbers behind a Chinese name, are left out.
func Names(cell string) []string {
	cell = strings.ReplaceAll(cell, "、", ",") // width folding knows another one
	cell = inBrackets.ReplaceAllString(width.Fold.String(cell), " ")
	var names []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;/\n\r、､", r) }) {
		if isHan(part) {
			part = phone.ReplaceAllString(part, " ")
		}
		names = append(names, wholeNames(part)...)
	}
	return names
}

// wholeNames splits by space what consists of whole names; 张 三 is one name.
func wholeNames(part string) []string {
	fields := strings.Fields(part)
	split := len(fields) > 1
	for _, f := range fields {
		if !isHan(f) || len([]rune(f)) < 2 {
			split = false
		}
	}
	if split {
		return fields
	}
	if name := tidy(part); name != "" {
		return []string{name}
	}
	return nil
}
