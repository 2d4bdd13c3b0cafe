package wire

import (
	"context"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// edit replaces text and buttons of what was sent: of a message, of the caption of a
// file, or of the messages over which a long text was split.
func (c *Client) edit(ctx context.Context, o Outgoing) reminders.Outcome {
	texts, ids := Split(o.HTML), o.DoneParts
	if len(ids) == 0 {
		ids = []int{o.MessageID}
	}
	switch {
	case len(texts) == 0:
		return reminders.Outcome{Result: reminders.Refused, Reason: "empty"}
	case len(texts) > len(ids), o.Caption && Length(Plain(o.HTML)) > CaptionLimit:
		return reminders.Outcome{Result: reminders.Refused, Reason: "too_long"}
	case len(texts) < len(ids):
		return reminders.Outcome{Result: reminders.Refused, Reason: "too_short"}
	}
	var out reminders.Outcome
	for n, id := range ids {
		var keys any
		if n == len(ids)-1 {
			keys = keyboard(o.Keyboard)
		}
		if out = c.editPart(ctx, o, id, texts[n], keys); out.Result != reminders.Sent {
			return out
		}
	}
	return out
}

// editPart edits one message. Where it turns out to be a file, its caption is meant.
func (c *Client) editPart(ctx context.Context, o Outgoing, id int, html string, keys any) reminders.Outcome {
	if !o.Caption {
		out := c.editText(ctx, o.Chat, id, html, keys)
		if out.Reason != "no_text" || Length(Plain(html)) > CaptionLimit {
			return out
		}
	}
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.EditMessageCaption(ctx, &telegram.EditMessageCaptionParams{
			ChatID: int64(o.Chat), MessageID: id, Caption: html, ParseMode: models.ParseModeHTML, ReplyMarkup: keys,
		})
		return err
	})
	return done(c.judge(ctx, "editMessageCaption", x), id)
}

func (c *Client) editText(ctx context.Context, chat reminders.ChatID, id int, html string, keys any) reminders.Outcome {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.EditMessageText(ctx, &telegram.EditMessageTextParams{
			ChatID: int64(chat), MessageID: id, Text: html, ParseMode: models.ParseModeHTML,
			LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: telegram.True()},
			ReplyMarkup:        keys,
		})
		return err
	})
	return done(c.judge(ctx, "editMessageText", x), id)
}
