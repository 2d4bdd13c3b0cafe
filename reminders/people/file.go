package people

import (
	"strings"
	"unicode"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// maxText is how many characters a name, a title or a unit may have; what is
// longer is a slip of the column.
const maxText = 60

// rowErrors collects what is wrong with a file.
type rowErrors struct {
	table sheet.Table
	list  []sheet.RowError
}

// add notes an error; a cell that Read has found empty is not reported twice.
func (e *rowErrors) add(row sheet.Row, column, key string, args reminders.Args) {
	e.put(row, column, reminders.Line(key, args))
}

func (e *rowErrors) put(row sheet.Row, column string, m reminders.Message) {
	e.list = append(e.list, sheet.RowError{Row: row.Number, Column: e.table.Header(column), Message: m})
}

// text takes a text of a cell as a register writes it and checks its length.
func (e *rowErrors) text(row sheet.Row, column string) string {
	text := tidy(row.Text(column))
	if len([]rune(text)) > maxText {
		e.add(row, column, "people.row.too_long", reminders.Args{"Limit": reminders.Number(maxText)})
	}
	return text
}

// tidy makes one line of a text and takes out the space with which lists stretch
// short Chinese names, as in 张 三.
func tidy(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	kept := runes[:0:0]
	for i, r := range runes {
		stretch := r == ' ' && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1])
		if !stretch && unicode.IsPrint(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

// headersOf gives the headers of those columns that the file has.
func headersOf(t sheet.Table, columns []sheet.Column) map[string]string {
	headers := map[string]string{}
	for _, c := range columns {
		if t.Has(c.Name) {
			headers[c.Name] = t.Header(c.Name)
		}
	}
	return headers
}
