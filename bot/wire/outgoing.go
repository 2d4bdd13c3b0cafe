package wire

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Limits of the Bot API for texts, counted after the markup is taken out: in
// UTF-16 units for messages and captions, in characters for the answer to a tap.
const (
	TextLimit    = 4096
	CaptionLimit = 1024
	AnswerLimit  = 200
)

// Outgoing is one thing to do at the chat service, already put into words.
type Outgoing struct {
	Act       reminders.Act
	Chat      reminders.ChatID
	MessageID int          // for ActEdit and ActDelete
	HTML      string       // text with Telegram's tags; for ActAnswer the tags are taken out
	Keyboard  [][]Key      // rows of buttons, below the last part
	Files     []Attachment // for ActSend; for ActEdit what the messages that are files are to show
	Apart     bool         // for ActSend: the text is no caption, because it will grow beyond the limit of one
	Callback  string       // for ActAnswer: the id of the tap
	Alert     bool         // for ActAnswer: as a dialog, not as a toast
	Silent    bool         // for ActSend: without a sound
	// DoneParts are, for ActSend, the messages that this one has become already; for
	// ActEdit and ActDelete those that exist of it, files before texts. Without them
	// MessageID is all there is.
	DoneParts []int
	FileParts int // for ActEdit: how many of DoneParts, from the first, are files
	// Stand are, for ActEdit, the files that those messages show, in the order in which
	// they were given to be sent; Files then has one for each.
	Stand []reminders.File
	// Midway is, for ActEdit, how far earlier steps have come, as their outcome said.
	Midway reminders.Midway
	// Superseded is, for ActEdit, what stands in the place of a part that is not needed
	// any more and that the service deletes no longer.
	Superseded string
	Old        bool   // for ActEdit and ActDelete: too old for the service to delete it
	Said       string // what TextHash is of, where HTML says more than that
}

// Deliver does it and says what is certain about it. It returns when the call has
// ended, after at most 30 seconds, or 2 minutes where files are uploaded; it never
// repeats a call that may have been heard. The outcome carries the hash of what is
// said for messages and edits.
//
// What becomes several messages, because of a text longer than TextLimit (see Split) or
// because of files, is sent in steps, one with each Deliver: an outcome of Partly says
// that the next one is to follow, with Parts of the outcome as DoneParts, when the
// limits of the chat allow it. Parts lists all messages that exist, also when a later
// step failed. Files come before the text, a text of up to CaptionLimit is the caption
// of a file, and buttons sit below the last part.
//
// An edit that needs another number of messages than exist goes in such steps too, with
// Midway of the outcome as the next Midway. Before a step that makes a message, which
// may leave a duplicate behind, it returns without a call, saying so in Midway. New
// messages come after all later ones of the chat, without a sound; surplus ones are
// deleted or, where they are too old for that, say what Superseded says and count no
// longer among Parts. Where Files are others than those that Stand, each is put into the
// place of the one before, and Files of the outcome say what stands then; the service
// may refuse one, which ends as ReasonFileKept after all else was done.
//
// A deletion takes every message away; those that are gone already count as deleted. What
// the service keeps because it is older than 48 hours is Refused with the reason
// "too_old".
func (c *Client) Deliver(ctx context.Context, o Outgoing) reminders.Outcome {
	var out reminders.Outcome
	switch o.Act {
	case reminders.ActSend:
		out = c.send(ctx, o)
	case reminders.ActEdit:
		out = c.edit(ctx, o)
	case reminders.ActAnswer:
		return c.answer(ctx, o)
	case reminders.ActDelete:
		return c.remove(ctx, o)
	default:
		return reminders.Outcome{Result: reminders.Refused, Reason: "unknown_act"}
	}
	out.TextHash = reminders.HashText(cmp.Or(o.Said, o.HTML))
	return out
}

// send does the first step that is not done yet.
func (c *Client) send(ctx context.Context, o Outgoing) reminders.Outcome {
	steps, parts := o.steps(), slices.Clone(o.DoneParts)
	if len(steps) == 0 {
		return reminders.Outcome{Result: reminders.Refused, Reason: "empty", Parts: parts}
	}
	done := len(parts)
	for len(steps) > 0 && done >= steps[0].messages() {
		done -= steps[0].messages()
		steps = steps[1:]
	}
	if len(steps) > 0 {
		out, made := c.take(ctx, o, steps[0])
		if out.Result != reminders.Sent {
			out.Parts = parts
			return out
		}
		parts = append(parts, made...)
		if len(steps) > 1 {
			return reminders.Outcome{Result: reminders.Partly, Parts: parts}
		}
	}
	return reminders.Outcome{Result: reminders.Sent, MessageID: parts[len(parts)-1], Parts: parts}
}

// take does one step and gives the messages that it made.
func (c *Client) take(ctx context.Context, o Outgoing, s step) (reminders.Outcome, []int) {
	if len(s.files) > 0 {
		return c.sendFiles(ctx, o, s)
	}
	out := c.sendPart(ctx, o, s.html, s.keys)
	return out, []int{out.MessageID}
}

func (c *Client) sendPart(ctx context.Context, o Outgoing, html string, keys any) reminders.Outcome {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.SendMessage(ctx, &telegram.SendMessageParams{
			ChatID: int64(o.Chat), Text: html, ParseMode: models.ParseModeHTML,
			LinkPreviewOptions:  &models.LinkPreviewOptions{IsDisabled: telegram.True()},
			DisableNotification: o.Silent, ReplyMarkup: keys, AllowPaidBroadcast: c.paid,
		})
		return err
	})
	return c.judge(ctx, "sendMessage", x)
}

func (c *Client) answer(ctx context.Context, o Outgoing) reminders.Outcome {
	text := []rune(Plain(o.HTML))
	if len(text) > AnswerLimit {
		text = append(text[:AnswerLimit-1], '…')
	}
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.AnswerCallbackQuery(ctx, &telegram.AnswerCallbackQueryParams{
			CallbackQueryID: o.Callback, Text: string(text), ShowAlert: o.Alert,
		})
		return err
	})
	return done(c.judge(ctx, "answerCallbackQuery", x), 0)
}

// done gives the outcome of something that makes no new message.
func done(out reminders.Outcome, messageID int) reminders.Outcome {
	out.MessageID = 0
	if out.Result == reminders.Sent {
		out.MessageID = messageID
	}
	return out
}

// judge turns an exchange into an outcome and logs what an operator should see:
// refusals are our fault.
func (c *Client) judge(ctx context.Context, method string, x *exchange) reminders.Outcome {
	out := x.outcome()
	if out.Result == reminders.Refused {
		c.log.LogAttrs(ctx, slog.LevelWarn, "the chat service refused a request",
			slog.String("method", method), slog.Int("code", x.code()), slog.String("reason", out.Reason))
	}
	return out
}
