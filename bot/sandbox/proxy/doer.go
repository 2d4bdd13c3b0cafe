package proxy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Do carries a request inside the process and spoils it by the rules; GoAway is
// met over sockets only. It fails as an http.Client does: with a *url.Error (which
// holds the address, and so the token), after an httptrace.ClientTrace of the
// context was told what had been written by then.
func (p *Proxy) Do(req *http.Request) (*http.Response, error) {
	ctx, trace := req.Context(), httptrace.ContextClientTrace(req.Context())
	if trace == nil {
		trace = &httptrace.ClientTrace{}
	}
	if trace.GetConn != nil {
		trace.GetConn(req.URL.Host)
	}
	body, err := readBody(req)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = p.connect()
	}
	if err != nil {
		return nil, failed(req, err)
	}
	if trace.WroteHeaders != nil {
		trace.WroteHeaders()
	}
	if trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	rule := p.meet(moment{stage: atRequest, method: methodOf(req)})
	a, err := p.carry(ctx, rule, req, body)
	if err == nil && rule.Kind == CutResponse && (rule.Bytes == 0 || len(a.body) == 0) {
		err = errCut
	}
	if err != nil {
		return nil, failed(req, err)
	}
	if trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return a.response(req, rule), nil
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// connect meets what can happen before a request is written.
func (p *Proxy) connect() error {
	if p.meet(moment{stage: atDial}).Kind == Refuse {
		return refusal()
	}
	if p.meet(moment{stage: atHandshake}).Kind == Handshake {
		return &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")}
	}
	return nil
}

// failed gives the error that an http.Client gives.
func failed(req *http.Request, err error) error {
	switch {
	case errors.Is(err, errCut):
		err = io.EOF
	case errors.Is(err, errReset):
		err = &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
	}
	op := req.Method[:1] + strings.ToLower(req.Method[1:])
	return &url.Error{Op: op, URL: req.URL.String(), Err: err}
}

// response is the answer as the client reads it.
func (a answer) response(req *http.Request, rule Rule) *http.Response {
	var body io.Reader = bytes.NewReader(a.body)
	switch rule.Kind {
	case CutResponse:
		body = io.MultiReader(io.LimitReader(body, int64(min(rule.Bytes, len(a.body)-1))), broken{})
	case Trickle:
		body = &trickle{ctx: req.Context(), from: body, piece: max(1, rule.Bytes), pause: rule.For}
	}
	return &http.Response{
		Status:     strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {a.kind}},
		Body:   io.NopCloser(body), ContentLength: int64(len(a.body)), Request: req,
	}
}

// broken is the rest of a body whose connection was cut.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// trickle is a body that comes in small pieces.
type trickle struct {
	ctx   context.Context //nolint:containedctx // a body lasts as long as its request
	from  io.Reader
	piece int
	pause time.Duration
}

// Read gives one piece after the pause.
func (t *trickle) Read(p []byte) (int, error) {
	if err := wait(t.ctx, t.pause); err != nil {
		return 0, err
	}
	return t.from.Read(p[:min(len(p), t.piece)])
}
