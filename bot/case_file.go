package bot

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// sortCases is the sort of files with public cases.
const sortCases = "cases"

// previewCases looks at public cases; known is false for what is none of them.
func (t *Turn) previewCases(name string, file []byte) (p preview, known bool, err error) {
	today := calendar.DateOf(t.tx.Now(), t.Years.Calendar().Location())
	list, wrong, err := t.Cases.Read(name, file, today)
	ending := strings.ToLower(path.Ext(name))
	only := ending == ".yaml" || ending == ".yml" // nothing else is written so
	switch {
	case err != nil && !only:
		return p, false, err
	case !t.has(reminders.Staff):
		return p, true, reminders.Fail(reminders.Denied, "bot.file", "case.file_not_yours", nil)
	case err != nil:
		return p, true, err
	}
	p.sort, p.wrong = sortCases, wrong
	if len(wrong) > 0 {
		return p, true, nil
	}
	diff, wrong, err := t.Cases.Preview(t.tx, list)
	p.lines, p.wrong = diff.Lines(), wrong
	if diff.Changes() == 0 {
		said := reminders.Line("case.file_same", reminders.Args{"Name": reminders.Text(name)})
		p.said = &said
	}
	return p, true, err
}

// takeCases imports public cases as drafts. Doing it twice has the effect of once.
func (b *Bot) takeCases(ctx context.Context, c Chore) (reminders.Message, error) {
	today := calendar.DateOf(c.At, b.Years.Calendar().Location())
	list, wrong, err := b.Cases.Read(c.Name, c.File, today)
	if err != nil {
		return reminders.Message{}, err
	}
	if len(wrong) > 0 {
		return rowsWrong(c.Name, wrong), nil
	}
	diff, err := b.Cases.Apply(ctx, list, c.Person)
	if err == nil {
		err = b.Units.Do(ctx, func(tx reminders.Tx) error { return b.tellImported(tx, list, c) })
	}
	return reminders.Line("case.imported", reminders.Args{
		"Name": reminders.Text(c.Name), "Items": reminders.List(diff.Lines()...),
	}), err
}

// tellImported tells the others of the office once that cases of a file wait for one of
// them.
func (b *Bot) tellImported(tx reminders.Tx, list casebook.List, c Chore) error {
	waiting := 0
	for _, e := range list.Entries {
		one, err := b.Cases.Case(tx, casebook.HandleOf(e.ID))
		if err != nil {
			return err
		}
		if one.Waits() {
			waiting++
		}
	}
	if waiting == 0 {
		return nil
	}
	m := reminders.Line("casechat.told_file", reminders.Args{
		"By": reminders.PersonName(c.Person), "Name": reminders.Text(c.Name), "Count": reminders.Number(waiting),
	})
	m.Buttons = [][]reminders.Button{{{Label: "button.open", Verb: "open", Object: placeCase + "-" + workList + "." + workOpen + ".0"}}}
	return b.TellStaff(tx, fmt.Sprintf("case-file/%d", c.Update), m, c.Person)
}
