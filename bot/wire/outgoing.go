package wire

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"strings"

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
	MessageID int     // for ActEdit and ActDelete
	HTML      string  // text with Telegram's tags; for ActAnswer the tags are taken out
	Keyboard  [][]Key // rows of buttons, below the last part
	Callback  string  // for ActAnswer: the id of the tap
	Alert     bool    // for ActAnswer: as a dialog, not as a toast
	Silent    bool    // for ActSend: without a sound
	DoneParts []int   // for ActSend: the parts of this text that exist already
}

// Deliver does it and says what is certain about it. It never returns before the
// call has ended, at most 30 seconds for each part of a text, and never repeats
// a call by itself. The outcome carries the hash of HTML for messages and edits.
//
// A text longer than TextLimit becomes several messages (see Split); with
// DoneParts the first of them are taken as sent, and Parts of the outcome lists
// all that exist, also when a later one failed. An edit cannot grow into several
// messages: a text that is too long for one is Refused.
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
	sum := sha256.Sum256([]byte(o.HTML))
	out.TextHash = hex.EncodeToString(sum[:])
	return out
}

// send sends the parts that do not exist yet, one after the other.
func (c *Client) send(ctx context.Context, o Outgoing) reminders.Outcome {
	texts, parts := Split(o.HTML), slices.Clone(o.DoneParts)
	if len(texts) == 0 {
		return reminders.Outcome{Result: reminders.Refused, Reason: "empty", Parts: parts}
	}
	out := reminders.Outcome{Result: reminders.Sent}
	for i := len(parts); i < len(texts); i++ {
		var keys any
		if i == len(texts)-1 {
			keys = keyboard(o.Keyboard)
		}
		out = c.sendPart(ctx, o, texts[i], keys)
		if out.Result != reminders.Sent {
			out.Parts = parts
			return out
		}
		parts = append(parts, out.MessageID)
	}
	out.Parts, out.MessageID = parts, parts[len(parts)-1]
	return out
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

func (c *Client) edit(ctx context.Context, o Outgoing) reminders.Outcome {
	switch n := Length(Plain(o.HTML)); {
	case n > TextLimit:
		return reminders.Outcome{Result: reminders.Refused, Reason: "too_long"}
	case strings.TrimSpace(Plain(o.HTML)) == "":
		return reminders.Outcome{Result: reminders.Refused, Reason: "empty"}
	}
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.EditMessageText(ctx, &telegram.EditMessageTextParams{
			ChatID: int64(o.Chat), MessageID: o.MessageID, Text: o.HTML, ParseMode: models.ParseModeHTML,
			LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: telegram.True()},
			ReplyMarkup:        keyboard(o.Keyboard),
		})
		return err
	})
	return done(c.judge(ctx, "editMessageText", x), o.MessageID)
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

func (c *Client) remove(ctx context.Context, o Outgoing) reminders.Outcome {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.DeleteMessage(ctx, &telegram.DeleteMessageParams{
			ChatID: int64(o.Chat), MessageID: o.MessageID,
		})
		return err
	})
	return done(c.judge(ctx, "deleteMessage", x), 0)
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
