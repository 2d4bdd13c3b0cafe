package bot

import (
	"context"
	"io"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// captionRoom is what a caption may grow by when its reader answers: the line that says
// when, in UTF-16 units. A text that asks and has not this much room left below the limit
// of captions is sent as a message of its own.
const captionRoom = 200

// attach gives a message its files.
func (b *Bot) attach(tx reminders.Tx, d reminders.Delivery, out *wire.Outgoing) error {
	if d.Act != reminders.ActSend {
		return nil
	}
	for _, f := range d.Files {
		use := b.use(f)
		id, _, err := b.Memory.Upload(tx, f.Hash, use)
		if err != nil {
			return err
		}
		out.Files = append(out.Files, wire.Attachment{
			File: f, ID: id,
			Open:     func() (io.ReadCloser, error) { return b.Files.Open(f.Hash) },
			Uploaded: func(id string) { b.uploaded(f, use, id) },
		})
	}
	return nil
}

// use names what the chat service does with a file: its IDs differ for pictures and
// documents, and from bot to bot.
func (b *Bot) use(f reminders.File) string {
	if f.Picture() {
		return "photo/" + b.Username
	}
	return "document/" + b.Username
}

// uploaded remembers under what the chat service has a file, so that the next message
// names it and does not carry it. If it cannot be remembered the bytes go once more.
func (b *Bot) uploaded(f reminders.File, use, id string) {
	ctx := context.Background()
	err := b.Units.Do(ctx, func(tx reminders.Tx) error { return b.Memory.SaveUpload(tx, f.Hash, use, id) })
	if err != nil {
		b.Log.WarnContext(ctx, "an upload is not remembered", "error", err)
	}
}

// aim points an edit at what was sent: the message that holds the text, the caption of a
// file, or the messages over which a long text was split.
func aim(out *wire.Outgoing, sent reminders.Receipt) {
	out.Chat, out.MessageID = sent.Chat, sent.MessageID
	files := len(sent.Files)
	switch {
	case files > 0 && len(sent.Parts) <= files:
		out.Caption = true
		if len(sent.Parts) > 0 {
			out.MessageID = sent.Parts[0] // of an album the first has the caption
		}
	case len(sent.Parts) > files+1:
		out.DoneParts = sent.Parts[files:]
	}
}
