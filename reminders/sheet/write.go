package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// formulaMarks are the signs with which a spreadsheet program takes a text for
// a formula; some also take their full-width forms.
const formulaMarks = "=+-@\t\r\n＝＋－＠"

func startsFormula(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	return size > 0 && strings.ContainsRune(formulaMarks, first)
}

// Neutral is a cell that no spreadsheet program takes for a formula: a text that
// starts with = + - @, tab or line break gets a ' before it. Read takes it away.
func Neutral(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// WriteCSV writes a table as CSV: UTF-8 with a byte order mark, so that Excel
// shows Chinese, lines ended by CR LF, cells made neutral.
func WriteCSV(w io.Writer, headers []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return reminders.Wrap("sheet.write", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range append([][]string{headers}, rows...) {
		if err := out.Write(neutralRow(row)); err != nil {
			return reminders.Wrap("sheet.write", err)
		}
	}
	out.Flush()
	return reminders.Wrap("sheet.write", out.Error())
}

func neutralRow(row []string) []string {
	cells := make([]string, len(row))
	for i, text := range row {
		cells[i] = Neutral(text)
	}
	return cells
}

// Page is one sheet of a workbook.
type Page struct {
	Title   string // signs that Excel does not allow there are left out
	Headers []string
	Rows    [][]string
	Counts  int // how many of the last columns hold whole numbers, which can be added up
}

// WriteXLSX writes a table as a workbook of one sheet, see WriteBook.
func WriteXLSX(w io.Writer, title string, headers []string, rows [][]string) error {
	return WriteBook(w, Page{Title: title, Headers: headers, Rows: rows})
}

// WriteBook writes a workbook of some sheets: bold header that stays in view, filters,
// columns as wide as their texts, all cells but counts texts and neutral, so that staff
// numbers keep their zeros. Titles must differ in what Excel keeps of them. Equal pages
// make equal bytes.
func WriteBook(w io.Writer, pages ...Page) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	for i, page := range pages {
		name := sheetName(page.Title)
		var err error
		if i == 0 {
			err = book.SetSheetName("Sheet1", name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err != nil {
			return reminders.Wrap("sheet.write", err)
		}
		if err := writeRows(book, name, page); err != nil {
			return reminders.Wrap("sheet.write", err)
		}
	}
	if len(pages) > 1 {
		return reminders.Wrap("sheet.write", writeInOrder(w, book))
	}
	_, err := book.WriteTo(w)
	return reminders.Wrap("sheet.write", err)
}

// writeInOrder writes the parts of a workbook in the order of their names. The library
// takes several sheets in any order, and then equal tables would not make equal files.
func writeInOrder(w io.Writer, book *excelize.File) error {
	var whole bytes.Buffer
	if _, err := book.WriteTo(&whole); err != nil {
		return err
	}
	parts, err := zip.NewReader(bytes.NewReader(whole.Bytes()), int64(whole.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(parts.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	out := zip.NewWriter(w)
	for _, part := range parts.File {
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}

// writeRows streams the rows and sets the filter over them.
func writeRows(book *excelize.File, name string, page Page) error {
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := prepare(out, page.Headers, page.Rows); err != nil {
		return err
	}
	for i, row := range append([][]string{page.Headers}, page.Rows...) {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		style, counts := 0, len(row)-page.Counts
		if i == 0 {
			style, counts = bold, len(row)
		}
		if err := out.SetRow(at, styled(row, style, counts)); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return setFilter(book, name, len(page.Headers), len(page.Rows)+1)
}

// prepare freezes the header and sets the widths; the library wants both before
// the first row.
func prepare(out *excelize.StreamWriter, headers []string, rows [][]string) error {
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i := range headers {
		if err := out.SetColWidth(i+1, i+1, columnWidth(i, headers, rows)); err != nil {
			return err
		}
	}
	return nil
}

func setFilter(book *excelize.File, name string, columns, rows int) error {
	if columns == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(columns, rows)
	if err != nil {
		return err
	}
	return book.AutoFilter(name, "A1:"+last, nil)
}

// styled makes the cells of a row; those from counts on are numbers where they can be.
func styled(row []string, style, counts int) []any {
	cells := make([]any, len(row))
	for i, text := range row {
		cells[i] = excelize.Cell{StyleID: style, Value: Neutral(text)}
		if n, err := strconv.Atoi(text); i >= counts && err == nil {
			cells[i] = excelize.Cell{StyleID: style, Value: n}
		}
	}
	return cells
}

// columnWidth is the width of a column in characters, from its header and its
// first hundred rows, within what fits on a screen.
func columnWidth(column int, headers []string, rows [][]string) float64 {
	widest := textWidth(headers[column]) + 3 // the arrow of the filter
	for _, row := range rows[:min(100, len(rows))] {
		if column < len(row) {
			widest = max(widest, textWidth(row[column])+1)
		}
	}
	return float64(min(max(widest, 8), 60))
}

// textWidth counts a Chinese character as two.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// sheetName is a title as Excel allows it: at most 31 characters, none of :\/?*[].
func sheetName(title string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) || r < ' ' {
			return -1
		}
		return r
	}, title), "' ")
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	if name == "" {
		return "Sheet1"
	}
	return name
}
