package sheet

import (
	"slices"
	"strings"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Column is one column that a caller wants.
type Column struct {
	Name     string   // as callers ask for it, such as staff_no
	Aliases  []string // other headers for it, such as 工号
	Required bool     // the file must have it, and no cell of it may be empty
}

// label names the column in both languages, for a file that lacks it.
func (c Column) label() string {
	if len(c.Aliases) == 0 {
		return c.Name
	}
	return c.Name + " (" + c.Aliases[0] + ")"
}

// answersTo reports whether a header stands for the column.
func (c Column) answersTo(header string) bool {
	plain := plainHeader(header)
	return plain != "" && (plain == plainHeader(c.Name) ||
		slices.ContainsFunc(c.Aliases, func(a string) bool { return plain == plainHeader(a) }))
}

// plainHeader is a header without what people add to it: case, width, spaces,
// a star or a remark in brackets.
func plainHeader(header string) string {
	s := strings.ToLower(width.Fold.String(header))
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return strings.Map(func(r rune) rune {
		if isBlank(r) || strings.ContainsRune("*:_-", r) {
			return -1
		}
		return r
	}, s)
}

// headerWithin is how many filled rows are searched for the header. Titles and
// remarks take a few; a header further down would hide rows above it.
const headerWithin = 20

// grid is the cells of one sheet, or of one way to split a text.
type grid struct {
	rows     []Row // filled ones only
	date1904 bool
	err      error // why it could not be read to its end; there are no rows then
}

// table finds the header in the grid and takes what stands below it. If there
// is none, it gives the required columns that the likeliest row lacks.
func (g grid) table(columns []Column) (t Table, missing []Column, err error) {
	for i, row := range g.rows[:min(headerWithin, len(g.rows))] {
		lacks := lacking(row, columns)
		if len(lacks) > 0 {
			if missing == nil || len(lacks) < len(missing) {
				missing = lacks
			}
			continue
		}
		l, ignored, err := readHeader(row, columns)
		if err != nil {
			return Table{}, nil, err
		}
		l.date1904 = g.date1904
		t := Table{Ignored: ignored, layout: l, Rows: g.rows[i+1:]}
		for n := range t.Rows {
			t.Rows[n].layout = l
		}
		return t, nil, nil
	}
	return Table{}, missing, nil
}

// lacking gives the required columns that a row does not name.
func lacking(row Row, columns []Column) []Column {
	var lacks []Column
	for _, c := range columns {
		if c.Required && !slices.ContainsFunc(row.cells, func(x cell) bool { return c.answersTo(x.text()) }) {
			lacks = append(lacks, c)
		}
	}
	return lacks
}

// readHeader maps the cells of the header row to columns.
func readHeader(row Row, columns []Column) (*layout, []string, error) {
	l := &layout{at: map[string]int{}, headers: map[string]string{}}
	var ignored []string
	for at, x := range row.cells {
		header := x.text()
		i := slices.IndexFunc(columns, func(c Column) bool { return c.answersTo(header) })
		switch {
		case header == "":
		case i < 0:
			ignored = append(ignored, header)
		case l.headers[columns[i].Name] != "":
			return nil, nil, reminders.Fail(reminders.Invalid, "sheet.header", "sheet.column_twice", reminders.Args{
				"First":  reminders.Text(l.headers[columns[i].Name]),
				"Second": reminders.Text(header),
				"Row":    reminders.Number(row.Number),
			})
		default:
			l.at[columns[i].Name], l.headers[columns[i].Name] = at, header
		}
	}
	return l, ignored, nil
}
