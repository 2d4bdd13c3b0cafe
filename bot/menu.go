package bot

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// setMenu sets the command menu of a person's chat, by role and language. A menu
// that cannot be set is no loss: the commands work all the same.
func (b *Bot) setMenu(ctx context.Context, r people.Record) {
	lang := b.languageOf(r.Person)
	var entries []wire.Command
	for _, c := range menu(r.Roles) {
		text, err := b.words.plain(lang, reminders.Line("menu."+c.name, nil), noNames{})
		if err != nil {
			b.Log.ErrorContext(ctx, "menu text", "command", c.name, "error", err)
			return
		}
		entries = append(entries, wire.Command{Name: c.name, Text: text})
	}
	if err := b.Client.SetCommands(ctx, r.Chat, "", entries); err != nil {
		b.Log.WarnContext(ctx, "command menu not set", "person", r.ID, "error", err)
	}
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
