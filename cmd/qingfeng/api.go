package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	limit "golang.org/x/time/rate"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// openapi describes the interface for other systems; it is served beside it.
//
//go:embed openapi.yaml
var openapi []byte

// Limits of the interface: of a request's body, and how many a token may make.
const (
	maxNotice = 256 << 10 // bytes
	apiEvery  = 2 * time.Second
	apiBurst  = 10
	maxKey    = 128 // characters of an idempotency key
)

// api takes announcements from systems that the city already runs (公告接口).
type api struct {
	*office

	mu     sync.Mutex
	paces  map[string]*limit.Limiter // by the name of the token
	tries  *limit.Limiter            // of those without a valid token, together
	clocks func() time.Time          // of the wall
}

func newAPI(f *office) *api {
	return &api{office: f, paces: map[string]*limit.Limiter{}, tries: limit.NewLimiter(limit.Every(time.Second), 20), clocks: time.Now}
}

// mount gives the interface its addresses.
func (a *api) mount(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/notices", a.post)
	mux.HandleFunc("GET /api/v1/notices/{id}", a.get)
	mux.HandleFunc("GET /api/v1/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
		_, _ = w.Write(openapi)
	})
}

// problem is the answer to a request that was not taken, as RFC 9457 has it.
type problem struct {
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Errors []fault `json:"errors,omitempty"`
}

// fault is what is wrong with one field. Rule names the rule of the input guard or of
// the wording lint, if it was one.
type fault struct {
	Field   string `json:"field,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Message string `json:"message"`
}

// accepted is the answer to a request that was.
type accepted struct {
	ID     string `json:"id"`
	State  string `json:"state"`
	Number string `json:"number,omitempty"`
}

// post takes a notice.
func (a *api) post(w http.ResponseWriter, r *http.Request) {
	token, secret, ok := a.admit(w, r)
	if !ok {
		return
	}
	key := r.Header.Get("Idempotency-Key")
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case kind != "application/json":
		refuse(w, http.StatusUnsupportedMediaType, "the body has to be application/json")
		return
	case key == "" || len(key) > maxKey:
		refuse(w, http.StatusBadRequest, "the header Idempotency-Key is required, at most 128 characters: choose one for each notice, and repeat it when you repeat the request")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil {
		a.refuseBody(w, err)
		return
	}
	said, faults := parseNotice(body)
	if len(faults) > 0 {
		write(w, http.StatusUnprocessableEntity, problem{
			Title: "not a notice", Detail: "nothing was taken; see errors", Errors: faults,
		})
		return
	}
	p, repeated, faults, err := a.take(r, secret, token, key, string(body), said)
	switch {
	case len(faults) > 0:
		write(w, http.StatusUnprocessableEntity, problem{Title: "not acceptable", Detail: "nothing was taken; see errors", Errors: faults})
		return
	case err != nil:
		a.refuseError(w, r, err)
		return
	}
	w.Header().Set("Location", "/api/v1/notices/"+p.ID)
	status := http.StatusCreated
	if repeated {
		status = http.StatusOK
	}
	write(w, status, accepted{ID: p.ID, State: string(p.State), Number: p.Number})
}

// take makes the draft, in one unit of work with the check of the token: one that was
// revoked a moment ago brings nothing any more.
func (a *api) take(r *http.Request, secret string, token notice.Token, key, body string, said noticeRequest) (p notice.Publication, repeated bool, faults []fault, err error) {
	err = a.store.Do(r.Context(), func(tx reminders.Tx) error {
		now, valid, err := a.gate.Open(tx, secret)
		if err != nil {
			return err
		}
		if !valid || now.Name != token.Name {
			return errRevoked
		}
		var draft notice.Publication
		if draft, faults, err = a.draftOf(tx, said); err != nil || len(faults) > 0 {
			return err
		}
		p, repeated, err = a.gate.Receive(tx, now, key, body, draft, said.Release)
		return err
	})
	return p, repeated, faults, err
}

// errRevoked ends a request whose token was revoked meanwhile.
var errRevoked = errors.New("the token is revoked")

// get says what became of a notice that the same system brought.
func (a *api) get(w http.ResponseWriter, r *http.Request) {
	token, _, ok := a.admit(w, r)
	if !ok {
		return
	}
	var p notice.Publication
	var found bool
	err := a.store.View(r.Context(), func(tx reminders.Tx) (err error) {
		p, found, err = a.press.Store.Publication(tx, r.PathValue("id"))
		return err
	})
	switch {
	case err != nil:
		a.refuseError(w, r, err)
	case !found || p.Origin != token.Actor():
		refuse(w, http.StatusNotFound, "there is no such notice of this token")
	default:
		write(w, http.StatusOK, accepted{ID: p.ID, State: string(p.State), Number: p.Number})
	}
}

// admit checks the token and keeps the pace; without either it has answered.
func (a *api) admit(w http.ResponseWriter, r *http.Request) (token notice.Token, secret string, ok bool) {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") && secret != "" {
		err := a.store.View(r.Context(), func(tx reminders.Tx) (err error) {
			token, ok, err = a.gate.Open(tx, strings.TrimSpace(secret))
			return err
		})
		if err != nil {
			a.refuseError(w, r, err)
			return token, "", false
		}
	}
	pace := a.tries
	if ok {
		pace = a.pace(token.Name)
	}
	if !pace.AllowN(a.clocks(), 1) {
		w.Header().Set("Retry-After", strconv.Itoa(int(apiEvery/time.Second)))
		refuse(w, http.StatusTooManyRequests, "too many requests: one every two seconds, ten at once at most")
		return token, "", false
	}
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="qingfeng"`)
		refuse(w, http.StatusUnauthorized, "a valid token is required: an admin makes one with /office token")
	}
	return token, strings.TrimSpace(secret), ok
}

// pace gives the pace of a token.
func (a *api) pace(name string) *limit.Limiter {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.paces[name] == nil {
		a.paces[name] = limit.NewLimiter(limit.Every(apiEvery), apiBurst)
	}
	return a.paces[name]
}

// refuseBody answers a body that could not be read.
func (a *api) refuseBody(w http.ResponseWriter, err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		refuse(w, http.StatusRequestEntityTooLarge, "a request has at most 256 KiB")
		return
	}
	refuse(w, http.StatusBadRequest, "the body could not be read")
}

// refuseError answers what the domain refused, or what failed.
func (a *api) refuseError(w http.ResponseWriter, r *http.Request, err error) {
	statuses := map[reminders.Kind]int{
		reminders.Invalid: http.StatusUnprocessableEntity, reminders.Denied: http.StatusForbidden,
		reminders.Conflict: http.StatusConflict, reminders.Closed: http.StatusConflict, reminders.NotFound: http.StatusNotFound,
	}
	status, known := statuses[reminders.KindOf(err)]
	switch {
	case errors.Is(err, errRevoked):
		refuse(w, http.StatusUnauthorized, "the token is revoked")
	case known:
		refuse(w, status, a.say(reminders.MessageOf(err)))
	default:
		a.log.ErrorContext(r.Context(), "a request of another system failed", "error", err)
		refuse(w, http.StatusServiceUnavailable, "sorry, that did not work just now; nothing was taken, so repeat the request with the same Idempotency-Key")
	}
}

// say puts a text of the catalogue into words; the interface speaks English.
func (a *api) say(m reminders.Message) string {
	words := bot.NewWords(a.content.Catalogue(), reminders.English, a.years.Calendar().Location())
	text, err := words.Plain(m)
	if err != nil {
		return m.Key
	}
	return text
}

// refuse answers with a problem.
func refuse(w http.ResponseWriter, status int, detail string) {
	write(w, status, problem{Title: http.StatusText(status), Detail: detail})
}

// write answers with JSON.
func write(w http.ResponseWriter, status int, v any) {
	kind := "application/json"
	if p, bad := v.(problem); bad {
		p.Status = status
		v, kind = p, "application/problem+json"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
