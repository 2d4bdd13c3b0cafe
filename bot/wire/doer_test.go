package wire_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// A poller that brings no client of its own polls over a connection of its own,
// also while DefaultDoer sends: a poll may wait longer than a message may.
func TestPollsHaveTheirOwnConnection(t *testing.T) {
	addresses := make(chan string, 2)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		addresses <- req.RemoteAddr
		if strings.HasSuffix(req.URL.Path, "/getUpdates") {
			cancel()
		}
		_, _ = io.WriteString(w, `{"ok":true,"result":[]}`)
	}))
	defer server.Close()
	c, err := wire.New(token, server.URL, wire.DefaultDoer(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &wire.Poller{Client: c, Inbox: &box{}, Quarantine: &box{}, Clock: wallClock{}}
	if err := p.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if call, poll := <-addresses, <-addresses; call == poll {
		t.Errorf("a call and a poll share the connection %s", call)
	}
}
