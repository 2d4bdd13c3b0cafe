package duty_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// officeRows is a roster as an office lays it out: a title, a header of two rows, a day
// and a night, one leader for both.
func officeRows() [][]any {
	return [][]any{
		{"港务局 2026 年国庆节值班表"},
		{"日期", "白班（08:00—20:00）", nil, "夜班（20:00—次日08:00）", "带班领导", "联系电话"},
		{nil, "值班员", "备班", "值班员"},
		{"2026-10-01", "甲一", "甲三", "甲二", "甲五", "0000"},
		{"2026-10-02", "甲三", nil, "甲一、甲四", "甲五（13900000000）", "0000"},
		{"备注：请保持通讯畅通。"},
	}
}

// The layouts in which offices keep their rosters.
func TestReadLayout(t *testing.T) {
	own := duty.Where{Unit: "harbour"}
	for _, row := range []struct {
		name  string
		rows  [][]any
		merge []string
		where duty.Where
		want  []string
	}{
		{
			"day and night, header of two rows", officeRows(),
			[]string{"A1:F1", "A2:A3", "B2:C2", "E2:E3", "F2:F3", "A6:F6"},
			own,
			[]string{
				"4 harbour 10-01T08:00-01T20:00 H1/H5/H3", "4 harbour 10-01T20:00-02T08:00 H2/H5/",
				"5 harbour 10-02T08:00-02T20:00 H3/H5/", "5 harbour 10-02T20:00-03T08:00 H1/H5/H4",
			},
		},
		{
			"times in a header of one row",
			[][]any{
				{"日期", "星期", "白班(8:30-17:30)值班员", "夜班(17:30-次日8:30)值班员", "带班领导"},
				{"2026年10月1日", "四", "甲一", "甲二", "甲五"},
			},
			nil, own,
			[]string{"2 harbour 10-01T08:30-01T17:30 H1/H5/", "2 harbour 10-01T17:30-02T08:30 H2/H5/"},
		},
		{
			"days without a year, which the calendar completes",
			[][]any{
				{"港务局国庆值班表"},
				{"日期", "值班员", "带班领导"},
				{"10月1日", "甲一", "甲五"},
				{"10月2日（周五）", "甲二", "甲五"},
				{"10月 3 日 星期六", "甲三", "甲五"},
			},
			nil, own,
			[]string{"3 harbour 10-01T08:00-02T08:00 H1/H5/", "4 harbour 10-02T08:00-03T08:00 H2/H5/", "5 harbour 10-03T08:00-04T08:00 H3/H5/"},
		},
		{
			"one shift a day, two names in a cell",
			[][]any{{"国庆值班安排"}, {"值班日期", "值班人员", "带班领导"}, {46296, "甲一、甲二", "甲五"}, {46297, "甲 三\n甲四", "甲五"}},
			nil, own,
			[]string{"3 harbour 10-01T08:00-02T08:00 H1/H5/H2", "4 harbour 10-02T08:00-03T08:00 H3/H5/H4"},
		},
		{
			"two rows under one date, the shift in a column",
			[][]any{
				{"日期", "班次", "值班员", "带班领导"},
				{"2026-10-01", "白班", "甲一", "甲五"},
				{nil, "夜班", "甲二", nil},
				{"2026-10-02", "09:00-21:00", "甲三", "甲五"},
			},
			[]string{"A2:A3", "D2:D3"},
			own,
			[]string{"2 harbour 10-01T08:00-01T20:00 H1/H5/", "3 harbour 10-01T20:00-02T08:00 H2/H5/", "4 harbour 10-02T09:00-02T21:00 H3/H5/"},
		},
		{
			"several units",
			[][]any{
				{"单位", "日期", "值班员", "带班领导", "备班"},
				{"港务局", "2026-10-01", "甲一", "甲五", nil},
				{"市场局", "2026-10-01", "乙一", "丙一", "乙二"},
			},
			nil,
			duty.Where{},
			[]string{"2 harbour 10-01T08:00-02T08:00 H1/H5/", "3 market 10-01T08:00-02T08:00 M1/C1/M2"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			shifts, wrong := w.read("r.xlsx", book(t, row.rows, row.merge...), row.where)
			if diff := cmp.Diff(row.want, shifts); diff != "" || len(wrong) > 0 {
				t.Errorf("wrong %q\n%s", wrong, diff)
			}
		})
	}
}

// Each row is a layout with something wrong: the row, the column, the reason.
func TestReadLayoutRefuses(t *testing.T) {
	top := []any{"日期", "白班值班员", "夜班值班员", "带班领导"}
	for _, row := range []struct {
		name string
		rows [][]any
		want []string
	}{
		{"an empty cell", [][]any{top, {"2026-10-01", "甲一", nil, "甲五"}}, []string{"2 夜班值班员 sheet.cell_empty"}},
		{"three names", [][]any{top, {"2026-10-01", "甲一、甲二、甲三", "甲四", "甲五"}}, []string{"2 白班值班员 duty.row.names"}},
		{"two leaders", [][]any{top, {"2026-10-01", "甲一", "甲二", "甲五、甲四"}}, []string{"2 带班领导 duty.row.names", "2 带班领导 duty.row.names"}},
		{"no date", [][]any{top, {"国庆第一天", "甲一", "甲二", "甲五"}}, []string{"2 日期 sheet.date_wrong"}},
		{"31 September", [][]any{top, {"2026-09-31", "甲一", "甲二", "甲五"}}, []string{"2 日期 sheet.date_wrong"}},
		{"31 November without a year", [][]any{top, {"11月31日", "甲一", "甲二", "甲五"}}, []string{"2 日期 sheet.date_wrong"}},
		{"no holiday in any year", [][]any{top, {"7月15日", "甲一", "甲二", "甲五"}}, []string{"2 日期 duty.row.outside", "2 日期 duty.row.outside"}},
		{"outside of the block", [][]any{top, {"2026-10-09", "甲一", "甲二", "甲五"}}, []string{"2 日期 duty.row.outside", "2 日期 duty.row.outside"}},
		{"an unknown shift", [][]any{{"日期", "班次", "值班员"}, {"2026-10-01", "好班", "甲一"}}, []string{"2 班次 duty.row.shift"}},
		{"nothing below", [][]any{top}, []string{"duty.file_empty"}},
		{"somebody else's name", [][]any{top, {"2026-10-01", "甲一", "路人", "甲五"}}, []string{"2 夜班值班员 duty.row.person_unknown"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			_, wrong := w.read("r.xlsx", book(t, row.rows), duty.Where{Unit: "harbour"})
			if diff := cmp.Diff(row.want, wrong); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The names of a cell, as people write them.
func TestNames(t *testing.T) {
	for _, row := range []struct {
		cell string
		want []string
	}{
		{"甲一", []string{"甲一"}},
		{"甲 一", []string{"甲一"}},
		{"甲一、甲二", []string{"甲一", "甲二"}},
		{"甲一，甲二；甲三", []string{"甲一", "甲二", "甲三"}},
		{"甲一/甲二", []string{"甲一", "甲二"}},
		{"欧阳一 司马二", []string{"欧阳一", "司马二"}},
		{"甲一（主班 139 0000 0000）", []string{"甲一"}},
		{"甲一13900000000", []string{"甲一"}},
		{"S001 S002", []string{"S001 S002"}},
		{"H1、H2", []string{"H1", "H2"}},
		{" ", nil},
	} {
		if diff := cmp.Diff(row.want, duty.Names(row.cell)); diff != "" {
			t.Errorf("%q: %s", row.cell, diff)
		}
	}
}

// The template comes back as it was handed out, filled in: the days of the block, the
// unit's people beside it, shifts that are there already.
func TestTemplate(t *testing.T) {
	for _, language := range []reminders.Language{reminders.Chinese, reminders.English} {
		w := newWorld(t)
		var file []byte
		w.do(func(tx reminders.Tx) (err error) {
			file, err = w.desk.Template(tx, w.people.units[1], w.block(national), wordsIn(t, language))
			return err
		})
		_, wrong := w.read("t.xlsx", file, duty.Where{})
		if len(wrong) != 7 || wrong[0][len(wrong[0])-len("sheet.cell_empty"):] != "sheet.cell_empty" {
			t.Errorf("unfilled, in %s: %q", language, wrong)
		}
		w.file(w.whole("harbour", "H5", "H1", "H2"))
		w.do(func(tx reminders.Tx) (err error) {
			file, err = w.desk.Template(tx, w.people.units[1], w.block(national), wordsIn(t, language))
			return err
		})
		shifts, wrong := w.read("t.xlsx", file, duty.Where{})
		if len(shifts) != 7 || len(wrong) > 0 || shifts[6] != "8 harbour 10-07T08:00-08T08:00 H1/H5/" {
			t.Errorf("filled, in %s: %q, %q", language, shifts, wrong)
		}
	}
}
