package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// A call is answered the same inside the process and over HTTP, wherever its
// parameters stand.
func TestParametersComeInEveryForm(t *testing.T) {
	forms := []struct {
		name    string
		request func(t *testing.T, base string) *http.Request
	}{
		{"query", func(t *testing.T, base string) *http.Request {
			return raw(t, http.MethodGet, base+"/bot"+token+"/sendMessage?chat_id=7&text=%E5%BB%89", "", "")
		}},
		{"urlencoded", func(t *testing.T, base string) *http.Request {
			return request(t, base, "sendMessage", params{"chat_id": "7", "text": "廉"})
		}},
		{"json", func(t *testing.T, base string) *http.Request {
			return raw(t, http.MethodPost, base+"/bot"+token+"/sendMessage", "application/json", `{"chat_id":7,"text":"廉","reply_markup":null}`)
		}},
		{"multipart", func(t *testing.T, base string) *http.Request {
			req := uploadForm(t, "sendMessage", params{"chat_id": "7", "text": "廉"}, nil)
			return raw2(t, req, base)
		}},
		// The service does not mind the case of a method.
		{"lower case", func(t *testing.T, base string) *http.Request {
			return request(t, base, "sendmessage", params{"chat_id": "7", "text": "廉"})
		}},
	}
	both(t, func(t *testing.T, s *sandbox.Server, client sandbox.Client, base string) {
		p := s.Person(7, "甲", "zh-hans")
		p.Start("")
		for i, form := range forms {
			if r := send(t, client, form.request(t, base)); !r.OK {
				t.Errorf("%s: %s", form.name, r.Description)
			}
			if got := p.Messages(); len(got) != i+2 || got[i+1].Text != "廉" {
				t.Errorf("%s: the person sees %v", form.name, got)
			}
		}
	})
}

func raw(t *testing.T, method, address, kind, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	return req
}

// raw2 sends a request to another server.
func raw2(t *testing.T, req *http.Request, base string) *http.Request {
	t.Helper()
	u, err := url.Parse(base + req.URL.Path)
	if err != nil {
		t.Fatal(err)
	}
	req.URL, req.Host = u, u.Host
	return req
}

// What is wrong with the request itself is refused before the method is asked.
func TestRefusesWrongRequests(t *testing.T) {
	tests := []struct {
		name, path, kind, body string
		code                   int
		description            string
	}{
		{"wrong token", "/bot100:other/getMe", "", "", 401, "Unauthorized"},
		{"no token", "/getMe", "", "", 401, "Unauthorized"},
		{"wrong token of a file", "/file/bot100:other/documents/file1.txt", "", "", 401, "Unauthorized"},
		{"no such file", "/file/bot" + token + "/documents/file1.txt", "", "", 404, "Not Found"},
		{"unknown method", "/bot" + token + "/sendLove", "", "", 404, "Not Found: method not found"},
		{"broken JSON", "/bot" + token + "/getMe", "application/json", "{", 400, "Bad Request: can't parse request body"},
		{"broken form", "/bot" + token + "/getMe", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb", 400, "Bad Request: can't parse request body"},
		{"no boundary", "/bot" + token + "/getMe", "multipart/form-data; boundary=x", "nothing of a form", 400, "Bad Request: can't parse request body"},
		{"not UTF-8", "/bot" + token + "/getMe?x=%FF", "", "", 400, "Bad Request: strings must be encoded in UTF-8"},
	}
	both(t, func(t *testing.T, _ *sandbox.Server, client sandbox.Client, base string) {
		for _, tt := range tests {
			got := send(t, client, raw(t, http.MethodPost, base+tt.path, tt.kind, tt.body))
			if got.ErrorCode != tt.code || got.Description != tt.description {
				t.Errorf("%s: got %d %q, want %d %q", tt.name, got.ErrorCode, got.Description, tt.code, tt.description)
			}
		}
	})
}

// A request above the largest upload is refused whatever it holds.
func TestRefusesHugeRequests(t *testing.T) {
	both(t, func(t *testing.T, _ *sandbox.Server, client sandbox.Client, base string) {
		req := raw(t, http.MethodPost, base+"/bot"+token+"/getMe", "text/plain", "")
		req.Body = io.NopCloser(io.LimitReader(zeros{}, 52<<20))
		req.ContentLength = -1
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", resp.StatusCode)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// The bot is who its token says.
func TestGetMe(t *testing.T) {
	s, _ := newServer(t)
	var got map[string]any
	call(t, s, "getMe", nil).into(t, &got)
	want := map[string]any{"id": 100.0, "is_bot": true, "first_name": "qingfeng_demo_bot", "username": "qingfeng_demo_bot"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Faults are met by the calls that match, as often as said, in either way in.
func TestFaults(t *testing.T) {
	both(t, func(t *testing.T, s *sandbox.Server, client sandbox.Client, base string) {
		s.Person(7, "甲", "").Start("")
		s.Fail(sandbox.Fault{Method: "sendMessage", Chat: 7, Times: 2, Status: 429, Description: "Too Many Requests: retry after 3", RetryAfter: 3})
		s.Fail(sandbox.Fault{Method: "getMe", Status: 502})
		for i, want := range []int{429, 429, 200} {
			got := send(t, client, request(t, base, "sendMessage", params{"chat_id": "7", "text": "x"}))
			if got.Status != want || want == 429 && got.Parameters.RetryAfter != 3 {
				t.Errorf("call %d: %+v, want %d", i, got, want)
			}
		}
		if got := send(t, client, request(t, base, "getMe", nil)); got.Description != "Bad Gateway" {
			t.Errorf("got %+v", got)
		}
		if n := len(s.Person(7, "", "").Messages()); n != 2 {
			t.Errorf("%d messages, want the start and one that got through", n)
		}
	})
}

// A cut before handling leaves no message, a cut after it leaves one; the client
// cannot tell them apart.
func TestCutConnections(t *testing.T) {
	tests := []struct {
		drop sandbox.Drop
		want int // messages of the bot
	}{
		{sandbox.DropRefused, 0},
		{sandbox.DropBefore, 0},
		{sandbox.DropAfter, 1},
	}
	both(t, func(t *testing.T, s *sandbox.Server, client sandbox.Client, base string) {
		for i, tt := range tests {
			p := s.Person(int64(7+i), "甲", "")
			p.Start("")
			s.Fail(sandbox.Fault{Drop: tt.drop})
			resp, err := client.Do(request(t, base, "sendMessage", params{"chat_id": strconv.Itoa(7 + i), "text": "x"}))
			if err == nil {
				_ = resp.Body.Close()
				t.Errorf("%s: answered", tt.drop)
			}
			if got := len(p.Messages()) - 1; got != tt.want {
				t.Errorf("%s: %d messages, want %d", tt.drop, got, tt.want)
			}
			calls := s.Calls()
			if last := calls[len(calls)-1]; last.Status != 0 {
				t.Errorf("%s: call kept with status %d", tt.drop, last.Status)
			}
		}
	})
}

// Inside the process a client can tell what was written, as over a real connection.
func TestDoTellsWhatWasWritten(t *testing.T) {
	s, _ := newServer(t)
	for _, tt := range []struct {
		drop    sandbox.Drop
		written bool
		cause   error
	}{
		{sandbox.DropRefused, false, syscall.ECONNREFUSED},
		{sandbox.DropBefore, true, io.EOF},
		{sandbox.DropAfter, true, io.EOF},
	} {
		written := false
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			WroteRequest: func(httptrace.WroteRequestInfo) { written = true },
		})
		s.Fail(sandbox.Fault{Drop: tt.drop})
		resp, err := s.Do(request(t, "http://sandbox", "getMe", nil).WithContext(ctx))
		if resp != nil {
			_ = resp.Body.Close()
		}
		var wrapped *url.Error
		if !errors.Is(err, tt.cause) || !errors.As(err, &wrapped) || wrapped.Op != "Post" {
			t.Errorf("%s: error %v", tt.drop, err)
		}
		if written != tt.written {
			t.Errorf("%s: written %v, want %v", tt.drop, written, tt.written)
		}
	}
}

// A context that has ended, or ends during a delay, ends the call.
func TestDoObeysTheContext(t *testing.T) {
	s, _ := newServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	resp, err := s.Do(request(t, "http://sandbox", "getMe", nil).WithContext(ctx))
	if resp != nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := len(s.Calls()); n != 0 {
		t.Errorf("%d calls handled", n)
	}
}

// A fault can answer as a proxy on the way does.
func TestFaultWithBody(t *testing.T) {
	s, _ := newServer(t)
	s.Fail(sandbox.Fault{Status: 502, Body: "<html>Bad Gateway</html>"})
	resp, err := s.Do(request(t, "http://sandbox", "getMe", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 502 || string(body) != "<html>Bad Gateway</html>" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// A fault that was set up ends when its maker says so, and no other one does.
func TestFaultsEndEarly(t *testing.T) {
	s, _ := newServer(t)
	end := s.Fail(sandbox.Fault{Method: "getMe", Times: 100, Status: 502})
	s.Fail(sandbox.Fault{Method: "getMe", Times: 2, Status: 503})
	for _, row := range []struct {
		name string
		want int
	}{{"before", 502}, {"after", 503}, {"after it was ended twice", 503}, {"after all", 200}} {
		if got := call(t, s, "getMe", nil); got.Status != row.want {
			t.Errorf("%s: status %d, want %d", row.name, got.Status, row.want)
		}
		end()
	}
}

// Calls say what the bot asked, and which parameters the method does not have.
func TestCalls(t *testing.T) {
	s, c := newServer(t)
	call(t, s, "sendMessage", params{"chat_id": "7", "text": "x", "colour": "red"})
	want := []sandbox.Call{{
		Method: "sendMessage", Chat: 7, Params: map[string]string{"chat_id": "7", "text": "x", "colour": "red"},
		Ignored: []string{"colour"}, At: c.Now(), Status: 400, Description: "Bad Request: chat not found",
	}}
	if diff := cmp.Diff(want, s.Calls()); diff != "" {
		t.Error(diff)
	}
}
