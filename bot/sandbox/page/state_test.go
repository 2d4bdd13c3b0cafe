package page_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
)

func TestState(t *testing.T) {
	f := newFixture(t)
	res := f.ask(httptest.NewRequest(http.MethodGet, "/api/state?lang=en", nil))
	var state struct {
		People []page.Card
		Clock  page.ClockState
		Plan   []page.PlanRow
	}
	if err := json.NewDecoder(res.Body).Decode(&state); err != nil {
		t.Fatal(err)
	}
	if len(state.People) != 4 || state.People[0].Name != "林知夏" || state.People[0].InviteCode != "code-a" {
		t.Errorf("people: %+v", state.People)
	}
	if state.Clock.Speed != 3600 || state.Clock.Zone != "Asia/Shanghai" || state.Clock.NextWhat != "One chase" {
		t.Errorf("clock: %+v", state.Clock)
	}
	if len(state.Plan) != 4 || !strings.HasPrefix(state.Plan[0].Reason, "The last workday") {
		t.Errorf("plan: %+v", state.Plan)
	}
}

// An office without people or plan is shown, not an error: lists are never null.
func TestStateOfAnEmptyOffice(t *testing.T) {
	f := newFixture(t)
	f.office.cards = nil
	got := body(t, f.ask(httptest.NewRequest(http.MethodGet, "/api/state", nil)))
	if !strings.Contains(got, `"people":[]`) {
		t.Errorf("got %s", got)
	}
}

func TestConversation(t *testing.T) {
	f := newFixture(t)
	f.person(t, 11).Type("你好 <b>x</b>")
	got := body(t, f.ask(httptest.NewRequest(http.MethodGet, "/api/chat?chat=11", nil)))
	var conversation struct {
		Messages []shown
		Commands []any
	}
	if err := json.Unmarshal([]byte(got), &conversation); err != nil {
		t.Fatal(err)
	}
	// Text travels as text: no markup is made of it anywhere.
	if len(conversation.Messages) != 1 || conversation.Messages[0].Text != "你好 <b>x</b>" {
		t.Errorf("messages: %+v", conversation.Messages)
	}
	if conversation.Commands == nil {
		t.Error("the list of commands is null")
	}
}

func TestReadingRefused(t *testing.T) {
	f := newFixture(t)
	typed := f.person(t, 11).Type("no document")
	for _, target := range []string{
		"/api/chat", "/api/chat?chat=x", "/api/chat?chat=99",
		"/api/file?chat=99&message=1", "/api/file?chat=11&message=x", "/api/file?chat=11&message=77",
		"/api/file?chat=11&message=" + jsonOf(t, typed.ID), "/api/none",
	} {
		if res := f.ask(httptest.NewRequest(http.MethodGet, target, nil)); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", target, res.StatusCode)
		}
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	content, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
