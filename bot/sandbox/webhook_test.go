package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// hook is a webhook inside the process. It answers with the statuses given, then
// with 200.
type hook struct {
	mu       sync.Mutex
	statuses []int
	got      []string // bodies, of every attempt
	at       []time.Time
	header   http.Header
}

func (h *hook) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.got, h.at, h.header = append(h.got, string(body)), append(h.at, time.Now()), req.Header
	status := http.StatusOK
	if len(h.statuses) > 0 {
		status, h.statuses = h.statuses[0], h.statuses[1:]
	}
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	return w.Result(), nil
}

func (h *hook) texts(t *testing.T) []string {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	var texts []string
	for _, body := range h.got {
		var u struct {
			Message struct{ Text string }
		}
		if err := json.Unmarshal([]byte(body), &u); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, u.Message.Text)
	}
	return texts
}

// Updates are delivered in order, each until it is accepted, with the secret.
func TestWebhookDelivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hook{statuses: []int{500, 404}}
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Webhook: h})
		defer s.Close()
		p := s.Person(7, "甲", "")
		p.Type("a")
		got := call(t, s, "setWebhook", params{"url": "https://bot.example/hook", "secret_token": "s-1_A"})
		if got.Description != "Webhook was set" {
			t.Errorf("%+v", got)
		}
		synctest.Wait()
		p.Type("b")
		var info struct {
			URL     string `json:"url"`
			Pending int    `json:"pending_update_count"`
			Failure string `json:"last_error_message"`
			Date    int64  `json:"last_error_date"`
		}
		call(t, s, "getWebhookInfo", nil).into(t, &info)
		if info.Pending != 2 || info.URL != "https://bot.example/hook" || info.Date != time.Now().Unix() ||
			info.Failure != "Wrong response from the webhook: 500 Internal Server Error" {
			t.Errorf("%+v", info)
		}
		begin := time.Now()
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"a", "a", "a", "b"}, h.texts(t)); diff != "" {
			t.Error(diff)
		}
		// The pause doubles.
		if second, third := h.at[1].Sub(begin), h.at[2].Sub(begin); second != time.Second || third != 3*time.Second {
			t.Errorf("tried again after %v and %v", second, third)
		}
		if h.header.Get("X-Telegram-Bot-Api-Secret-Token") != "s-1_A" || h.header.Get("Content-Type") != "application/json" {
			t.Errorf("header %v", h.header)
		}
		if s.Pending() != 0 {
			t.Errorf("%d pending", s.Pending())
		}
	})
}

// A webhook can be moved and deleted; what nobody accepted stays for getUpdates.
func TestWebhookMovesAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &hook{statuses: []int{500, 500}}
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Webhook: h})
		defer s.Close()
		s.Person(7, "甲", "").Type("a")
		call(t, s, "setWebhook", params{"url": "https://bot.example/1"})
		synctest.Wait()
		call(t, s, "setWebhook", params{"url": "https://bot.example/2"})
		synctest.Wait()
		if got := call(t, s, "deleteWebhook", nil); got.Description != "Webhook was deleted" {
			t.Errorf("%+v", got)
		}
		if got := call(t, s, "setWebhook", params{"url": ""}); got.Description != "Webhook is already deleted" {
			t.Errorf("%+v", got)
		}
		time.Sleep(time.Hour)
		if diff := cmp.Diff([]string{"a", "a"}, h.texts(t)); diff != "" {
			t.Error(diff)
		}
		if got := ids(t, s, nil); len(got) != 1 {
			t.Errorf("left: %v", got)
		}
		call(t, s, "deleteWebhook", params{"drop_pending_updates": "true"})
		if got := ids(t, s, nil); len(got) != 0 {
			t.Errorf("left: %v", got)
		}
	})
}

// A webhook needs https, except on this machine, and a secret of the right letters.
func TestRefusesWebhooks(t *testing.T) {
	s, _ := newServer(t)
	tests := []struct {
		name        string
		params      params
		description string
	}{
		{"http", params{"url": "http://bot.example/"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"no address", params{"url": "hook"}, "Bad Request: bad webhook: invalid webhook URL specified"},
		{"letters", params{"url": "https://bot.example/", "secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"},
		{"inner letters", params{"url": "https://bot.example/", "secret_token": "a+b"}, "Bad Request: secret token contains unallowed characters"},
		{"long", params{"url": "https://bot.example/", "secret_token": strings.Repeat("a", 257)}, "Bad Request: secret token is too long"},
		{"kinds", params{"url": "https://bot.example/", "allowed_updates": `[1]`}, "Bad Request: can't parse allowed updates JSON object"},
		{"nothing", nil, `Bad Request: parameter "url" is required`},
	}
	for _, tt := range tests {
		if got := call(t, s, "setWebhook", tt.params); got.ErrorCode != 400 || got.Description != tt.description {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// Where nobody answers, getWebhookInfo says so.
func TestWebhookNowhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(sandbox.Options{Token: token, Now: time.Now, Webhook: nowhere{}})
		defer s.Close()
		call(t, s, "setWebhook", params{"url": "https://bot.example/"})
		s.Person(7, "甲", "").Type("a")
		synctest.Wait()
		var info struct {
			Failure string `json:"last_error_message"`
		}
		call(t, s, "getWebhookInfo", nil).into(t, &info)
		if info.Failure != "Connection failed: unexpected EOF" || s.Pending() != 1 {
			t.Errorf("%+v, %d pending", info, s.Pending())
		}
	})
}

// Over HTTP the updates arrive by POST.
func TestWebhookOverHTTP(t *testing.T) {
	arrived := make(chan string, 1)
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- r.Method + " " + r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	}))
	defer web.Close()
	c := newClock()
	s := sandbox.New(sandbox.Options{Token: token, Now: c.Now, Webhook: web.Client()})
	defer s.Close()
	call(t, s, "setWebhook", params{"url": web.URL, "secret_token": "x"})
	s.Person(7, "甲", "").Type("a")
	if got := <-arrived; got != "POST x" {
		t.Error(got)
	}
}
