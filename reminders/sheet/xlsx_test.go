package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// workbook builds a workbook and gives its bytes.
func workbook(t testing.TB, build func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	build(f)
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// set fills a row, whatever the types of its cells.
func set(f *excelize.File, name, cell string, values ...any) {
	if err := f.SetSheetRow(name, cell, &values); err != nil {
		panic(err)
	}
}

func format(f *excelize.File, cell string, style excelize.Style) {
	id, err := f.NewStyle(&style)
	if err != nil {
		panic(err)
	}
	if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
		panic(err)
	}
}

func TestReadWorkbook(t *testing.T) {
	zeros := "00000"
	tests := []struct {
		name  string
		build func(f *excelize.File)
		want  []line
	}{
		{
			// Title rows, gaps and styled empty rows behind the last one.
			"a list as offices keep it", func(f *excelize.File) {
				set(f, "Sheet1", "A1", "某单位花名册")
				set(f, "Sheet1", "B3", "工号", "姓名", "职务")
				set(f, "Sheet1", "B4", "S001", "\u3000甲一 ", "科员")
				set(f, "Sheet1", "B6", "S002", "甲二")
				format(f, "B9", excelize.Style{Font: &excelize.Font{Bold: true}})
			},
			[]line{{4, "S001", "甲一", "科员"}, {6, "S002", "甲二", ""}},
		},
		{
			// Staff numbers that Excel took for numbers.
			"numbers", func(f *excelize.File) {
				set(f, "Sheet1", "A1", "工号", "姓名")
				set(f, "Sheet1", "A2", 1024, "甲一")
				set(f, "Sheet1", "A3", "007", "甲二")
				set(f, "Sheet1", "A4", 42, "甲三")
				format(f, "A4", excelize.Style{CustomNumFmt: &zeros})
				set(f, "Sheet1", "A5", 123456, "甲四")
				format(f, "A5", excelize.Style{NumFmt: 3})
				set(f, "Sheet1", "A6", "1E5", "甲五")
				set(f, "Sheet1", "A7", 20260000000123.0, "甲六")
				format(f, "A7", excelize.Style{NumFmt: 11})
			},
			[]line{
				{2, "1024", "甲一", ""},
				{3, "007", "甲二", ""},
				{4, "00042", "甲三", ""},
				{5, "123456", "甲四", ""},
				{6, "1E5", "甲五", ""},
				{7, "20260000000123", "甲六", ""},
			},
		},
		{
			// The first visible sheet with the header is read.
			"several sheets", func(f *excelize.File) {
				set(f, "Sheet1", "A1", "说明", "请填写第二张表")
				for _, name := range []string{"Hidden", "List"} {
					if _, err := f.NewSheet(name); err != nil {
						panic(err)
					}
					set(f, name, "A1", "工号", "姓名")
					set(f, name, "A2", name, "甲一")
				}
				if err := f.SetSheetVisible("Hidden", false); err != nil {
					panic(err)
				}
			},
			[]line{{2, "List", "甲一", ""}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, errs, err := sheet.Read("a.xlsx", workbook(t, tt.build), columns)
			if err != nil || len(errs) > 0 {
				t.Fatalf("Read: %v, row errors %v", err, errs)
			}
			if diff := cmp.Diff(tt.want, lines(table)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestReadWorkbookDates: a day is the same day whatever its format and whichever
// epoch the workbook counts from.
func TestReadWorkbookDates(t *testing.T) {
	day := time.Date(2026, 10, 1, 8, 30, 0, 0, time.UTC)
	for _, from1904 := range []bool{false, true} {
		file := workbook(t, func(f *excelize.File) {
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904}); err != nil {
				t.Fatal(err)
			}
			set(f, "Sheet1", "A1", "工号", "姓名", "职务")
			for i, layout := range []string{"yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "General", "m/d/yy h:mm"} {
				cell, _ := excelize.CoordinatesToCellName(3, i+2)
				set(f, "Sheet1", strings.Replace(cell, "C", "A", 1), "S", "甲", day)
				format(f, cell, excelize.Style{CustomNumFmt: &layout})
			}
		})
		table, _, err := sheet.Read("a.xlsx", file, columns)
		if err != nil || len(table.Rows) != 4 {
			t.Fatalf("Read: %v, %d rows", err, len(table.Rows))
		}
		for _, row := range table.Rows {
			got, err := row.Date("title")
			if err != nil || got != day.Truncate(24*time.Hour) {
				t.Errorf("1904 %v, row %d: %v, %v", from1904, row.Number, got, err)
			}
			span, err := row.Time("title")
			if err != nil || span != 8*time.Hour+30*time.Minute {
				t.Errorf("1904 %v, row %d: %v, %v", from1904, row.Number, span, err)
			}
		}
	}
}

// part is a file inside a workbook.
type part struct {
	name string
	body []byte
}

func zipOf(t *testing.T, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, p := range parts {
		f, err := w.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(p.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bomb is a part of zeros as it stands in a zip: what it states, in MiB, and what
// it unpacks to. Blocks of a packed stream may be repeated, which is how a bomb
// is made without packing all of it.
type bomb struct{ states, unpacks int }

func bombs(t *testing.T, parts ...bomb) []byte {
	t.Helper()
	var block, out bytes.Buffer
	d, err := flate.NewWriter(&block, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = d.Write(make([]byte, 1<<20))
	_ = d.Flush()
	w := zip.NewWriter(&out)
	for i, p := range parts {
		packed := append(bytes.Repeat(block.Bytes(), p.unpacks), 1, 0, 0, 0xff, 0xff) // an empty last block
		f, err := w.CreateRaw(&zip.FileHeader{
			Name: "xl/part" + string(rune('a'+i)), Method: zip.Deflate,
			CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(p.states) << 20,
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write(packed)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// data is the part in which the cells of the first sheet stand.
const data = "xl/worksheets/sheet1.xml"

// repack copies a workbook, changing its cells.
func repack(t *testing.T, file []byte, change func([]byte) []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []part
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == data {
			body = change(body)
		}
		parts = append(parts, part{f.Name, body})
	}
	return zipOf(t, parts...)
}

func TestReadWorkbookRefuses(t *testing.T) {
	good := workbook(t, func(f *excelize.File) {
		set(f, "Sheet1", "A1", "工号", "姓名")
		set(f, "Sheet1", "A2", "S001", "甲一")
		set(f, "Sheet1", "A3", "S002", "甲二")
	})
	if _, _, err := sheet.Read("a.xlsx", good, columns); err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)/3] ^= 0xff
	many := make([]part, 2001)
	for i := range many {
		many[i] = part{"x" + strings.Repeat("y", i%7), nil}
	}
	tests := []struct {
		name string
		file []byte
		want string
	}{
		{"a zip bomb that says so", bombs(t, bomb{65, 65}), "sheet.unpacks_too_big"},
		{"many parts that are a bomb together", bombs(t, bomb{2, 2}, bomb{63, 63}), "sheet.unpacks_too_big"},
		{"a zip bomb that lies", bombs(t, bomb{1, 65}), "sheet.damaged"},
		{"too many parts", zipOf(t, many...), "sheet.damaged"},
		{"a zip of something else", zipOf(t, part{"hello.txt", []byte("hello")}), "sheet.damaged"},
		{"cut short", good[:len(good)*2/3], "sheet.damaged"},
		{"one byte changed", flipped, "sheet.damaged"},
		// The library would give the rows before the damage as if they were all.
		{"a sheet cut short", repack(t, good, func(b []byte) []byte { return b[:bytes.LastIndex(b, []byte("<row"))] }), "sheet.damaged"},
		{"no sheets", repack(t, good, func([]byte) []byte { return []byte("<worksheet/>") }), "sheet.empty"},
		{"a row beyond the last", repack(t, good, func(b []byte) []byte {
			return bytes.Replace(b, []byte(`<row r="3"`), []byte(`<row r="9999999"`), 1)
		}), "sheet.damaged"},
		{"a cell far to the right", workbook(t, func(f *excelize.File) {
			set(f, "Sheet1", "A1", "工号", "姓名")
			set(f, "Sheet1", "XFD2", "x")
		}), "sheet.too_wide"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if len(tt.file) > sheet.MaxBytes {
				t.Fatalf("the file has %d bytes and would be refused for that", len(tt.file))
			}
			_, _, err := sheet.Read("a.xlsx", tt.file, columns)
			if got := reminders.MessageOf(err).Key; got != tt.want {
				t.Errorf("text %q, want %q (%v)", got, tt.want, err)
			}
		})
	}
}

// FuzzReadWorkbook: no bytes make Read panic, and every refusal has a text.
func FuzzReadWorkbook(f *testing.F) {
	good := workbook(f, func(b *excelize.File) {
		set(b, "Sheet1", "A1", "工号", "姓名")
		set(b, "Sheet1", "A2", 1, "甲一")
	})
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, _, err := sheet.Read("a.xlsx", file, columns); err != nil && reminders.MessageOf(err).Key == "" {
			t.Fatalf("error without a text: %v", err)
		}
	})
}

// FuzzReadSheet: the same for the XML of a sheet, inside a sound workbook.
func FuzzReadSheet(f *testing.F) {
	good := workbook(f, func(b *excelize.File) { set(b, "Sheet1", "A1", "工号", "姓名") })
	f.Add([]byte(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>工号</v></c><c t="inlineStr"><is><t>姓名</t></is></c></row><row><c r="A2" t="s"><v>9</v></c><c r="B2" s="7" t="d"><v>2026-10-01</v></c></row></sheetData></worksheet>`))
	f.Add([]byte(`<worksheet><sheetData><row r="0"><c r="ZZZZ9"/></row><row r="-1"/></sheetData>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		file := repack(t, good, func([]byte) []byte { return body })
		if _, _, err := sheet.Read("a.xlsx", file, columns); err != nil && reminders.MessageOf(err).Key == "" {
			t.Fatalf("error without a text: %v", err)
		}
	})
}
