package main

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// The limits of what is fetched from the web.
const (
	fetchTime      = 15 * time.Second
	fetchBytes     = 2 << 20  // of a body, unpacked
	fetchHeader    = 64 << 10 // of the answer's header
	fetchRedirects = 3
)

// The reasons for which something could not be fetched, a closed list: what staff are
// told and what the metric counts. None names an address.
const (
	faultAddress = "address" // not of the web, not public, or with a password in it
	faultReach   = "reach"   // no connection, no answer in time, too many redirects
	faultStatus  = "status"  // the site answered with an error
	faultGone    = "gone"    // 404 or 410
	faultSize    = "size"    // longer than fetchBytes
	faultType    = "type"    // no feed, no page
	faultForm    = "form"    // a feed that cannot be read
)

// fetchError says why something could not be fetched.
type fetchError struct {
	fault string
	cause error
}

func (e *fetchError) Error() string {
	if e.cause == nil {
		return "fetch: " + e.fault
	}
	return "fetch: " + e.fault + ": " + e.cause.Error()
}

func (e *fetchError) Unwrap() error { return e.cause }

// faultOf gives the reason of an error of the fetcher.
func faultOf(err error) string {
	if e, ok := errors.AsType[*fetchError](err); ok {
		return e.fault
	}
	return faultReach
}

// fetcher reads what the office named on the web: feeds of authorities and the pages of
// cases. It goes to public addresses only; that is looked at when a connection is made,
// for the very address it is made to, so that neither a redirect nor a name that
// resolves to something else the second time leads into the office's own network. It
// uses no proxy, keeps no cookies and no connections.
type fetcher struct {
	// local lets it reach this machine. It is for tests; no setting leads here.
	local  bool
	client *http.Client
}

// newFetcher makes a fetcher.
func newFetcher() *fetcher {
	f := &fetcher{}
	dialer := &net.Dialer{Control: f.permit}
	f.client = &http.Client{
		Timeout:       fetchTime,
		CheckRedirect: follow,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: fetchHeader},
	}
	return f
}

// fetched is what a site answered.
type fetched struct {
	at             *url.URL // where it was found in the end
	body           []byte
	media, charset string
	unchanged      bool // since the visit that etag and modified are of
	etag, modified string
}

// get reads an address, with the marks of the visit before if there are any.
func (f *fetcher) get(ctx context.Context, address, etag, modified string) (fetched, error) {
	u, err := url.Parse(address)
	if err != nil || !ofWeb(u) {
		return fetched{}, &fetchError{faultAddress, nil}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return fetched{}, &fetchError{faultAddress, nil}
	}
	request.Header.Set("User-Agent", "qingfeng/"+versionOf().Version)
	for name, value := range map[string]string{"If-None-Match": etag, "If-Modified-Since": modified} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	answer, err := f.client.Do(request)
	if err != nil {
		return fetched{}, unfetched(err)
	}
	defer func() { _ = answer.Body.Close() }()
	return taken(answer)
}

// unfetched tells an address that is refused from a site that does not answer. The
// error of the client names the address, so only its cause is kept.
func unfetched(err error) error {
	if e, ok := errors.AsType[*fetchError](err); ok {
		return e
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return &fetchError{faultReach, err}
}

// taken reads an answer.
func taken(answer *http.Response) (fetched, error) {
	got := fetched{at: answer.Request.URL, etag: answer.Header.Get("ETag"), modified: answer.Header.Get("Last-Modified")}
	switch code := answer.StatusCode; {
	case code == http.StatusNotModified:
		got.unchanged = true
		return got, nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return got, &fetchError{faultGone, nil}
	case code != http.StatusOK:
		return got, &fetchError{faultStatus, nil}
	}
	media, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if err != nil {
		return got, &fetchError{faultType, nil}
	}
	got.media, got.charset = media, parameters["charset"]
	if got.body, err = io.ReadAll(io.LimitReader(answer.Body, fetchBytes+1)); err != nil {
		return got, unfetched(err)
	}
	if len(got.body) > fetchBytes {
		return got, &fetchError{faultSize, nil}
	}
	return got, nil
}

// follow lets the client follow a few redirects, to addresses of the web alone.
func follow(next *http.Request, before []*http.Request) error {
	switch {
	case !ofWeb(next.URL):
		return &fetchError{faultAddress, nil}
	case len(before) > fetchRedirects:
		return &fetchError{faultReach, errors.New("too many redirects")}
	}
	next.Header.Del("Referer")
	return nil
}

// ofWeb reports whether an address is one of the web, without user and password.
func ofWeb(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil && u.Opaque == ""
}

// permit looks at the address to which a connection is about to be made.
func (f *fetcher) permit(network, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") {
		return &fetchError{faultAddress, nil}
	}
	ip := to.Addr().Unmap()
	if public(ip) || f.local && ip.IsLoopback() {
		return nil
	}
	return &fetchError{faultAddress, nil}
}

// notPublic are the networks that do not belong to the public internet, from the
// registries of special-purpose addresses of IANA (RFC 6890), of version 4.
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)

// Of version 6 only what is assigned to the public counts, without what is for
// documents, for protocols, or carries an address of version 4 in it.
var (
	public6    = netip.MustParsePrefix("2000::/3")
	notPublic6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// public reports whether an address is one of the public internet.
func public(ip netip.Addr) bool {
	none := notPublic
	if ip.Is6() {
		if ip.Zone() != "" || !public6.Contains(ip) {
			return false
		}
		none = notPublic6
	}
	for _, network := range none {
		if network.Contains(ip) {
			return false
		}
	}
	return true
}
