package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// cases previews or imports public cases. They become drafts: what readers see needs a
// second person, in the chat.
func (t *importTask) cases(ctx context.Context, f *office) ([]reminders.Message, []sheet.RowError, error) {
	list, wrong, err := f.cases.Read(t.Name, t.File, calendar.DateOf(f.clock.Now(), f.zone()))
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	var diff casebook.Difference
	err = f.store.View(ctx, func(tx reminders.Tx) (err error) {
		diff, wrong, err = f.cases.Preview(tx, list)
		return err
	})
	if err != nil || len(wrong) > 0 || t.DryRun {
		return diff.Lines(), wrong, err
	}
	err = f.openly(ctx, t.Name, func() (err error) {
		diff, err = f.cases.Apply(ctx, list, "")
		return err
	})
	return diff.Lines(), nil, err
}
