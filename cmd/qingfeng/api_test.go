package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// portal is another system that hands over notices: every answer that it gets is held
// against the description of the interface.
type portal struct {
	s      *scene
	web    http.Handler
	router routers.Router
	secret string
	key    int
}

// portals gives a portal with a token of a scope.
func (s *scene) portals(name string, scope notice.Scope) *portal {
	s.t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(openapi)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	p := &portal{s: s, router: router}
	err = s.live.store.Do(context.Background(), func(tx reminders.Tx) (err error) {
		p.secret, err = s.live.gate.Make(tx, name, scope, "A1")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	a := newAPI(s.live.office)
	a.clocks = s.clock.Now
	mux := http.NewServeMux()
	a.mount(mux)
	p.web = mux
	return p
}

// ask makes a request and holds the answer against the description.
func (p *portal) ask(method, path, body string, change ...func(*http.Request)) (int, map[string]any) {
	p.s.t.Helper()
	r := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+p.secret)
	if method == http.MethodPost {
		p.key++
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", fmt.Sprintf("key-%d", p.key))
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.web.ServeHTTP(w, r)
	p.holds(r, w)
	var said map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		p.s.t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
	}
	return w.Code, said
}

// holds checks an answer against the description.
func (p *portal) holds(r *http.Request, w *httptest.ResponseRecorder) {
	p.s.t.Helper()
	route, params, err := p.router.FindRoute(r)
	if err != nil {
		p.s.t.Fatal(err)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route},
		Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		p.s.t.Errorf("%s %s answers %d %s: %v", r.Method, r.URL.Path, w.Code, w.Body, err)
	}
}

const maintenance = `{"kind": "announcement", "language": "zh-Hans", "texts": {"zh-Hans": {"title": "系统维护通知（示例）", "text": "本周五 18:00 至 20:00 报送系统维护。"}},
	"audience": {"units": ["样例局"], "roles": ["official"]}, "acknowledge": "person", "workdays": 3%s}`

// What another system hands over waits for a person of the office, once for each key;
// approved, it goes out like any announcement.
func TestAnotherSystemHandsOver(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		p := s.portals("city-portal", notice.ScopeDraft)
		body := fmt.Sprintf(maintenance, "")
		status, said := p.ask(http.MethodPost, "/api/v1/notices", body)
		if status != http.StatusCreated || said["state"] != "waiting" {
			t.Fatalf("%d %v", status, said)
		}
		p.key-- // the same key again
		if again, repeated := p.ask(http.MethodPost, "/api/v1/notices", body); again != http.StatusOK || repeated["id"] != said["id"] {
			t.Errorf("the same key brings %d %v, want %v", again, repeated, said)
		}
		p.key--
		if other, refused := p.ask(http.MethodPost, "/api/v1/notices", strings.Replace(body, "周五", "周四", 1)); other != http.StatusConflict {
			t.Errorf("the same key with other words brings %d %v", other, refused)
		}
		s.settle()
		s.reads("S2", "系统维护通知")
		p.approve(said["id"].(string), "S2")
		s.until("2026-09-07 09:30")
		s.reads("P1", "本周五 18:00 至 20:00")
		if _, now := p.ask(http.MethodGet, "/api/v1/notices/"+said["id"].(string), ""); now["state"] != "released" {
			t.Errorf("it is %v after it went out", now)
		}
		var drafted int
		for _, e := range s.entries(ledger.Drafted) {
			if e.Actor == "api/city-portal" {
				drafted++
			}
		}
		if drafted != 1 {
			t.Errorf("the ledger has %d drafts of the portal, want 1", drafted)
		}
	})
}

// approve is what a person of the office does in chat.
func (p *portal) approve(id string, by reminders.PersonID) {
	p.s.t.Helper()
	err := p.s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		_, err := p.s.live.press.Decide(tx, notice.Publication{ID: id}.Handle(), true, "", by, false)
		return err
	})
	if err != nil {
		p.s.t.Fatal(err)
	}
	p.s.settle()
}

// A token of the scope send lets a notice go out without a person; one for drafts does
// not, and a revoked one opens nothing.
func TestScopes(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		send, draft := s.portals("sender", notice.ScopeSend), s.portals("drafter", notice.ScopeDraft)
		body := fmt.Sprintf(maintenance, `, "release": true`)
		if status, said := draft.ask(http.MethodPost, "/api/v1/notices", body); status != http.StatusForbidden {
			t.Errorf("a token for drafts sends: %d %v", status, said)
		}
		status, said := send.ask(http.MethodPost, "/api/v1/notices", body)
		if status != http.StatusCreated || said["state"] != "approved" {
			t.Errorf("a token that may send: %d %v", status, said)
		}
		s.until("2026-09-07 09:30")
		s.once("系统维护通知", "P1", "P2", "P3")
		if status, said := draft.ask(http.MethodGet, "/api/v1/notices/"+said["id"].(string), ""); status != http.StatusNotFound {
			t.Errorf("one token sees the notices of another: %d %v", status, said)
		}
		err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error { return s.live.gate.Revoke(tx, "sender", "A1") })
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := send.ask(http.MethodPost, "/api/v1/notices", body); status != http.StatusUnauthorized {
			t.Errorf("a revoked token brings %d", status)
		}
		if found := s.kept(send.secret); len(found) > 0 {
			t.Errorf("the store holds the token at %v", found)
		}
	})
}

// What cannot be taken is refused with the field or the rule, and nothing is kept.
func TestRefusedNotices(t *testing.T) {
	good := fmt.Sprintf(maintenance, "")
	for _, row := range []struct {
		name, body string
		status     int
		field      string // or rule
		change     func(*http.Request)
	}{
		{"not JSON", "{", 422, "", nil},
		{"a mistyped field", strings.Replace(good, `"kind"`, `"knd"`, 1), 422, "", nil},
		{"two objects", good + good, 422, "", nil},
		{"another kind", strings.Replace(good, "announcement", "poem", 1), 422, "kind", nil},
		{"no days to answer", strings.Replace(good, `"workdays": 3`, `"workdays": 0`, 1), 422, "workdays", nil},
		{"a language that nobody speaks", strings.Replace(good, `{"zh-Hans": {`, `{"xx": {`, 1), 422, "texts.xx", nil},
		{"a unit that is none", strings.Replace(good, "样例局", "无此局", 1), 422, "audience.units", nil},
		{"a role that is none", strings.Replace(good, `"official"`, `"boss"`, 1), 422, "audience.roles", nil},
		{"a number of a person", strings.Replace(good, "系统维护。", "11010519491231002X", 1), 422, "identity-number", nil},
		{"a mobile number", strings.Replace(good, "系统维护。", "请电 13800138000", 1), 422, "mobile-number", nil},
		{"wording beyond any rule", strings.Replace(good, "系统维护。", "一律不得请假。", 1), 422, "absolute", nil},
		{"too large", good + strings.Repeat(" ", maxNotice), 413, "", nil},
		{"no key", good, 400, "", func(r *http.Request) { r.Header.Del("Idempotency-Key") }},
		{"another type", good, 415, "", func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
		{"no token", good, 401, "", func(r *http.Request) { r.Header.Del("Authorization") }},
		{"a wrong token", good, 401, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer qf_wrong") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
				s.enrol(small)
				p := s.portals("portal", notice.ScopeDraft)
				before := s.dump()
				var change []func(*http.Request)
				if row.change != nil {
					change = append(change, row.change)
				}
				status, said := p.ask(http.MethodPost, "/api/v1/notices", row.body, change...)
				if status != row.status || !strings.Contains(fmt.Sprint(said["errors"]), row.field) {
					t.Errorf("%d %v, want %d with %q", status, said, row.status, row.field)
				}
				if diff := cmp.Diff(before, s.dump()); diff != "" {
					t.Errorf("the store has changed:\n%s", diff)
				}
			})
		})
	}
}

// A token keeps its pace, and says when to come again.
func TestPaceOfTokens(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		p := s.portals("portal", notice.ScopeDraft)
		for range apiBurst {
			if status, said := p.ask(http.MethodGet, "/api/v1/notices/2026-9999", ""); status != http.StatusNotFound {
				t.Fatalf("%d %v", status, said)
			}
		}
		if status, _ := p.ask(http.MethodGet, "/api/v1/notices/2026-9999", ""); status != http.StatusTooManyRequests {
			t.Errorf("request %d within a second: %d", apiBurst+1, status)
		}
		time.Sleep(apiEvery)
		if status, _ := p.ask(http.MethodGet, "/api/v1/notices/2026-9999", ""); status != http.StatusNotFound {
			t.Errorf("after the pause: %d", status)
		}
	})
}

// The examples of the description are what the service takes.
func TestExamplesOfTheDescription(t *testing.T) {
	play(t, "2026-09-07T09:00:00+08:00", func(s *scene) {
		s.enrol(small)
		p := s.portals("portal", notice.ScopeDraft)
		doc, err := openapi3.NewLoader().LoadFromData(openapi)
		if err != nil {
			t.Fatal(err)
		}
		for name, example := range doc.Paths.Find("/api/v1/notices").Post.RequestBody.Value.Content.Get("application/json").Examples {
			body, err := json.Marshal(example.Value.Value)
			if err != nil {
				t.Fatal(err)
			}
			if status, said := p.ask(http.MethodPost, "/api/v1/notices", string(body)); status != http.StatusCreated {
				t.Errorf("%s: %d %v", name, status, said)
			}
		}
	})
}
