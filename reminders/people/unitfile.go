package people

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// UnitList is a file of units as it was read (单位名单).
type UnitList struct {
	Entries []UnitEntry
	Headers map[string]string // as in List
	Ignored []string          // as in List
}

// UnitEntry is one row of a UnitList.
type UnitEntry struct {
	Row    int // in the file
	Name   string
	Parent string // name of the unit above; empty: top of the tree
	Duty   bool
}

func unitColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "unit", Aliases: []string{"单位", "单位名称", "部门", "名称"}, Required: true},
		{Name: "parent", Aliases: []string{"上级单位", "上级", "上级部门"}},
		{Name: "duty", Aliases: []string{"值班", "是否值班", "值班单位"}},
	}
}

// ReadUnits reads a file of units with the columns of the contract: unit, parent,
// duty, the last two optional. Whether the parents exist is said by
// PreviewUnits, since they may stand in the register.
func (d *Desk) ReadUnits(name string, file []byte) (UnitList, []sheet.RowError, error) {
	table, empty, err := sheet.Read(name, file, unitColumns())
	if err != nil {
		return UnitList{}, nil, reminders.Wrap("people.read_units", err)
	}
	if len(table.Rows) == 0 {
		return UnitList{}, nil, reminders.Fail(reminders.Invalid, "people.read_units", "people.file_empty", nil)
	}
	errs := &rowErrors{table: table, list: empty}
	list := UnitList{Headers: headersOf(table, unitColumns()), Ignored: table.Ignored}
	first := map[string]int{}
	for _, row := range table.Rows {
		entry := readUnit(row, errs)
		list.Entries = append(list.Entries, entry)
		at, twice := first[entry.Name]
		switch {
		case entry.Name == "":
		case twice:
			errs.add(row, "unit", "people.row.unit_twice", reminders.Args{
				"First": reminders.Number(at), "Second": reminders.Number(row.Number),
			})
		default:
			first[entry.Name] = row.Number
		}
	}
	sortErrors(errs.list)
	return list, errs.list, nil
}

// readUnit reads one row; what is wrong with it goes to errs.
func readUnit(row sheet.Row, errs *rowErrors) UnitEntry {
	duty, ok := yesWords[strings.ToLower(row.Text("duty"))]
	if !ok {
		errs.add(row, "duty", "people.row.duty", nil)
	}
	return UnitEntry{Row: row.Number, Name: errs.text(row, "unit"), Parent: errs.text(row, "parent"), Duty: duty}
}

// yesWords are the ways to say yes and no in a list.
var yesWords = map[string]bool{
	"yes": true, "y": true, "true": true, "1": true, "是": true, "有": true, "√": true,
	"": false, "no": false, "n": false, "false": false, "0": false, "否": false, "无": false,
}
