package bot

import (
	"bytes"
	"context"
	"slices"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// attached is what came with an update and was fetched before its unit of work, which
// waits for no network.
type attached struct {
	sheet []byte           // a document that may be imported
	files []reminders.File // what belongs to an answer: kept already
}

// fetch downloads the picture or document of an update, if somebody sent it who was
// asked for one or may import files. Nothing else is ever downloaded: the bot keeps
// what it asked for.
func (b *Bot) fetch(ctx context.Context, update wire.Update) (attached, error) {
	m := update.Message
	if m == nil || m.Edited || update.ChatType != wire.PrivateChat || (m.Document == nil && m.Photo == nil) {
		return attached{}, nil
	}
	if len(b.redacted(m)) > 0 {
		return attached{}, nil // it is refused for its caption or name
	}
	var wanted, imports bool
	err := b.Units.View(ctx, func(tx reminders.Tx) error {
		record, found, err := b.People.At(tx, update.Chat)
		if err != nil || !found {
			return err
		}
		imports = m.Document != nil && slices.ContainsFunc(importers, record.Roles.Has)
		var d Dialog
		_, err = b.Memory.Dialog(tx, update.Chat, &d)
		wanted = d.Files
		if len(b.softOf(m)) > 0 && !d.Screened {
			wanted, imports = false, false // likewise
		}
		return err
	})
	switch {
	case err != nil:
		return attached{}, err
	case wanted:
		return b.keep(ctx, m)
	case imports:
		sheet, err := b.Client.Download(ctx, m.Document.ID, maxFile)
		return attached{sheet: sheet}, err
	}
	return attached{}, nil
}

// keep downloads a picture or document and keeps it. Until a record names it, it may
// be deleted a day later.
func (b *Bot) keep(ctx context.Context, m *wire.Incoming) (attached, error) {
	sent, name := m.Photo, "photo-"+m.Date.In(b.Years.Calendar().Location()).Format("20060102-150405")+".jpg"
	if m.Document != nil {
		sent, name = m.Document, m.Document.Name
	}
	content, err := b.Client.Download(ctx, sent.ID, wire.FileLimit)
	if err != nil {
		return attached{}, err
	}
	file, err := b.Files.Put(ctx, name, bytes.NewReader(content))
	if err != nil {
		if reminders.KindOf(err) == reminders.Busy {
			b.Log.ErrorContext(ctx, "a file could not be kept", "error", err)
		}
		return attached{}, err
	}
	return attached{files: []reminders.File{file}}, nil
}
