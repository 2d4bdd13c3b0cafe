package proxy_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The size of a storm. All workers use the same two clients.
const (
	stormSends    = 2000
	stormWorkers  = 12
	stormPatience = 150 * time.Millisecond
)

// storm is everything at once. The rules are rolled one after the other, so the
// later ones are met a little less often.
func storm(now time.Time) []proxy.Rule {
	const rare = 0.012 // of what breaks a connection, with all that is on it
	return []proxy.Rule{
		{Kind: proxy.Delay, For: 5 * time.Millisecond, Chance: 0.02},
		{Kind: proxy.Delay, For: time.Hour, Chance: 0.006},
		{Kind: proxy.DelayAnswer, For: 5 * time.Millisecond, Chance: 0.02},
		{Kind: proxy.CutRequest, Chance: rare},
		{Kind: proxy.CutRequest, Bytes: 200, Chance: rare},
		{Kind: proxy.CutResponse, Chance: rare},
		{Kind: proxy.CutResponse, Bytes: 150, Chance: rare},
		{Kind: proxy.ResetBefore, Chance: rare},
		{Kind: proxy.ResetAfter, Chance: rare},
		{Kind: proxy.Swallow, Chance: 0.012},
		{Kind: proxy.Page, Chance: 0.02},
		{Kind: proxy.Page, Status: http.StatusServiceUnavailable, Forward: true, Chance: 0.02},
		{Kind: proxy.Flood, RetryAfter: 3, Chance: 0.02},
		{Kind: proxy.Flood, Times: 50, Window: reminders.Window{From: now, To: now.Add(24 * time.Hour)}, Chance: 0.5},
		{Kind: proxy.Trickle, Bytes: 20, For: time.Millisecond, Chance: 0.02},
		{Kind: proxy.GoAway, Requests: 4, Chance: 0.1},
		{Kind: proxy.Handshake, Chance: 0.15},
		{Kind: proxy.Refuse, Chance: 0.15},
	}
}

// Under all faults at once, over HTTP/1.1 and HTTP/2 side by side: what our client
// calls sent has arrived once, and what it calls not sent has not.
func TestStormOverSockets(t *testing.T) {
	r := build(t, secure2, storm(time.Now())...)
	first := r.wire(t)
	second, err := wire.New(token, r.base, r.dialer(t, secure1), nil)
	if err != nil {
		t.Fatal(err)
	}
	outcomes := weather(t, first, second)
	r.gate.Close()
	settle(t, r, outcomes, proxy.Kinds())
}

// The same inside the process, in a bubble.
func TestStormInside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, inside, storm(time.Now())...)
		outcomes := weather(t, r.wire(t))
		var kinds []proxy.Kind
		for _, kind := range proxy.Kinds() {
			if kind != proxy.GoAway {
				kinds = append(kinds, kind)
			}
		}
		settle(t, r, outcomes, kinds)
	})
}

// weather sends through the storm and gives every outcome.
func weather(t *testing.T, clients ...*wire.Client) []reminders.Outcome {
	t.Helper()
	outcomes := make([]reminders.Outcome, stormSends)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range stormWorkers {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < stormSends; i = next.Add(1) - 1 {
				ctx, cancel := context.WithTimeout(t.Context(), stormPatience)
				outcomes[i] = send(ctx, clients[int(i)%len(clients)], stormText(int(i)))
				cancel()
			}
		})
	}
	workers.Wait()
	return outcomes
}

func stormText(i int) string { return fmt.Sprintf("第 %d 号", i) }

// settle compares what was said with what arrived.
func settle(t *testing.T, r *road, outcomes []reminders.Outcome, kinds []proxy.Kind) {
	t.Helper()
	ids := map[string][]int{} // of the messages that arrived, by text
	for _, m := range r.ming.Messages() {
		ids[m.Text] = append(ids[m.Text], m.ID)
	}
	results, doubts := map[reminders.Result]int{}, 0
	for i, o := range outcomes {
		got := ids[stormText(i)]
		results[o.Result]++
		switch o.Result {
		case reminders.Sent:
			if len(got) != 1 || got[0] != o.MessageID {
				t.Errorf("%d is sent as %d, arrived as %v", i, o.MessageID, got)
			}
		case reminders.NotSent, reminders.Wait:
			if len(got) != 0 {
				t.Errorf("%d is %s (%s), arrived as %v", i, o.Result, o.Reason, got)
			}
		case reminders.Unknown:
			if doubts += len(got); len(got) > 1 {
				t.Errorf("%d is unknown (%s), arrived as %v", i, o.Reason, got)
			}
		default:
			t.Errorf("%d is %s (%s)", i, o.Result, o.Reason)
		}
	}
	for _, want := range []reminders.Result{reminders.Sent, reminders.NotSent, reminders.Unknown, reminders.Wait} {
		if results[want] == 0 {
			t.Errorf("no send was %s", want)
		}
	}
	counts := r.proxy.Counts()
	for _, kind := range kinds {
		if counts[kind] == 0 {
			t.Errorf("%s was never injected", kind)
		}
	}
	if doubts == 0 || doubts == results[reminders.Unknown] {
		t.Errorf("%d of %d unknown messages arrived: the storm is too simple", doubts, results[reminders.Unknown])
	}
	t.Logf("%s; outcomes %v; of the unknown %d arrived", r.proxy.Summary(), results, doubts)
}
