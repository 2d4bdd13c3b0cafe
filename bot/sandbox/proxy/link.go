package proxy

import (
	"io"
	"net"
	"sync"
	"time"
)

// lingering is how long a connection that was cut waits for the client to notice,
// so that the cut stays a FIN: closing it with unread bytes would be an RST.
const lingering = 2 * time.Second

// link is one connection with a client, which can be broken.
type link struct {
	net.Conn // what is said on it: the TCP connection, or TLS over it
	raw      *net.TCPConn
	closed   func()
	once     sync.Once

	mu    sync.Mutex // guards the rest, and is held while writing
	left  int        // bytes that may still be written; negative: any number
	ended bool       // a FIN was sent
}

func newLink(raw *net.TCPConn) *link { return &link{Conn: raw, raw: raw, left: -1} }

// Write writes p, or as much of it as a limit allows, and then ends the
// connection.
func (l *link) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.ended:
		return 0, net.ErrClosed
	case l.left < 0:
		return l.Conn.Write(p)
	}
	n, err := l.Conn.Write(p[:min(len(p), l.left)])
	if l.left -= n; l.left == 0 {
		l.end()
		return n, net.ErrClosed
	}
	return n, err
}

// limit ends the connection after n more bytes.
func (l *link) limit(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.left = n; n == 0 {
		l.end()
	}
}

// cut ends the connection at once with a FIN, and without the goodbye of TLS.
func (l *link) cut() { l.limit(0) }

func (l *link) end() {
	if !l.ended {
		l.ended = true
		_ = l.raw.CloseWrite() // a client that has gone needs no FIN
	}
}

// reset ends the connection with an RST; what was not sent yet is dropped.
func (l *link) reset() {
	_ = l.raw.SetLinger(0)
	_ = l.raw.Close()
}

// Close gives the connection back; after a cut it waits until the client has
// closed its side too.
func (l *link) Close() error {
	err := net.ErrClosed
	l.once.Do(func() {
		l.mu.Lock()
		ended := l.ended
		l.mu.Unlock()
		if ended {
			bound := time.AfterFunc(lingering, func() { _ = l.raw.Close() })
			_, _ = io.Copy(io.Discard, l.raw)
			bound.Stop()
			err = l.raw.Close()
		} else {
			err = l.Conn.Close()
		}
		l.closed()
	})
	return err
}
