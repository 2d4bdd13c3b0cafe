package bot

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Send puts a delivery into words as things stand now and carries it to the chat
// service. It is the Sender of the clockwork.
func (b *Bot) Send(ctx context.Context, d reminders.Delivery) reminders.Outcome {
	var out wire.Outgoing
	var ended reminders.Outcome
	err := b.Units.View(ctx, func(tx reminders.Tx) (err error) {
		out, ended, err = b.prepare(tx, d)
		return err
	})
	if err != nil {
		b.Log.ErrorContext(ctx, "message cannot be put into words", "kind", d.Kind, "error", err)
		return reminders.Outcome{Result: reminders.NotSent, Reason: "no-words"} // a mended text lets it go
	}
	if ended.Result != "" {
		return ended
	}
	o := b.Client.Deliver(ctx, out)
	o.Chat = out.Chat
	if d.Act == reminders.ActSend {
		o.Files = attachedNow(d, out)
	}
	if o.Result == reminders.Moved && d.Act != reminders.ActSend {
		o.Result, o.Reason = reminders.Withdrawn, "chat-moved" // messages do not go along into the supergroup
	}
	if o.Result == reminders.Moved && d.Group != "" {
		b.followGroup(ctx, out.Chat, o.MovedTo)
	}
	if o.Result == reminders.Sent && d.Act == reminders.ActSend && bringsMenu(d) {
		b.followMenu(ctx, d.Person)
	}
	return o
}

// prepare makes what the wire needs, or says how the delivery ended without it.
func (b *Bot) prepare(tx reminders.Tx, d reminders.Delivery) (wire.Outgoing, reminders.Outcome, error) {
	if d.Act == reminders.ActDelete && d.Original != "" {
		out := wire.Outgoing{Act: d.Act}
		_, ended, err := b.target(tx, d, reader{}, &out)
		return out, ended, err
	}
	to, ended, err := b.recipient(tx, d)
	if err != nil || ended.Result != "" {
		return wire.Outgoing{}, ended, err
	}
	out := wire.Outgoing{
		Act: d.Act, Chat: to.chat, MessageID: d.MessageID, Callback: d.Callback, Alert: d.Alert,
		DoneParts: d.Parts, Midway: d.Midway,
	}
	if d.Act == reminders.ActDelete {
		return out, reminders.Outcome{}, nil
	}
	if d.Original != "" {
		if ended, err := b.refresh(tx, &d, to, &out); err != nil || ended.Result != "" {
			return out, ended, err
		}
	}
	if err := b.attach(tx, d, &out); err != nil {
		return out, reminders.Outcome{}, err
	}
	if ended, err := b.leaveOut(tx, &d, to); err != nil || ended.Result != "" {
		return out, ended, err
	}
	shown, err := b.compose(tx, d, to)
	out.HTML, out.Said, out.Keyboard = shown.html, shown.said, shown.keys
	out.Apart = len(d.Asks) > 0 && wire.Length(wire.Plain(out.HTML)) > wire.CaptionLimit-captionRoom
	return out, reminders.Outcome{}, err
}

// refresh points an edit at the message that it brings up to date, and lets it say what
// that one says.
func (b *Bot) refresh(tx reminders.Tx, d *reminders.Delivery, to reader, out *wire.Outgoing) (reminders.Outcome, error) {
	original, ended, err := b.target(tx, *d, to, out)
	if err != nil || ended.Result != "" {
		return ended, err
	}
	if to.chat != 0 && original.Chat != to.chat {
		return reminders.Outcome{Result: reminders.Withdrawn, Reason: "chat-moved"}, nil // the old account sees no more
	}
	d.Lines, d.Asks, d.Files = original.Lines, original.Asks, original.Files
	return reminders.Outcome{}, nil
}

// target points an edit or a deletion at the message of its original. A deletion finds it
// wherever it is, also with somebody who has left or has another account now.
func (b *Bot) target(tx reminders.Tx, d reminders.Delivery, to reader, out *wire.Outgoing) (reminders.Receipt, reminders.Outcome, error) {
	original, found, err := b.Receipts.Receipt(tx, d.Original)
	switch {
	case err != nil:
		return original, reminders.Outcome{}, err
	case !found || original.Result != reminders.Sent:
		return original, reminders.Outcome{Result: reminders.Withdrawn, Reason: "never-sent"}, nil
	case !original.DeletedAt.IsZero():
		return original, reminders.Outcome{Result: reminders.Withdrawn, Reason: "deleted"}, nil
	}
	return original, reminders.Outcome{}, b.aim(out, original, to, tx.Now())
}

// recipient finds who receives the delivery and where.
func (b *Bot) recipient(tx reminders.Tx, d reminders.Delivery) (reader, reminders.Outcome, error) {
	if d.Original != "" && d.Person == "" {
		original, _, err := b.Receipts.Receipt(tx, d.Original)
		if err != nil {
			return reader{}, reminders.Outcome{}, err
		}
		d.Person, d.Group = original.Person, original.Group
	}
	if d.Group != "" {
		return b.groupReader(tx, d.Group)
	}
	to := reader{chat: d.Chat, lang: d.Language}
	if d.Person == "" {
		return to, reminders.Outcome{}, nil
	}
	record, found, err := b.People.Person(tx, d.Person)
	if err != nil {
		return to, reminders.Outcome{}, err
	}
	to.person, to.lang, to.left = record.Person, b.languageOf(record.Person), record.LeftTopics
	to.person.Language = to.lang
	if to.chat == 0 {
		to.chat = record.Chat
	}
	switch {
	case !found || !record.Active():
		return to, reminders.Outcome{Result: reminders.Withdrawn, Reason: "not-enrolled"}, nil
	case to.chat == 0:
		return to, reminders.Outcome{Result: reminders.Unreachable, Reason: string(people.NeverBound)}, nil
	}
	return to, reminders.Outcome{}, nil
}
