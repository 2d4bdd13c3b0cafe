package wire

import (
	"context"
	"slices"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// revision is what an edit makes of the messages that exist: which of them hold the
// text now, and which parts it is to have.
type revision struct {
	files   []int    // messages that are files
	have    []int    // messages that hold the text now, in order
	want    []string // what each of them is to hold
	caption bool     // the text is, and stays, the caption of the first file
	keys    any      // below the last part
	swaps   []swap   // the files that are to take the places of others
	at      reminders.Midway
}

// revise plans an edit. A text stays where it is: it leaves the caption of a file only
// if it is too long for one or has got buttons below an album, and what has become a
// message of its own stays one, however short. So an answer, which makes a text a little
// longer and shorter again, never moves it.
func (o Outgoing) revise() revision {
	ids := o.DoneParts
	if len(ids) == 0 {
		ids = []int{o.MessageID}
	}
	files := min(o.FileParts, len(ids))
	r := revision{
		files: ids[:files], have: ids[files:], want: Split(o.HTML), keys: keyboard(o.Keyboard),
		swaps: o.swaps(ids[:files]), at: o.Midway,
	}
	if hash := reminders.HashText(o.HTML); r.at.Hash != hash {
		r.at.Done, r.at.Hash = 0, hash
	}
	if files == 0 {
		r.at.Caption = false
	}
	if files == 0 || len(r.have) > 0 {
		return r
	}
	if r.caption = Length(Plain(o.HTML)) <= CaptionLimit && (r.keys == nil || files == 1); r.caption {
		r.have, r.files, r.at.Caption = r.files[:1], nil, false
	} else {
		r.at.Caption = true
	}
	return r
}

// parts are the messages that exist.
func (o Outgoing) parts() []int {
	if len(o.DoneParts) > 0 {
		return slices.Clone(o.DoneParts)
	}
	return []int{o.MessageID}
}

// edit does the next step of an edit: files are put into the places of others, parts that exist are edited in their order, missing
// ones sent, a caption from which the text has moved is emptied, and surplus parts are
// taken away.
func (c *Client) edit(ctx context.Context, o Outgoing) reminders.Outcome {
	r, parts := o.revise(), o.parts()
	if len(r.want) == 0 {
		return reminders.Outcome{Result: reminders.Refused, Reason: "empty", Parts: parts}
	}
	if len(r.swaps) > 0 {
		return c.swapNext(ctx, o, r, parts)
	}
	at := r.at
	var out reminders.Outcome
	switch surplus := len(r.have) > len(r.want); {
	case at.Done < min(len(r.have), len(r.want)):
		out = c.editPart(ctx, o, r)
		at.Done++
	case at.Done < len(r.want):
		if out = (reminders.Outcome{Result: reminders.Sent}); at.Sends {
			quiet := o
			quiet.Silent = true
			if out = c.sendPart(ctx, quiet, r.want[at.Done], r.keysOf(at.Done)); out.Result == reminders.Sent {
				parts, r.have = append(parts, out.MessageID), append(slices.Clone(r.have), out.MessageID)
			}
			at.Done++
		}
	case at.Caption:
		out = c.editCaption(ctx, o.Chat, r.files[0], "", nil)
		at.Caption = false
	case surplus:
		id := r.have[len(r.want)]
		if out = c.takeAway(ctx, o, id); out.Result == reminders.Sent {
			parts = slices.DeleteFunc(parts, func(part int) bool { return part == id })
			r.have = slices.DeleteFunc(slices.Clone(r.have), func(part int) bool { return part == id })
		}
	default: // everything was done already
		out = reminders.Outcome{Result: reminders.Sent}
	}
	return r.ended(out, parts, at)
}

// ended says where an edit stands after a step.
func (r revision) ended(out reminders.Outcome, parts []int, at reminders.Midway) reminders.Outcome {
	out.Parts, out.MessageID = parts, 0
	if out.Result != reminders.Sent {
		return out
	}
	at.Sends = len(r.swaps) == 0 && at.Done < len(r.want) && at.Done >= len(r.have)
	if len(r.swaps) > 0 || at.Done < len(r.want) || at.Caption || len(r.have) > len(r.want) {
		return reminders.Outcome{Result: reminders.Partly, Parts: parts, Midway: at}
	}
	out.MessageID = parts[len(parts)-1]
	if at.Kept {
		out.Reason = reminders.ReasonFileKept
	}
	return out
}

// keysOf gives the buttons of the n-th part: they sit below the last.
func (r revision) keysOf(n int) any {
	if n < len(r.want)-1 {
		return nil
	}
	return r.keys
}

// editPart edits the next part. Where a text turns out to be a file, its caption is
// meant.
func (c *Client) editPart(ctx context.Context, o Outgoing, r revision) reminders.Outcome {
	id, html, keys := r.have[r.at.Done], r.want[r.at.Done], r.keysOf(r.at.Done)
	if !r.caption {
		out := c.editText(ctx, o.Chat, id, html, keys)
		if out.Reason != "no_text" || Length(Plain(html)) > CaptionLimit {
			return out
		}
	}
	return c.editCaption(ctx, o.Chat, id, html, keys)
}

func (c *Client) editCaption(ctx context.Context, chat reminders.ChatID, id int, html string, keys any) reminders.Outcome {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.EditMessageCaption(ctx, &telegram.EditMessageCaptionParams{
			ChatID: int64(chat), MessageID: id, Caption: html, ParseMode: models.ParseModeHTML, ReplyMarkup: keys,
		})
		return err
	})
	return c.judge(ctx, "editMessageCaption", x)
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
	return c.judge(ctx, "editMessageText", x)
}
