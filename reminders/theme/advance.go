package theme

import (
	"context"
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// remindDays is how many days before the end of its quarter the office is reminded of a
// theme that is still open, remindHour when.
const (
	remindDays = 14
	remindHour = 9
)

// Reminder is the instant at which the office is reminded that a theme of the quarter is
// still open: two weeks before the end of the quarter, in the morning of a workday.
func (d *Desk) Reminder(q Quarter) time.Time {
	return d.workdayAt(q.Last().AddDays(-remindDays), remindHour)
}

// Planned is a reminder that the plan holds.
type Planned struct {
	ID ID
	At time.Time
}

// Key names the reminder in the plan.
func (p Planned) Key() string { return "theme/" + string(p.ID) + "/reminder" }

// Planned lists the reminders of the themes that are not over, as things stand.
func (d *Desk) Planned(tx reminders.Tx) ([]Planned, error) {
	open, err := d.Store.OpenThemes(tx)
	var planned []Planned
	for _, t := range open {
		if t.Reminded.IsZero() {
			planned = append(planned, Planned{t.ID, d.Reminder(t.Quarter)})
		}
	}
	return planned, err
}

// Advance writes down what was decided about cards, and reminds the office of themes that
// are still open, one theme in each unit of work. It gives the instant at which it wants
// to be asked again.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	var due ID
	err = d.Units.View(ctx, func(tx reminders.Tx) error {
		next, due, err = d.pending(tx, now)
		return err
	})
	if err != nil || due == "" {
		return next, false, err
	}
	err = d.Units.Do(ctx, func(tx reminders.Tx) error { return d.step(tx, due, now) })
	return time.Time{}, true, err
}

// pending finds the first theme with which something is to be done now, else when that
// will be.
func (d *Desk) pending(tx reminders.Tx, now time.Time) (next time.Time, due ID, err error) {
	open, err := d.Store.OpenThemes(tx)
	if err != nil {
		return next, "", err
	}
	for _, t := range open {
		if _, changed, err := d.decided(tx, t); err != nil || changed {
			return next, t.ID, err
		}
		if !t.Reminded.IsZero() {
			continue
		}
		at := d.Reminder(t.Quarter)
		if !at.After(now) {
			return next, t.ID, nil
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next, "", nil
}

// step does what is to be done with a theme.
func (d *Desk) step(tx reminders.Tx, id ID, now time.Time) error {
	t, err := d.settle(tx, id)
	if err != nil || t.Over() || !t.Reminded.IsZero() || d.Reminder(t.Quarter).After(now) {
		return err
	}
	t.Reminded = tx.Now()
	if err := d.Store.SaveTheme(tx, t); err != nil {
		return err
	}
	return d.remind(tx, t)
}

// remind tells the office that a theme is still open, and what is missing.
func (d *Desk) remind(tx reminders.Tx, t Theme) error {
	staff, err := d.Staff(tx)
	if err != nil {
		return err
	}
	gaps, err := d.Gaps(tx, t.ID)
	if err != nil {
		return err
	}
	units, findings := 0, 0
	for _, gap := range gaps {
		if gap.Finding == 0 {
			units++
		} else {
			findings++
		}
	}
	say := reminders.Message{
		Key: "theme.reminder", Args: reminders.Args{
			"Title": t.Named(), "Quarter": t.Quarter.Say(), "Last": reminders.Day(d.shown(t.Quarter.Last())),
			"Units": reminders.Number(units), "Findings": reminders.Number(findings),
		},
		Buttons: [][]reminders.Button{{{Label: "theme.button.open", Verb: "open", Object: "theme-" + string(t.ID)}}},
	}
	if t.State != Running {
		say.Key = "theme.reminder.draft"
		delete(say.Args, "Units")
		delete(say.Args, "Findings")
	}
	for _, person := range staff {
		err := d.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("%s/%s", Planned{ID: t.ID}.Key(), person)),
			Kind: "theme", Act: reminders.ActSend, Person: person, Lane: reminders.LanePersonal, As: reminders.Staff,
			Reason: "theme-open", CreatedAt: tx.Now(), NotBefore: tx.Now(), Lines: []reminders.Message{say},
		})
		if err != nil {
			return err
		}
	}
	return d.told(tx, t, "reminded")
}
