package theme

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Begin starts the draft of a theme in a quarter, whole as its period. lead is the
// language in which the office writes it.
func (d *Desk) Begin(tx reminders.Tx, q Quarter, lead reminders.Language, by reminders.PersonID) (Theme, error) {
	if today := QuarterOf(d.today(tx)); !q.Valid() || q < today || q > today.Next() {
		return Theme{}, reminders.Fail(reminders.Invalid, "theme.begin", "theme.period.quarter", nil)
	}
	for n := 1; ; n++ {
		id := idOf(q, n)
		if _, taken, err := d.Store.Theme(tx, id); err != nil {
			return Theme{}, err
		} else if taken {
			continue
		}
		t := Theme{ID: id, Quarter: q, State: Drafting, By: by, At: tx.Now(), Lead: lead, Acknowledge: true}
		return t, d.save(tx, t, string(by), string(Drafting))
	}
}

// Edit changes the draft of a theme. Only its drafter may (Denied), and only before it is
// submitted or after it was returned (Closed). Each text has its limit and passes the
// guard, and the period lies within the quarter (Invalid).
func (d *Desk) Edit(tx reminders.Tx, id ID, by reminders.PersonID, change func(*Theme)) (Theme, error) {
	t, err := d.own(tx, id, by)
	if err != nil {
		return t, err
	}
	before := t
	t.Units, t.Points = slices.Clone(t.Units), slices.Clone(t.Points)
	change(&t)
	t.outdate(before)
	if err := d.proper(before, &t); err != nil {
		return before, err
	}
	if err := d.properWords(before, &t); err != nil {
		return before, err
	}
	if err := d.Store.SaveTheme(tx, t); err != nil {
		return t, err
	}
	return t, d.changed(tx, id)
}

// own gives a theme that by is still writing.
func (d *Desk) own(tx reminders.Tx, id ID, by reminders.PersonID) (Theme, error) {
	t, err := d.settle(tx, id)
	switch {
	case err != nil:
		return t, err
	case t.By != by:
		return t, reminders.Fail(reminders.Denied, "theme.edit", "theme.not_yours", nil)
	case !t.Editable():
		return t, reminders.Fail(reminders.Closed, "theme.edit", "theme.submitted", nil)
	}
	return t, nil
}

// proper holds what was changed to the rules.
func (d *Desk) proper(before Theme, t *Theme) error {
	const op = "theme.edit"
	var err error
	for _, field := range []struct {
		was   string
		is    *string
		limit int
	}{{before.Title, &t.Title, longestTitle}, {before.Basis, &t.Basis, longestField}, {before.Scope, &t.Scope, longestField}} {
		if *field.is == field.was {
			continue
		}
		if *field.is, err = d.text(op, *field.is, field.limit); err != nil {
			return err
		}
	}
	if t.Form != "" && !slices.Contains(Forms(), t.Form) {
		return reminders.Fail(reminders.Invalid, op, "error.invalid", nil)
	}
	if !t.From.IsZero() && (t.From.Before(t.Quarter.First()) || t.To.After(t.Quarter.Last()) || t.To.Before(t.From)) {
		return reminders.Fail(reminders.Invalid, op, "theme.period.outside", reminders.Args{
			"From": reminders.Day(d.shown(t.Quarter.First())), "To": reminders.Day(d.shown(t.Quarter.Last())),
		})
	}
	if slices.Equal(t.Points, before.Points) {
		return nil
	}
	for _, p := range t.Points {
		if _, err := d.text(op, p.Text+"\n"+p.Look, 2*longestPoint+1); err != nil {
			return err
		}
	}
	return nil
}

// Submit hands the card of a theme, as it is in each of its languages, to the press, where
// a second person decides. It is Invalid for a theme that lacks something, also in a
// language in which it has some words, and for what the press refuses.
func (d *Desk) Submit(tx reminders.Tx, id ID, cards map[reminders.Language]Card, by reminders.PersonID) (Theme, error) {
	t, err := d.own(tx, id, by)
	if err != nil {
		return t, err
	}
	if field := t.Incomplete(); field != "" {
		return t, reminders.Fail(reminders.Invalid, "theme.submit", "theme.incomplete", reminders.Args{
			"Field": reminders.Say("theme.field."+field, nil),
		})
	}
	if language, field, half := t.Half(); half {
		return t, reminders.Fail(reminders.Invalid, "theme.submit", "theme.words.incomplete", reminders.Args{
			"Language": reminders.Say("noticechat.language."+string(language), nil), "Field": reminders.Say("theme.field."+field, nil),
		})
	}
	if t.Card, err = d.Publisher.Publish(tx, t, cards, by); err != nil {
		return t, err
	}
	t.State, t.Returned = Waiting, ""
	if err := d.save(tx, t, string(by), "submitted"); err != nil {
		return t, err
	}
	return d.settle(tx, id) // a press that asks nobody decides at once
}

// Abandon gives a theme up that is not approved. One that was never submitted leaves
// nothing behind, so that its name is free again.
func (d *Desk) Abandon(tx reminders.Tx, id ID, by reminders.PersonID) error {
	t, err := d.own(tx, id, by)
	if err != nil {
		return err
	}
	card := t.Card
	t.State = Cancelled
	if err := d.save(tx, t, string(by), string(Cancelled)); err != nil || card != "" {
		return err
	}
	return d.Store.DropTheme(tx, id)
}

// remark writes a step about a unit of a theme into the ledger.
func (d *Desk) remark(tx reminders.Tx, t Theme, unit reminders.UnitID, step, hash string, by reminders.PersonID) error {
	err := d.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.ThemeChanged, Object: t.Ref(), Subject: string(unit), Reason: step, TextHash: hash,
	})
	if err != nil {
		return err
	}
	return d.changed(tx, t.ID)
}

// shown is a day as an instant that texts show as this day.
func (d *Desk) shown(day calendar.Date) time.Time { return day.At(12, 0, d.zone()) }
