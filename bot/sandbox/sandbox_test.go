package sandbox_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "100:test"

// beijing is a zone without a database, so that tests read the same everywhere.
var beijing = time.FixedZone("CST", 8*3600)

// clock is a clock that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 9, 24, 9, 0, 0, 0, beijing)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newServer(t *testing.T) (*sandbox.Server, *clock) {
	t.Helper()
	c := newClock()
	s := sandbox.New(sandbox.Options{Token: token, Now: c.Now, Webhook: nowhere{}})
	t.Cleanup(s.Close)
	return s, c
}

// nowhere is a network in which nobody answers.
type nowhere struct{}

func (nowhere) Do(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// params are the parameters of a call.
type params map[string]string

// reply is an answer of the server.
type reply struct {
	Status      int             `json:"-"`
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter      int   `json:"retry_after"`
		MigrateToChatID int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// into reads the result.
func (r reply) into(t *testing.T, value any) {
	t.Helper()
	if !r.OK {
		t.Fatalf("refused: %d %s", r.ErrorCode, r.Description)
	}
	if err := json.Unmarshal(r.Result, value); err != nil {
		t.Fatalf("result %s: %v", r.Result, err)
	}
}

// messageID reads the result as a message.
func (r reply) messageID(t *testing.T) int {
	t.Helper()
	var m struct {
		ID int `json:"message_id"`
	}
	r.into(t, &m)
	return m.ID
}

func request(t *testing.T, base, method string, p params) *http.Request {
	t.Helper()
	form := url.Values{}
	for name, value := range p {
		form.Set(name, value)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/bot"+token+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}

// send lets a client carry a request and reads the answer.
func send(t *testing.T, client sandbox.Client, req *http.Request) reply {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", req.URL.Path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{Status: resp.StatusCode}
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatalf("answer %q: %v", body, err)
	}
	if r.OK != (r.Status == http.StatusOK) || !r.OK && r.ErrorCode != r.Status {
		t.Fatalf("status %d and answer %s do not agree", r.Status, body)
	}
	return r
}

// call calls a method inside the process.
func call(t *testing.T, s *sandbox.Server, method string, p params) reply {
	t.Helper()
	return send(t, s, request(t, "http://sandbox", method, p))
}

// uploadForm makes a multipart request with one file in each field named.
func uploadForm(t *testing.T, method string, p params, files map[string]upload) *http.Request {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range p {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for field, f := range files {
		w, err := form.CreateFormFile(field, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://sandbox/bot"+token+"/"+method, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	return req
}

type upload struct {
	name    string
	content []byte
}

// picture is a small PNG.
func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// both runs a test against the server inside the process and over HTTP.
func both(t *testing.T, f func(t *testing.T, s *sandbox.Server, client sandbox.Client, base string)) {
	t.Helper()
	t.Run("inside", func(t *testing.T) {
		s, _ := newServer(t)
		f(t, s, s, "http://sandbox")
	})
	t.Run("http", func(t *testing.T) {
		s, _ := newServer(t)
		web := httptest.NewServer(s)
		t.Cleanup(web.Close)
		client := web.Client()
		t.Cleanup(client.CloseIdleConnections)
		f(t, s, client, web.URL)
	})
}
