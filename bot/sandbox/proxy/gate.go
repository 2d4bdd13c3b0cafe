package proxy

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Gate is an open address of a proxy on loopback (故障入口): plain HTTP/1.1, or TLS
// with HTTP/2 and HTTP/1.1 as the client prefers.
type Gate struct {
	proxy    *Proxy
	address  string
	secure   *tls.Config // nil: plain
	server   *http.Server
	arrivals arrivals
	stop     context.CancelFunc
	stopped  context.Context //nolint:containedctx // ends with Close
	work     sync.WaitGroup  // what Close waits for

	mu       sync.Mutex // guards the rest
	listener net.Listener
	links    map[*link]bool
	closed   bool
}

// Listen opens a gate on a free port of loopback, with TLS if it shall be secure.
// The caller closes it.
func (p *Proxy) Listen(secure bool) (*Gate, error) {
	g := &Gate{proxy: p, links: map[*link]bool{}}
	if secure {
		own, err := certificate()
		if err != nil {
			return nil, reminders.Wrap("proxy.listen", err)
		}
		g.secure = &tls.Config{
			Certificates: []tls.Certificate{own}, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12,
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, reminders.Wrap("proxy.listen", err)
	}
	g.address = listener.Addr().String()
	g.stopped, g.stop = context.WithCancel(context.Background())
	g.arrivals = arrivals{conns: make(chan net.Conn), stopped: g.stopped, addr: listener.Addr()}
	// TLS is taken off before the server sees a connection, so that what is counted
	// and cut are its bytes; hence HTTP/2 looks unencrypted here.
	g.server = &http.Server{
		Handler: g, ConnContext: onLink, Protocols: new(http.Protocols), ErrorLog: log.New(io.Discard, "", 0),
	}
	g.server.Protocols.SetHTTP1(true)
	g.server.Protocols.SetUnencryptedHTTP2(secure)
	g.work.Go(func() { _ = g.server.Serve(g.arrivals) }) // ends with Close
	g.accept(listener)
	return g, nil
}

// URL is the address of the gate, such as https://127.0.0.1:40404.
func (g *Gate) URL() string {
	if g.secure != nil {
		return "https://" + g.address
	}
	return "http://" + g.address
}

// Down makes the whole service unreachable until Up: connections are reset and new
// ones are refused by the operating system. It counts as one Refuse.
func (g *Gate) Down() {
	g.mu.Lock()
	listener := g.listener
	g.listener = nil
	links := g.open()
	g.mu.Unlock()
	if listener == nil {
		return
	}
	g.proxy.count(Refuse)
	_ = listener.Close()
	for _, l := range links {
		l.reset()
	}
}

// Up ends Down: the gate listens on its address again. It is an error if somebody
// else has taken that meanwhile; it may be repeated.
func (g *Gate) Up() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != nil || g.closed {
		return nil
	}
	listener, err := net.Listen("tcp", g.address)
	if err != nil {
		return reminders.Wrap("proxy.up", err)
	}
	g.accept(listener)
	return nil
}

// Close resets all connections, ends what was still on its way and waits for it.
// What the sandbox has received is final afterwards. It may be repeated.
func (g *Gate) Close() {
	g.mu.Lock()
	g.closed = true
	listener := g.listener
	g.listener = nil
	links := g.open()
	g.mu.Unlock()
	g.stop()
	if listener != nil {
		_ = listener.Close()
	}
	for _, l := range links {
		l.reset()
	}
	_ = g.server.Close()
	g.work.Wait()
}

// enter registers work that Close waits for, unless the gate is closed.
func (g *Gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.work.Add(1)
	}
	return !g.closed
}

// open gives the links; g.mu is held.
func (g *Gate) open() []*link {
	links := make([]*link, 0, len(g.links))
	for l := range g.links {
		links = append(links, l)
	}
	return links
}

// accept takes connections until the listener is closed; g.mu is held, or nobody
// knows the gate yet.
func (g *Gate) accept(listener net.Listener) {
	g.listener = listener
	g.work.Go(func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			if l := g.admit(listener, raw.(*net.TCPConn)); l != nil {
				g.work.Go(func() { g.welcome(l) })
			}
		}
	})
}

// admit keeps a new connection, unless its listener was closed meanwhile.
func (g *Gate) admit(from net.Listener, raw *net.TCPConn) *link {
	l := newLink(raw)
	l.closed = func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.links, l)
		g.work.Done()
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.listener != from {
		l.reset()
		return nil
	}
	g.links[l] = true
	g.work.Add(1) // until the link is closed
	return l
}

// welcome takes the TLS off a connection and hands it to the server.
func (g *Gate) welcome(l *link) {
	var conn net.Conn = l
	if g.secure != nil {
		if g.proxy.meet(moment{stage: atHandshake}).Kind == Handshake {
			turnAway(l)
			return
		}
		secure := tls.Server(l.raw, g.secure)
		if err := secure.HandshakeContext(g.stopped); err != nil {
			_ = l.Close()
			return
		}
		l.Conn = secure
		if secure.ConnectionState().NegotiatedProtocol == "h2" {
			conn = &frames{link: l, refuse: func(before int) bool {
				return g.proxy.meet(moment{stage: atStream, before: before}).Kind == GoAway
			}}
		}
	}
	select {
	case g.arrivals.conns <- conn:
	case <-g.stopped.Done():
		_ = l.Close()
	}
}

// turnAway reads what the client offers and answers with a fatal alert,
// handshake_failure (RFC 8446, section 6.2).
func turnAway(l *link) {
	head := make([]byte, 5)
	if _, err := io.ReadFull(l, head); err == nil {
		_, _ = io.CopyN(io.Discard, l, int64(head[3])<<8|int64(head[4]))
		_, _ = l.Write([]byte{21, 3, 3, 0, 2, 2, 40})
	}
	l.cut()
	_ = l.Close()
}

// arrivals is a listener whose connections are ready for HTTP.
type arrivals struct {
	conns   chan net.Conn
	stopped context.Context //nolint:containedctx // the gate's
	addr    net.Addr
}

// Accept gives the next connection.
func (a arrivals) Accept() (net.Conn, error) {
	select {
	case c := <-a.conns:
		return c, nil
	case <-a.stopped.Done():
		return nil, net.ErrClosed
	}
}

// Close does nothing: the gate stops the arrivals.
func (a arrivals) Close() error { return nil }

// Addr is the address of the gate.
func (a arrivals) Addr() net.Addr { return a.addr }
