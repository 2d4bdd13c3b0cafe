package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

func commands(t *testing.T, names ...string) string {
	t.Helper()
	list := []sandbox.Command{}
	for _, name := range names {
		list = append(list, sandbox.Command{Command: name, Description: "d"})
	}
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// A person sees the menu of the narrowest scope, there the one in the own language.
func TestMenus(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "zh-hans")
	steps := []struct {
		params params
		want   string
	}{
		{params{"commands": commands(t, "all")}, "all"},
		{params{"commands": commands(t, "all_zh"), "language_code": "zh", "scope": `{"type":"default"}`}, "all_zh"},
		{params{"commands": commands(t, "all_en"), "language_code": "en"}, "all_zh"},
		{params{"commands": commands(t, "private"), "scope": `{"type":"all_private_chats"}`}, "private"},
		{params{"commands": commands(t, "groups"), "scope": `{"type":"all_group_chats"}`}, "private"},
		{params{"commands": commands(t, "/own"), "scope": `{"type":"chat","chat_id":7}`}, "own"},
		{params{"commands": commands(t, "own_zh"), "scope": `{"type":"chat","chat_id":"7"}`, "language_code": "zh"}, "own_zh"},
		{params{"commands": commands(t, "member"), "scope": `{"type":"chat_member","chat_id":7,"user_id":7}`}, "own_zh"},
	}
	for _, step := range steps {
		if got := call(t, s, "setMyCommands", step.params); !got.OK {
			t.Fatalf("%v: %+v", step.params, got)
		}
		if diff := cmp.Diff([]sandbox.Command{{Command: step.want, Description: "d"}}, p.Commands()); diff != "" {
			t.Errorf("%v: %s", step.params, diff)
		}
	}
	for _, step := range steps[5:7] {
		delete(step.params, "commands")
		call(t, s, "deleteMyCommands", step.params)
	}
	if got := p.Commands(); len(got) != 1 || got[0].Command != "private" {
		t.Errorf("after deletion: %v", got)
	}
	if got := call(t, s, "getMyCommands", params{"language_code": "zh"}); string(got.Result) != `[{"command":"all_zh","description":"d"}]` {
		t.Errorf("%s", got.Result)
	}
	if got := call(t, s, "getMyCommands", params{"scope": `{"type":"chat","chat_id":7}`}); string(got.Result) != `[]` {
		t.Errorf("%s", got.Result)
	}
}

// Menus are held to the rules of the service.
func TestRefusesMenus(t *testing.T) {
	var hundred []string
	for i := range 101 {
		hundred = append(hundred, fmt.Sprint("c", i))
	}
	one := commands(t, "help")
	tests := []struct {
		name        string
		params      params
		description string
	}{
		{"too many", params{"commands": commands(t, hundred...)}, "Bad Request: BOT_COMMANDS_TOO_MUCH"},
		{"capitals", params{"commands": commands(t, "Help")}, "Bad Request: BOT_COMMAND_INVALID"},
		{"Chinese", params{"commands": commands(t, "帮助")}, "Bad Request: BOT_COMMAND_INVALID"},
		{"empty name", params{"commands": commands(t, "")}, "Bad Request: command must be non-empty"},
		{"long name", params{"commands": commands(t, strings.Repeat("a", 33))}, "Bad Request: command length must not exceed 32"},
		{"no description", params{"commands": `[{"command":"help"}]`}, "Bad Request: command description must be non-empty"},
		{"long description", params{"commands": `[{"command":"help","description":"` + strings.Repeat("廉", 257) + `"}]`}, "Bad Request: command description length must not exceed 256"},
		{"no list", params{"commands": `{"command":"help"}`}, "Bad Request: can't parse commands JSON object"},
		{"language", params{"commands": one, "language_code": "zh-Hans"}, "Bad Request: invalid language code specified"},
		{"scope", params{"commands": one, "scope": `{"type":"everyone"}`}, "Bad Request: can't parse BotCommandScope: Unsupported type specified"},
		{"scope of another shape", params{"commands": one, "scope": `[]`}, "Bad Request: can't parse scope JSON object"},
		{"chat", params{"commands": one, "scope": `{"type":"chat","chat_id":404}`}, "Bad Request: chat not found"},
	}
	s, _ := newServer(t)
	for _, tt := range tests {
		if got := call(t, s, "setMyCommands", tt.params); got.ErrorCode != 400 || got.Description != tt.description {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	for _, method := range []string{"getMyCommands", "deleteMyCommands"} {
		if got := call(t, s, method, params{"language_code": "chinese"}); got.Description != "Bad Request: invalid language code specified" {
			t.Errorf("%s: %+v", method, got)
		}
	}
	// A hundred commands with the longest names and descriptions are a menu.
	if got := call(t, s, "setMyCommands", params{"commands": commands(t, hundred[:100]...)}); !got.OK {
		t.Errorf("%+v", got)
	}
}
