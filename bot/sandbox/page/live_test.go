package page_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
)

// listener reads the stream of changes as a browser does.
type listener struct {
	t     *testing.T
	lines *bufio.Scanner
}

func listen(t *testing.T, f *fixture, lang string) *listener {
	t.Helper()
	srv := httptest.NewServer(f.page)
	t.Cleanup(srv.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/events?lang="+lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type %q", got)
	}
	return &listener{t: t, lines: bufio.NewScanner(res.Body)}
}

// wait reads until an event of the topic comes, and decodes it.
func (l *listener) wait(topic string, into any) {
	l.t.Helper()
	for l.lines.Scan() {
		if l.lines.Text() != "event: "+topic {
			continue
		}
		l.lines.Scan()
		data, _ := strings.CutPrefix(l.lines.Text(), "data: ")
		if err := json.Unmarshal([]byte(data), into); err != nil {
			l.t.Fatal(err)
		}
		return
	}
	l.t.Fatalf("the stream ended before %q came: %v", topic, l.lines.Err())
}

type shown struct {
	ID       int
	Chat     int64
	Text     string
	FromBot  bool
	EditedAt string
	Buttons  [][]struct{ Text, Data string }
}

// What is typed, sent, answered and edited reaches the browser, in this order.
func TestStreamOfAChat(t *testing.T) {
	f := newFixture(t)
	startBot(t, f)
	l := listen(t, f, "en")
	f.person(t, 13).Type("/start code-c")

	var typed, hello, asked, edited shown
	l.wait("message", &typed)
	if typed.FromBot || typed.Text != "/start code-c" || typed.Chat != 13 {
		t.Errorf("typed: %+v", typed)
	}
	l.wait("message", &hello)
	l.wait("message", &asked)
	if !asked.FromBot || len(asked.Buttons) != 1 || asked.Buttons[0][0].Data != "ack:1" {
		t.Fatalf("asked: %+v", asked)
	}
	if _, err := f.person(t, 13).Tap(asked.ID, "ack:1"); err != nil {
		t.Fatal(err)
	}
	l.wait("message", &edited)
	if edited.ID != asked.ID || edited.EditedAt == "" || !strings.Contains(edited.Text, "Acknowledged · 22 Sep") {
		t.Errorf("edited: %+v", edited)
	}
	var toast struct {
		Chat    int64
		Message int
		Text    string
		Alert   bool
	}
	l.wait("toast", &toast)
	if toast.Chat != 13 || toast.Message != asked.ID || !strings.HasPrefix(toast.Text, "Acknowledged") || toast.Alert {
		t.Errorf("toast: %+v", toast)
	}
}

// A menu that the bot sets for one chat reaches the phone of that chat.
func TestStreamOfCommands(t *testing.T) {
	f := newFixture(t)
	startBot(t, f)
	l := listen(t, f, "en")
	f.person(t, 11).Type("/start code-a")
	var menu struct {
		Chat     int64
		Commands []struct{ Command, Description string }
	}
	l.wait("commands", &menu)
	if menu.Chat != 11 || len(menu.Commands) != 5 || menu.Commands[0].Command != "help" {
		t.Errorf("menu: %+v", menu)
	}
}

// The clock, the plan and the people come without being asked for, in the
// language of the page, and the clock again when it is touched.
func TestStreamOfTheOffice(t *testing.T) {
	f := newFixture(t)
	l := listen(t, f, "en")
	var clock page.ClockState
	l.wait("clock", &clock)
	if clock.NextWhat != "One chase" || clock.Running {
		t.Errorf("clock: %+v", clock)
	}
	var plan []page.PlanRow
	l.wait("plan", &plan)
	if len(plan) != 4 || plan[0].What != "One chase" || !plan[3].Provisional {
		t.Errorf("plan: %+v", plan)
	}
	var people []page.Card
	l.wait("people", &people)
	if len(people) != 4 {
		t.Errorf("people: %+v", people)
	}
	f.office.Play()
	for !clock.Running {
		l.wait("clock", &clock)
	}
	f.office.bind(11)
	l.wait("people", &people)
	if !people[0].Bound {
		t.Errorf("people after the first binding: %+v", people)
	}
}
