package sheet

import (
	"time"

	"github.com/xuri/excelize/v2"
)

// Sheet is one sheet as it stands, for lists whose header is not one row of names: a
// duty roster with a day and a night under one date. Rows are filled ones only; a cell
// that is merged over several shows its text in each of them.
type Sheet struct {
	Rows []Row
}

// ReadSheets reads a spreadsheet like Read, without looking for a header: every visible
// sheet of a workbook, or a text in every way to split it, likeliest first.
func ReadSheets(name string, file []byte) ([]Sheet, error) {
	grids, err := readGrids(name, file, true)
	if err != nil {
		return nil, err
	}
	var sheets []Sheet
	for _, g := range grids {
		l := &layout{date1904: g.date1904}
		for i := range g.rows {
			g.rows[i].layout = l
		}
		if len(g.rows) > 0 {
			sheets = append(sheets, Sheet{Rows: g.rows})
		}
	}
	if len(sheets) > 0 {
		return sheets, nil
	}
	if err := grids[0].err; err != nil {
		return nil, err
	}
	return nil, refuse("sheet.empty", nil)
}

// Len is the number of cells of the row, up to the last filled one.
func (r Row) Len() int { return len(r.cells) }

// TextAt is the cell at an index from 0 as a person reads it, see Text; beyond the end
// it is empty.
func (r Row) TextAt(i int) string { return r.at(i).text() }

// DateAt is the day in the cell at an index, see Date.
func (r Row) DateAt(i int) (time.Time, error) {
	return r.at(i).date(r.layout != nil && r.layout.date1904)
}

func (r Row) at(i int) cell {
	if i < 0 || i >= len(r.cells) {
		return cell{}
	}
	return r.cells[i]
}

// maxMerged is how many merged areas of a sheet are filled: more than any list has.
const maxMerged = 5_000

// spread shows the text of merged cells in every cell of theirs that lies in a filled
// row.
func (g *grid) spread(book *excelize.File, name string) error {
	merged, err := book.GetMergeCells(name, true)
	if err != nil || len(merged) > maxMerged {
		return refuse("sheet.damaged", nil)
	}
	at := map[int]int{}
	for i, row := range g.rows {
		at[row.Number] = i
	}
	for _, area := range merged {
		left, top, err := excelize.CellNameToCoordinates(area.GetStartAxis())
		if err != nil {
			return refuse("sheet.damaged", nil)
		}
		right, bottom, err := excelize.CellNameToCoordinates(area.GetEndAxis())
		if err != nil || right > MaxCells {
			return refuse("sheet.damaged", nil)
		}
		first, filled := at[top]
		if !filled || left > len(g.rows[first].cells) {
			continue
		}
		text := g.rows[first].cells[left-1]
		for number := top; number <= bottom && number <= top+MaxRows; number++ {
			if i, filled := at[number]; filled {
				g.rows[i].fill(left-1, right-1, text)
			}
		}
	}
	return nil
}

// fill writes a cell into the empty ones from one index to another.
func (r *Row) fill(from, to int, text cell) {
	for i := from; i <= to; i++ {
		for len(r.cells) <= i {
			r.cells = append(r.cells, cell{})
		}
		if r.cells[i].shown == "" {
			r.cells[i] = text
		}
	}
}
