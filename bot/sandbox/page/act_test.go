package page_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// post is a request as the page itself makes it.
func post(target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func TestType(t *testing.T) {
	f := newFixture(t)
	res := f.ask(post("/api/type", `{"chat": 11, "text": "  /start code-a "}`))
	if res.StatusCode != http.StatusNoContent {
		t.Fatalf("status %d", res.StatusCode)
	}
	messages := f.person(t, 11).Messages()
	if len(messages) != 1 || messages[0].Text != "/start code-a" || messages[0].FromBot {
		t.Errorf("the phone shows %+v", messages)
	}
}

// A sample that the office offers is sent as if its owner had chosen it.
func TestSample(t *testing.T) {
	f := newFixture(t)
	if res := f.ask(post("/api/sample", `{"chat":12,"name":"样例.xlsx"}`)); res.StatusCode != http.StatusNoContent {
		t.Fatalf("status %d", res.StatusCode)
	}
	messages := f.person(t, 12).Messages()
	if len(messages) != 1 || messages[0].Document == nil || messages[0].Document.Name != "样例.xlsx" {
		t.Errorf("the phone shows %+v", messages)
	}
}

func TestClock(t *testing.T) {
	f := newFixture(t)
	for _, body := range []string{`{"do":"play"}`, `{"do":"pause"}`, `{"do":"speed","speed":86400}`} {
		if res := f.ask(post("/api/clock", body)); res.StatusCode != http.StatusNoContent {
			t.Errorf("%s: status %d", body, res.StatusCode)
		}
	}
	if diff := cmp.Diff([]string{"play", "pause", "speed"}, f.office.done()); diff != "" {
		t.Errorf("the office was asked (-want +got)\n%s", diff)
	}
	if got := f.office.Clock("en").Speed; got != 86400 {
		t.Errorf("speed %d", got)
	}
}

func TestActsRefused(t *testing.T) {
	long := strings.Repeat("x", 4097)
	huge := strings.Repeat("x", 70<<10)
	tests := []struct {
		name, target, body string
		status             int
	}{
		{"nobody has this phone", "/api/type", `{"chat":99,"text":"x"}`, http.StatusNotFound},
		{"an empty message", "/api/type", `{"chat":11,"text":"  "}`, http.StatusBadRequest},
		{"longer than a message can be", "/api/type", `{"chat":11,"text":"` + long + `"}`, http.StatusBadRequest},
		{"larger than a request may be", "/api/type", `{"chat":11,"text":"` + huge + `"}`, http.StatusRequestEntityTooLarge},
		{"not JSON", "/api/type", `chat=11`, http.StatusBadRequest},
		{"an unknown field", "/api/type", `{"chat":11,"text":"x","as":"admin"}`, http.StatusBadRequest},
		{"a button that is not there", "/api/tap", `{"chat":11,"message":5,"data":"ack:1"}`, http.StatusConflict},
		{"a button on nobody's phone", "/api/tap", `{"chat":99,"message":5,"data":"ack:1"}`, http.StatusNotFound},
		{"a file on nobody's phone", "/api/file?chat=x&name=a", ``, http.StatusNotFound},
		{"a file without a name", "/api/file?chat=11", `x`, http.StatusBadRequest},
		{"a sample on nobody's phone", "/api/sample", `{"chat":99,"name":"样例.xlsx"}`, http.StatusNotFound},
		{"a sample that nobody offers", "/api/sample", `{"chat":11,"name":"../people.csv"}`, http.StatusNotFound},
		{"a clock that does something else", "/api/clock", `{"do":"jump"}`, http.StatusBadRequest},
		{"a clock that stands", "/api/clock", `{"do":"speed","speed":0}`, http.StatusBadRequest},
		{"a clock that is too fast", "/api/clock", `{"do":"speed","speed":86401}`, http.StatusBadRequest},
		{"an act that does not exist", "/api/erase", `{}`, http.StatusNotFound},
	}
	f := newFixture(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if res := f.ask(post(tt.target, tt.body)); res.StatusCode != tt.status {
				t.Errorf("status %d, want %d: %s", res.StatusCode, tt.status, body(t, res))
			}
		})
	}
	if n := len(f.person(t, 11).Messages()) + len(f.office.done()); n != 0 {
		t.Errorf("%d refused acts had an effect", n)
	}
}

// A page of a foreign site can make a browser send requests here; none of them
// may do anything.
func TestForeignPagesRefused(t *testing.T) {
	tests := []struct {
		name, header, value string
		status              int
	}{
		{"another site", "Sec-Fetch-Site", "cross-site", http.StatusForbidden},
		{"another port of this host", "Sec-Fetch-Site", "same-site", http.StatusForbidden},
		{"an old browser, another origin", "Origin", "https://elsewhere.example", http.StatusForbidden},
		{"a form", "Content-Type", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
	}
	f := newFixture(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := post("/api/type", `{"chat":11,"text":"x"}`)
			if tt.header == "Origin" {
				r.Header.Del("Sec-Fetch-Site")
			}
			r.Header.Set(tt.header, tt.value)
			if res := f.ask(r); res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
		})
	}
	if got := f.person(t, 11).Messages(); len(got) != 0 {
		t.Errorf("a foreign page wrote %+v", got)
	}
}
