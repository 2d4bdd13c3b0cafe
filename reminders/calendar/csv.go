package calendar

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// The columns of a table of holidays.
var columns = []sheet.Column{
	{Name: "name", Aliases: []string{"名称", "节日", "节日名称", "holiday"}, Required: true},
	{Name: "date", Aliases: []string{"日期"}, Required: true},
	{Name: "off", Aliases: []string{"休", "休息", "是否休息", "放假", "isOffDay"}, Required: true},
}

// What stands in the column off, in lower case.
var (
	offWords  = []string{"yes", "y", "true", "1", "off", "rest", "是", "休", "休息", "放假"}
	workWords = []string{"no", "n", "false", "0", "work", "workday", "否", "班", "上班", "补班"}
)

// readTable reads a CSV or XLSX file.
func readTable(name string, file []byte) (reading, error) {
	table, errs, err := sheet.Read(name, file, columns)
	if err != nil {
		return reading{}, err
	}
	r := reading{errs: errs}
	for _, line := range table.Rows {
		r.readRow(table, line)
	}
	return r, nil
}

// readRow reads one line. Empty cells are already reported.
func (r *reading) readRow(table sheet.Table, line sheet.Row) {
	name, ok := properName(line.Text("name"))
	if !ok && line.Text("name") != "" {
		r.fail(line.Number, table.Header("name"), "calendar.row.name", nil)
	}
	date, err := line.Date("date")
	if err != nil && line.Text("date") != "" {
		text := reminders.Text(clip(line.Text("date")))
		r.fail(line.Number, table.Header("date"), "calendar.date", reminders.Args{"Text": text})
	}
	word := strings.ToLower(line.Text("off"))
	off, work := slices.Contains(offWords, word), slices.Contains(workWords, word)
	if !off && !work && word != "" {
		r.fail(line.Number, table.Header("off"), "calendar.row.off", nil)
	}
	if ok && err == nil && (off || work) {
		day := Day{Name: name, Date: DateOf(date, time.UTC), Off: off}
		r.rows = append(r.rows, row{line.Number, table.Header("date"), table.Header("off"), day})
	}
}
