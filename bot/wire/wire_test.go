package wire_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// The token is invented. Its secret half must not be seen anywhere.
const (
	secret = "AAinvented-secret_of-35-characters"
	token  = "4242:" + secret
)

// doerFunc is a chat service made of one function.
type doerFunc func(req *http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// reply is an answer of the service.
func reply(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// always answers every request alike.
func always(status int, body string) doerFunc {
	return func(req *http.Request) (*http.Response, error) {
		if req.Body != nil {
			_, _ = io.Copy(io.Discard, req.Body)
		}
		return reply(status, body), nil
	}
}

// breaks fails every request as an *http.Client would: with the address in it.
func breaks(err error) doerFunc {
	return func(req *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: err}
	}
}

func client(t testing.TB, doer wire.Doer) *wire.Client {
	t.Helper()
	c, err := wire.New(token, "https://chat.example", doer, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// call is one request as the service reads it.
type call struct {
	Method string
	Fields map[string]string
}

// service notes calls and answers them in turn; the last answer is repeated.
type service struct {
	mu      sync.Mutex
	calls   []call
	answers []string
}

func (s *service) Do(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, readCall(req))
	body := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	var e struct {
		Code int `json:"error_code"`
	}
	if json.Unmarshal([]byte(body), &e) != nil || e.Code == 0 {
		e.Code = http.StatusOK
	}
	return reply(e.Code, body), nil
}

func readCall(req *http.Request) call {
	c := call{Method: req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:], Fields: map[string]string{}}
	if req.Body == nil {
		return c
	}
	body, _ := io.ReadAll(req.Body)
	kind, params, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		c.Fields["body"] = string(body)
		return c
	}
	form, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).ReadForm(1 << 20)
	if err != nil {
		c.Fields["error"] = err.Error()
		return c
	}
	for name, values := range form.Value {
		c.Fields[name] = values[0]
	}
	for name, files := range form.File {
		file, _ := files[0].Open()
		content, _ := io.ReadAll(file)
		c.Fields[name] = files[0].Filename + ": " + string(content)
	}
	return c
}

// logger writes into a buffer that a test can search.
func logger() (*slog.Logger, *syncBuffer) {
	var out syncBuffer
	return slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug})), &out
}

type syncBuffer struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out.String()
}
