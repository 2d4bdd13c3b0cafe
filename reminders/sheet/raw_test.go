package sheet_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// texts gives all cells of a sheet, row by row.
func texts(s sheet.Sheet) [][]string {
	var all [][]string
	for _, row := range s.Rows {
		var cells []string
		for i := range row.Len() {
			cells = append(cells, row.TextAt(i))
		}
		all = append(all, cells)
	}
	return all
}

// TestReadSheets: merged cells show their text in all rows and columns that they cover;
// what is filled keeps its own text.
func TestReadSheets(t *testing.T) {
	file := workbook(t, func(f *excelize.File) {
		set(f, "Sheet1", "A1", "值班表")
		set(f, "Sheet1", "A2", "日期", "白班", nil, "夜班")
		set(f, "Sheet1", "A3", nil, "甲", "乙")
		set(f, "Sheet1", "A4", time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), "一", "二", "三")
		for _, area := range [][2]string{{"A1", "D1"}, {"A2", "A3"}, {"B2", "C2"}, {"D2", "D3"}, {"F9", "G12"}} {
			if err := f.MergeCell("Sheet1", area[0], area[1]); err != nil {
				panic(err)
			}
		}
	})
	sheets, err := sheet.ReadSheets("a.xlsx", file)
	if err != nil || len(sheets) != 1 {
		t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	got := texts(sheets[0])
	want := [][]string{{"值班表", "值班表", "值班表", "值班表"}, {"日期", "白班", "白班", "夜班"}, {"日期", "甲", "乙", "夜班"}}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Error(diff)
	}
	last := sheets[0].Rows[3]
	day, err := last.DateAt(0)
	if err != nil || !day.Equal(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("date %s, %v", day, err)
	}
	if _, err := last.DateAt(9); err == nil || last.TextAt(9) != "" || last.TextAt(-1) != "" {
		t.Error("there is something beyond the end")
	}
}

// TestReadSheetsText: a text is given in every way to split it; nothing is refused as a
// sheet is.
func TestReadSheetsText(t *testing.T) {
	sheets, err := sheet.ReadSheets("a.csv", []byte("a;b,c\n"))
	if err != nil || len(sheets) != 3 || len(texts(sheets[0])[0]) != 2 {
		t.Errorf("%d sheets, %v", len(sheets), err)
	}
	for key, file := range map[string]string{"sheet.empty": " \n", "sheet.encoding": "\x00\x01", "sheet.damaged": "PK\x03\x04"} {
		if _, err := sheet.ReadSheets("a.csv", []byte(file)); reminders.MessageOf(err).Key != key {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// TestWriteBook: several sheets come back as they were written.
func TestWriteBook(t *testing.T) {
	var out bytes.Buffer
	err := sheet.WriteBook(&out,
		sheet.Page{Title: "值班表", Headers: []string{"日期", "值班员"}, Rows: [][]string{{"2026-10-01", "007"}}},
		sheet.Page{Title: "人员", Headers: []string{"工号"}, Rows: [][]string{{"=1+1"}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := sheet.ReadSheets("a.xlsx", out.Bytes())
	if err != nil || len(sheets) != 2 {
		t.Fatalf("%d sheets, %v", len(sheets), err)
	}
	want := [][][]string{{{"日期", "值班员"}, {"2026-10-01", "007"}}, {{"工号"}, {"=1+1"}}}
	if diff := cmp.Diff(want, [][][]string{texts(sheets[0]), texts(sheets[1])}); diff != "" {
		t.Error(diff)
	}
}

// TestWriteCounts: the last columns are numbers where they can be, the others texts; and
// the same rows make the same bytes.
func TestWriteCounts(t *testing.T) {
	page := sheet.Page{Title: "汇总", Headers: []string{"编号", "数量"}, Rows: [][]string{{"007", "12"}, {"008", "-"}}, Counts: 1}
	pages := []sheet.Page{page, {Title: "a", Headers: page.Headers}, {Title: "b", Headers: page.Headers}, {Title: "c", Headers: page.Headers}}
	var out bytes.Buffer
	if err := sheet.WriteBook(&out, pages...); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		var again bytes.Buffer
		if err := sheet.WriteBook(&again, pages...); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Fatalf("written again it is another file, %v", err)
		}
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]excelize.CellType{
		"A2": excelize.CellTypeInlineString, "B1": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, "B3": excelize.CellTypeInlineString,
	} {
		if got, err := book.GetCellType("汇总", cell); err != nil || got != want {
			t.Errorf("%s: type %d, want %d, %v", cell, got, want, err)
		}
	}
	if got, _ := book.GetCellValue("汇总", "B2"); got != "12" {
		t.Errorf("B2 is %q", got)
	}
}

// FuzzReadSheets: merged areas of a hostile workbook do no harm.
func FuzzReadSheets(f *testing.F) {
	good := workbook(f, func(b *excelize.File) { set(b, "Sheet1", "A1", "日期", "值班员") })
	f.Add([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>x</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B1:A1"/></mergeCells></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData/><mergeCells><mergeCell ref=""/><mergeCell ref="A0"/></mergeCells></worksheet>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		file := repack(t, good, func([]byte) []byte { return body })
		sheets, err := sheet.ReadSheets("a.xlsx", file)
		if err != nil && reminders.MessageOf(err).Key == "" {
			t.Fatalf("error without a text: %v", err)
		}
		for _, s := range sheets {
			for _, row := range s.Rows {
				if row.Len() > sheet.MaxCells {
					t.Fatalf("a row of %d cells", row.Len())
				}
			}
		}
	})
}
