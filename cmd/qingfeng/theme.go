package main

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// joinThemes makes the desk of quarterly themes.
func (f *office) joinThemes(who *directory) error {
	form, err := f.content.File("forms/theme.toml")
	if err != nil {
		return err
	}
	list, err := theme.ParseChecklist(form)
	if err != nil {
		return err
	}
	cards := themeCards{f.press}
	f.themes = theme.NewDesk(theme.Options{
		Units: f.store, Store: f.store.Themes(), Book: f.book, Ledger: f.store, Outbox: f.post, Directory: who,
		Publisher: cards, Cards: cards, Screen: f.press.Screen, Staff: f.reg.staff, Readers: f.reg.readers,
		Calendar: f.years.Calendar, Checklist: list,
	})
	return nil
}

// themeCards sends the cards of themes through the press, and tells themes what was decided
// about them there.
type themeCards struct{ press *notice.Press }

// cardWorkdays is within how many workdays units acknowledge a card.
const cardWorkdays = 3

// Publish implements theme.Publisher. The card goes to the liaisons and leaders of the
// units; one that replaces a card that was returned lets that one go.
func (c themeCards) Publish(tx reminders.Tx, t theme.Theme, cards map[reminders.Language]theme.Card, by reminders.PersonID) (string, error) {
	if t.Card != "" {
		if _, err := c.press.Abandon(tx, t.Card, by); err != nil && reminders.KindOf(err) != reminders.Closed {
			return "", err
		}
	}
	draft := notice.Publication{
		Kind: notice.ThemeCard, Origin: t.Ref(), Lead: t.Lead,
		Bodies:   map[reminders.Language]notice.Body{},
		Audience: reminders.Audience{Units: t.Units, Roles: []reminders.Role{reminders.Liaison, reminders.Leader}},
		Expects:  notice.ExpectNothing,
	}
	for language, card := range cards {
		draft.Bodies[language] = notice.Body{Title: card.Title, Text: card.Text}
	}
	if t.Acknowledge {
		draft.Expects, draft.Workdays = notice.ExpectPerUnit, cardWorkdays
	}
	sent, err := c.press.Receive(tx, draft, by)
	return sent.Handle(), err
}

// Decision implements theme.Cards.
func (c themeCards) Decision(tx reminders.Tx, handle string) (theme.Decision, string, error) {
	card, err := c.press.Find(tx, handle)
	switch {
	case err != nil:
		return theme.Undecided, "", err
	case card.State == notice.Cleared, card.State == notice.Released, card.State == notice.Recalled:
		return theme.Approved, "", nil
	case card.State == notice.SentBack:
		return theme.SentBack, card.Decision.Reason, nil
	case card.State == notice.Abandoned, card.State == notice.Drafting:
		return theme.GivenUp, "", nil
	}
	return theme.Undecided, "", nil
}

// themesOwed lists what units owe about findings of themes.
func (f *office) themesOwed() (owed []obligation.TermsID) {
	err := f.store.View(context.Background(), func(tx reminders.Tx) (err error) {
		owed, err = f.themes.Owed(tx)
		return err
	})
	if err != nil {
		f.log.Error("what units owe about themes cannot be read", "error", err)
	}
	return owed
}

// themePlan gives the reminders of themes that are open, from one day until, without,
// another.
func (f *office) themePlan(ctx context.Context, from, until calendar.Date) (items []planned, err error) {
	zone := f.years.Calendar().Location()
	window := reminders.Window{From: from.At(0, 0, zone), To: until.At(0, 0, zone)}
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		staff, err := f.reg.staff(tx)
		if err != nil {
			return err
		}
		open, err := f.themes.Planned(tx)
		for _, p := range open {
			if !window.Contains(p.At) {
				continue
			}
			items = append(items, planned{notice.Item{
				Key: p.Key(), At: p.At, Kind: notice.ThemeCard, Expects: notice.ExpectNothing,
				Audience: reminders.Audience{Roles: []reminders.Role{reminders.Staff}}, Why: reminders.Line("theme.why", nil),
			}, len(staff)})
		}
		return err
	})
	return items, err
}

// themes gives the register of themes whose period has a day among those of the export:
// one row for each point in each unit.
func (t *exportTask) themes(ctx context.Context, f *office) (records, error) {
	found := records{fields: theme.Columns()}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		who, err := newNamer(tx, f)
		if err != nil {
			return err
		}
		all, err := f.store.Themes().Themes(tx)
		if err != nil {
			return err
		}
		for _, one := range all {
			if !one.Overlaps(t.From, t.To) || one.State == theme.Cancelled {
				continue
			}
			dossier, err := f.themes.Dossier(tx, one.ID)
			if err != nil {
				return err
			}
			for _, row := range theme.Rows(dossier) {
				found.rows = append(found.rows, row.Cells(func(id reminders.UnitID) string { return who.units[id] }))
			}
		}
		return nil
	})
	return found, err
}
