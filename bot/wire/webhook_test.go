package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// box is an inbox and a quarantine in memory.
type box struct {
	mu     sync.Mutex
	fail   error // of Accept and Quarantine
	offset int64
	got    []wire.Raw
	bad    []string
}

func (b *box) Accept(_ context.Context, updates []wire.Raw, next int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.got = append(b.got, updates...)
	if next != 0 {
		b.offset = next
	}
	return nil
}

func (b *box) Offset(context.Context) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.offset, nil
}

func (b *box) Quarantine(_ context.Context, raw []byte, reason string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.bad = append(b.bad, reason+" "+string(raw))
	return nil
}

func (b *box) breakDown(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = err
}

// ids lists what was accepted, in order.
func (b *box) ids() []int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []int64
	for _, raw := range b.got {
		ids = append(ids, raw.ID)
	}
	return ids
}

// stars is a guard that replaces texts with a star.
func stars(text string) (string, []string) {
	if strings.Contains(text, "★") {
		return "⟦guard:star⟧", []string{"star"}
	}
	return text, nil
}

func post(secret, body string) *http.Request {
	req := httptest.NewRequest(http.MethodPost, "/telegram/webhook", strings.NewReader(body))
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	return req
}

func TestWebhook(t *testing.T) {
	const update = `{"update_id":5,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"好"}}`
	get := post("hook", update)
	get.Method = http.MethodGet
	cases := []struct {
		name     string
		req      *http.Request
		draining bool
		fail     error
		status   int
		taken    int
	}{
		{"an update", post("hook", update), false, nil, 200, 1},
		{"a kind that is not known yet", post("hook", `{"update_id":6,"x":1}`), false, nil, 200, 1},
		{"another method", get, false, nil, 405, 0},
		{"another secret", post("hooks", update), false, nil, 401, 0},
		{"no secret", post("", update), false, nil, 401, 0},
		{"draining", post("hook", update), true, nil, 503, 0},
		{"draining, and a wrong secret", post("x", update), true, nil, 401, 0},
		{"the inbox is full", post("hook", update), false, errors.New("no space"), 503, 0},
		{"just below the limit", post("hook", update+strings.Repeat(" ", 1<<20-len(update))), false, nil, 200, 1},
		{"over the limit", post("hook", update+strings.Repeat(" ", 1<<20+1-len(update))), false, nil, 413, 0},
		{"no JSON", post("hook", "<html>"), false, nil, 400, 0},
		{"no number", post("hook", "{}"), false, nil, 400, 0},
		{"nothing", post("hook", ""), false, nil, 400, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inbox := &box{fail: c.fail, offset: 3}
			answer := httptest.NewRecorder()
			wire.Webhook("hook", inbox, func() bool { return c.draining }, nil).ServeHTTP(answer, c.req)
			if answer.Code != c.status || len(inbox.got) != c.taken {
				t.Errorf("status %d with %d updates, want %d with %d", answer.Code, len(inbox.got), c.status, c.taken)
			}
			if inbox.offset != 3 {
				t.Errorf("the offset of polling moved to %d", inbox.offset)
			}
			if answer.Body.Len() > 0 {
				t.Errorf("the answer says something: %q", answer.Body)
			}
		})
	}
}

// Without a secret anyone could post: then nobody may.
func TestWebhookWithoutSecret(t *testing.T) {
	answer := httptest.NewRecorder()
	wire.Webhook("", &box{}, nil, nil).ServeHTTP(answer, post("", `{"update_id":1}`))
	if answer.Code != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", answer.Code)
	}
}

// What the guard hits is gone before the inbox sees it, wherever it stands; all
// else stays byte for byte.
func TestGuardBeforeInbox(t *testing.T) {
	cases := []struct{ name, raw, want string }{
		{"nothing found", `{ "update_id":1,"message":{"text":"好 \u2606","x":1.50}}`, `{ "update_id":1,"message":{"text":"好 \u2606","x":1.50}}`},
		{"text", `{"update_id":1,"message":{"text":"机密★","entities":[{"type":"bold"}],"chat":{"id":-1001234567890123}}}`, `{"update_id":1,"message":{"text":"⟦guard:star⟧","chat":{"id":-1001234567890123}}}`},
		{"escaped text", `{"update_id":1,"message":{"text":"\u673a\u5bc6\u2605"}}`, `{"update_id":1,"message":{"text":"⟦guard:star⟧"}}`},
		{"edited text", `{"update_id":1,"edited_message":{"text":"★"}}`, `{"update_id":1,"edited_message":{"text":"⟦guard:star⟧"}}`},
		{"caption", `{"update_id":1,"message":{"caption":"★","caption_entities":[1],"entities":[2]}}`, `{"update_id":1,"message":{"caption":"⟦guard:star⟧","entities":[2]}}`},
		{"file name", `{"update_id":1,"message":{"document":{"file_name":"★.xlsx","file_id":"★"}}}`, `{"update_id":1,"message":{"document":{"file_name":"⟦guard:star⟧","file_id":"★"}}}`},
		{"replied to", `{"update_id":1,"message":{"text":"好","entities":[1],"reply_to_message":{"text":"★","entities":[2]}}}`, `{"update_id":1,"message":{"text":"好","entities":[1],"reply_to_message":{"text":"⟦guard:star⟧"}}}`},
		{"quote", `{"update_id":1,"message":{"quote":{"text":"★","entities":[2],"position":0}}}`, `{"update_id":1,"message":{"quote":{"text":"⟦guard:star⟧","position":0}}}`},
		{"another spelling of the field", `{"update_id":1,"message":{"Text":"★"}}`, `{"update_id":1,"message":{"Text":"⟦guard:star⟧"}}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			inbox := &box{}
			answer := httptest.NewRecorder()
			wire.Webhook("hook", inbox, nil, stars).ServeHTTP(answer, post("hook", c.raw))
			if answer.Code != http.StatusOK {
				t.Fatalf("status %d", answer.Code)
			}
			got := string(inbox.got[0].JSON)
			if c.raw == c.want {
				if got != c.raw {
					t.Errorf("changed to %s", got)
				}
				return
			}
			if diff := cmp.Diff(generic(t, c.want), generic(t, got)); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func generic(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func FuzzGuardBeforeInbox(f *testing.F) {
	f.Add(`{"update_id":1,"message":{"text":"机密★","entities":[]}}`)
	f.Add(`{"update_id":1,"edited_message":{"reply_to_message":{"caption":"\u2605"}}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		inbox := &box{}
		wire.Webhook("hook", inbox, nil, stars).ServeHTTP(httptest.NewRecorder(), post("hook", raw))
		for _, row := range inbox.got {
			update, err := wire.Decode(row.JSON)
			if err != nil {
				t.Fatalf("the row %s of %s cannot be read: %v", row.JSON, raw, err)
			}
			if m := update.Message; m != nil && (strings.Contains(m.Text, "★") || strings.Contains(m.Caption, "★")) {
				t.Fatalf("the guard missed %s", row.JSON)
			}
		}
	})
}
