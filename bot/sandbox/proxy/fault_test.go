package proxy_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
)

// short is a delay that is met.
const short = 40 * time.Millisecond

// seen is what a client sees of one request.
type seen struct {
	status int
	kind   string
	body   string
	err    error
	took   time.Duration
}

func (r *road) ask(ctx context.Context, t *testing.T, text string) seen {
	t.Helper()
	start := time.Now()
	resp, err := r.client.Do(r.request(ctx, t, text))
	if err != nil {
		return seen{err: err, took: time.Since(start)}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return seen{resp.StatusCode, resp.Header.Get("Content-Type"), string(body), err, time.Since(start)}
}

// What a client sees, as a name: what the fault claims to be.
func (s seen) name() string {
	op, _ := errors.AsType[*net.OpError](s.err)
	switch {
	case s.err == nil && s.status == http.StatusOK && s.took >= short:
		return "late"
	case s.err == nil && s.status == http.StatusOK:
		return "answered"
	case s.err == nil && strings.Contains(s.body, `"retry_after":7`):
		return "flood 7"
	case s.err == nil && s.status == http.StatusTooManyRequests && !strings.Contains(s.body, "parameters"):
		return "flood"
	case s.err == nil && s.kind == "text/html" && strings.HasPrefix(s.body, "<html>"):
		return s.body[strings.Index(s.body, "<title>")+7 : strings.Index(s.body, "</title>")]
	case errors.Is(s.err, context.DeadlineExceeded):
		return "timeout"
	case op != nil && op.Op == "remote error" && strings.Contains(s.err.Error(), "handshake failure"):
		return "alert"
	case errors.Is(s.err, syscall.ECONNREFUSED):
		return "refused"
	case s.status == http.StatusOK && errors.Is(s.err, io.ErrUnexpectedEOF):
		return "torn" // the head came, the body did not
	case errors.Is(s.err, syscall.ECONNRESET):
		return "reset"
	case errors.Is(s.err, io.EOF), errors.Is(s.err, io.ErrUnexpectedEOF), strings.Contains(s.err.Error(), "unexpected EOF"):
		return "cut"
	}
	return s.err.Error()
}

// claims says of every fault what a client sees, how the operating system says the
// connection ended, and whether the sandbox has the message.
var claims = []struct {
	name    string
	rule    proxy.Rule
	sees    string
	end     error // nil: whatever
	arrives bool
}{
	{"delay", proxy.Rule{Kind: proxy.Delay, For: short}, "late", nil, true},
	{"delay for ever", proxy.Rule{Kind: proxy.Delay, For: time.Hour}, "timeout", nil, false},
	{"delayed answer", proxy.Rule{Kind: proxy.DelayAnswer, For: short}, "late", nil, true},
	{"answer delayed for ever", proxy.Rule{Kind: proxy.DelayAnswer, For: time.Hour}, "timeout", nil, true},
	{"cut after the head", proxy.Rule{Kind: proxy.CutRequest}, "cut", io.EOF, false},
	{"cut in the body", proxy.Rule{Kind: proxy.CutRequest, Bytes: 10}, "cut", io.EOF, false},
	{"cut after the body", proxy.Rule{Kind: proxy.CutRequest, Bytes: 1 << 20}, "cut", io.EOF, false},
	{"cut before the answer", proxy.Rule{Kind: proxy.CutResponse}, "cut", io.EOF, true},
	{"cut in the answer", proxy.Rule{Kind: proxy.CutResponse, Bytes: 1 << 20}, "torn", io.EOF, true},
	{"reset before", proxy.Rule{Kind: proxy.ResetBefore}, "reset", syscall.ECONNRESET, false},
	{"reset after", proxy.Rule{Kind: proxy.ResetAfter}, "reset", syscall.ECONNRESET, true},
	{"swallowed answer", proxy.Rule{Kind: proxy.Swallow}, "timeout", nil, true},
	{"page", proxy.Rule{Kind: proxy.Page}, "502 Bad Gateway", nil, false},
	{"page after", proxy.Rule{Kind: proxy.Page, Status: 503, Forward: true}, "503 Service Unavailable", nil, true},
	{"flood", proxy.Rule{Kind: proxy.Flood, RetryAfter: 7}, "flood 7", nil, false},
	{"flood without parameters", proxy.Rule{Kind: proxy.Flood}, "flood", nil, false},
	{"trickle", proxy.Rule{Kind: proxy.Trickle, Bytes: 50, For: short / 4}, "late", nil, true},
	{"trickle for ever", proxy.Rule{Kind: proxy.Trickle, For: time.Hour}, "timeout", nil, true},
	{"handshake", proxy.Rule{Kind: proxy.Handshake}, "alert", nil, false},
	{"refused", proxy.Rule{Kind: proxy.Refuse}, "refused", nil, false},
}

// Each fault is seen as what it claims to be, is counted, and is over afterwards.
func TestFaultsAreWhatTheyClaim(t *testing.T) {
	for _, w := range append([]way{inside}, sockets...) {
		for _, c := range claims {
			if w == plain && c.rule.Kind == proxy.Handshake {
				continue // there is none
			}
			t.Run(string(w)+"/"+c.name, func(t *testing.T) {
				rule := c.rule
				rule.Times = 1
				check := func(t *testing.T) {
					r := build(t, w)
					never := c.sees == "timeout"
					if never {
						_ = r.ask(t.Context(), t, "零")
					}
					ctx := r.patience(t, w, never, c.arrives)
					if err := r.proxy.Set(rule); err != nil {
						t.Fatal(err)
					}
					got := r.ask(ctx, t, "一")
					if name := claimed(w, got, c.sees); name != c.sees {
						t.Errorf("seen as %q, want %q: %+v", name, c.sees, got)
					}
					_, ends := r.seen.all()
					if w != inside && c.end != nil && !slices.ContainsFunc(ends, func(err error) bool { return errors.Is(err, c.end) }) {
						t.Errorf("connections ended with %v, want %v", ends, c.end)
					}
					if next := r.ask(t.Context(), t, "二"); next.name() != "answered" && next.name() != "late" {
						t.Errorf("the next request: %+v", next)
					}
					if r.gate != nil {
						r.gate.Close()
					}
					if r.arrived("一") == 1 != c.arrives || r.arrived("一") > 1 || r.arrived("二") != 1 {
						t.Errorf("arrived %d and %d times, want %v and once", r.arrived("一"), r.arrived("二"), c.arrives)
					}
					if counts := r.proxy.Counts(); counts[c.rule.Kind] != 1 || len(counts) != 1 {
						t.Errorf("counted %v", counts)
					}
				}
				if w == inside {
					synctest.Test(t, check)
				} else {
					check(t)
				}
			})
		}
	}
}

// claimed is the name of what was seen. An HTTP/2 client calls every end of a
// connection unexpected; there the operating system is the only witness of an RST.
func claimed(w way, got seen, want string) string {
	name := got.name()
	if w == secure2 && want == "reset" && name == "cut" {
		return "reset"
	}
	return name
}

// However few bytes of the answer come through, no client takes them for all.
func TestNoCutAnswerIsWhole(t *testing.T) {
	for _, w := range append([]way{inside}, sockets...) {
		for _, n := range []int{1, 9, 20, 60, 150, 250} {
			r := build(t, w, proxy.Rule{Kind: proxy.CutResponse, Bytes: n})
			if got := r.ask(t.Context(), t, "一"); got.err == nil {
				t.Errorf("%s, %d bytes: %+v, want an error", w, n, got)
			}
		}
	}
}

// Down is a service that is not there: nothing gets through, for clients that do
// not dial through the proxy either. Up ends it.
func TestDownAndUp(t *testing.T) {
	for _, w := range sockets {
		t.Run(string(w), func(t *testing.T) {
			r := build(t, w)
			transport := &http.Transport{TLSClientConfig: r.gate.Trust(), ForceAttemptHTTP2: w == secure2}
			t.Cleanup(transport.CloseIdleConnections)
			r.client = &http.Client{Transport: transport}
			if got := r.ask(t.Context(), t, "一"); got.name() != "answered" && got.name() != "late" {
				t.Fatalf("before: %+v", got)
			}
			r.gate.Down()
			r.gate.Down() // is down already
			for range 2 { // the first may meet the connection that was reset
				_ = r.ask(t.Context(), t, "二")
			}
			if got := r.ask(t.Context(), t, "二"); got.name() != "refused" {
				t.Errorf("down: %+v, want refused", got)
			}
			for range 2 {
				if err := r.gate.Up(); err != nil {
					t.Fatal(err)
				}
			}
			if got := r.ask(t.Context(), t, "三"); got.name() != "answered" && got.name() != "late" {
				t.Errorf("up again: %+v", got)
			}
			if r.arrived("一") != 1 || r.arrived("二") != 0 || r.arrived("三") != 1 || r.proxy.Counts()[proxy.Refuse] != 1 {
				t.Errorf("arrived %d, %d, %d; counted %v", r.arrived("一"), r.arrived("二"), r.arrived("三"), r.proxy.Counts())
			}
		})
	}
}
