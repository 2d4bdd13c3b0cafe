package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTokenNeverShows: whatever is logged or said, in whatever place of a record and
// in either format, neither the token nor its secret half comes out; and what is no
// secret does.
func TestTokenNeverShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		half := rapid.StringMatching(`[A-Za-z0-9_-]{8,40}`).Draw(t, "secret")
		token := rapid.StringMatching(`[0-9]{3,12}`).Draw(t, "number") + ":" + half
		shape := rapid.SampledFrom([]string{
			"%s", "https://api.example.org/bot%s/getMe", "x%sx", "\"%s\"", "%s%[1]s", "line\n%s\nline",
		}).Draw(t, "shape")
		text := fmt.Sprintf(shape, rapid.SampledFrom([]string{token, half, url.QueryEscape(token)}).Draw(t, "form"))
		var out bytes.Buffer
		guarded := newRedacted(&out, token)
		handlers := map[string]slog.Handler{
			"text": slog.NewTextHandler(guarded, nil), "json": slog.NewJSONHandler(guarded, nil),
		}
		handler := handlers[rapid.SampledFrom([]string{"text", "json"}).Draw(t, "format")]
		record := slog.NewRecord(time.Time{}, slog.LevelError, "said "+text, 0)
		record.Add("error", errors.New(text), text, "key", "plain", "unharmed")
		err := handler.WithAttrs([]slog.Attr{slog.String("with", text)}).WithGroup("group").Handle(context.Background(), record)
		if err != nil {
			t.Fatal(err)
		}
		(&console{errs: guarded}).tell(text)
		if shown := out.String(); strings.Contains(shown, half) || !strings.Contains(shown, "unharmed") {
			t.Fatalf("the secret %q shows, or too much is hidden:\n%s", half, shown)
		}
	})
}

// TestTokensOfOthersDoNotShow: what has the form of a token is not repeated even
// where this process does not know it, as on a mistyped command line.
func TestTokensOfOthersDoNotShow(t *testing.T) {
	const secret = "AAFakeFakeFakeFakeFakeFakeFakeFake"
	for _, text := range []string{
		"unknown command \"12345678:" + secret + "\"", "https://x/bot12345678:" + secret + "/getMe", "12345678%3A" + secret,
	} {
		var out bytes.Buffer
		(&console{errs: &out}).tell(text)
		if strings.Contains(out.String(), secret) {
			t.Errorf("shown: %s", out.String())
		}
	}
}

// TestShortSecretsHideNothing: a secret that could be part of any word would make
// the log unreadable.
func TestShortSecretsHideNothing(t *testing.T) {
	var out bytes.Buffer
	if _, err := newRedacted(&out, "", "a").Write([]byte("a banana")); err != nil || out.String() != "a banana" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
