package sheet

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Table is what stood below the header of a spreadsheet (表格).
type Table struct {
	Rows []Row // without empty ones, in the order of the file

	// Ignored are headers that no column answers to, as they stand in the file.
	// A dry run shows them, since a misspelt optional column is found here.
	Ignored []string

	layout *layout
}

// Header gives the header under which a column stands in the file, such as 工号
// for staff_no, and the column's own name if the file lacks it.
func (t Table) Header(column string) string {
	if t.layout == nil || t.layout.headers[column] == "" {
		return column
	}
	return t.layout.headers[column]
}

// Has reports whether the file has the column.
func (t Table) Has(column string) bool { return t.layout != nil && t.layout.headers[column] != "" }

// layout is where the columns of one file stand; all its rows share it.
type layout struct {
	at       map[string]int    // column name to index
	headers  map[string]string // column name to header as written
	date1904 bool              // serial numbers count from 1904, as old Mac files do
}

// Row is one row below the header.
type Row struct {
	Number int // as the spreadsheet program numbers it, from 1

	cells  []cell
	layout *layout
}

// Text is the cell of a column as a person reads it, without space around it.
// A whole number has no ".0" and no thousands separator, a text keeps its
// leading zeros. A column that the file lacks is empty.
func (r Row) Text(column string) string { return r.cell(column).text() }

// Date is the day in a cell: midnight UTC of that civil date. Serial numbers,
// 2026-10-01, 2026/10/1, 2026.10.1, 2026年10月1日 and 20261001 are understood;
// a time of day behind the date is left out. An empty cell or anything else is
// an Invalid error.
func (r Row) Date(column string) (time.Time, error) {
	return r.cell(column).date(r.layout != nil && r.layout.date1904)
}

// Time is the time of day in a cell, to the minute, as the span since midnight:
// 0 to 24 hours, both included. Serial numbers, 08:00, 8:00:00, 8时30分 and 8点
// are understood. An empty cell or anything else is an Invalid error.
func (r Row) Time(column string) (time.Duration, error) { return r.cell(column).timeOfDay() }

func (r Row) cell(column string) cell {
	if r.layout == nil {
		return cell{}
	}
	at, ok := r.layout.at[column]
	if !ok || at >= len(r.cells) {
		return cell{}
	}
	return r.cells[at]
}

// RowError is what is wrong with one row (行错误).
type RowError struct {
	Row     int               // as the spreadsheet program numbers it
	Column  string            // header as it stands in the file; empty: the whole row
	Message reminders.Message // the reason, for people
}

// Line is the error as one line for people: row, column and reason.
func (e RowError) Line() reminders.Message {
	args := reminders.Args{"Row": reminders.Number(e.Row), "Reason": reminders.Value{Say: &e.Message}}
	if e.Column == "" {
		return reminders.Line("sheet.row", args)
	}
	args["Column"] = reminders.Text(e.Column)
	return reminders.Line("sheet.row_column", args)
}
