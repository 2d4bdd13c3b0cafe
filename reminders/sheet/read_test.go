package sheet_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

var columns = []sheet.Column{
	{Name: "staff_no", Aliases: []string{"工号"}, Required: true},
	{Name: "name", Aliases: []string{"姓名"}, Required: true},
	{Name: "title", Aliases: []string{"职务"}},
}

// line is a row as the tests compare it.
type line struct {
	Row             int
	No, Name, Title string
}

func lines(t sheet.Table) []line {
	var all []line
	for _, r := range t.Rows {
		all = append(all, line{r.Number, r.Text("staff_no"), r.Text("name"), r.Text("title")})
	}
	return all
}

func gb18030(t *testing.T, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestReadText(t *testing.T) {
	plain := "staff_no,name,title\nS001,甲一,科员\n"
	want := []line{{2, "S001", "甲一", "科员"}}
	tests := []struct {
		name string
		file string
		want []line
	}{
		// The encodings in which such files arrive all read the same.
		{"utf-8", plain, want},
		{"utf-8 with a byte order mark", "\ufeff" + plain, want},
		{"gb18030", gb18030(t, plain), want},
		{"utf-16, which Excel calls Unicode text", utf16le(strings.ReplaceAll(plain, ",", "\t")), want},
		// The separator is the one with which the header is found.
		{"semicolons", strings.ReplaceAll(plain, ",", ";"), want},
		{"tabs", strings.ReplaceAll(plain, ",", "\t"), want},
		{"semicolons inside a comma file", "staff_no,name,title\nS001,甲一,a;b;c\n", []line{{2, "S001", "甲一", "a;b;c"}}},
		{"line ends of old systems", strings.ReplaceAll(plain, "\n", "\r"), want},
		{"line ends of Windows", strings.ReplaceAll(plain, "\n", "\r\n"), want},
		// Headers are found by meaning, wherever they stand.
		{"chinese headers in another order", "职务,姓名,工号\n科员,甲一,S001\n", want},
		{"headers with remarks, case and width", "Ｓｔａｆｆ_No *,姓 名（必填）,职务\nS001,甲一,科员\n", want},
		{"title rows above the header", "某单位花名册\n\n制表：2026年\n工号,姓名,职务\nS001,甲一,科员\n", []line{{5, "S001", "甲一", "科员"}}},
		// Rows keep the number that a spreadsheet program shows.
		{"empty rows between and behind", "工号,姓名\n\nS001,甲一\n,,\n\nS002,甲二\n\n,\n", []line{{3, "S001", "甲一", ""}, {6, "S002", "甲二", ""}}},
		{"a line break inside quotes is one row", "工号,姓名,职务\nS001,甲一,\"科员\n兼\"\nS002,甲二,\n", []line{{2, "S001", "甲一", "科员\n兼"}, {3, "S002", "甲二", ""}}},
		// Space of any width goes, leading zeros stay.
		{"full-width space and zeros", "工号,姓名\n\u3000007\u3000,\u00a0甲一\u200b\n", []line{{2, "007", "甲一", ""}}},
		{"zeros kept by a formula", "工号,姓名\n\"=\"\"007\"\"\",甲一\n", []line{{2, "007", "甲一", ""}}},
		{"what export neutralised", "工号,姓名,职务\nS001,甲一,'=1+1\n", []line{{2, "S001", "甲一", "=1+1"}}},
		{"a header without rows", "工号,姓名\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, errs, err := sheet.Read("people.csv", []byte(tt.file), columns)
			if err != nil || len(errs) > 0 {
				t.Fatalf("Read: %v, row errors %v", err, errs)
			}
			if diff := cmp.Diff(tt.want, lines(table)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	wide := "工号,姓名" + strings.Repeat(",x", sheet.MaxCells) + "\n"
	tests := []struct {
		name string
		as   string // file name
		file string
		want string // key of the text
	}{
		{"nothing", "a.csv", "", "sheet.empty"},
		{"only space", "a.csv", " \n\t\n,,\n", "sheet.empty"},
		{"too many bytes", "a.csv", strings.Repeat("x", sheet.MaxBytes+1), "sheet.too_big"},
		{"too many rows", "a.csv", "工号,姓名\n" + strings.Repeat("1,2\n", sheet.MaxRows), "sheet.too_many_rows"},
		{"too many columns", "a.csv", wide, "sheet.too_wide"},
		{"a required column is missing", "a.csv", "工号,职务\nS001,科员\n", "sheet.column_missing"},
		{"no header at all", "a.csv", "S001,甲一\nS002,甲二\n", "sheet.column_missing"},
		// A header far down would hide the rows above it.
		{"the header is too far down", "a.csv", strings.Repeat("x\n", 20) + "工号,姓名\nS001,甲一\n", "sheet.column_missing"},
		{"one column twice", "a.csv", "工号,姓名,staff_no\n", "sheet.column_twice"},
		{"a quotation mark stays open", "a.csv", "工号,姓名\nS001,\"甲一\nS002,甲二\n", "sheet.quotes"},
		{"bytes of no text", "a.csv", "工号,姓名\nS001,\x80\xff\xff\n", "sheet.encoding"},
		{"a picture", "a.png", "\x89PNG\r\n\x1a\n\x00\x00", "sheet.encoding"},
		{"the old format", "a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "sheet.old_format"},
		{"an xlsx that is none", "a.XLSX", "hello", "sheet.damaged"},
		{"a zip that is no workbook", "a.xlsx", "PK\x03\x04 and so on", "sheet.damaged"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, _, err := sheet.Read(tt.as, []byte(tt.file), columns)
			if got := reminders.MessageOf(err).Key; got != tt.want {
				t.Errorf("text %q, want %q (%v)", got, tt.want, err)
			}
			if err != nil && reminders.KindOf(err) != reminders.Invalid {
				t.Errorf("kind %q, want Invalid", reminders.KindOf(err))
			}
			if len(table.Rows) > 0 {
				t.Errorf("a refused file gave %d rows", len(table.Rows))
			}
		})
	}
}

// TestReadNamesWhatIsMissing: the text names the columns of the likeliest header
// in both languages.
func TestReadNamesWhatIsMissing(t *testing.T) {
	_, _, err := sheet.Read("a.csv", []byte("花名册\n工号,职务\nS001,科员\n"), columns)
	if got := *reminders.MessageOf(err).Args["Columns"].Text; got != "name (姓名)" {
		t.Errorf("missing %q", got)
	}
}

// TestReadNamesEmptyCells: a required cell that is empty is a row error under
// the header of the file, and the row stays in the table.
func TestReadNamesEmptyCells(t *testing.T) {
	table, errs, err := sheet.Read("a.csv", []byte("工号,姓名,职务\nS001,甲一,\nS002,\u3000,科员\n,甲三,\n"), columns)
	if err != nil {
		t.Fatal(err)
	}
	empty := reminders.Line("sheet.cell_empty", nil)
	want := []sheet.RowError{{Row: 3, Column: "姓名", Message: empty}, {Row: 4, Column: "工号", Message: empty}}
	if diff := cmp.Diff(want, errs); diff != "" {
		t.Error(diff)
	}
	if len(table.Rows) != 3 {
		t.Errorf("%d rows, want 3", len(table.Rows))
	}
}

// TestReadTellsIgnoredHeaders: a header that no column answers to is named, not
// dropped in silence.
func TestReadTellsIgnoredHeaders(t *testing.T) {
	table, _, err := sheet.Read("a.csv", []byte("工号,姓名,职务级,备注\nS001,甲一,x,y\n"), columns)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"职务级", "备注"}, table.Ignored); diff != "" {
		t.Error(diff)
	}
	if table.Has("title") || table.Header("title") != "title" || table.Header("name") != "姓名" {
		t.Error("headers are not told apart")
	}
}

func TestRowErrorLine(t *testing.T) {
	reason := reminders.Line("sheet.cell_empty", nil)
	whole := sheet.RowError{Row: 3, Message: reason}.Line()
	cell := sheet.RowError{Row: 3, Column: "姓名", Message: reason}.Line()
	if whole.Key != "sheet.row" || cell.Key != "sheet.row_column" || *cell.Args["Column"].Text != "姓名" {
		t.Errorf("lines %v and %v", whole, cell)
	}
	if cell.Args["Reason"].Say.Key != reason.Key || *cell.Args["Row"].Number != 3 {
		t.Errorf("line %v does not carry row and reason", cell)
	}
}

// FuzzReadText: no bytes make Read panic; what it gives has numbered rows in
// order and, written and read again, stays the same.
func FuzzReadText(f *testing.F) {
	for _, s := range []string{
		"工号,姓名\nS001,甲一\n", "\ufeff工号;姓名\n1;2\n", "工号\t姓名\n\"a\nb\"\t\n", "a\n\n工号,姓名\n,,\n=1,'=2\n", "\xff\xfe工", "PK\x03\x04",
	} {
		f.Add([]byte(s))
	}
	f.Add([]byte("\xb9\xa4\xba\xc5,\xd0\xd5\xc3\xfb\n1,2\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		table, _, err := sheet.Read("a.csv", file, columns)
		if err != nil {
			if reminders.MessageOf(err).Key == "" {
				t.Fatalf("error without a text: %v", err)
			}
			return
		}
		last := 0
		var rows [][]string
		for _, l := range lines(table) {
			if l.Row <= last {
				t.Fatalf("row %d after row %d", l.Row, last)
			}
			last = l.Row
			rows = append(rows, []string{l.No, l.Name, l.Title})
		}
		again := rewrite(t, rows)
		if diff := cmp.Diff(trimmed(rows), again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// trimmed leaves out rows of empty cells, as Read does.
func trimmed(rows [][]string) [][]string {
	var kept [][]string
	for _, r := range rows {
		if strings.Join(r, "") != "" {
			kept = append(kept, r)
		}
	}
	return kept
}

// rewrite writes rows as CSV and reads them again.
func rewrite(t *testing.T, rows [][]string) [][]string {
	t.Helper()
	var out bytes.Buffer
	if err := sheet.WriteCSV(&out, []string{"staff_no", "name", "title"}, rows); err != nil {
		t.Fatal(err)
	}
	table, _, err := sheet.Read("a.csv", out.Bytes(), columns)
	if err != nil {
		t.Fatalf("%v in %q", err, out.String())
	}
	var again [][]string
	for _, l := range lines(table) {
		again = append(again, []string{l.No, l.Name, l.Title})
	}
	return again
}
