package sheet

import (
	"bytes"
	"path"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The limits of a file that is read. They are far above any real list and keep
// a hostile file from taking memory or minutes.
const (
	MaxBytes = 10 << 20 // of the file
	MaxRows  = 50_000   // filled rows of one sheet
	MaxCells = 256      // columns of one row

	maxUnpacked = 64 << 20 // bytes of an XLSX file after unpacking
	maxParts    = 2_000    // files inside an XLSX file
)

// Read reads a spreadsheet: XLSX, or CSV separated by comma, semicolon or tab.
// Which of them it is follows from the content; the name only helps to say
// what is wrong. Several sheets are searched in order, hidden ones left out,
// and the first that has a header with all required columns is read.
//
// The error says that the file cannot be read at all and is Invalid with a text
// for people. The row errors name rows in which a required cell is empty; those
// rows are in the table, so that a caller finds all that is wrong at once.
func Read(name string, file []byte, columns []Column) (Table, []RowError, error) {
	grids, err := readGrids(name, file, false)
	if err != nil {
		return Table{}, nil, err
	}
	var missing []Column
	filled := false
	for _, g := range grids {
		filled = filled || len(g.rows) > 0
		t, lacks, err := g.table(columns)
		if err != nil {
			return Table{}, nil, err
		}
		if t.layout != nil {
			return t, emptyCells(t, columns), nil
		}
		if missing == nil || (lacks != nil && len(lacks) < len(missing)) {
			missing = lacks
		}
	}
	if err := grids[0].err; err != nil {
		return Table{}, nil, err
	}
	if !filled {
		return Table{}, nil, refuse("sheet.empty", nil)
	}
	return Table{}, nil, refuse("sheet.column_missing", reminders.Args{"Columns": reminders.Text(labels(missing))})
}

// readGrids gives every way to see the file, likeliest first. merged says whether the
// text of merged cells is shown in all of them.
func readGrids(name string, file []byte, merged bool) ([]grid, error) {
	switch {
	case len(file) == 0:
		return nil, refuse("sheet.empty", nil)
	case len(file) > MaxBytes:
		return nil, refuse("sheet.too_big", reminders.Args{"Megabytes": reminders.Number(MaxBytes >> 20)})
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return readXLSX(file, merged)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, refuse("sheet.old_format", nil) // .xls, or an .xlsx with a password
	case strings.EqualFold(path.Ext(name), ".xlsx"):
		return nil, refuse("sheet.damaged", nil)
	default:
		return readCSV(file)
	}
}

// emptyCells finds required cells without a text.
func emptyCells(t Table, columns []Column) []RowError {
	var errs []RowError
	for _, row := range t.Rows {
		for _, c := range columns {
			if c.Required && row.Text(c.Name) == "" {
				errs = append(errs, RowError{
					Row: row.Number, Column: t.Header(c.Name), Message: reminders.Line("sheet.cell_empty", nil),
				})
			}
		}
	}
	return errs
}

func labels(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.label()
	}
	return strings.Join(names, ", ")
}

// filledRow makes a row of cells, without the empty ones behind the last filled
// one; false if there is nothing in it.
func filledRow(number int, cells []cell) (Row, bool) {
	for len(cells) > 0 && cells[len(cells)-1].shown == "" {
		cells = cells[:len(cells)-1]
	}
	return Row{Number: number, cells: cells}, len(cells) > 0
}

// tooLarge checks a sheet against the limits of rows and columns.
func tooLarge(rows []Row, width int) error {
	if len(rows) >= MaxRows {
		return refuse("sheet.too_many_rows", reminders.Args{"Rows": reminders.Number(MaxRows)})
	}
	if width > MaxCells {
		return refuse("sheet.too_wide", reminders.Args{"Columns": reminders.Number(MaxCells)})
	}
	return nil
}

func refuse(key string, args reminders.Args) error {
	return reminders.Fail(reminders.Invalid, "sheet.read", key, args)
}
