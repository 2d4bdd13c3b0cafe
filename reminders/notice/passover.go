package notice

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// DueSince lists the items of the plan that fell due after since and until now.
func (d *Desk) DueSince(since, now time.Time) []Item {
	var due []Item
	for _, item := range d.Upcoming(reminders.Window{From: since, To: now.Add(time.Nanosecond)}) {
		if item.By == ByDesk && item.At.After(since) {
			due = append(due, item)
		}
	}
	return due
}

// PassOver skips what fell due after since, one bounded piece at a time. A notice
// that was being published is brought to its end first: its obligations are opened,
// and its copies go to quiet instead of the outbox. more says that something is left.
func (d *Desk) PassOver(ctx context.Context, since, now time.Time, quiet Outbox) (more bool, err error) {
	options := d.Options
	options.Outbox = quiet
	due := d.DueSince(since, now)
	err = d.Units.Do(ctx, func(tx reminders.Tx) error {
		open, err := d.Store.PublishingNotices(tx)
		if more = len(open) > 0; err != nil || more {
			if err == nil {
				err = NewDesk(options).publish(tx, open[0])
			}
			return err
		}
		skipped := 0
		for _, item := range due {
			if _, found, err := d.Store.Notice(tx, item.Key); err != nil || found {
				if err != nil {
					return err
				}
				continue
			}
			if more = skipped == takenAtOnce; more {
				return nil
			}
			if err := d.skip(tx, item, WhyRestored); err != nil {
				return err
			}
			skipped++
		}
		return nil
	})
	return more, err
}
