package calendar_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// gb18030 encodes a text as GB18030.
func gb18030(s string) string {
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return encoded
}

// workbook makes an XLSX file in which the date is a real date.
func workbook(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	cells := map[string]any{
		"A1": "名称", "B1": "日期", "C1": "休",
		"A2": "中秋节", "B2": 46645, "C2": "休", // 2027-09-15
		"A3": "中秋节", "B3": "2027/9/12", "C3": "班",
	}
	for cell, value := range cells {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// moonFestival is what every file of TestParse says.
func moonFestival(source string) calendar.Arrangement {
	a := arranged(2027, makeUp("中秋节", "2027-09-12"), off("中秋节", "2027-09-15"))
	a.Source = source
	return a
}

func TestParse(t *testing.T) {
	const table = "name,date,off\n中秋节,2027-09-15,yes\n中秋节,2027-09-12,no\n"
	const chinese = "名称,日期,休\n中秋节,2027年9月15日,是\n中秋节,2027/9/12,否\n"
	const json = `{"$schema": "x", "year": 2027, "papers": ["https://example.org/notice"], "days": [
		{"name": "中秋节", "date": "2027-09-15", "isOffDay": true}, {"name": "中秋节", "date": "2027-09-12", "isOffDay": false}]}`
	tests := []struct{ name, file, content, source string }{
		{"JSON", "2027.json", json, "https://example.org/notice"},
		{"JSON by its content", "holidays", " \n" + json, "https://example.org/notice"},
		{"JSON with BOM", "2027.json", "\ufeff" + json, "https://example.org/notice"},
		{"JSON in GB18030", "2027.json", gb18030(json), "https://example.org/notice"},
		{"CSV", "dir/2027.csv", table, "2027.csv"},
		{"CSV by another name", `C:\files\holidays.txt`, table, "holidays.txt"},
		{"CSV in Chinese", "2027.csv", chinese, "2027.csv"},
		{"CSV with BOM and CRLF", "2027.csv", "\ufeff" + strings.ReplaceAll(chinese, "\n", "\r\n"), "2027.csv"},
		{"CSV in GB18030", "2027.csv", gb18030(chinese), "2027.csv"},
		{"CSV with a row twice", "2027.csv", table + "中秋节,2027-09-15,1\n", "2027.csv"},
		{"XLSX", "2027.xlsx", workbook(t), "2027.xlsx"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs, err := calendar.Parse(tt.file, []byte(tt.content))
			if err != nil || len(errs) > 0 {
				t.Fatalf("Parse: %v, %v", err, toldRows(t, errs))
			}
			if diff := cmp.Diff(moonFestival(tt.source), got); diff != "" {
				t.Errorf("arrangement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseKeepsStatusAndSource(t *testing.T) {
	file := `{"year": 2027, "status": "provisional", "source": "law", "confirmed": true, "days": [
		{"name": "元旦", "date": "2026-12-31", "isOffDay": true}]}`
	got, errs, err := calendar.Parse("2027.json", []byte(file))
	if err != nil || len(errs) > 0 {
		t.Fatal(err, errs)
	}
	// Only an admin confirms, never a file; and December belongs to the next year's notice.
	want := calendar.Arrangement{Year: 2027, Status: calendar.Provisional, Source: "law", Days: off("元旦", "2026-12-31")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrangement (-want +got):\n%s", diff)
	}
}

func TestParseFindsTheYearOfATable(t *testing.T) {
	tests := []struct {
		name, rows string
		want       int
	}{
		{"most days", "元旦,2026-12-31,yes\n元旦,2027-01-01,yes\n元旦,2027-01-02,yes\n", 2027},
		{"of equals the later", "元旦,2026-12-31,yes\n元旦,2027-01-01,yes\n", 2027},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs, err := calendar.Parse("holidays-2019.csv", []byte("name,date,off\n"+tt.rows))
			if err != nil || len(errs) > 0 || got.Year != tt.want {
				t.Errorf("Parse = %d, %v, %v", got.Year, errs, err)
			}
		})
	}
}

func TestParseRefusesTheFile(t *testing.T) {
	tests := []struct{ name, file, content, key string }{
		{"nothing", "2027.json", "", "calendar.empty"},
		{"only a BOM", "2027.csv", "\ufeff\r\n", "calendar.empty"},
		{"too large", "2027.csv", strings.Repeat("x", calendar.MaxBytes+1), "calendar.too_big"},
		{"JSON cut short", "2027.json", `{"year": 2027, "days": [`, "calendar.json"},
		{"a JSON array", "statutory.json", `[]`, "calendar.json"},
		{"JSON without year", "2027.json", `{"days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}`, "calendar.year"},
		{"JSON without days", "2027.json", `{"year": 2027, "days": []}`, "calendar.empty"},
		{"JSON of unknown status", "2027.json", `{"year": 2027, "status": "final", "days": []}`, "calendar.status"},
		{"JSON in no known encoding", "2027.json", "{\xff\xff\xff}", "calendar.encoding"},
		{"JSON with a zero byte", "2027.json", "{\x00}", "calendar.encoding"},
		{"CSV with a header only", "2027.csv", "name,date,off\n", "calendar.empty"},
		{"more days than a year can have", "2027.csv", "name,date,off\n" + strings.Repeat("x,2027-01-01,yes\n", 1001), "calendar.too_many"},
		{"CSV without a column", "2027.csv", "name,date\n元旦,2027-01-01\n", "sheet.column_missing"},
		{"ICS by name only", "2027.ics", "name,date,off\n", "calendar.ics"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs, err := calendar.Parse(tt.file, []byte(tt.content))
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != tt.key {
				t.Errorf("Parse: %v, want %s", err, tt.key)
			}
			if got.Year != 0 || len(got.Days)+len(errs) > 0 {
				t.Errorf("Parse = %v, %v beside an error", got, errs)
			}
			checkText(t, reminders.MessageOf(err))
		})
	}
}

// toldRows gives row errors one a line and checks that each has a text.
func toldRows(t *testing.T, errs []calendar.RowError) []string {
	t.Helper()
	var all []string
	for _, e := range errs {
		checkText(t, e.Message)
		all = append(all, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Message.Key))
	}
	return all
}

func TestParseNamesTheRow(t *testing.T) {
	tests := []struct {
		name, file, content string
		want                []string
	}{
		{
			"table", "2027.csv",
			"节日,日期,放假\n元旦,2027-01-01,是\n元旦,2027-11-31,是\n元旦,next week,是\n" + strings.Repeat("长", 61) + ",2027-02-01,是\n元旦,2027-01-02,maybe\n",
			[]string{"3 日期 calendar.date", "4 日期 calendar.date", "5 节日 calendar.row.name", "6 放假 calendar.row.off"},
		},
		{
			"empty cells are told once", "2027.csv",
			"name,date,off\n,2027-01-01,yes\n元旦,,yes\n元旦,2027-01-01,\n",
			[]string{"2 name sheet.cell_empty", "3 date sheet.cell_empty", "4 off sheet.cell_empty"},
		},
		{
			"a day twice with contradicting flags", "2027.csv",
			"name,date,off\n元旦,2027-01-01,yes\n元旦,2027-01-02,yes\n元旦,2027-01-01,no\n",
			[]string{"4 off calendar.row.contradiction"},
		},
		{
			"a day of another year", "2027.csv",
			"name,date,off\n元旦,2027-01-01,yes\n元旦,2027-01-02,yes\n元旦,2072-01-03,yes\n元旦,2026-11-30,yes\n",
			[]string{"4 date calendar.row.year", "5 date calendar.row.year"},
		},
		{
			"JSON", "2027.json",
			`{"year": 2027, "days": [7, {"name": "元旦", "date": "2027-1-1", "isOffDay": true}, {"name": "", "date": "2027-01-01"},
			  {"name": "元旦", "date": "2027-01-01", "isOffDay": "yes"}, {"name": "元旦", "date": "2028-02-01", "isOffDay": true},
			  {"name": "a\u0007", "date": "2027-01-01", "isOffDay": true}]}`,
			[]string{
				"1  calendar.row.json", "2 date calendar.date", "3 name calendar.row.name", "3 isOffDay calendar.row.off",
				"4  calendar.row.json", "5 date calendar.row.year", "6 name calendar.row.name",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs, err := calendar.Parse(tt.file, []byte(tt.content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, toldRows(t, errs)); diff != "" {
				t.Errorf("row errors (-want +got):\n%s", diff)
			}
			if got.Year != 0 || len(got.Days) > 0 {
				t.Errorf("a calendar with holes: %v", got)
			}
		})
	}
}

// TestParseStopsNaming makes sure that a file that is no calendar at all does not
// become thousands of complaints.
func TestParseStopsNaming(t *testing.T) {
	_, errs, err := calendar.Parse("2027.csv", []byte("name,date,off\n"+strings.Repeat("x,y,z\n", 1000)))
	if err != nil || len(errs) != 50 || errs[0].Row != 2 || errs[49].Row != 26 {
		t.Errorf("%d row errors, %v", len(errs), err)
	}
}
