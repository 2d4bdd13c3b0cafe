package duty_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// book makes a workbook out of rows; merge names areas such as "A1:D1".
func book(t testing.TB, rows [][]any, merge ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, area := range merge {
		from, to, _ := strings.Cut(area, ":")
		if err := f.MergeCell("Sheet1", from, to); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// read reads a file and looks its words up: the shifts as "row unit from-to people", and
// what is wrong as "row column key".
func (w *world) read(name string, file []byte, where duty.Where) (shifts, wrong []string) {
	w.t.Helper()
	list, errs, err := duty.ReadRoster(name, file)
	if err != nil {
		return nil, []string{reminders.MessageOf(err).Key}
	}
	w.do(func(tx reminders.Tx) error {
		shifts = nil
		plans, unknown, err := w.desk.Plans(tx, list, where)
		errs = append(errs, unknown...)
		for _, plan := range plans {
			for _, p := range plan.Planned {
				shifts = append(shifts, fmt.Sprintf("%d %s %s-%s %s/%s/%s", p.Row, p.Unit, p.Start.Format("01-02T15:04"), p.End.Format("02T15:04"),
					p.Officer, p.Leader, p.Backup))
			}
		}
		return err
	})
	say := words(w.t)
	for _, e := range errs {
		wrong = append(wrong, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Message.Key))
		if text := say(e.Line()); !strings.Contains(text, fmt.Sprint(e.Row)) {
			w.t.Errorf("%q does not name row %d", text, e.Row)
		}
	}
	return shifts, wrong
}

const header = "date,start,end,unit,officer,leader,backup\n"

// The columns of the contract, in the spellings of offices.
func TestReadContract(t *testing.T) {
	for _, row := range []struct {
		name, file string
		where      duty.Where
		want       []string
	}{
		{
			"as the contract has it", header + "2026-10-01,08:00,08:00,港务局,H1,H5,H3\n2026-10-02,08:00,20:00,港务局,H2,H5,\n",
			duty.Where{},
			[]string{"2 harbour 10-01T08:00-02T08:00 H1/H5/H3", "3 harbour 10-02T08:00-02T20:00 H2/H5/"},
		},
		{
			"Chinese headers, names, a night", "日期,开始,结束,单位,值班员,带班领导,备班\n2026年10月1日,20:00,8:00,港务局,甲 一,甲五,\n",
			duty.Where{},
			[]string{"2 harbour 10-01T20:00-02T08:00 H1/H5/"},
		},
		{
			"without units, in the liaison's own name", "日期,开始,结束,值班员\n2026/10/1,8点,24:00,甲二\n",
			duty.Where{Unit: "harbour", Own: []reminders.UnitID{"harbour"}},
			[]string{"2 harbour 10-01T08:00-02T00:00 H2//"},
		},
		{
			"a leader of the unit above, by name", header + "2026-10-01,08:00,08:00,港务局,H1,丙一,\n",
			duty.Where{},
			[]string{"2 harbour 10-01T08:00-02T08:00 H1/C1/"},
		},
		{
			"two blocks in one file", header + "2026-09-25,08:00,08:00,市场局,M1,C1,\n2026-10-01,08:00,08:00,市场局,M1,C1,\n",
			duty.Where{},
			[]string{"2 market 09-25T08:00-26T08:00 M1/C1/", "3 market 10-01T08:00-02T08:00 M1/C1/"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			shifts, wrong := w.read("r.csv", []byte(row.file), row.where)
			if diff := cmp.Diff(row.want, shifts); diff != "" || len(wrong) > 0 {
				t.Errorf("wrong %q\n%s", wrong, diff)
			}
		})
	}
}

// Each row is a file with something wrong: the row, the column as it stands there, the
// reason.
func TestReadContractRefuses(t *testing.T) {
	many := header + strings.Repeat("2026-10-01,08:00,08:00,港务局,H1,H5,\n", 10_001)
	for _, row := range []struct {
		name, file string
		where      duty.Where
		want       []string
	}{
		{"31 November", header + "2026-11-31,08:00,08:00,港务局,H1,H5,\n", duty.Where{}, []string{"2 date sheet.date_wrong"}},
		{"a day that is no holiday", header + "2026-10-08,08:00,08:00,港务局,H1,H5,\n", duty.Where{}, []string{"2 date duty.row.outside"}},
		{"another block than asked for", header + "2026-09-25,08:00,08:00,港务局,H1,H5,\n", duty.Where{Block: national}, []string{"2 date duty.row.outside"}},
		{"times the wrong way round", header + "2026-10-01,08:00,07:00,港务局,H1,H5,\n", duty.Where{}, []string{"2 end duty.row.inverted"}},
		{"no time", header + "2026-10-01,morning,20:00,港务局,H1,H5,\n", duty.Where{}, []string{"2 start sheet.time_wrong"}},
		{"nobody on duty", header + "2026-10-01,08:00,08:00,港务局,,H5,\n", duty.Where{}, []string{"2 officer sheet.cell_empty"}},
		{"the same row twice", header + "2026-10-01,08:00,08:00,港务局,H1,H5,\n2026-10-01,08:00,20:00,港务局,H2,H5,\n", duty.Where{}, []string{"3 date duty.row.twice"}},
		{"an unknown unit", header + "2026-10-01,08:00,08:00,水务局,H1,H5,\n", duty.Where{}, []string{"2 unit duty.row.unit_unknown"}},
		{"no unit at all", "date,start,end,officer\n2026-10-01,08:00,08:00,H1\n", duty.Where{}, []string{"2 unit duty.row.unit_missing"}},
		{"another unit than one's own", header + "2026-10-01,08:00,08:00,市场局,M1,C1,\n", duty.Where{Own: []reminders.UnitID{"harbour"}}, []string{"2 unit duty.row.unit_other"}},
		{"an unknown name", "日期,开始,结束,单位,值班员\n2026-10-01,08:00,08:00,港务局,乙一\n", duty.Where{}, []string{"2 值班员 duty.row.person_unknown"}},
		{"an unknown number", header + "2026-10-01,08:00,08:00,港务局,X77,H5,\n", duty.Where{}, []string{"2 officer duty.row.person_unknown"}},
		{"a name that two have", header + "2026-10-01,08:00,08:00,港务局,同名,H5,\n", duty.Where{}, []string{"2 officer duty.row.ambiguous"}},
		{"an empty file", "", duty.Where{}, []string{"sheet.empty"}},
		{"only a header", header, duty.Where{}, []string{"duty.file_empty"}},
		{"another list", "工号,姓名\nH1,甲一\n", duty.Where{}, []string{"sheet.column_missing"}},
		{"a huge file", many, duty.Where{}, []string{"duty.file_long"}},
		{"no spreadsheet", "\x00\x01\x02", duty.Where{}, []string{"sheet.encoding"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.people.add("H8", "同名", "harbour")
			w.people.add("H9", "同名", "harbour")
			_, wrong := w.read("r.csv", []byte(row.file), row.where)
			if diff := cmp.Diff(row.want, wrong); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Dates as Excel keeps them, and a whole day as a number.
func TestReadSerialNumbers(t *testing.T) {
	w := newWorld(t)
	file := book(t, [][]any{
		{"日期", "开始", "结束", "单位", "值班员", "带班领导"},
		{46296, 8.0 / 24, 20.0 / 24, "港务局", "H1", "H5"}, // 1 October 2026
	})
	shifts, wrong := w.read("r.xlsx", file, duty.Where{})
	if diff := cmp.Diff([]string{"2 harbour 10-01T08:00-01T20:00 H1/H5/"}, shifts); diff != "" || len(wrong) > 0 {
		t.Errorf("wrong %q\n%s", wrong, diff)
	}
}

// No bytes make reading panic, and every refusal has a text.
func FuzzReadRoster(f *testing.F) {
	f.Add([]byte(header + "2026-10-01,08:00,08:00,港务局,H1,H5,H3\n"))
	f.Add([]byte("日期,白班(08:00-20:00) 值班员,夜班,带班领导\n2026-10-01,甲一、甲二,甲三,甲五\n"))
	f.Add(book(f, officeRows(), "A1:E1", "A2:A3", "B2:C2"))
	f.Fuzz(func(t *testing.T, file []byte) {
		list, errs, err := duty.ReadRoster("r.csv", file)
		if err != nil && reminders.MessageOf(err).Key == "" {
			t.Fatalf("error without a text: %v", err)
		}
		for _, e := range list.Entries {
			if len(errs) == 0 && (e.Officer == "" || e.End <= e.Start || e.End > e.Start+24*60*60*1e9) {
				t.Fatalf("entry %+v", e)
			}
		}
		for _, e := range errs {
			if e.Row < 1 || e.Message.Key == "" {
				t.Fatalf("row error %+v", e)
			}
		}
	})
}
