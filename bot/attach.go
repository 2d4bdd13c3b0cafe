package bot

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// captionRoom is what a caption may grow by when its reader answers: the line that says
// when, in UTF-16 units. A text that asks and has not this much room left below the limit
// of captions is sent as a message of its own.
const captionRoom = 200

// attach gives a message its files as things stand now: a correction may have replaced
// some. What was sent in part goes on with those that it began with, and is brought up to
// date afterwards.
func (b *Bot) attach(tx reminders.Tx, d reminders.Delivery, out *wire.Outgoing) error {
	files := d.Files
	if len(files) > 0 && len(d.Parts) == 0 && b.Press != nil {
		var err error
		if files, err = b.Press.FilesNow(tx, d); err != nil {
			return err
		}
	}
	if d.Act == reminders.ActEdit {
		out.Stand = d.Files
	}
	for _, f := range files {
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

// attachedNow are the files that a message was sent with, if they are others than it had
// when it was written; otherwise nothing.
func attachedNow(d reminders.Delivery, out wire.Outgoing) []reminders.File {
	same := func(f reminders.File, a wire.Attachment) bool { return f == a.File }
	if slices.EqualFunc(d.Files, out.Files, same) {
		return nil
	}
	files := make([]reminders.File, len(out.Files))
	for i, a := range out.Files {
		files[i] = a.File
	}
	return files
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

// deletable is how long the chat service lets a bot delete a message.
const deletable = 48 * time.Hour

// aim points an edit or a deletion at what was sent: the files and the messages over
// which the text is split.
func (b *Bot) aim(out *wire.Outgoing, sent reminders.Receipt, to reader, now time.Time) error {
	out.Chat, out.MessageID, out.DoneParts, out.FileParts = sent.Chat, sent.MessageID, sent.Parts, len(sent.Files)
	out.Old = now.Sub(sent.SentAt) >= deletable
	if len(sent.Parts) < 2 || out.Act != reminders.ActEdit {
		return nil
	}
	var err error
	out.Superseded, err = b.words.html(to.lang, reminders.Line("wire.superseded", nil), noNames{})
	return err
}
