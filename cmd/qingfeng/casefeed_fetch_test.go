package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// Addresses of the public internet, and all the others: what is refused does not depend
// on how an address is written.
func TestPublicAddresses(t *testing.T) {
	for _, text := range []string{"1.1.1.1", "8.8.8.8", "114.114.114.114", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "2400:3200::1", "2606:4700::1111"} {
		if !public(netip.MustParseAddr(text)) {
			t.Errorf("%s is refused", text)
		}
	}
	f := newFetcher()
	for _, text := range []string{
		"127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.8", "172.16.0.1", "172.31.255.255", "192.168.1.1", // this machine, private
		"169.254.169.254", "100.64.0.1", "100.127.255.255", // link-local with the metadata of clouds, carrier-grade NAT
		"224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "203.0.113.9",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1", // version 4 in version 6
		"64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "2001:db8::1", "100::1",
	} {
		at := netip.AddrPortFrom(netip.MustParseAddr(text), 80).String()
		if err := f.permit("tcp", at, nil); err == nil {
			t.Errorf("%s is let through", at)
		}
	}
	for _, at := range []string{"", "host:80", "127.1:80", "1.1.1.1"} {
		if f.permit("tcp", at, nil) == nil {
			t.Errorf("%q is let through", at)
		}
	}
	if f.permit("udp", "1.1.1.1:80", nil) == nil || f.permit("unix", "/tmp/x", nil) == nil {
		t.Error("another network than tcp is let through")
	}
}

// authority is a server on this machine and a fetcher that may reach it.
func authority(t *testing.T, handler http.HandlerFunc) (*fetcher, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	f := newFetcher()
	f.local = true
	return f, server.URL
}

// says answers with a type and a text.
func says(media, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		_, _ = io.WriteString(w, text)
	}
}

// Without the exception for tests this machine is out of reach, whatever leads there: an
// address, a name, another way of writing it, a redirect.
func TestThisMachineIsOutOfReach(t *testing.T) {
	reached := 0
	inner, address := authority(t, func(w http.ResponseWriter, _ *http.Request) { reached++ })
	_, port, _ := strings.Cut(strings.TrimPrefix(address, "http://"), ":")
	f := newFetcher()
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		if _, err := f.get(t.Context(), "http://"+host+":"+port+"/", "", ""); err == nil {
			t.Errorf("%s was reached", host)
		}
	}
	if reached > 0 {
		t.Fatalf("the server was reached %d times", reached)
	}
	_ = inner
	// A site that may be reached leads to one that may not: a metadata service.
	outer, address := authority(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
	})
	if _, err := outer.get(t.Context(), address, "", ""); faultOf(err) != faultAddress {
		t.Errorf("the redirect ends with %v", err)
	}
}

// A proxy of the environment is not used: it would be asked for every address, also for
// those that are refused.
func TestNoProxy(t *testing.T) {
	asked := false
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	f := newFetcher()
	f.local = true
	_, _ = f.get(t.Context(), "http://198.51.100.7/feed", "", "")
	if asked {
		t.Error("the proxy was asked")
	}
}

// What is fetched, and every reason for which something is not.
func TestFetch(t *testing.T) {
	packed := func(size int64) http.HandlerFunc { // zeros, packed a thousandfold
		var small bytes.Buffer
		z := gzip.NewWriter(&small)
		_, _ = io.CopyN(z, zeros{}, size)
		_ = z.Close()
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/xml")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(small.Bytes())
		}
	}
	hops := func(w http.ResponseWriter, r *http.Request) {
		var n int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
		if n == 0 {
			says("text/xml", "arrived")(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/%d", n-1), http.StatusMovedPermanently)
	}
	for name, row := range map[string]struct {
		handler http.HandlerFunc
		path    string
		fault   string // empty: it is fetched
	}{
		"a page":             {says("text/html; charset=utf-8", "hello"), "/", ""},
		"three redirects":    {hops, "/3", ""},
		"four redirects":     {hops, "/4", faultReach},
		"to another scheme":  {redirect("file:///etc/passwd"), "/", faultAddress},
		"to a password":      {redirect("http://a:b@1.1.1.1/"), "/", faultAddress},
		"just small enough":  {packed(fetchBytes), "/", ""},
		"one byte more":      {packed(fetchBytes + 1), "/", faultSize},
		"packed a lot":       {packed(64 << 20), "/", faultSize},
		"without end":        {endless, "/", faultSize},
		"slow":               {slow, "/", faultReach},
		"slow header":        {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "/", faultReach},
		"long header":        {longHeader, "/", faultReach},
		"not there":          {http.NotFound, "/", faultGone},
		"gone":               {answers(http.StatusGone), "/", faultGone},
		"an error":           {answers(http.StatusInternalServerError), "/", faultStatus},
		"no content":         {answers(http.StatusNoContent), "/", faultStatus},
		"broken off":         {brokenOff, "/", faultReach},
		"a type that is odd": {says("text/", "hello"), "/", faultType},
	} {
		t.Run(name, func(t *testing.T) {
			f, address := authority(t, row.handler)
			f.client.Timeout = 3 * time.Second
			got, err := f.get(t.Context(), address+row.path, "", "")
			switch {
			case row.fault == "" && err != nil:
				t.Errorf("it is not fetched: %v", err)
			case row.fault != "" && (err == nil || faultOf(err) != row.fault):
				t.Errorf("fault %q, want %q (%v)", faultOf(err), row.fault, err)
			case err == nil && len(got.body) == 0:
				t.Error("the body is empty")
			}
			if err != nil && strings.Contains(err.Error(), address) {
				t.Errorf("the error names the address: %v", err)
			}
		})
	}
}

// Addresses that are not asked at all.
func TestAddressesThatAreNotAsked(t *testing.T) {
	f := newFetcher()
	for _, address := range []string{
		"", "x", "/etc/passwd", "file:///etc/passwd", "ftp://1.1.1.1/", "gopher://1.1.1.1/", "http://", "https://:443/", "http:1.1.1.1",
		"https://name@1.1.1.1/", "https://name:word@1.1.1.1/", "javascript:alert(1)", "http://[::1", "http://%31%32/\x00",
	} {
		if _, err := f.get(t.Context(), address, "", ""); err == nil || faultOf(err) != faultAddress {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// The second visit says what it knows, and an unchanged feed is not read again.
func TestFetchUnchanged(t *testing.T) {
	f, address := authority(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") == "Mon, 02 Nov 2026 08:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 08:00:00 GMT")
		says("text/xml", "text")(w, r)
	})
	first, err := f.get(t.Context(), address, "", "")
	if err != nil || first.unchanged || string(first.body) != "text" {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := f.get(t.Context(), address, first.etag, first.modified)
	if err != nil || !second.unchanged {
		t.Errorf("the second visit: %+v %v", second, err)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

func answers(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	for r.Context().Err() == nil {
		if _, err := io.CopyN(w, zeros{}, 1<<16); err != nil {
			return
		}
	}
}

// slow sends a byte now and then, and never enough of them.
func slow(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	for pause(r.Context(), 50*time.Millisecond) == nil {
		_, _ = w.Write([]byte("<"))
		w.(http.Flusher).Flush()
	}
}

func longHeader(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-Long", strings.Repeat("x", 2*fetchHeader))
}

func brokenOff(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte("<rss"))
}

// A fetch ends when the service does.
func TestFetchEndsWithTheService(t *testing.T) {
	f, address := authority(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.get(ctx, address, "", ""); err == nil {
		t.Error("it went on")
	}
}
