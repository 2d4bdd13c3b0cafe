package wire

import (
	"context"
	"encoding/json"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Raw is an update as the service sent it, with what is needed to put it into
// order: its number and its chat.
type Raw struct {
	ID   int64
	Chat reminders.ChatID // zero if it belongs to no chat that we know
	JSON json.RawMessage  // after the guard; otherwise byte for byte
}

// Inbox keeps raw updates until somebody has acted on them.
type Inbox interface {
	// Accept writes the updates and next, the offset of the next poll, durably
	// and in one step before it returns nil; only then are they confirmed to
	// the service. A zero next (from the webhook) leaves the offset as it is.
	// The same update may come again: to pass over it is the inbox's matter.
	Accept(ctx context.Context, updates []Raw, next int64) error
	// Offset is the next of the last Accept that had one, zero before the first.
	Offset(ctx context.Context) (int64, error)
}

// Quarantine keeps what came in place of an update and cannot be given to
// anyone, for an operator to look at. The reason is a short code. The same bytes
// may come again.
type Quarantine interface {
	Quarantine(ctx context.Context, raw []byte, reason string) error
}

// Guard looks at a text before it is written down anywhere. Where it finds what
// does not belong here it returns other words for the whole text, and the names
// of the rules that hit; otherwise it returns the text and nothing.
type Guard func(text string) (clean string, hits []string)

// receive makes the inbox row of one update: routed and guarded. It fails if the
// bytes are no update, and then returns what may be put into quarantine.
func receive(raw json.RawMessage, guard Guard) (Raw, []byte, error) {
	update, err := Decode(raw)
	if err != nil {
		return Raw{}, sieve(raw, guard, anyText), err
	}
	if silent(update) {
		return Raw{ID: update.ID, Chat: update.Chat, JSON: numbered(update.ID)}, nil, nil
	}
	return Raw{ID: update.ID, Chat: update.Chat, JSON: sieve(raw, guard, personText)}, nil, nil
}
