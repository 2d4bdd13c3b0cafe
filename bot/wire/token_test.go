package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

func TestNewTakes(t *testing.T) {
	for _, raw := range []string{token, " " + token + "\r\n", "\ufeff" + token, `"` + token + `"`, "100:demo"} {
		for _, address := range []string{"", "https://chat.example", "http://127.0.0.1:8081/", "https://chat.example/prefix/"} {
			if _, err := wire.New(raw, address, always(200, "{}"), nil); err != nil {
				t.Errorf("New(%q, %q): %v", raw, address, err)
			}
		}
	}
}

// What cannot be right is refused with a remedy, and never repeated.
func TestNewRefuses(t *testing.T) {
	cases := []struct{ name, token, address, key string }{
		{"no token", " \n", "", "wire.token.missing"},
		{"no secret", "4242:", "", "wire.token.shape"},
		{"no number", secret, "", "wire.token.shape"},
		{"two lines", token + "\n" + token, "", "wire.token.shape"},
		{"a slash", "4242:/" + secret, "", "wire.token.shape"},
		{"a file name", "/etc/qingfeng/token", "", "wire.token.shape"},
		{"no scheme", token, "chat.example", "wire.address"},
		{"no host", token, "https://", "wire.address"},
		{"another scheme", token, "ftp://chat.example", "wire.address"},
		{"a control character", token, "https://chat.example\x7f", "wire.address"},
		{"a user", token, "https://me:" + secret + "@chat.example", "wire.address"},
		{"a query", token, "https://chat.example/?x=" + secret, "wire.address"},
	}
	texts := locale(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := wire.New(c.token, c.address, nil, nil)
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != c.key {
				t.Fatalf("error %v with text %q, want Invalid with %q", err, reminders.MessageOf(err).Key, c.key)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows the secret: %v", err)
			}
			if _, ok := texts[c.key]; !ok {
				t.Errorf("no text %q", c.key)
			}
		})
	}
}

func locale(t testing.TB) map[string]any {
	t.Helper()
	var texts map[string]any
	if _, err := toml.DecodeFile("../../content/locales/wire.en.toml", &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestRedactor(t *testing.T) {
	redact := wire.Redactor(token + "\n")
	for text, want := range map[string]string{
		"":                             "",
		"nothing here":                 "nothing here",
		"/bot" + token + "/getMe":      "/bot***/getMe",
		"only " + secret + " of it":    "only *** of it",
		url.QueryEscape(token):         "***",
		token + token:                  "******",
		"https://x/?t=" + token + "&a": "https://x/?t=***&a",
	} {
		if got := redact(text); got != want {
			t.Errorf("redact(%q) = %q, want %q", text, got, want)
		}
	}
	if got := wire.Redactor("100:demo")("a demo of 100:demo"); got != "a demo of ***" {
		t.Errorf("a short secret is an ordinary word: %q", got)
	}
	if got := wire.Redactor("")("x"); got != "x" {
		t.Errorf("without a token: %q", got)
	}
}

// Whatever the service and the network answer, the secret is in no error, no
// log line and no outcome.
func TestTokenStaysInside(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		log, lines := logger()
		c, err := wire.New(token, "https://chat.example", echo(rt), log)
		if err != nil {
			rt.Fatal(err)
		}
		ctx := t.Context()
		_, meErr := c.Me(ctx)
		_, fileErr := c.Download(ctx, "F1", 0)
		hookErr := c.SetWebhook(ctx, "https://office.example/telegram/webhook", "hook")
		menuErr := c.SetCommands(ctx, 1, "", []wire.Command{{Name: "help", Text: "帮助"}})
		outcomes := []reminders.Outcome{
			c.Deliver(ctx, wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: "好"}),
			c.Deliver(ctx, wire.Outgoing{Act: reminders.ActEdit, Chat: 1, MessageID: 1, HTML: "好"}),
			c.Deliver(ctx, wire.Outgoing{Act: reminders.ActSend, Chat: 1, Files: []wire.Attachment{wire.Bytes("a.csv", []byte("x"))}}),
			c.Deliver(ctx, wire.Outgoing{Act: reminders.ActSend, Chat: 1, Files: []wire.Attachment{photo("a.jpg"), photo("b.jpg")}}),
		}
		seen := fmt.Sprintf("%+v %s", outcomes, lines)
		for _, err := range []error{meErr, fileErr, hookErr, menuErr} {
			for ; err != nil; err = errors.Unwrap(err) {
				seen += fmt.Sprintf("%v ", err)
			}
		}
		if strings.Contains(seen, secret) {
			rt.Fatalf("the secret is seen: %s", seen)
		}
	})
}

// echo answers in every way it can think of, with the address in it.
func echo(t *rapid.T) doerFunc {
	status := rapid.SampledFrom([]int{200, 301, 400, 401, 403, 404, 409, 429, 500, 502}).Draw(t, "status")
	form := rapid.IntRange(0, 6).Draw(t, "form")
	return func(req *http.Request) (*http.Response, error) {
		address := req.URL.String()
		switch form {
		case 0:
			return breaks(errors.New("cannot reach " + address))(req)
		case 1:
			return nil, fmt.Errorf("proxy: %w", &url.Error{Op: "Post", URL: address, Err: fmt.Errorf("dial: %w", os.ErrPermission)})
		case 2:
			return reply(status, "<html>"+address+"</html>"), nil
		case 3:
			return reply(status, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q}`, status, address)), nil
		case 4:
			return reply(200, fmt.Sprintf(`{"ok":true,"result":{"file_path":%q,"message_id":%q}}`, token, address)), nil
		case 5:
			r := reply(302, address)
			r.Header.Set("Location", address)
			return r, nil
		}
		return reply(200, `{"ok":true,"result":{"message_id":1,"file_path":"/`+token+`"}}`), nil
	}
}
