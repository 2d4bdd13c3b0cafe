package wire_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A server may end an HTTP/2 connection at any time and say which requests it
// has not looked at. Such a request goes out again on a new connection; without
// a body that can be replayed it would fail.
func TestGoAwayIsReplayed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served atomic.Int32
	server := &http.Server{Protocols: new(http.Protocols), Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		served.Add(1)
		if got := readCall(req).Fields["text"]; got != "好" {
			t.Errorf("the replayed text is %q", got)
		}
		_, _ = io.WriteString(w, first)
	})}
	server.Protocols.SetUnencryptedHTTP2(true)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := listener.Accept(); err == nil {
			turnAway(t, conn)
			_ = server.Serve(listener) // ends when the server is closed
		}
	}()

	transport := &http.Transport{Protocols: new(http.Protocols)}
	transport.Protocols.SetUnencryptedHTTP2(true)
	c, err := wire.New(token, "http://"+listener.Addr().String(), &http.Client{Transport: transport}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
	if got.Result != reminders.Sent || got.MessageID != 11 || served.Load() != 1 {
		t.Errorf("%+v after %d requests, want sent with one", got, served.Load())
	}
	transport.CloseIdleConnections()
	_ = server.Close()
	_ = listener.Close() // a second connection may never have come
	<-done
}

// turnAway reads one whole request and says that it was not looked at.
func turnAway(t *testing.T, conn net.Conn) {
	defer conn.Close()
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(conn, preface); err != nil || !bytes.Equal(preface, []byte(http2.ClientPreface)) {
		t.Errorf("preface %q, %v", preface, err)
		return
	}
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		t.Error(err)
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Errorf("before the request has ended: %v", err)
			return
		}
		if data, ok := frame.(*http2.DataFrame); ok && data.StreamEnded() {
			break
		}
	}
	if err := framer.WriteGoAway(0, http2.ErrCodeNo, nil); err != nil {
		t.Error(err)
	}
	_, _ = io.Copy(io.Discard, conn) // until the client has read it and closes
}

// A redirect would carry the token to another host: it is not followed.
func TestDefaultDoersStay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int32
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		requests.Add(1)
		http.Redirect(w, req, "/elsewhere", http.StatusTemporaryRedirect)
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	for name, doer := range map[string]wire.Doer{"sending": wire.DefaultDoer(), "polling": wire.PollDoer()} {
		requests.Store(0)
		c, err := wire.New(token, "http://"+listener.Addr().String(), doer, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
		if got.Result != reminders.NotSent || got.Reason != "http_307" || requests.Load() != 1 {
			t.Errorf("%s: %+v after %d requests, want not sent after one", name, got, requests.Load())
		}
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	<-done
	// And where nobody listens any more, nothing can have been sent.
	got := client2(t, "http://"+listener.Addr().String()).Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"})
	if got.Result != reminders.NotSent || got.Reason != "no_connection" {
		t.Errorf("nobody listens: %+v, want not sent", got)
	}
}

func client2(t *testing.T, address string) *wire.Client {
	t.Helper()
	c, err := wire.New(token, address, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
