package wire

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// question is the body of getUpdates.
type question struct {
	Offset  int64    `json:"offset,omitempty"`
	Timeout int      `json:"timeout"`
	Allowed []string `json:"allowed_updates"`
}

// poll asks once and hands what came to the inbox. The first poll does not wait
// for updates, so that the service is known to be ready at once.
func (p *Poller) poll(ctx context.Context) *trouble {
	wait := pollWait
	if !p.ready {
		wait = 0
	}
	x := p.Client.post(ctx, p.Doer, "getUpdates", wait+pollSlack, question{
		Offset: p.offset, Timeout: int(wait / time.Second), Allowed: wanted,
	})
	if t := diagnose(x); t != nil {
		return t
	}
	list, t := elements(x)
	if t != nil {
		return t
	}
	if t := p.take(ctx, list); t != nil {
		return t
	}
	now := p.Clock.Now()
	p.last.Store(&now)
	if !p.ready {
		p.ready = true
		if p.Ready != nil {
			p.Ready()
		}
	}
	return nil
}

// take commits what can be numbered and puts the rest into quarantine. The next
// offset follows the last number received, even if it is lower than an earlier
// one: after a quiet week the service starts to count anew.
func (p *Poller) take(ctx context.Context, list []json.RawMessage) *trouble {
	var updates []Raw
	bad := map[[sha256.Size]byte]bool{}
	for _, element := range list {
		raw, rest, err := receive(element, p.Guard)
		if err == nil {
			updates = append(updates, raw)
			continue
		}
		sum := sha256.Sum256(element)
		bad[sum] = true
		if p.stalled[sum] {
			continue
		}
		if err := p.Quarantine.Quarantine(ctx, rest, "no_update_id"); err != nil {
			return &trouble{reason: "quarantine", err: err}
		}
	}
	p.stalled = bad
	if len(updates) > 0 {
		return p.commit(ctx, updates, updates[len(updates)-1].ID+1)
	}
	if len(bad) > 0 {
		// Nothing here can be confirmed, so the same will come again.
		return &trouble{reason: "unnumbered", err: errors.New("the service sent only things without a number")}
	}
	return nil
}

// post calls a method with a JSON body, without the library. A nil doer means
// the client's own for polls.
func (c *Client) post(ctx context.Context, doer Doer, method string, timeout time.Duration, body any) *exchange {
	x := &exchange{}
	if doer == nil {
		doer = c.polls
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	content, err := json.Marshal(body)
	if err != nil {
		x.fail(err)
		return x
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/bot"+c.token+"/"+method, bytes.NewReader(content))
	if err != nil {
		x.fail(c.record.plain(err))
		return x
	}
	req.Header.Set("Content-Type", "application/json")
	// What went wrong stands in the exchange.
	_, _ = c.record.exchange(doer, req, x) //nolint:bodyclose // the exchange has read it
	return x
}
