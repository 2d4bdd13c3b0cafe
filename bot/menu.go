package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// setMenu sets the command menu of a person's chat, by role, duty and language. A menu
// that cannot be set is no loss: the commands work all the same.
func (b *Bot) setMenu(ctx context.Context, r people.Record) {
	if entries, err := b.menuEntries(ctx, r); err != nil {
		b.Log.ErrorContext(ctx, "menu", "error", err)
	} else {
		b.putMenu(ctx, r, entries)
	}
}

// followMenu sets the menu of a person again if duty has changed it.
func (b *Bot) followMenu(ctx context.Context, person reminders.PersonID) {
	var r people.Record
	err := b.Units.View(ctx, func(tx reminders.Tx) (err error) {
		r, _, err = b.People.Person(tx, person)
		return err
	})
	if err != nil || !r.Bound() {
		return
	}
	entries, err := b.menuEntries(ctx, r)
	b.mu.Lock()
	same := b.menus[r.Chat] == fmt.Sprint(entries)
	b.mu.Unlock()
	if err == nil && !same {
		b.putMenu(ctx, r, entries)
	}
}

// menuEntries are the commands of a person in words.
func (b *Bot) menuEntries(ctx context.Context, r people.Record) (entries []wire.Command, err error) {
	lang := b.languageOf(r.Person)
	err = b.Units.View(ctx, func(tx reminders.Tx) error {
		listed, err := b.menu(tx, r)
		if err != nil {
			return err
		}
		entries = nil
		for _, c := range listed {
			text, err := b.words.plain(lang, reminders.Line("menu."+c.name, nil), noNames{})
			if err != nil {
				return err
			}
			entries = append(entries, wire.Command{Name: c.name, Text: text})
		}
		return nil
	})
	return entries, err
}

// putMenu tells the chat service a menu and remembers it.
func (b *Bot) putMenu(ctx context.Context, r people.Record, entries []wire.Command) {
	if err := b.Client.SetCommands(ctx, r.Chat, "", entries); err != nil {
		b.Log.WarnContext(ctx, "command menu not set", "person", r.ID, "error", err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.menus[r.Chat] = fmt.Sprint(entries)
}

// clearMenu removes the command menu of a chat that is not bound any more.
func (b *Bot) clearMenu(ctx context.Context, chat reminders.ChatID) {
	if err := b.Client.SetCommands(ctx, chat, "", nil); err != nil {
		b.Log.WarnContext(ctx, "command menu not cleared", "error", err)
	}
}

// languageOf is the language in which a person is addressed.
func (b *Bot) languageOf(p reminders.Person) reminders.Language {
	if p.Language == "" {
		return b.Language
	}
	return b.words.language(p.Language)
}

// menuOf sets the menu of a person later.
func (b *Bot) menuOf(r people.Record) func(ctx context.Context) {
	return func(ctx context.Context) { b.setMenu(ctx, r) }
}

// bringsMenu reports whether a message is about duty: it brings the commands of duty
// along.
func bringsMenu(d reminders.Delivery) bool {
	return d.Lane == reminders.LaneDuty || slices.ContainsFunc(d.Asks, func(a reminders.Ask) bool {
		return strings.HasSuffix(a.Terms, "/"+duty.KindRosterDue)
	})
}
