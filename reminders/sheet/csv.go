package sheet

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// readCSV splits a text by each separator, the most frequent one first. The one
// that was meant is the one with which the header is found.
func readCSV(file []byte) ([]grid, error) {
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	if strings.TrimFunc(text, func(r rune) bool { return isBlank(r) || r == ',' || r == ';' }) == "" {
		return nil, refuse("sheet.empty", nil)
	}
	separators := []rune(",;\t")
	slices.SortStableFunc(separators, func(a, b rune) int {
		return cmp.Compare(strings.Count(text, string(b)), strings.Count(text, string(a)))
	})
	grids := make([]grid, len(separators))
	for i, separator := range separators {
		grids[i] = splitCSV(text, separator)
	}
	return grids, nil
}

// decode turns the bytes of a text file into UTF-8 with line feeds. UTF-16 is
// what Excel calls Unicode text, GB18030 what it writes as CSV in China.
func decode(file []byte) (string, error) {
	text := file
	var err error
	switch {
	case bytes.HasPrefix(file, []byte("\xef\xbb\xbf")):
		text = file[3:]
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(file)
	case !utf8.Valid(file):
		text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(file)
		if bytes.ContainsRune(text, utf8.RuneError) {
			return "", refuse("sheet.encoding", nil)
		}
	}
	if err != nil || !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return "", refuse("sheet.encoding", nil)
	}
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return string(text), nil
}

// splitCSV reads the records of a text. Rows are numbered as a spreadsheet
// program would: an empty line is a row, a line break inside quotes is not.
func splitCSV(text string, separator rune) grid {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator, -1
	var g grid
	number, nextLine := 0, 1
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return g
		}
		if err != nil {
			return grid{err: badQuotes(err)}
		}
		line, _ := r.FieldPos(0)
		number += 1 + line - nextLine
		lastLine, _ := r.FieldPos(len(record) - 1)
		nextLine = lastLine + strings.Count(record[len(record)-1], "\n") + 1
		row, ok := filledRow(number, textCells(record))
		if !ok {
			continue
		}
		if err := tooLarge(g.rows, len(row.cells)); err != nil {
			return grid{err: err}
		}
		g.rows = append(g.rows, row)
	}
}

func textCells(record []string) []cell {
	cells := make([]cell, len(record))
	for i, text := range record {
		cells[i] = newCell(text, text)
	}
	return cells
}

// badQuotes names the line at which the quotation marks stop making sense. What
// follows it cannot be told apart, so the file is refused as a whole.
func badQuotes(err error) error {
	line := 0
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		line = parse.StartLine
	}
	return refuse("sheet.quotes", reminders.Args{"Line": reminders.Number(line)})
}
