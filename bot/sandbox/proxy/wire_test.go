package proxy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// wire is our client on the road.
func (r *road) wire(t *testing.T) *wire.Client {
	t.Helper()
	c, err := wire.New(token, r.base, r.client, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send delivers a text.
func send(ctx context.Context, c *wire.Client, text string) reminders.Outcome {
	return c.Deliver(ctx, wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: text})
}

// verdict is what our client makes of a fault.
type verdict struct {
	name    string
	rule    proxy.Rule
	want    reminders.Result
	reason  string
	wait    time.Duration
	arrives bool
}

// verdicts says what our client makes of every fault. Whether the message arrived
// it can only know where it says so.
var verdicts = []verdict{
	{"delay", proxy.Rule{Kind: proxy.Delay, For: short}, reminders.Sent, "", 0, true},
	{"delay for ever", proxy.Rule{Kind: proxy.Delay, For: time.Hour}, reminders.Unknown, "timeout", 0, false},
	{"delayed answer", proxy.Rule{Kind: proxy.DelayAnswer, For: short}, reminders.Sent, "", 0, true},
	{"answer delayed for ever", proxy.Rule{Kind: proxy.DelayAnswer, For: time.Hour}, reminders.Unknown, "timeout", 0, true},
	{"cut after the head", proxy.Rule{Kind: proxy.CutRequest}, reminders.Unknown, "reset", 0, false},
	{"cut in the body", proxy.Rule{Kind: proxy.CutRequest, Bytes: 100}, reminders.Unknown, "reset", 0, false},
	{"cut before the answer", proxy.Rule{Kind: proxy.CutResponse}, reminders.Unknown, "reset", 0, true},
	{"cut in the answer", proxy.Rule{Kind: proxy.CutResponse, Bytes: 200}, reminders.Unknown, "reset", 0, true},
	{"reset before", proxy.Rule{Kind: proxy.ResetBefore}, reminders.Unknown, "reset", 0, false},
	{"reset after", proxy.Rule{Kind: proxy.ResetAfter}, reminders.Unknown, "reset", 0, true},
	{"swallowed answer", proxy.Rule{Kind: proxy.Swallow}, reminders.Unknown, "timeout", 0, true},
	{"page", proxy.Rule{Kind: proxy.Page}, reminders.Unknown, "http_502", 0, false},
	{"page after", proxy.Rule{Kind: proxy.Page, Status: http.StatusServiceUnavailable, Forward: true}, reminders.Unknown, "http_503", 0, true},
	{"flood", proxy.Rule{Kind: proxy.Flood, RetryAfter: 7}, reminders.Wait, "flood", 7 * time.Second, false},
	{"flood without parameters", proxy.Rule{Kind: proxy.Flood}, reminders.Wait, "flood", time.Second, false},
	{"trickle", proxy.Rule{Kind: proxy.Trickle, Bytes: 50, For: short / 4}, reminders.Sent, "", 0, true},
	{"trickle for ever", proxy.Rule{Kind: proxy.Trickle, For: time.Hour}, reminders.Unknown, "timeout", 0, true},
	{"goaway", proxy.Rule{Kind: proxy.GoAway, Requests: 1}, reminders.Sent, "", 0, true},
	{"handshake", proxy.Rule{Kind: proxy.Handshake}, reminders.NotSent, "no_connection", 0, false},
	{"refused", proxy.Rule{Kind: proxy.Refuse}, reminders.NotSent, "no_connection", 0, false},
}

// Our client never says "sent" or "not sent" of what it cannot know.
func TestClientJudgesFaults(t *testing.T) {
	for _, w := range append([]way{inside}, sockets...) {
		for _, v := range verdicts {
			switch {
			case w == plain && v.rule.Kind == proxy.Handshake, w != secure2 && v.rule.Kind == proxy.GoAway:
				continue // there is none
			}
			t.Run(string(w)+"/"+v.name, func(t *testing.T) {
				if w == inside {
					synctest.Test(t, func(t *testing.T) { judge(t, w, v) })
				} else {
					judge(t, w, v)
				}
			})
		}
	}
}

func judge(t *testing.T, w way, v verdict) {
	t.Helper()
	r := build(t, w)
	c := r.wire(t)
	never := v.reason == "timeout"
	if never || v.rule.Kind == proxy.GoAway {
		_ = send(t.Context(), c, "零") // the request that the connection still takes
	}
	ctx := r.patience(t, w, never, v.arrives)
	v.rule.Times = 1
	if err := r.proxy.Set(v.rule); err != nil {
		t.Fatal(err)
	}
	got := send(ctx, c, "一")
	if got.Result != v.want || got.Reason != v.reason || got.RetryAfter != v.wait {
		t.Errorf("%+v, want %s %q, wait %s", got, v.want, v.reason, v.wait)
	}
	if next := send(t.Context(), c, "二"); next.Result != reminders.Sent {
		t.Errorf("the next one: %+v", next)
	}
	if r.gate != nil {
		r.gate.Close()
	}
	if n := r.arrived("一"); n > 1 || n == 1 != v.arrives || r.arrived("二") != 1 {
		t.Errorf("arrived %d times and %d times, want %v and once", n, r.arrived("二"), v.arrives)
	}
	if diff := cmp.Diff(map[proxy.Kind]int{v.rule.Kind: 1}, r.proxy.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

// A large file that is cut in its middle never arrives, not even in part.
func TestLargeRequestIsCut(t *testing.T) {
	for _, w := range sockets {
		t.Run(string(w), func(t *testing.T) {
			r := build(t, w, proxy.Rule{Kind: proxy.CutRequest, Bytes: 300_000, Methods: []string{"sendDocument"}, Times: 1})
			c := r.wire(t)
			out := wire.Outgoing{
				Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{wire.Bytes("台账.csv", make([]byte, 8<<20))},
			}
			if got := c.Deliver(t.Context(), out); got.Result != reminders.Unknown {
				t.Errorf("cut: %+v, want unknown", got)
			}
			if calls := r.sandbox.Calls(); len(calls) != 0 {
				t.Errorf("the sandbox received %s", calls[0].Method)
			}
			if got := c.Deliver(t.Context(), out); got.Result != reminders.Sent {
				t.Errorf("uncut: %+v", got)
			}
		})
	}
}

// A poll that waits passes unharmed and ends with its client.
func TestPollsPass(t *testing.T) {
	for _, w := range sockets {
		t.Run(string(w), func(t *testing.T) {
			r := build(t, w)
			poll := func(ctx context.Context, query string) (*http.Response, error) {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/bot"+token+"/getUpdates?"+query, nil)
				if err != nil {
					t.Fatal(err)
				}
				return r.client.Do(req)
			}
			resp, err := poll(t.Context(), "timeout=50")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var got struct {
				Result []struct {
					ID int `json:"update_id"`
				} `json:"result"`
			}
			if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || len(got.Result) != 1 {
				t.Fatalf("%v, %v; want what the person wrote", got, err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*short)
			defer cancel()
			if resp, err := poll(ctx, fmt.Sprintf("timeout=50&offset=%d", got.Result[0].ID+1)); err == nil {
				_ = resp.Body.Close()
				t.Errorf("answered with %s", resp.Status)
			}
			r.gate.Close() // waits for the poll
		})
	}
}
