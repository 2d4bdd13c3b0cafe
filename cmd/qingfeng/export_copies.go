package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// copyFields are those of docs/export.md.
var copyFields = []string{
	"notice", "kind", "staff_no", "name", "unit", "chat", "sent_at", "version", "corrected_at", "withdrawn_at", "outcome", "why",
}

// copies gives one row for each person or group of each publication that began to be sent
// on the days.
func (t *exportTask) copies(ctx context.Context, f *office) (records, error) {
	found := records{fields: copyFields}
	window := t.window(f.years.Calendar().Location())
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		found.rows = nil
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		sent, err := f.press.Sent(tx, t.of)
		if err != nil {
			return err
		}
		for _, of := range sent {
			if !window.Contains(of.SentAt) {
				continue
			}
			err := f.press.EachCopy(tx, of, func(c notice.CopyFate) { found.rows = append(found.rows, copyRow(of, c, who)) })
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// copyRow is the row of a copy.
func copyRow(of notice.Publication, c notice.CopyFate, who *namer) []any {
	unit := c.Unit
	if c.Person != "" {
		unit = who.unitOf[c.Person]
	}
	return []any{
		of.Notice, string(of.Kind), string(c.Person), who.people[c.Person], who.units[unit], int64(c.Chat), c.SentAt, c.Version,
		c.CorrectedAt, c.WithdrawnAt, string(c.Outcome), c.Why,
	}
}
