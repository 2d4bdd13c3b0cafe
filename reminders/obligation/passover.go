package obligation

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// PassOver deals with the terms that want attention first at now without asking
// anybody: a step of the ladder counts as taken, for the reason why, and a closing is
// carried out as always, since it sends nothing. The lines stay. more says that there
// was something to do; the caller asks again.
func (d *Desk) PassOver(ctx context.Context, now time.Time, why string) (more bool, err error) {
	err = d.units.Do(ctx, func(tx reminders.Tx) error {
		due, _, err := d.store.DueTerms(tx, now, 1)
		if more = len(due) > 0; err != nil || !more {
			return err
		}
		t, found, err := d.store.Terms(tx, due[0])
		if err != nil || !found || !now.Before(t.Closes) {
			if err == nil {
				err = d.step(tx, due[0], now)
			}
			return err
		}
		taken := t.stepDue(now)
		if more = taken > t.Taken; !more {
			return nil
		}
		step := t.Ladder[taken-1]
		t.Taken, t.Aim, t.Cursor = taken, 0, ""
		if err := d.store.SaveTerms(tx, t); err != nil {
			return err
		}
		return d.book.Append(tx, ledger.Entry{
			Actor: ledger.System, Verb: ledger.Skipped, Object: string(t.ID), Reason: why, Attrs: map[string]string{"step": step.Name},
		})
	})
	return more, err
}
