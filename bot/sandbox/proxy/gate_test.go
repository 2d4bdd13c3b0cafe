package proxy_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/proxy"
)

// A process that is told by a file whom to trust can trust the gate.
func TestCertificateIsTrusted(t *testing.T) {
	r := build(t, secure1)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(r.gate.Certificate()) {
		t.Fatal("the certificate is no PEM")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	t.Cleanup(transport.CloseIdleConnections)
	r.client = &http.Client{Transport: transport}
	if got := r.ask(t.Context(), t, "一"); got.err != nil || got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	if plain := build(t, plain).gate; plain.Certificate() != nil || plain.Trust() != nil {
		t.Error("a gate without TLS has something to trust")
	}
}

// A sandbox that does not answer, or breaks off, is passed on as a cut, which is
// no fault of ours and is not counted.
func TestBrokenUpstreamIsACut(t *testing.T) {
	for name, upstream := range map[string]doerFunc{
		"no answer": func(*http.Request) (*http.Response, error) { return nil, errors.New("gone") },
		"half an answer": func(*http.Request) (*http.Response, error) {
			body := io.MultiReader(bytes.NewReader([]byte(`{"ok":`)), brokenBody{})
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body)}, nil
		},
	} {
		p, err := proxy.New(proxy.Options{Upstream: upstream})
		if err != nil {
			t.Fatal(err)
		}
		gate, err := p.Listen(false)
		if err != nil {
			t.Fatal(err)
		}
		for way, r := range map[way]*road{inside: {client: p, base: "http://sandbox"}, plain: {client: &http.Client{}, base: gate.URL()}} {
			if got := r.ask(t.Context(), t, "一"); got.name() != "cut" {
				t.Errorf("%s, %s: %+v, want a cut", way, name, got)
			}
		}
		gate.Close()
		gate.Close() // may be repeated
		if err := gate.Up(); err != nil || len(p.Counts()) > 0 {
			t.Errorf("%s: up after close: %v, counted %v", name, err, p.Counts())
		}
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("gone") }
