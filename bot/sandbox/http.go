package sandbox

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// maxBody is the largest request in bytes: a file of 50 MB and its form.
const maxBody = maxUpload + 1<<20

// ServeHTTP answers /bot<TOKEN>/METHOD and /file/bot<TOKEN>/PATH.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	a, err := s.exchange(r, body)
	if err != nil {
		// Closes the connection without an answer, as a cut connection does.
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client has gone: nobody is left to tell
}

// Do answers a request inside the process. Like an http.Client it reads the body
// to its end, tells an httptrace.ClientTrace of the context that the request was
// written, and returns a *url.Error (with the address, and so with the token, in
// it) when the context ends or the connection is cut.
func (s *Server) Do(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, failed(req, err)
	}
	if err := req.Context().Err(); err != nil {
		return nil, failed(req, err)
	}
	a, err := s.exchange(req, body)
	trace := httptrace.ContextClientTrace(req.Context())
	if trace != nil && trace.WroteRequest != nil && !errors.Is(err, syscall.ECONNREFUSED) {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
	if err != nil {
		return nil, failed(req, err)
	}
	if trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return &http.Response{
		Status:     strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {a.kind}},
		Body:          io.NopCloser(bytes.NewReader(a.body)),
		ContentLength: int64(len(a.body)), Request: req,
	}, nil
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// failed wraps an error as an http.Client does.
func failed(req *http.Request, err error) error {
	op := req.Method[:1] + strings.ToLower(req.Method[1:])
	return &url.Error{Op: op, URL: req.URL.String(), Err: err}
}

// errCut is what a client reads from a connection that was cut.
var errCut = io.EOF

// errRefused is what a client reads where nobody listens.
var errRefused error = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// exchange answers one request; an error means that no answer arrives.
func (s *Server) exchange(r *http.Request, body []byte) (answer, error) {
	token, rest, isFile := splitPath(r.URL.Path)
	switch {
	case token != s.token:
		return refuse(errUnauthorized)
	case len(body) > maxBody:
		return refuse(errTooLarge)
	case isFile:
		return s.download(rest)
	}
	c, err := parse(r, body)
	if err != nil {
		return refuse(err)
	}
	c.method = rest
	if m, ok := methods[strings.ToLower(rest)]; ok {
		c.method, c.params = m.name, m.params
	}
	return s.carry(r.Context(), c)
}

// splitPath takes the token and what follows it out of a path.
func splitPath(path string) (token, rest string, isFile bool) {
	if after, ok := strings.CutPrefix(path, "/file/bot"); ok {
		token, rest, _ = strings.Cut(after, "/")
		return token, rest, true
	}
	after, _ := strings.CutPrefix(path, "/bot")
	token, rest, _ = strings.Cut(after, "/")
	return token, rest, false
}

// carry lets a call meet the faults that wait for it, handles it and keeps it.
func (s *Server) carry(ctx context.Context, c *call) (answer, error) {
	f := s.takeFault(c)
	if err := wait(ctx, f.Delay); err != nil {
		return answer{}, err
	}
	var a answer
	var err error
	switch {
	case f.Drop == DropRefused:
		err = errRefused
	case f.Drop == DropBefore:
		err = errCut
	case f.Status != 0:
		a = f.answer()
	default:
		a, err = s.handle(ctx, c)
	}
	if f.Drop == DropAfter {
		a, err = answer{}, errCut
	}
	s.keepCall(c, a)
	return a, err
}

// handle checks the parameters of a call and does what it asks.
func (s *Server) handle(ctx context.Context, c *call) (answer, error) {
	m, ok := methods[strings.ToLower(c.method)]
	if !ok {
		return refuse(notFound("Not Found: method not found"))
	}
	if err := c.check(); err != nil {
		return refuse(err)
	}
	c.ctx = ctx
	s.mu.Lock()
	defer s.mu.Unlock()
	result, err := m.handle(s, c)
	if err != nil {
		return refuse(err)
	}
	return accept(result), nil
}
