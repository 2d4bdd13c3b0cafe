package duty

import (
	"bytes"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// Template gives a spreadsheet for the roster of a unit and block (值班表模板), to be
// filled in and sent back: a row for each day with its times, or for each shift that is
// on the roster already, and on a second sheet the people of the unit with their staff
// numbers. say gives the words of a text; columns are named as ReadRoster knows them.
func (d *Desk) Template(tx reminders.Tx, unit reminders.Unit, block calendar.Block, say func(reminders.Message) string) ([]byte, error) {
	shifts, err := d.inBlock(tx, unit.ID, block)
	if err != nil {
		return nil, err
	}
	members, err := d.Register.Members(tx, unit.ID)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, w := range Uncovered(Needed(block, shifts, d.zone()), shifts, ByDay) {
		for day := w.From; day.Before(w.To); day = day.AddDate(0, 0, 1) {
			rows = append(rows, d.templateRow(unit, Shift{Start: day, End: day.AddDate(0, 0, 1)}))
		}
	}
	for _, s := range shifts {
		rows = append(rows, d.templateRow(unit, s))
	}
	slices.SortStableFunc(rows, slices.Compare) // by date and start
	var people [][]string
	for _, m := range members {
		people = append(people, []string{string(m.ID), m.Name, m.Title})
	}
	var out bytes.Buffer
	err = sheet.WriteBook(&out,
		sheet.Page{Title: say(reminders.Line("duty.template.roster", nil)), Headers: headers(say, templateColumns()), Rows: rows},
		sheet.Page{Title: say(reminders.Line("duty.template.people", nil)), Headers: headers(say, peopleColumns()), Rows: people},
	)
	return out.Bytes(), err
}

// templateRow is one shift as the file has it.
func (d *Desk) templateRow(unit reminders.Unit, s Shift) []string {
	start, end := s.Start.In(d.zone()), s.End.In(d.zone())
	return []string{
		start.Format("2006-01-02"), start.Format("15:04"), end.Format("15:04"), unit.Name,
		string(s.Officer), string(s.Leader), string(s.Backup),
	}
}

// templateColumns are the texts of the columns of a roster, in their order.
func templateColumns() []reminders.Message {
	return []reminders.Message{
		reminders.Line("duty.column.date", nil), reminders.Line("duty.column.start", nil), reminders.Line("duty.column.end", nil),
		reminders.Line("duty.column.unit", nil), reminders.Line("duty.column.officer", nil), reminders.Line("duty.column.leader", nil),
		reminders.Line("duty.column.backup", nil),
	}
}

// peopleColumns are the texts of the columns of the list of people.
func peopleColumns() []reminders.Message {
	return []reminders.Message{
		reminders.Line("duty.column.staff_no", nil), reminders.Line("duty.column.name", nil), reminders.Line("duty.column.title", nil),
	}
}

func headers(say func(reminders.Message) string, columns []reminders.Message) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = say(c)
	}
	return names
}
