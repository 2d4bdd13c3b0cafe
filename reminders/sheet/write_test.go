package sheet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

func TestNeutral(t *testing.T) {
	tests := []struct{ text, want string }{
		{"=1+1", "'=1+1"},
		{"+86", "'+86"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"\n=1", "'\n=1"},
		{"＝1+1", "'＝1+1"}, // full-width, which some programs take too
		{"1=1", "1=1"},
		{"甲一", "甲一"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := sheet.Neutral(tt.text); got != tt.want {
			t.Errorf("Neutral(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestWriteCSV(t *testing.T) {
	var out bytes.Buffer
	err := sheet.WriteCSV(&out, []string{"工号", "姓名"}, [][]string{{"007", "甲,一"}, {"=1", "@x"}})
	if err != nil {
		t.Fatal(err)
	}
	want := "\ufeff工号,姓名\r\n007,\"甲,一\"\r\n'=1,'@x\r\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// TestWriteXLSX: texts stay texts, formulas are neutral, the header stays in
// view and has filters.
func TestWriteXLSX(t *testing.T) {
	var out bytes.Buffer
	headers := []string{"工号", "姓名"}
	rows := [][]string{{"007", "甲一"}, {"=HYPERLINK(\"x\")", ""}}
	if err := sheet.WriteXLSX(&out, "台账: 2026/国庆", headers, rows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	got, err := f.GetRows("台账 2026国庆")
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"工号", "姓名"}, {"007", "甲一"}, {"'=HYPERLINK(\"x\")"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	panes, err := f.GetPanes("台账 2026国庆")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	var filter string
	for _, name := range f.GetDefinedName() {
		filter += name.RefersTo
	}
	if !strings.Contains(filter, "$A$1:$B$3") {
		t.Errorf("filter over %q", filter)
	}
}

// TestWriteReads: what is written reads the same, in both formats.
func TestWriteReads(t *testing.T) {
	headers := []string{"staff_no", "name", "title"}
	rows := [][]string{{"007", "甲一", "=1+1"}, {"-5", "甲\n二", "a;b"}, {"1E5", "\"x\"", "46296"}}
	want := []line{{2, "007", "甲一", "=1+1"}, {3, "-5", "甲\n二", "a;b"}, {4, "1E5", "\"x\"", "46296"}}
	for _, format := range []string{"csv", "xlsx"} {
		var out bytes.Buffer
		err := sheet.WriteCSV(&out, headers, rows)
		if format == "xlsx" {
			out.Reset()
			err = sheet.WriteXLSX(&out, "", headers, rows)
		}
		if err != nil {
			t.Fatal(err)
		}
		table, errs, err := sheet.Read("a."+format, out.Bytes(), columns)
		if err != nil || len(errs) > 0 {
			t.Fatalf("%s: %v, %v", format, err, errs)
		}
		if diff := cmp.Diff(want, lines(table)); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

// TestWriteNothing: a table without rows, and one without columns, are files too.
func TestWriteNothing(t *testing.T) {
	for _, headers := range [][]string{{"工号"}, nil} {
		var out bytes.Buffer
		if err := sheet.WriteXLSX(&out, strings.Repeat("长", 40), headers, nil); err != nil {
			t.Errorf("WriteXLSX with %v: %v", headers, err)
		}
		if err := sheet.WriteCSV(&out, headers, nil); err != nil {
			t.Errorf("WriteCSV with %v: %v", headers, err)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFails(t *testing.T) {
	if err := sheet.WriteCSV(broken{}, []string{"a"}, nil); err == nil {
		t.Error("WriteCSV hides that nothing was written")
	}
	if err := sheet.WriteXLSX(broken{}, "", []string{"a"}, nil); err == nil {
		t.Error("WriteXLSX hides that nothing was written")
	}
}
