package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// readXLSX reads every visible sheet of a workbook, merged cells in all their places
// if merged says so.
func readXLSX(file []byte, merged bool) (grids []grid, err error) {
	// The library is not written for hostile files; a panic inside it means
	// that the file is no workbook, not that our state is broken.
	defer func() {
		if recover() != nil {
			grids, err = nil, refuse("sheet.damaged", nil)
		}
	}()
	if err := checkParts(file); err != nil {
		return nil, err
	}
	// Equal limits keep the library from unpacking large parts to disk.
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked,
	})
	if err != nil {
		return nil, refuse("sheet.damaged", nil)
	}
	defer func() { _ = book.Close() }()
	return readSheets(book, merged)
}

// readSheets reads the visible sheets of an open workbook in order.
func readSheets(book *excelize.File, merged bool) ([]grid, error) {
	properties, err := book.GetWorkbookProps()
	if err != nil {
		return nil, refuse("sheet.damaged", nil)
	}
	var grids []grid
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		g, err := readSheet(book, name)
		if err != nil {
			return nil, err
		}
		if merged && len(g.rows) > 0 {
			if err := g.spread(book, name); err != nil {
				return nil, err
			}
		}
		g.date1904 = properties.Date1904 != nil && *properties.Date1904
		grids = append(grids, g)
	}
	if len(grids) == 0 {
		return nil, refuse("sheet.empty", nil)
	}
	return grids, nil
}

// checkParts unpacks the file once, keeping nothing. The library stops at
// damage and at bad XML without a word and gives the rows up to there; an
// import that lost its end would look complete. Sizes are counted here as they
// unpack, not as the file states them.
func checkParts(file []byte) error {
	parts, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil || len(parts.File) > maxParts {
		return refuse("sheet.damaged", nil)
	}
	left := int64(maxUnpacked)
	for _, part := range parts.File {
		if part.UncompressedSize64 > uint64(left) {
			return refuse("sheet.unpacks_too_big", nil)
		}
		size, err := checkPart(part, left)
		if left -= size; left < 0 {
			return refuse("sheet.unpacks_too_big", nil)
		}
		if err != nil {
			return refuse("sheet.damaged", nil)
		}
	}
	return nil
}

// checkPart reads one part to its end: its checksum must hold and the XML of a
// sheet must be complete. It stops one byte after the limit.
func checkPart(part *zip.File, limit int64) (int64, error) {
	r, err := part.Open()
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }()
	counted := &counter{r: io.LimitReader(r, limit+1)}
	name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
	if strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml") {
		err = wellFormed(counted)
	}
	if _, rest := io.Copy(io.Discard, counted); err == nil {
		err = rest
	}
	return counted.n, err
}

// wellFormed reads XML to its end.
func wellFormed(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// counter counts what was read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// readSheet reads one sheet twice in step: as stored and as shown.
func readSheet(book *excelize.File, name string) (grid, error) {
	stored, err := book.Rows(name)
	if err != nil {
		// A chart sheet has no rows.
		return grid{}, nil
	}
	defer func() { _ = stored.Close() }()
	shown, err := book.Rows(name)
	if err != nil {
		return grid{}, nil
	}
	defer func() { _ = shown.Close() }()
	var g grid
	for number := 1; stored.Next() && shown.Next(); number++ {
		raw, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return grid{}, refuse("sheet.damaged", nil)
		}
		seen, err := shown.Columns()
		if err != nil {
			return grid{}, refuse("sheet.damaged", nil)
		}
		row, ok := filledRow(number, pairCells(raw, seen))
		if !ok {
			continue
		}
		if err := tooLarge(g.rows, len(row.cells)); err != nil {
			return grid{}, err
		}
		g.rows = append(g.rows, row)
	}
	if stored.Error() != nil || shown.Error() != nil {
		return grid{}, refuse("sheet.damaged", nil)
	}
	return g, nil
}

func pairCells(raw, shown []string) []cell {
	cells := make([]cell, max(len(raw), len(shown)))
	for i := range cells {
		var r, s string
		if i < len(raw) {
			r = raw[i]
		}
		if i < len(shown) {
			s = shown[i]
		}
		cells[i] = newCell(r, s)
	}
	return cells
}
