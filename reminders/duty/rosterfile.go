package duty

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// List is a roster file as it was read (值班表文件): shifts with the words of the file,
// before units and people are looked up.
type List struct {
	Entries []Entry
	Ignored []string // headers that mean nothing here
}

// Entry is one shift of a List. Start and End count from midnight of the date; an End
// beyond 24 hours lies on the next day.
type Entry struct {
	Row        int           // in the file
	Date       calendar.Date // without a year where the file has none
	Start, End time.Duration

	Unit, Officer, Leader, Backup string // as written; Unit may be empty

	headers map[string]string // of the columns, as the file writes them
}

// header gives the header of a column in the file.
func (e Entry) header(column string) string {
	if h := e.headers[column]; h != "" {
		return h
	}
	return column
}

// mostEntries is how many shifts one file may have: those of a large city's units for
// the longest block.
const mostEntries = 10_000

// longestNight is how long a shift over midnight may be unless it is a whole day:
// longer ones have their times the wrong way round.
const longestNight = 16 * time.Hour

func rosterColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "date", Aliases: []string{"日期", "值班日期"}, Required: true},
		{Name: "start", Aliases: []string{"开始", "开始时间"}, Required: true},
		{Name: "end", Aliases: []string{"结束", "结束时间"}, Required: true},
		{Name: "unit", Aliases: []string{"单位", "单位名称", "部门"}},
		{Name: "officer", Aliases: []string{"值班员", "值班人员", "值班人"}, Required: true},
		{Name: "leader", Aliases: []string{"带班领导", "带班"}},
		{Name: "backup", Aliases: []string{"备班", "备班人员", "备勤"}},
	}
}

// ReadRoster reads a roster: with the columns of the contract, date, start, end, unit,
// officer, leader, backup in any order, or as offices lay it out, one row a day with
// columns for day and night, see readLayout. The row errors name everything that is
// wrong with it; with any of them it is not to be filed. The error says that it cannot
// be read.
func ReadRoster(name string, file []byte) (List, []sheet.RowError, error) {
	table, errs, err := sheet.Read(name, file, rosterColumns())
	if err != nil {
		list, errs, found, layoutErr := readLayouts(name, file)
		switch {
		case layoutErr != nil || !found:
			return List{}, nil, reminders.Wrap("duty.read", err)
		default:
			return checkList(list, errs)
		}
	}
	list := List{Ignored: table.Ignored}
	headers := map[string]string{}
	for _, c := range rosterColumns() {
		headers[c.Name] = table.Header(c.Name)
	}
	for _, row := range table.Rows {
		e, wrong := readEntry(row)
		e.headers = headers
		list.Entries = append(list.Entries, e)
		for _, w := range wrong {
			w.Column = table.Header(w.Column)
			if !doubled(errs, w) {
				errs = append(errs, w)
			}
		}
	}
	return checkList(list, errs)
}

// checkList refuses lists without shifts, and those that are too long.
func checkList(list List, errs []sheet.RowError) (List, []sheet.RowError, error) {
	switch {
	case len(list.Entries) == 0 && len(errs) == 0:
		return List{}, nil, reminders.Fail(reminders.Invalid, "duty.read", "duty.file_empty", nil)
	case len(list.Entries) > mostEntries:
		return List{}, nil, reminders.Fail(reminders.Invalid, "duty.read", "duty.file_long", reminders.Args{"Limit": reminders.Number(mostEntries)})
	}
	sortErrors(errs)
	return list, errs, nil
}

// doubled reports whether a cell was reported already, as being empty.
func doubled(errs []sheet.RowError, e sheet.RowError) bool {
	for _, known := range errs {
		if known.Row == e.Row && known.Column == e.Column {
			return true
		}
	}
	return false
}

// readEntry reads one row of the contract's columns.
func readEntry(row sheet.Row) (e Entry, errs []sheet.RowError) {
	e = Entry{
		Row: row.Number, Unit: tidy(row.Text("unit")), Officer: row.Text("officer"), Leader: row.Text("leader"), Backup: row.Text("backup"),
	}
	wrong := func(column string, err error) {
		errs = append(errs, sheet.RowError{Row: row.Number, Column: column, Message: reminders.MessageOf(err)})
	}
	if day, err := row.Date("date"); err != nil {
		wrong("date", err)
	} else {
		e.Date = dateOf(day)
	}
	start, err := row.Time("start")
	if err != nil {
		wrong("start", err)
		return e, errs
	}
	end, err := row.Time("end")
	if err != nil {
		wrong("end", err)
		return e, errs
	}
	if e.Start, e.End, err = shiftTimes(start, end); err != nil {
		wrong("end", err)
	}
	return e, errs
}

// shiftTimes gives the times of a shift: an end that is not after the start lies on the
// next day. A night of more than sixteen hours is taken for times the wrong way round,
// unless it is a whole day.
func shiftTimes(start, end time.Duration) (time.Duration, time.Duration, error) {
	const day = 24 * time.Hour
	if start >= day {
		start -= day
	}
	if end <= start {
		end += day
	}
	if length := end - start; end > day && length > longestNight && length != day {
		return start, end, reminders.Fail(reminders.Invalid, "duty.read", "duty.row.inverted", nil)
	}
	return start, end, nil
}

// tidy makes one line of a text, in plain width, without the space with which lists
// stretch short Chinese names.
func tidy(s string) string {
	runes := []rune(strings.Join(strings.Fields(width.Fold.String(s)), " "))
	kept := runes[:0:0]
	for i, r := range runes {
		stretch := r == ' ' && i > 0 && i < len(runes)-1 && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1])
		if !stretch && unicode.IsPrint(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
