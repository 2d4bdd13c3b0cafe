package wire

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Doer sends one HTTP request. *http.Client is one, and so is a server in the
// same process.
type Doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// Limits of the connections to the chat service. An idle connection is dropped
// by us before the service drops it, because a request that meets a closing
// connection ends as unknown.
const (
	connectionsPerHost = 128
	idleConnections    = 64
	idleTimeout        = 30 * time.Second
	dialTimeout        = 10 * time.Second
	handshakeTimeout   = 10 * time.Second
	headerTimeout      = 15 * time.Second
	pingAfter          = 15 * time.Second // of silence on an HTTP/2 connection
	pingTimeout        = 10 * time.Second
)

// sending is the client of DefaultDoer: its answers must begin in time, so it
// cannot wait for updates.
type sending struct{ *http.Client }

// DefaultDoer is the client for sending. It has no time-out of its own: every
// call carries a deadline in its context. It does not follow redirects, which
// the Bot API never uses and which would carry the token elsewhere.
func DefaultDoer() Doer {
	transport := newTransport()
	transport.ResponseHeaderTimeout = headerTimeout
	return sending{&http.Client{Transport: transport, CheckRedirect: stay}}
}

// PollDoer is the client for polling: one connection of its own, so that a
// waiting poll and a burst of messages do not disturb each other, and answers may
// take as long as a poll does.
func PollDoer() Doer {
	transport := newTransport()
	transport.MaxConnsPerHost = 2
	return &http.Client{Transport: transport, CheckRedirect: stay}
}

// pollDoer is the client for the polls of a bot that sends with doer: its own
// beside DefaultDoer, otherwise the same.
func pollDoer(doer Doer) Doer {
	if _, ok := doer.(sending); ok {
		return PollDoer()
	}
	return doer
}

// stay hands the redirect itself to the caller, who refuses it.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        2 * idleConnections,
		MaxIdleConnsPerHost: idleConnections,
		MaxConnsPerHost:     connectionsPerHost,
		IdleConnTimeout:     idleTimeout,
		TLSHandshakeTimeout: handshakeTimeout,
		HTTP2:               &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout},
	}
}
