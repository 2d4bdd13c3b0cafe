package wire_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

func TestMe(t *testing.T) {
	s := &service{answers: []string{`{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"清风","username":"qf_bot"}}`}}
	got, err := client(t, s).Me(t.Context())
	if want := (wire.Self{ID: 4242, Username: "qf_bot", Name: "清风"}); err != nil || got != want {
		t.Errorf("Me = %+v, %v, want %+v", got, err, want)
	}
}

// A call that is no message says what a caller can do about its failure.
func TestMethodErrors(t *testing.T) {
	cases := []struct {
		name string
		doer wire.Doer
		kind reminders.Kind
		key  string
	}{
		{"token refused", no(401, "Unauthorized"), reminders.Denied, "wire.token.refused"},
		{"token unknown", no(404, "Not Found"), reminders.Denied, "wire.token.refused"},
		{"out of reach", breaks(io.EOF), reminders.Busy, "wire.unavailable"},
		{"flood", no(429, "Too Many Requests"), reminders.Busy, "wire.unavailable"},
		{"page of a proxy", always(502, "<html>"), reminders.Busy, "wire.unavailable"},
		{"our fault", no(400, "Bad Request: something"), reminders.Internal, ""},
		{"another form", always(200, `{"ok":true,"result":7}`), reminders.Internal, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := client(t, c.doer).Me(t.Context())
			if err == nil || reminders.KindOf(err) != c.kind || reminders.MessageOf(err).Key != c.key {
				t.Errorf("error %v with text %q, want %s with %q", err, reminders.MessageOf(err).Key, c.kind, c.key)
			}
		})
	}
}

func TestSetCommandsAndWebhooks(t *testing.T) {
	s := &service{answers: []string{`{"ok":true,"result":true}`}}
	c := client(t, s)
	menu := []wire.Command{{Name: "help", Text: "帮助"}}
	err := errors.Join(
		c.SetCommands(t.Context(), 7, "", menu),
		c.SetCommands(t.Context(), 0, reminders.Chinese, nil),
		c.SetWebhook(t.Context(), "https://office.example/telegram/webhook", "hook"),
		c.DeleteWebhook(t.Context()),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := []call{
		{"setMyCommands", map[string]string{"commands": `[{"command":"help","description":"帮助"}]`, "scope": `{"type":"chat","chat_id":7}`}},
		{"setMyCommands", map[string]string{"commands": `[]`, "scope": `{"type":"default"}`, "language_code": "zh"}},
		{"setWebhook", map[string]string{
			"url": "https://office.example/telegram/webhook", "secret_token": "hook",
			"allowed_updates": `["message","edited_message","callback_query","my_chat_member"]`,
		}},
		{"deleteWebhook", map[string]string{}},
	}
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// store serves getFile and the file itself.
func store(info string, status int, content string) doerFunc {
	return func(req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/getFile") {
			return always(200, info)(req)
		}
		if req.URL.EscapedPath() != "/file/bot"+token+"/documents/a%20b.csv" || req.Method != http.MethodGet {
			return reply(418, ""), nil
		}
		return reply(status, content), nil
	}
}

const fileInfo = `{"ok":true,"result":{"file_id":"F1","file_size":3,"file_path":"documents/a b.csv"}}`

func TestDownload(t *testing.T) {
	got, err := client(t, store(fileInfo, 200, "工号")).Download(t.Context(), "F1", 0)
	if err != nil || string(got) != "工号" {
		t.Errorf("Download = %q, %v", got, err)
	}
}

func TestDownloadRefuses(t *testing.T) {
	cases := []struct {
		name  string
		doer  wire.Doer
		limit int64
		kind  reminders.Kind
		key   string
	}{
		{"announced too large", store(strings.Replace(fileInfo, `:3,`, `:11000000,`, 1), 200, ""), 10 << 20, reminders.Invalid, "wire.file.large"},
		{"too large all the same", store(fileInfo, 200, strings.Repeat("x", 1<<20+1)), 1 << 20, reminders.Invalid, "wire.file.large"},
		{"too large for any bot", no(400, "Bad Request: file is too big"), 0, reminders.Invalid, "wire.file.large"},
		{"unknown", no(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), 0, reminders.NotFound, "wire.file.gone"},
		{"gone meanwhile", store(fileInfo, 404, ""), 0, reminders.NotFound, "wire.file.gone"},
		{"out of reach", store(fileInfo, 502, ""), 0, reminders.Busy, "wire.unavailable"},
		{"a path upwards", store(strings.Replace(fileInfo, "documents/", "../", 1), 200, ""), 0, reminders.Internal, ""},
		{"a server in local mode", store(strings.Replace(fileInfo, "documents/", "/var/", 1), 200, ""), 0, reminders.Internal, ""},
		{"no path", store(`{"ok":true,"result":{}}`, 200, ""), 0, reminders.Internal, ""},
	}
	texts := locale(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := client(t, c.doer).Download(t.Context(), "F1", c.limit)
			if err == nil || reminders.KindOf(err) != c.kind || reminders.MessageOf(err).Key != c.key {
				t.Fatalf("error %v with text %q, want %s with %q", err, reminders.MessageOf(err).Key, c.kind, c.key)
			}
			if _, ok := texts[c.key]; !ok && c.key != "" {
				t.Errorf("no text %q", c.key)
			}
		})
	}
}
