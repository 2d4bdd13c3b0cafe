package main

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// openImportSetting is the name under which a store keeps that an import was begun.
const openImportSetting = "import-open"

// openImport is an import of the command line that was begun (未完成的导入). A register
// is taken over in pieces; if the command is killed in between, this says why only
// some of its people are there.
type openImport struct {
	Name  string    `json:"name,omitempty"` // of the file; empty: nothing is open
	Began time.Time `json:"began,omitzero"`
}

// openly does an import of several pieces, and keeps a record that it is under way
// until it has come to its end. The end of any later import closes it as well.
func (f *office) openly(ctx context.Context, name string, work func() error) error {
	err := f.store.Do(ctx, func(tx reminders.Tx) error {
		return f.store.SaveSetting(tx, openImportSetting, openImport{name, tx.Now()})
	})
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	return f.store.Do(ctx, func(tx reminders.Tx) error {
		return f.store.SaveSetting(tx, openImportSetting, openImport{})
	})
}

// checkImports names the imports that have not come to their end: those of the command
// line, and, where no service is there that would go on with them, those that were
// asked for in the chat.
func (f *office) checkImports(ctx context.Context, c *console) (findings []finding, err error) {
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		findings = nil
		var open openImport
		if _, err := f.store.Setting(tx, openImportSetting, &open); err != nil {
			return err
		}
		if open.Name != "" {
			findings = append(findings, finding{"import", open.Name, c.say(reminders.Line("cli.check.import", reminders.Args{
				"At": reminders.Instant(open.Began),
			}))})
		}
		var chores []bot.Chore
		if _, err := f.store.Setting(tx, bot.ChoresSetting, &chores); err != nil || c.serving {
			return err
		}
		for _, chore := range chores {
			findings = append(findings, finding{"import", chore.Name, c.say(reminders.Line("cli.check.chore", reminders.Args{
				"At": reminders.Instant(chore.At),
			}))})
		}
		return nil
	})
	return findings, err
}
