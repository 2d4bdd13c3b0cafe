package calendar

import (
	"bytes"
	"path"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// MaxBytes is the size of a calendar file above which it is refused. A year is a
// few kilobytes.
const MaxBytes = 1 << 20

// maxRowErrors is how many wrong rows are named. A file with more of them is most
// likely not a calendar.
const maxRowErrors = 50

// RowError says what is wrong with one row of a file: the line of a table, the
// ordinal of a day in JSON or of an event in ICS, all counted from 1.
type RowError = sheet.RowError

// Parse reads a calendar file of one year: JSON in the shape of holiday-cn, ICS, or
// a table (CSV or XLSX) with the columns name, date, off or 名称, 日期, 休. What it
// is follows from the content; the name only helps to say what is wrong, and
// chooses the year of an ICS feed that covers many. JSON and ICS may be GB18030.
//
// The error says that the file cannot be used as a whole and is Invalid with a text
// for people. Otherwise each row error names a row that cannot be read; if there is
// one, the arrangement is empty, because a calendar with a hole is worse than none.
//
// The arrangement is Official unless the file says otherwise, and never Confirmed.
// Its days are in order.
func Parse(name string, file []byte) (Arrangement, []RowError, error) {
	found, err := read(name, file)
	if err != nil {
		return Arrangement{}, nil, err
	}
	a, errs, err := found.arrangement(name)
	if err != nil || len(errs) > 0 {
		return Arrangement{}, errs[:min(len(errs), maxRowErrors)], err
	}
	return a, nil, nil
}

// read finds the format and reads the rows.
func read(name string, file []byte) (reading, error) {
	start := bytes.TrimLeft(bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")), " \t\r\n")
	ending := strings.ToLower(path.Ext(name))
	switch {
	case len(file) > MaxBytes:
		return reading{}, refuse("calendar.too_big", reminders.Args{"Megabytes": reminders.Number(MaxBytes >> 20)})
	case len(start) == 0:
		return reading{}, refuse("calendar.empty", nil)
	case start[0] == '{' || ending == ".json":
		return readJSON(file)
	case hasPrefixFold(start, "BEGIN:VCALENDAR") || ending == ".ics":
		return readICS(file)
	default:
		return readTable(name, file)
	}
}

// hasPrefixFold reports a prefix without regard to the case of ASCII letters.
func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && strings.EqualFold(string(b[:len(prefix)]), prefix)
}

// refuse is the error of a file that cannot be used as a whole.
func refuse(key string, args reminders.Args) error {
	return reminders.Fail(reminders.Invalid, "calendar.parse", key, args)
}
