package wire

import (
	"context"
	"log/slog"

	telegram "github.com/go-telegram/bot"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// deletedAtOnce is how many messages the service deletes with one call.
const deletedAtOnce = 100

// remove deletes every message that exists of what was sent. The service deletes all
// that it is asked for or none, and passes over what is gone already.
func (c *Client) remove(ctx context.Context, o Outgoing) reminders.Outcome {
	ids, rest := o.parts(), []int(nil)
	if len(ids) == 1 {
		return ended(c.removeOne(ctx, o, ids[0]), ids)
	}
	if len(ids) > deletedAtOnce {
		ids, rest = ids[:deletedAtOnce], ids[deletedAtOnce:]
	}
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.DeleteMessages(ctx, &telegram.DeleteMessagesParams{ChatID: int64(o.Chat), MessageIDs: ids})
		return err
	})
	out := c.judgeRemoval(ctx, o, "deleteMessages", x)
	if out.Result == reminders.Sent && len(rest) > 0 {
		return reminders.Outcome{Result: reminders.Partly, Parts: rest}
	}
	return ended(out, append(ids, rest...))
}

// ended gives the outcome of a deletion: what was not deleted still exists.
func ended(out reminders.Outcome, ids []int) reminders.Outcome {
	out.MessageID = 0
	if out.Result != reminders.Sent {
		out.Parts = ids
	}
	return out
}

func (c *Client) removeOne(ctx context.Context, o Outgoing, id int) reminders.Outcome {
	x := c.do(ctx, callTimeout, func(ctx context.Context) error {
		_, err := c.api.DeleteMessage(ctx, &telegram.DeleteMessageParams{ChatID: int64(o.Chat), MessageID: id})
		return err
	})
	return c.judgeRemoval(ctx, o, "deleteMessage", x)
}

// takeAway deletes a part that an edit does not need any more, or replaces it by a mark
// where the service deletes it no longer.
func (c *Client) takeAway(ctx context.Context, o Outgoing, id int) reminders.Outcome {
	out := c.removeOne(ctx, o, id)
	if out.Result != reminders.Refused || o.Superseded == "" {
		return out
	}
	if out = c.editText(ctx, o.Chat, id, o.Superseded, nil); out.Result == reminders.Refused {
		out.Result = reminders.Sent // the text itself stands as it should, and more cannot be done
	}
	return out
}

// judgeRemoval turns an exchange into an outcome. That a message is too old to be
// deleted is nobody's fault and no alarm.
func (c *Client) judgeRemoval(ctx context.Context, o Outgoing, method string, x *exchange) reminders.Outcome {
	out := x.outcome()
	if out.Reason == "not_deletable" && o.Old { // a supergroup says no more than this
		out.Reason = "too_old"
	}
	if out.Reason == "too_old" {
		c.log.LogAttrs(ctx, slog.LevelDebug, "a message is too old to be deleted", slog.String("method", method))
		return out
	}
	return c.judge(ctx, method, x)
}
