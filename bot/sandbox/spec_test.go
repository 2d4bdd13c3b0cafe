package sandbox_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// spec is the official description, reduced (testdata/README.md).
type spec struct {
	Methods map[string]struct {
		Returns []string         `json:"returns"`
		Params  map[string]field `json:"params"`
	} `json:"methods"`
	Types map[string]struct {
		Fields   map[string]field `json:"fields"`
		Subtypes []string         `json:"subtypes"`
	} `json:"types"`
}

type field struct {
	Types    []string `json:"types"`
	Required bool     `json:"required"`
}

func loadSpec(t *testing.T) spec {
	t.Helper()
	raw, err := os.ReadFile("testdata/bot-api.json")
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// The table of methods has exactly the methods of the description, each with
// exactly its parameters, their types and whether they are required.
func TestMethodsAreThoseOfTheDescription(t *testing.T) {
	want := loadSpec(t).Methods
	got := sandbox.Methods()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		for param, f := range want[name].Params {
			p, ok := got[name][param]
			switch {
			case !ok:
				t.Errorf("%s lacks %s", name, param)
			case p.Required != f.Required:
				t.Errorf("%s.%s: required %v, want %v", name, param, p.Required, f.Required)
			case !kindMatches(p.Kind, f.Types):
				t.Errorf("%s.%s: kind %s for %v", name, param, p.Kind, f.Types)
			}
		}
	}
	for name, ps := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("method %s is not in the description", name)
		}
		for param := range ps {
			if _, ok := want[name].Params[param]; !ok {
				t.Errorf("%s has no parameter %s", name, param)
			}
		}
	}
}

func kindMatches(kind string, types []string) bool {
	switch strings.Join(types, "|") {
	case "Integer":
		return kind == "integer"
	case "Boolean":
		return kind == "boolean"
	case "String":
		return kind == "text" || kind == "address"
	case "Integer|String":
		return kind == "chat"
	case "InputFile|String", "InputFile":
		return kind == "file"
	}
	return kind == "object"
}

// samples are values that fit the parameters that some method requires.
var samples = params{
	"chat_id": "7", "from_chat_id": "7", "message_id": "1", "message_ids": "[1]", "text": "x", "document": "file1", "photo": "file2",
	"media": `[]`, "action": "typing", "callback_query_id": "1", "file_id": "file1", "commands": `[]`,
	"url": "https://bot.example/hook", "user_id": "7",
}

// A call without a required parameter is refused as a bad request, and so is one
// with a value of the wrong type.
func TestRequiredParametersAreEnforced(t *testing.T) {
	for name, m := range loadSpec(t).Methods {
		full := params{}
		for param, f := range m.Params {
			if f.Required {
				full[param] = samples[param]
				if full[param] == "" {
					t.Fatalf("no sample for %s", param)
				}
			}
		}
		for param := range full {
			s, _ := newServer(t)
			s.Person(7, "甲", "").Start("")
			less := maps.Clone(full)
			delete(less, param)
			if got := call(t, s, name, less); got.ErrorCode != 400 || got.Description == call(t, s, name, full).Description {
				t.Errorf("%s without %s: %+v", name, param, got)
			}
		}
		for param, f := range m.Params {
			value, wrong := wrongValue(f.Types)
			if !wrong {
				continue
			}
			s, _ := newServer(t)
			bad := maps.Clone(full)
			bad[param] = value
			if got := call(t, s, name, bad); got.ErrorCode != 400 || !strings.Contains(got.Description, strings.ReplaceAll(param, "_", " ")) && !strings.Contains(got.Description, param) {
				t.Errorf("%s with %s=%q: %+v", name, param, value, got)
			}
		}
	}
}

// wrongValue is a value that fits none of the types, if there is one.
func wrongValue(types []string) (string, bool) {
	switch types[0] {
	case "String", "InputFile":
		return "", false
	case "Integer":
		return "many", len(types) == 1
	case "Boolean":
		return "perhaps", true
	}
	return "{", true
}

// Everything that the sandbox emits is of the official types: each field exists
// and has the right type, each required field is there.
func TestEmitsOfficialTypesOnly(t *testing.T) {
	description := loadSpec(t)
	s, results := everything(t)
	for _, r := range results {
		types := description.Methods[r.method].Returns
		if err := description.fits(r.result, types); err != nil {
			t.Errorf("%s: %v in %s", r.method, err, r.result)
		}
	}
	var updates []json.RawMessage
	call(t, s, "getUpdates", nil).into(t, &updates)
	seen := map[string]bool{}
	for _, u := range updates {
		if err := description.fits(u, []string{"Update"}); err != nil {
			t.Errorf("update: %v in %s", err, u)
		}
		var kinds map[string]any
		if err := json.Unmarshal(u, &kinds); err != nil {
			t.Fatal(err)
		}
		for kind := range kinds {
			seen[kind] = true
		}
	}
	for _, kind := range []string{"message", "callback_query", "my_chat_member"} {
		if !seen[kind] {
			t.Errorf("no update of kind %s was checked", kind)
		}
	}
}

type result struct {
	method string
	result json.RawMessage
}

// everything calls each method so that it succeeds, with people doing all they can.
func everything(t *testing.T) (*sandbox.Server, []result) {
	t.Helper()
	s, _ := newServer(t)
	p := s.Person(7, "甲", "zh-hans")
	p.Start("code")
	p.SendDocument("people.xlsx", []byte("x"), "名单")
	p.SendPhoto(picture(t), "")
	g := s.Group(-5, "一科", p)
	g.Type(p, "/start@qingfeng_demo_bot")
	rich := params{
		"chat_id": "7", "text": "<b>廉</b> <a href=\"https://a.example/\">x</a>", "parse_mode": "HTML", "reply_parameters": `{"message_id":1}`,
		"reply_markup": `{"inline_keyboard":[[{"text":"已阅","callback_data":"ack:1"},{"text":"原文","url":"https://a.example/"}]]}`,
	}
	id := call(t, s, "sendMessage", rich).messageID(t)
	tap, err := p.Tap(id, "ack:1")
	if err != nil {
		t.Fatal(err)
	}
	p.Block()
	p.Unblock()
	g.Migrate(-1000000000005)
	at := strconv.Itoa(id)
	calls := []struct {
		method string
		params params
	}{
		{"getMe", nil},
		{"sendMessage", rich},
		{"editMessageText", params{"chat_id": "7", "message_id": at, "text": "y"}},
		{"editMessageReplyMarkup", params{"chat_id": "7", "message_id": at, "reply_markup": rich["reply_markup"]}},
		{"answerCallbackQuery", params{"callback_query_id": tap, "text": "已阅"}},
		{"sendDocument", params{"chat_id": "7", "document": "file1", "caption": "<i>x</i>", "parse_mode": "HTML"}},
		{"editMessageCaption", params{"chat_id": "7", "message_id": strconv.Itoa(id + 4), "caption": "z"}},
		{"editMessageMedia", params{"chat_id": "7", "message_id": strconv.Itoa(id + 4), "media": `{"type":"photo","media":"file2","caption":"z"}`}},
		{"sendPhoto", params{"chat_id": "7", "photo": "file2"}},
		{"sendMediaGroup", params{"chat_id": "7", "media": `[{"type":"photo","media":"file2","caption":"x"},{"type":"photo","media":"file2"}]`}},
		{"copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": at}},
		{"sendChatAction", params{"chat_id": "7", "action": "typing"}},
		{"deleteMessage", params{"chat_id": "7", "message_id": at}},
		{"deleteMessages", params{"chat_id": "7", "message_ids": "[" + at + "]"}},
		{"getFile", params{"file_id": "file1"}},
		{"setMyCommands", params{"commands": `[{"command":"help","description":"x"}]`}},
		{"getMyCommands", nil},
		{"deleteMyCommands", nil},
		{"getChat", params{"chat_id": "7"}},
		{"getChatMember", params{"chat_id": "7", "user_id": "100"}},
		{"getChatMember", params{"chat_id": "-1000000000005", "user_id": "7"}},
		{"leaveChat", params{"chat_id": "-1000000000005"}},
		{"getChatMember", params{"chat_id": "-1000000000005", "user_id": "100"}},
		{"setWebhook", params{"url": "https://hook.invalid/", "max_connections": "5", "drop_pending_updates": "false"}},
		{"getWebhookInfo", nil},
		{"deleteWebhook", nil},
	}
	var results []result
	for _, c := range calls {
		r := call(t, s, c.method, c.params)
		if !r.OK {
			t.Fatalf("%s: %s", c.method, r.Description)
		}
		results = append(results, result{c.method, r.Result})
	}
	return s, results
}

// fits reports whether a value is of one of the types.
func (s spec) fits(raw json.RawMessage, types []string) error {
	var failure error
	for _, name := range types {
		err := s.is(raw, name)
		if err == nil {
			return nil
		}
		failure = err
	}
	return failure
}

func (s spec) is(raw json.RawMessage, name string) error {
	if inner, ok := strings.CutPrefix(name, "Array of "); ok {
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return err
		}
		for _, item := range items {
			if err := s.is(item, inner); err != nil {
				return err
			}
		}
		return nil
	}
	switch name {
	case "Integer":
		return json.Unmarshal(raw, new(int64))
	case "String":
		return json.Unmarshal(raw, new(string))
	case "Boolean", "True":
		return json.Unmarshal(raw, new(bool))
	}
	return s.object(raw, name)
}

func (s spec) object(raw json.RawMessage, name string) error {
	official, ok := s.Types[name]
	if !ok {
		return fmt.Errorf("type %s is not in the description", name)
	}
	if len(official.Subtypes) > 0 {
		return s.fits(raw, official.Subtypes)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return err
	}
	for key, value := range fields {
		f, ok := official.Fields[key]
		if !ok {
			return fmt.Errorf("%s has no field %s", name, key)
		}
		if err := s.fits(value, f.Types); err != nil {
			return fmt.Errorf("%s.%s: %w", name, key, err)
		}
	}
	for key, f := range official.Fields {
		if f.Required && fields[key] == nil {
			return fmt.Errorf("%s lacks %s", name, key)
		}
	}
	return nil
}
