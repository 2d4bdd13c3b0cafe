package proxy_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
)

// After two requests the third goes out again on another connection, and every
// message arrives once.
func TestGoAwayMovesTheClient(t *testing.T) {
	r := build(t, secure2, proxy.Rule{Kind: proxy.GoAway, Requests: 2})
	for i := range 6 {
		if got := r.ask(t.Context(), t, fmt.Sprint(i)); got.err != nil || got.status != 200 {
			t.Fatalf("request %d: %+v", i, got)
		}
	}
	for i := range 6 {
		if n := r.arrived(fmt.Sprint(i)); n != 1 {
			t.Errorf("message %d arrived %d times", i, n)
		}
	}
	if dialled, _ := r.seen.all(); dialled != 3 || r.proxy.Counts()[proxy.GoAway] != 2 {
		t.Errorf("%d connections and %v, want 3 and 2", dialled, r.proxy.Counts())
	}
}

// A client that cannot replay its body learns that the request was not looked at.
func TestGoAwayWithoutReplay(t *testing.T) {
	r := build(t, secure2, proxy.Rule{Kind: proxy.GoAway, Requests: 1, Times: 1})
	_ = r.ask(t.Context(), t, "一")
	req := r.request(t.Context(), t, "二")
	req.GetBody = nil
	resp, err := r.client.Do(req)
	if err == nil {
		_ = resp.Body.Close()
		t.Fatalf("answered with %s", resp.Status)
	}
	if !strings.Contains(err.Error(), "GetBody") || r.arrived("二") != 0 {
		t.Errorf("%v, arrived %d times", err, r.arrived("二"))
	}
}

// What was asked before the GOAWAY is still answered on the old connection.
func TestGoAwaySparesWhatIsUnderWay(t *testing.T) {
	r := build(t, secure2,
		proxy.Rule{Kind: proxy.DelayAnswer, For: 200 * time.Millisecond, Times: 1},
		proxy.Rule{Kind: proxy.GoAway, Requests: 1, Times: 1})
	type result struct {
		body string
		err  error
	}
	first := make(chan result, 1)
	go func() {
		resp, err := r.client.Do(r.request(t.Context(), t, "一"))
		if err != nil {
			first <- result{err: err}
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		first <- result{string(body), err}
	}()
	events, end := r.sandbox.Subscribe()
	defer end()
	if r.arrived("一") == 0 {
		<-events
	}
	if got := r.ask(t.Context(), t, "二"); got.err != nil {
		t.Errorf("the second: %+v", got)
	}
	if got := <-first; got.err != nil || !strings.Contains(got.body, `"ok":true`) {
		t.Errorf("the first: %+v", got)
	}
	if dialled, _ := r.seen.all(); dialled != 2 || r.proxy.Counts()[proxy.GoAway] != 1 {
		t.Errorf("%d connections, counted %v", dialled, r.proxy.Counts())
	}
}
