package proxy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// doerFunc is an upstream made of one function.
type doerFunc func(req *http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// fine answers everything.
var fine = doerFunc(func(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
})

// met says by status which requests met a fault, as one letter for each: f for
// flood, p for page, '.' for none.
func met(t *testing.T, p *proxy.Proxy, methods ...string) string {
	t.Helper()
	var out strings.Builder
	for _, method := range methods {
		path := "/bot" + token + "/" + method
		if method == proxy.Download {
			path = "/file/bot" + token + "/documents/sendMessage"
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://sandbox"+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := p.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		out.WriteString(map[int]string{200: ".", 429: "f", 502: "p"}[resp.StatusCode])
	}
	return out.String()
}

// Which requests meet which rule.
func TestRulesMatch(t *testing.T) {
	send := slices.Repeat([]string{"sendMessage"}, 4)
	for _, row := range []struct {
		name    string
		rules   []proxy.Rule
		methods []string
		want    string
	}{
		{"no rule harms nothing", nil, send, "...."},
		{"a rule without conditions is always met", []proxy.Rule{{Kind: proxy.Flood}}, send, "ffff"},
		{"only so often", []proxy.Rule{{Kind: proxy.Flood, Times: 2}}, send, "ff.."},
		{
			"only for these methods, in any case",
			[]proxy.Rule{{Kind: proxy.Flood, Methods: []string{"SENDmessage", "getMe"}}},
			[]string{"sendMessage", "getMe", "getUpdates", "sendMessages"},
			"ff..",
		},
		{
			"a file is no method",
			[]proxy.Rule{{Kind: proxy.Flood, Methods: []string{proxy.Download}}},
			[]string{proxy.Download, "sendMessage"},
			"f.",
		},
		{
			"what does not match uses nothing up",
			[]proxy.Rule{{Kind: proxy.Flood, Methods: []string{"getMe"}, Times: 1}},
			[]string{"sendMessage", "getMe", "getMe"},
			".f.",
		},
		{"the first that matches wins, and one request meets one", []proxy.Rule{{Kind: proxy.Page, Times: 1}, {Kind: proxy.Flood, Times: 2}}, send, "pff."},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := proxy.New(proxy.Options{Upstream: fine}, row.rules...)
			if err != nil {
				t.Fatal(err)
			}
			got := met(t, p, row.methods...)
			if got != row.want {
				t.Errorf("met %s, want %s", got, row.want)
			}
			counts := p.Counts()
			if counts[proxy.Flood] != strings.Count(got, "f") || counts[proxy.Page] != strings.Count(got, "p") {
				t.Errorf("%s counted as %v", got, counts)
			}
		})
	}
}

// A window is read on the wall clock that was handed in: its first instant
// belongs to it, its last does not.
func TestRulesKeepTheirWindow(t *testing.T) {
	from := time.Date(2026, 9, 24, 9, 0, 0, 0, time.UTC)
	now := from.Add(-time.Second)
	p, err := proxy.New(proxy.Options{Upstream: fine, Now: func() time.Time { return now }},
		proxy.Rule{Kind: proxy.Flood, Window: reminders.Window{From: from, To: from.Add(time.Minute)}})
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, at := range []time.Duration{-time.Second, 0, 59 * time.Second, time.Minute, 30 * time.Second} {
		now = from.Add(at) // the last one: the clock was set back
		got += met(t, p, "sendMessage")
	}
	if got != ".ff.f" {
		t.Errorf("met %s", got)
	}
}

// The same seed gives the same faults, another one others, in the proportion asked
// for.
func TestChanceIsSeeded(t *testing.T) {
	run := func(seed uint64) string {
		p, err := proxy.New(proxy.Options{Upstream: fine, Seed: seed},
			proxy.Rule{Kind: proxy.Flood, Chance: 0.2}, proxy.Rule{Kind: proxy.Page, Chance: 0.5})
		if err != nil {
			t.Fatal(err)
		}
		return met(t, p, slices.Repeat([]string{"sendMessage"}, 1000)...)
	}
	first := run(1)
	if first != run(1) || first == run(2) {
		t.Error("the seed does not decide")
	}
	if f, p := strings.Count(first, "f"), strings.Count(first, "p"); f < 150 || f > 250 || p < 330 || p > 470 {
		t.Errorf("%d floods and %d pages of 1000, want about 200 and 400", f, p)
	}
}

// New rules count anew; what was counted stays. A wrong rule changes nothing.
func TestSetReplacesRules(t *testing.T) {
	p, err := proxy.New(proxy.Options{Upstream: fine}, proxy.Rule{Kind: proxy.Flood, Times: 1})
	if err != nil {
		t.Fatal(err)
	}
	got := met(t, p, "getMe", "getMe")
	if err := p.Set(proxy.Rule{Kind: proxy.Page, Times: 1}); err != nil {
		t.Fatal(err)
	}
	got += met(t, p, "getMe", "getMe")
	if err := p.Set(proxy.Rule{Kind: proxy.Flood}, proxy.Rule{Kind: "flod"}); err == nil {
		t.Error("a kind that does not exist was taken")
	}
	got += met(t, p, "getMe")
	if got != "f.p.." {
		t.Errorf("met %s", got)
	}
	want := map[proxy.Kind]int{proxy.Flood: 1, proxy.Page: 1}
	if diff := cmp.Diff(want, p.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if got := p.Summary(); got != "2 faults injected: page 1, flood 1" {
		t.Errorf("summary: %s", got)
	}
}

// Rules that could never be met, or say too little, are refused.
func TestWrongRulesAreRefused(t *testing.T) {
	noon := time.Date(2026, 9, 24, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name string
		rule proxy.Rule
	}{
		{"no kind", proxy.Rule{}},
		{"an unknown kind", proxy.Rule{Kind: "earthquake"}},
		{"a chance over one", proxy.Rule{Kind: proxy.Flood, Chance: 1.5}},
		{"a negative count", proxy.Rule{Kind: proxy.Flood, Times: -1}},
		{"no length of a delay", proxy.Rule{Kind: proxy.Delay}},
		{"no length of a late answer", proxy.Rule{Kind: proxy.DelayAnswer}},
		{"no pause", proxy.Rule{Kind: proxy.Trickle}},
		{"no number of requests", proxy.Rule{Kind: proxy.GoAway}},
		{"requests of something else", proxy.Rule{Kind: proxy.Flood, Requests: 3}},
		{"a page that is no failure", proxy.Rule{Kind: proxy.Page, Status: 200}},
		{"a method before it is known", proxy.Rule{Kind: proxy.Refuse, Methods: []string{"getMe"}}},
		{"a window backwards", proxy.Rule{Kind: proxy.Flood, Window: reminders.Window{From: noon, To: noon.Add(-time.Hour)}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := proxy.New(proxy.Options{Upstream: fine, Now: time.Now}, row.rule); err == nil {
				t.Errorf("%+v was taken", row.rule)
			}
		})
	}
	if _, err := proxy.New(proxy.Options{}); err == nil {
		t.Error("a proxy before nothing was made")
	}
	if _, err := proxy.New(proxy.Options{Upstream: fine, Address: "nowhere"}); err == nil {
		t.Error("a proxy before an address without a host was made")
	}
	window := proxy.Rule{Kind: proxy.Flood, Window: reminders.Window{From: noon, To: noon.Add(time.Hour)}}
	if _, err := proxy.New(proxy.Options{Upstream: fine}, window); err == nil {
		t.Error("a window without a clock was taken")
	}
}
