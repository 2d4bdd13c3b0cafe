package bot

import (
	"bytes"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// makeTheme is the chore that makes the spreadsheet of a theme, which Block names.
const makeTheme = "theme"

// exportTheme lets the spreadsheet of a theme be made and sent. That somebody takes data
// out is recorded before they get it.
func (t *Turn) exportTheme(id theme.ID) (reminders.Message, error) {
	th, err := t.Themes.Find(t.tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	err = t.Ledger.Append(t.tx, ledger.Entry{
		Actor: string(t.person.ID), Verb: ledger.Exported, Object: "themes", Reason: "chat", Attrs: map[string]string{"theme": string(id), "format": "xlsx"},
	})
	if err != nil {
		return reminders.Message{}, err
	}
	return reminders.Line("theme.export.coming", reminders.Args{"Title": themeTitle(th)}), t.chore(Chore{Make: makeTheme, Block: string(id)})
}

// themeFile makes the spreadsheet: one row for each point in each unit.
func (b *Bot) themeFile(tx reminders.Tx, c Chore, say func(reminders.Message) string) (m, title reminders.Message, content []byte, err error) {
	all, err := b.Themes.Dossier(tx, theme.ID(c.Block))
	if err != nil {
		return m, title, nil, err
	}
	columns := theme.Columns()
	headers := make([]string, len(columns))
	for i, column := range columns {
		headers[i] = say(reminders.Line("theme.column."+column, nil))
	}
	rows := b.themeRows(tx, all, say)
	var file bytes.Buffer
	if err := sheet.WriteXLSX(&file, all.Theme.Title, headers, rows); err != nil {
		return m, title, nil, err
	}
	args := reminders.Args{"Quarter": all.Theme.Quarter.Say(), "Title": themeTitle(all.Theme)}
	return reminders.Line("theme.export.done", args), reminders.Line("theme.export.name", reminders.Args{"ID": reminders.Text(c.Block)}), file.Bytes(), nil
}

// themeRows are the rows of a theme in the words of the reader's language.
func (b *Bot) themeRows(tx reminders.Tx, all theme.Dossier, say func(reminders.Message) string) [][]string {
	who := b.names(tx)
	zone := b.Years.Calendar().Location()
	columns := theme.Columns()
	var rows [][]string
	for _, r := range theme.Rows(all) {
		row := make([]string, len(columns))
		for i, cell := range r.Cells(who.UnitName) {
			row[i] = fmt.Sprint(cell)
			if at, ok := cell.(time.Time); ok {
				if row[i] = ""; !at.IsZero() {
					row[i] = at.In(zone).Format("2006-01-02 15:04")
				}
			}
			if row[i] == "" {
				continue
			}
			switch columns[i] {
			case "state":
				row[i] = say(reminders.Line("theme.state."+row[i], nil))
			case "finding_state":
				row[i] = say(reminders.Line("theme.finding."+row[i], nil))
			case "result":
				row[i] = say(reminders.Line("theme.result."+row[i], nil))
			}
		}
		rows = append(rows, row)
	}
	return rows
}
