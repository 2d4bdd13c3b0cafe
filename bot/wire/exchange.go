package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// Limits of what is held in memory for one call, in bytes.
const (
	replayLimit = 4 << 20  // of a request without files; the longest text has a thousandth
	answerLimit = 64 << 20 // a longer answer is an error; 100 long updates have a tenth
)

// exchange is one request and what came back, as seen on the wire.
type exchange struct {
	asked  bool // the request reached the doer
	traced atomic.Bool
	wrote  atomic.Bool // bytes of the request may have left

	err    error // transport failure; no answer then
	status int   // of HTTP; zero without an answer
	clear  bool  // the answer is an envelope of the Bot API
	answer answer
	size   int    // of the answer, in bytes
	pause  string // the header Retry-After, for answers that are no envelope
}

// answer is the envelope of every answer of the Bot API.
type answer struct {
	OK          *bool           `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

func (x *exchange) fail(err error) { x.err = err }

// ok reports that the service did what it was asked.
func (x *exchange) ok() bool { return x.clear && *x.answer.OK }

// code is the error code of the envelope, or else the status of HTTP.
func (x *exchange) code() int {
	if x.clear && x.answer.Code != 0 {
		return x.answer.Code
	}
	return x.status
}

// messageID is the id of the message that the result describes, or zero.
func (x *exchange) messageID() int {
	var message struct {
		ID int `json:"message_id"`
	}
	if json.Unmarshal(x.answer.Result, &message) != nil {
		return 0
	}
	return message.ID
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// recorder is the client below the library: it makes the request replayable,
// notes what happened, and hands on only answers that are envelopes.
type recorder struct {
	doer   Doer
	redact func(string) string
}

// Do implements the HTTP client that the library wants.
func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	x, _ := req.Context().Value(exchangeKey{}).(*exchange)
	if x == nil {
		x = &exchange{}
	}
	return r.exchange(r.doer, req, x)
}

// exchange sends the request and notes in x what happened.
func (r *recorder) exchange(doer Doer, req *http.Request, x *exchange) (*http.Response, error) {
	if err := replayable(req); err != nil {
		x.fail(r.plain(err))
		return nil, x.err
	}
	x.asked = true
	resp, err := doer.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), x.trace())))
	if err != nil {
		x.fail(r.plain(err))
		return nil, x.err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	x.status, x.pause = resp.StatusCode, resp.Header.Get("Retry-After")
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	x.size = len(body)
	switch {
	case err != nil:
		x.fail(r.plain(err))
		return nil, x.err
	case len(body) > answerLimit:
		x.fail(errors.New("the answer is too long"))
		return nil, x.err
	}
	if err := json.Unmarshal(body, &x.answer); err != nil || x.answer.OK == nil {
		return nil, errors.New("the answer is not from a Bot API server")
	}
	x.clear = true
	x.answer.Description = r.redact(x.answer.Description)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// trace notes whether bytes may have left. Every attempt of the transport asks
// for a connection first; it repeats one only if the service cannot have acted.
func (x *exchange) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { x.traced.Store(true); x.wrote.Store(false) },
		WroteHeaders: func() { x.wrote.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { x.wrote.Store(true) },
	}
}

// plain takes the address, which holds the token, out of a transport error. What
// remains of the chain is whether the context ended, and a refused dial.
func (r *recorder) plain(err error) error {
	var outer *url.Error
	for errors.As(err, &outer) {
		err = outer.Err
	}
	return &failure{text: r.redact(err.Error()), cause: err}
}

// failure is an error of the transport with a text that is safe to show. It
// answers errors.Is and the questions of classify, but does not unwrap, so that
// nobody prints the inner text.
type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }

// Is reports whether the cause is target.
func (f *failure) Is(target error) bool { return errors.Is(f.cause, target) }

// replayable reads the body of a request into memory, so that it has a length
// and can be sent once more on another connection. One that can already is left alone.
func replayable(req *http.Request) error {
	if req.Body == nil || req.Body == http.NoBody || (req.GetBody != nil && req.ContentLength > 0) {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(req.Body, replayLimit+1))
	if err != nil {
		return err
	}
	if len(head) > replayLimit {
		return errors.New("the request is too long") // files come with a body of their own, see form.go
	}
	if err := req.Body.Close(); err != nil {
		return err
	}
	if len(head) == 0 {
		req.Header.Del("Content-Type") // a form without parts is no form
		req.Body, req.GetBody, req.ContentLength = http.NoBody, nil, 0
		return nil
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(head)), nil }
	req.Body, _ = req.GetBody()
	req.ContentLength = int64(len(head))
	return nil
}
