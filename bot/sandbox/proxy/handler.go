package proxy

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
)

// longestBody is the largest request in bytes that is read into memory.
const longestBody = 64 << 20

// linkKey is under which a request knows its connection.
type linkKey struct{}

// onLink puts the connection into the context of its requests.
func onLink(ctx context.Context, c net.Conn) context.Context {
	l, ok := c.(*link)
	if !ok {
		l = c.(*frames).link
	}
	return context.WithValue(ctx, linkKey{}, l)
}

// ServeHTTP spoils one request that came over a connection of the gate. What the
// client shall not get it ends by breaking the connection.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !g.enter() {
		panic(http.ErrAbortHandler)
	}
	defer g.work.Done()
	l := r.Context().Value(linkKey{}).(*link)
	rule := g.proxy.meet(moment{stage: atRequest, method: methodOf(r)})
	if rule.Kind == CutRequest {
		_, _ = io.CopyN(io.Discard, r.Body, int64(rule.Bytes)) // a shorter one is cut at its end
		l.cut()
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
	if err != nil {
		panic(http.ErrAbortHandler) // the client stopped in the middle: never forwarded
	}
	a, err := g.proxy.carry(r.Context(), rule, r, body)
	switch {
	case errors.Is(err, errReset):
		l.reset()
	case errors.Is(err, errCut):
		l.cut()
	}
	if err != nil {
		panic(http.ErrAbortHandler) // with HTTP/2 this ends the one stream
	}
	a.write(w, r, l, rule)
}

// write sends the answer as the rule says.
func (a answer) write(w http.ResponseWriter, r *http.Request, l *link, rule Rule) {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	piece := len(a.body)
	switch rule.Kind {
	case CutResponse: // on the connection the head is longer than nothing, so this is never all
		l.limit(min(rule.Bytes, len(a.body)))
	case Trickle:
		piece = max(1, rule.Bytes)
	}
	w.WriteHeader(a.status)
	flush := http.NewResponseController(w)
	for rest := a.body; len(rest) > 0; rest = rest[min(piece, len(rest)):] {
		if _, err := w.Write(rest[:min(piece, len(rest))]); err != nil {
			panic(http.ErrAbortHandler) // the client has gone
		}
		if rule.Kind == Trickle && (flush.Flush() != nil || wait(r.Context(), rule.For) != nil) {
			panic(http.ErrAbortHandler)
		}
	}
}
