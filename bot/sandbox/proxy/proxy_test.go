package proxy_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The token is invented.
const token = "4242:AAinvented-secret_of-35-characters"

// way is how a client reaches the proxy.
type way string

const (
	inside  way = "inside the process"
	plain   way = "HTTP/1.1"
	secure1 way = "HTTP/1.1 with TLS"
	secure2 way = "HTTP/2 with TLS"
)

// sockets are the ways with real connections.
var sockets = []way{plain, secure1, secure2}

// road is a client, a proxy and a sandbox with one person who has written.
type road struct {
	sandbox *sandbox.Server
	ming    *sandbox.Person
	proxy   *proxy.Proxy
	gate    *proxy.Gate // nil inside the process
	client  proxy.Doer
	base    string
	seen    *dials
}

// build makes a road. Over sockets the sandbox is behind one of its own.
func build(t *testing.T, w way, rules ...proxy.Rule) *road {
	t.Helper()
	s := sandbox.New(sandbox.Options{Token: token, Now: time.Now})
	r := &road{sandbox: s, ming: s.Person(7, "小明", "zh-hans"), base: "http://sandbox", seen: &dials{}}
	r.ming.Start("")
	o := proxy.Options{Upstream: s, Now: time.Now, Seed: 1}
	if w != inside {
		upstream := httptest.NewServer(s)
		t.Cleanup(upstream.Close)
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		o.Upstream, o.Address = &http.Client{Transport: transport}, upstream.URL
	}
	t.Cleanup(s.Close)
	p, err := proxy.New(o, rules...)
	if err != nil {
		t.Fatal(err)
	}
	r.proxy, r.client = p, p
	if w == inside {
		return r
	}
	if r.gate, err = p.Listen(w != plain); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.gate.Close)
	r.base, r.client = r.gate.URL(), r.dialer(t, w)
	return r
}

// dialer is a client for the gate whose connections are watched.
func (r *road) dialer(t *testing.T, w way) *http.Client {
	t.Helper()
	trust := r.gate.Trust()
	if trust != nil { // handshakes are most of the work here
		trust.CurvePreferences = []tls.CurveID{tls.X25519}
		trust.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	}
	transport := &http.Transport{
		TLSClientConfig: trust, ForceAttemptHTTP2: w == secure2, MaxIdleConnsPerHost: 16,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := r.proxy.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return r.seen.watch(conn), nil
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// arrived says how many messages with this text the person has.
func (r *road) arrived(text string) int {
	n := 0
	for _, m := range r.ming.Messages() {
		if m.FromBot && m.Text == text {
			n++
		}
	}
	return n
}

// request is one sendMessage; GetBody makes it replayable.
func (r *road) request(ctx context.Context, t *testing.T, text string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/bot"+token+"/sendMessage",
		strings.NewReader(`{"chat_id":7,"text":"`+text+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return req
}

// dials watches what the operating system tells a client about its connections.
type dials struct {
	mu    sync.Mutex
	count int
	ends  []error // what connections failed with
}

func (d *dials) watch(conn net.Conn) net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	return &watched{Conn: conn, dials: d}
}

func (d *dials) all() (count int, ends []error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.count, append(ends, d.ends...)
}

// watched notes every error, of reading and of writing: the operating system
// reports an RST once, to whichever comes first.
type watched struct {
	net.Conn
	dials *dials
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	return n, w.note(err)
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	return n, w.note(err)
}

func (w *watched) note(err error) error {
	if err != nil {
		w.dials.mu.Lock()
		defer w.dials.mu.Unlock()
		w.dials.ends = append(w.dials.ends, err)
	}
	return err
}
