package wire

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Times of polling, on the real clock.
const (
	pollWait   = 50 * time.Second // how long the service may wait for an update
	pollSlack  = 15 * time.Second // how much later the answer may come
	firstPause = 500 * time.Millisecond
	lastPause  = 30 * time.Second
)

// remindEvery is after how many equal failures the log says so again: at the
// longest pause about every ten minutes.
const remindEvery = 20

// Poller fetches updates and gives them to the inbox (长轮询). It confirms an
// update to the service only by polling again after the inbox has committed it,
// so a crash at any instant loses nothing.
//
// Set the fields, then call Run once.
type Poller struct {
	Client     *Client
	Doer       Doer // for polls only; nil: PollDoer beside DefaultDoer, else that of the client
	Inbox      Inbox
	Quarantine Quarantine
	Guard      Guard           // nil lets everything pass
	Clock      reminders.Clock // for LastSuccess; network times do not use it
	Log        *slog.Logger    // nil means that of the client
	Ready      func()          // called once, after the first successful poll; may be nil

	last     atomic.Pointer[time.Time]
	offset   int64
	ready    bool
	stalled  map[[sha256.Size]byte]bool // already in quarantine, still at the head of the queue
	failures map[string]int             // in a row, by reason
}

// LastSuccess is the instant of the last poll that the inbox accepted, zero
// before the first. It may be called while Run runs.
func (p *Poller) LastSuccess() time.Time {
	if t := p.last.Load(); t != nil {
		return *t
	}
	return time.Time{}
}

// Run polls until ctx ends and then returns nil. It first ends an old webhook,
// which would keep polls away. It fails only if going on is useless: the token
// is refused (Denied, the text names the remedy) or the inbox cannot say where
// to go on. Everything else is waited out: a second poller with the same token
// and failures of the network with growing pauses up to 30 seconds, a flood as
// long as the service says, an inbox that cannot write until it can.
func (p *Poller) Run(ctx context.Context) error {
	offset, err := p.Inbox.Offset(ctx)
	if err != nil {
		return reminders.Wrap("wire.poll", err)
	}
	p.offset, p.failures = offset, map[string]int{}
	if p.Log == nil {
		p.Log = p.Client.log
	}
	webhookGone := false
	var pause time.Duration
	for ctx.Err() == nil {
		step := p.poll
		if !webhookGone {
			step = p.endWebhook
		}
		trouble := step(ctx)
		switch {
		case ctx.Err() != nil:
		case trouble == nil:
			webhookGone, pause = true, 0
			clear(p.failures)
		case trouble.fatal != nil:
			return trouble.fatal
		default:
			pause = min(max(2*pause, firstPause), lastPause)
			p.report(ctx, trouble, max(pause, trouble.wait))
			rest(ctx, max(pause, trouble.wait))
		}
	}
	return nil
}

// trouble is why a step did not succeed.
type trouble struct {
	reason string        // short code
	remedy string        // what an operator can do
	wait   time.Duration // at least, as the service asked
	err    error         // safe to log
	fatal  error         // going on is useless
}

// report logs the first failure of a kind, and then one in a while.
func (p *Poller) report(ctx context.Context, t *trouble, pause time.Duration) {
	p.failures[t.reason]++
	if p.failures[t.reason]%remindEvery != 1 {
		return
	}
	attrs := []slog.Attr{slog.String("reason", t.reason), slog.Duration("next_try_in", pause)}
	if t.err != nil {
		attrs = append(attrs, slog.String("error", p.Client.Redact(t.err.Error())))
	}
	if t.remedy != "" {
		attrs = append(attrs, slog.String("remedy", t.remedy))
	}
	p.Log.LogAttrs(ctx, slog.LevelWarn, "no updates received", attrs...)
}

// rest waits on the real clock.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func (p *Poller) endWebhook(ctx context.Context) *trouble {
	return diagnose(p.Client.deleteWebhook(ctx))
}

// diagnose says what is wrong with an exchange, nil if nothing is.
func diagnose(x *exchange) *trouble {
	out := x.outcome()
	t := &trouble{reason: out.Reason, wait: out.RetryAfter, err: x.err}
	switch {
	case x.ok():
		return nil
	case x.clear && (x.code() == http.StatusUnauthorized || x.code() == http.StatusNotFound):
		t.fatal = refusedToken("wire.poll")
	case x.code() == http.StatusConflict:
		t.reason = "conflict"
		t.remedy = "another process receives with the same bot token: stop it, or give this one a bot of its own"
	}
	return t
}

// commit gives the updates to the inbox and moves the offset.
func (p *Poller) commit(ctx context.Context, updates []Raw, next int64) *trouble {
	if err := p.Inbox.Accept(ctx, updates, next); err != nil {
		return &trouble{
			reason: "inbox", err: err,
			remedy: "the data directory cannot be written: check free space and permissions; nothing is lost meanwhile",
		}
	}
	p.offset = next
	return nil
}

// elements decodes the outer list only: one bad update must not hide the others.
func elements(x *exchange) ([]json.RawMessage, *trouble) {
	var list []json.RawMessage
	if err := x.result(&list); err != nil {
		return nil, &trouble{reason: "not_a_list", err: err}
	}
	return list, nil
}
