package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// poll is one getUpdates as the service reads it.
type poll struct {
	At      time.Duration // since the start
	Offset  int64         `json:"offset"`
	Timeout int           `json:"timeout"`
	Allowed []string      `json:"allowed_updates"`
}

// line answers polls in turn; when it has no more answers it keeps the poller
// waiting as a service without updates does.
type line struct {
	t       *testing.T
	start   time.Time
	mu      sync.Mutex
	answers []doerFunc
	hooks   []doerFunc // for deleteWebhook
	polls   []poll
	deleted int
}

func (l *line) Do(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/deleteWebhook") {
		l.deleted++
		if len(l.hooks) > 0 {
			answer := l.hooks[0]
			l.hooks = l.hooks[1:]
			return answer(req)
		}
		return always(200, `{"ok":true,"result":true}`)(req)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		l.t.Error(err)
	}
	p := poll{At: time.Since(l.start)}
	if err := json.Unmarshal(body, &p); err != nil || req.Header.Get("Content-Type") != "application/json" {
		l.t.Errorf("poll %s: %v", body, err)
	}
	l.mu.Lock()
	l.polls = append(l.polls, p)
	var answer doerFunc
	if len(l.answers) > 0 {
		answer, l.answers = l.answers[0], l.answers[1:]
	}
	l.mu.Unlock()
	if answer != nil {
		return answer(req)
	}
	timer := time.NewTimer(time.Duration(p.Timeout) * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
		return reply(200, `{"ok":true,"result":[]}`), nil
	case <-req.Context().Done():
		return breaks(req.Context().Err())(req)
	}
}

// updates is an answer with updates.
func updates(elements ...string) doerFunc {
	return always(200, `{"ok":true,"result":[`+strings.Join(elements, ",")+`]}`)
}

func update(id int) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"好"}}`, id)
}

type wallClock struct{}

func (wallClock) Now() time.Time                             { return time.Now() }
func (wallClock) WaitUntil(context.Context, time.Time) error { return errors.ErrUnsupported }

// runFor lets a poller run for d and returns it with the error of Run.
func runFor(t *testing.T, d time.Duration, l *line, inbox *box, guard wire.Guard, log *slog.Logger) (*wire.Poller, int, error) {
	t.Helper()
	l.t, l.start = t, time.Now()
	ready := 0
	p := &wire.Poller{
		Client: client(t, l), Inbox: inbox, Quarantine: inbox, Guard: guard,
		Clock: wallClock{}, Log: log, Ready: func() { ready++ },
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	err := p.Run(ctx)
	return p, ready, err
}

// Updates are committed first and confirmed by the next poll.
func TestPollerConfirmsAfterCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{answers: []doerFunc{updates(update(10), update(11)), updates(update(12))}}
		inbox := &box{offset: 9}
		p, ready, err := runFor(t, 10*time.Second, l, inbox, nil, nil)
		if err != nil || ready != 1 || l.deleted != 1 {
			t.Errorf("Run: %v, ready %d times, webhook deleted %d times", err, ready, l.deleted)
		}
		if diff := cmp.Diff([]int64{10, 11, 12}, inbox.ids()); diff != "" {
			t.Errorf("accepted (-want +got):\n%s", diff)
		}
		wanted := []string{"message", "edited_message", "callback_query", "my_chat_member"}
		want := []poll{
			{Offset: 9, Timeout: 0, Allowed: wanted}, // at once, to be ready at once
			{Offset: 12, Timeout: 50, Allowed: wanted},
			{Offset: 13, Timeout: 50, Allowed: wanted},
		}
		if diff := cmp.Diff(want, l.polls); diff != "" {
			t.Errorf("polls (-want +got):\n%s", diff)
		}
		if got := p.LastSuccess(); !got.Equal(l.start) {
			t.Errorf("LastSuccess %s, want %s", got, l.start)
		}
		if inbox.got[0].Chat != 7 || string(inbox.got[0].JSON) != update(10) {
			t.Errorf("row %+v", inbox.got[0])
		}
	})
}

// A quiet service is asked again every 50 seconds.
func TestPollerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{}
		p, _, err := runFor(t, 2*time.Minute, l, &box{}, nil, nil)
		if err != nil || len(l.polls) != 4 || l.polls[3].At != 100*time.Second {
			t.Errorf("polls %+v, %v", l.polls, err)
		}
		if got := p.LastSuccess().Sub(l.start); got != 100*time.Second {
			t.Errorf("LastSuccess after %s", got)
		}
	})
}

// Numbers may start lower after a quiet week: the offset follows the last one.
func TestPollerFollowsLowerNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{answers: []doerFunc{updates(update(900)), updates(update(5))}}
		if _, _, err := runFor(t, time.Second, l, &box{}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if got := l.polls[2].Offset; got != 6 {
			t.Errorf("offset %d, want 6", got)
		}
	})
}

// What is no update goes to quarantine and holds nothing up.
func TestPollerPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{answers: []doerFunc{updates(
			`{"message":{"title":"机密★"}}`, update(10), `7`, `null`, `{"update_id":"11"}`,
			`{"update_id":12,"my_chat_member":{"new_chat_member":{"status":"from_the_future"}}}`,
			`{"update_id":13,"message":[1,2]}`,
		)}}
		inbox := &box{}
		if _, _, err := runFor(t, time.Second, l, inbox, stars, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int64{10, 12, 13}, inbox.ids()); diff != "" {
			t.Errorf("accepted (-want +got):\n%s", diff)
		}
		want := []string{
			`no_update_id {"message":{"title":"⟦guard:star⟧"}}`, "no_update_id 7", "no_update_id null",
			`no_update_id {"update_id":"11"}`,
		}
		if diff := cmp.Diff(want, inbox.bad); diff != "" {
			t.Errorf("quarantine (-want +got):\n%s", diff)
		}
		if got := l.polls[1].Offset; got != 14 {
			t.Errorf("offset %d, want 14", got)
		}
	})
}

// What cannot be confirmed comes again: slowly, and into quarantine once.
func TestPollerUnnumbered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		junk := updates(`{"x":1}`)
		l := &line{answers: []doerFunc{junk, junk, junk, updates(update(1))}}
		inbox := &box{}
		if _, ready, err := runFor(t, 10*time.Second, l, inbox, nil, nil); err != nil || ready != 1 {
			t.Fatalf("ready %d times, %v", ready, err)
		}
		if len(inbox.bad) != 1 || !cmp.Equal(inbox.ids(), []int64{1}) {
			t.Errorf("quarantine %v, accepted %v", inbox.bad, inbox.ids())
		}
		if got := l.polls[3].At; got != 3500*time.Millisecond {
			t.Errorf("fourth poll after %s, want 0.5 + 1 + 2 s", got)
		}
	})
}

// An inbox that cannot write loses nothing: the same updates come again.
func TestPollerInboxFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, lines := logger()
		l := &line{answers: []doerFunc{updates(update(1), "7"), updates(update(1), "7")}}
		inbox := &box{fail: errors.New("no space left on device")}
		go func() {
			time.Sleep(300 * time.Millisecond)
			inbox.breakDown(nil)
		}()
		p, _, err := runFor(t, time.Second, l, inbox, nil, log)
		if err != nil || !cmp.Equal(inbox.ids(), []int64{1}) || l.polls[1].Offset != 0 || len(inbox.bad) != 1 {
			t.Errorf("accepted %v, quarantine %v, polls %+v, %v", inbox.ids(), inbox.bad, l.polls, err)
		}
		if got := p.LastSuccess().Sub(l.start); got != 500*time.Millisecond {
			t.Errorf("success after %s", got)
		}
		if !strings.Contains(lines.String(), "no space left") {
			t.Errorf("log: %s", lines)
		}
	})
}

// A refused token ends the run, wherever it is first noticed.
func TestPollerTokenRefused(t *testing.T) {
	for name, l := range map[string]*line{
		"at the webhook": {hooks: []doerFunc{no(401, "Unauthorized")}},
		"at a poll":      {answers: []doerFunc{updates(), no(401, "Unauthorized")}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, _, err := runFor(t, time.Hour, l, &box{}, nil, nil)
				if reminders.KindOf(err) != reminders.Denied || reminders.MessageOf(err).Key != "wire.token.refused" ||
					!strings.Contains(err.Error(), "@BotFather") {
					t.Errorf("Run: %v, want Denied with the remedy", err)
				}
				if took := time.Since(l.start); took != 0 {
					t.Errorf("after %s, want at once", took)
				}
			})
		})
	}
}

// Somebody else polls: said once in a while, tried ever more slowly, and over as
// soon as the other stops.
func TestPollerConflict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, lines := logger()
		l := &line{}
		for range 45 {
			l.answers = append(l.answers, no(409, "Conflict: terminated by other getUpdates request"))
		}
		l.answers = append(l.answers, updates(update(1)))
		inbox := &box{}
		if _, ready, err := runFor(t, time.Hour, l, inbox, nil, log); err != nil || ready != 1 {
			t.Errorf("ready %d times, %v", ready, err)
		}
		if got := strings.Count(lines.String(), "bot of its own"); got != 3 {
			t.Errorf("said %d times in 45, want 3:\n%s", got, lines)
		}
		if gap := l.polls[44].At - l.polls[43].At; gap != 30*time.Second {
			t.Errorf("tried every %s, want 30 s", gap)
		}
		if !cmp.Equal(inbox.ids(), []int64{1}) {
			t.Errorf("accepted %v", inbox.ids())
		}
	})
}

// Pauses double from half a second to 30 seconds without jitter; a flood is
// obeyed to the second; a success starts over.
func TestPollerPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		page := always(502, "<html>bad gateway</html>")
		l := &line{
			hooks: []doerFunc{breaks(io.EOF)}, // 0.5 s
			answers: []doerFunc{
				page, breaks(io.EOF), always(200, `{"ok":true,"result":{}}`), page, page, page, page, page, page,
				updates(update(1)),
				always(429, `{"ok":false,"error_code":429,"parameters":{"retry_after":77}}`),
			},
		}
		log, lines := logger()
		if _, _, err := runFor(t, 5*time.Minute, l, &box{}, nil, log); err != nil {
			t.Fatal(err)
		}
		if text := lines.String(); !strings.Contains(text, "reason=http_502") || strings.Contains(text, secret) {
			t.Errorf("log without the reason, or with the secret:\n%s", text)
		}
		want := []string{"500ms", "1s", "2s", "4s", "8s", "16s", "30s", "30s", "30s", "0s", "1m17s"}
		var got []string
		for i := 1; i < len(l.polls) && i <= len(want); i++ {
			got = append(got, (l.polls[i].At - l.polls[i-1].At).String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
		if l.deleted != 2 {
			t.Errorf("webhook deleted %d times, want 2: the first failed", l.deleted)
		}
	})
}

// A service that does not answer is given up after the poll's time plus 15 s.
func TestPollerGivesUpOnSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		silent := doerFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return breaks(req.Context().Err())(req)
		})
		l := &line{answers: []doerFunc{updates(), silent}}
		if _, _, err := runFor(t, 100*time.Second, l, &box{}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if got := l.polls[2].At - l.polls[1].At; got != 65500*time.Millisecond {
			t.Errorf("asked again after %s, want 65 s and a pause of 0.5 s", got)
		}
	})
}

// An inbox that cannot say where to go on ends the run before any poll.
func TestPollerWithoutOffset(t *testing.T) {
	inbox := lost{&box{}}
	p := &wire.Poller{Client: client(t, always(200, "{}")), Inbox: inbox, Quarantine: inbox, Clock: wallClock{}}
	if err := p.Run(t.Context()); err == nil || !p.LastSuccess().IsZero() {
		t.Errorf("Run: %v, last success %s", err, p.LastSuccess())
	}
}

type lost struct{ *box }

func (lost) Offset(context.Context) (int64, error) { return 0, errors.New("store closed") }
