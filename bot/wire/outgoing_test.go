package wire_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// What stands on the wire for each act.
func TestDeliverWrites(t *testing.T) {
	keys := [][]wire.Key{{{Text: "已阅", Data: "ack:n7:x"}}, {}, {{Text: "来源", URL: "https://example.org"}}}
	const markup = `{"inline_keyboard":[[{"text":"已阅","callback_data":"ack:n7:x"}],[{"text":"来源","url":"https://example.org"}]]}`
	cases := []struct {
		name string
		out  wire.Outgoing
		want call
	}{
		{
			"a message",
			wire.Outgoing{Act: reminders.ActSend, Chat: -1001234567890123, HTML: `<b>"节日"</b>`, Keyboard: keys, Silent: true},
			call{"sendMessage", map[string]string{
				"chat_id": "-1001234567890123", "text": `<b>"节日"</b>`, "parse_mode": "HTML",
				"link_preview_options": `{"is_disabled":true}`, "disable_notification": "true", "reply_markup": markup,
			}},
		},
		{
			"an edit without buttons takes them away",
			wire.Outgoing{Act: reminders.ActEdit, Chat: 1, MessageID: 5, HTML: "已阅"},
			call{"editMessageText", map[string]string{
				"chat_id": "1", "message_id": "5", "text": "已阅", "parse_mode": "HTML",
				"link_preview_options": `{"is_disabled":true}`,
			}},
		},
		{
			"an answer is plain and short",
			wire.Outgoing{Act: reminders.ActAnswer, Callback: "77", HTML: "<b>a &amp; b</b>" + strings.Repeat("长", 300), Alert: true},
			call{"answerCallbackQuery", map[string]string{
				"callback_query_id": "77", "text": "a & b" + strings.Repeat("长", 194) + "…", "show_alert": "true",
			}},
		},
		{
			"an answer without a text",
			wire.Outgoing{Act: reminders.ActAnswer, Callback: "77"},
			call{"answerCallbackQuery", map[string]string{"callback_query_id": "77"}},
		},
		{
			"a deletion",
			wire.Outgoing{Act: reminders.ActDelete, Chat: 1, MessageID: 5},
			call{"deleteMessage", map[string]string{"chat_id": "1", "message_id": "5"}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &service{answers: []string{`{"ok":true,"result":{"message_id":5}}`}}
			client(t, s).Deliver(t.Context(), c.out)
			if diff := cmp.Diff([]call{c.want}, s.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

const (
	first  = `{"ok":true,"result":{"message_id":11}}`
	second = `{"ok":true,"result":{"message_id":12}}`
	third  = `{"ok":true,"result":{"message_id":13}}`
)

// long is a text of three parts.
func long() string {
	paragraph := strings.Repeat("风", 4000)
	return paragraph + "\n\n" + paragraph + "\n\n" + paragraph
}

// deliver goes on while the rest is to follow.
func deliver(t *testing.T, c *wire.Client, out wire.Outgoing) reminders.Outcome {
	t.Helper()
	for range 20 {
		got := c.Deliver(t.Context(), out)
		if got.Result != reminders.Partly {
			return got
		}
		out.DoneParts, out.Midway = got.Parts, got.Midway
		if got.Files != nil {
			out.Stand = got.Files
		}
	}
	t.Fatal("it never ends")
	return reminders.Outcome{}
}

func TestDeliverParts(t *testing.T) {
	s := &service{answers: []string{first, second, third}}
	out := wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: long(), Keyboard: [][]wire.Key{{{Text: "已阅", Data: "x"}}}}
	got := deliver(t, client(t, s), out)
	sum := sha256.Sum256([]byte(out.HTML))
	want := reminders.Outcome{Result: reminders.Sent, MessageID: 13, Parts: []int{11, 12, 13}, TextHash: hex.EncodeToString(sum[:])}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
	for i, c := range s.calls {
		if _, keys := c.Fields["reply_markup"]; keys != (i == 2) {
			t.Errorf("part %d has buttons: %v", i+1, keys)
		}
	}
}

// Every step is one call: what exists is named after each, and the next attempt goes
// on after it, whatever became of the last.
func TestDeliverResumes(t *testing.T) {
	s := &service{answers: []string{first, `{"ok":false,"error_code":429,"parameters":{"retry_after":3}}`, second, third}}
	c := client(t, s)
	out := wire.Outgoing{Act: reminders.ActSend, Chat: 1, HTML: long()}
	for n, want := range []reminders.Outcome{
		{Result: reminders.Partly, Parts: []int{11}},
		{Result: reminders.Wait, Parts: []int{11}, RetryAfter: 3 * time.Second, Reason: "flood"},
		{Result: reminders.Partly, Parts: []int{11, 12}},
		{Result: reminders.Sent, Parts: []int{11, 12, 13}, MessageID: 13},
		{Result: reminders.Sent, Parts: []int{11, 12, 13}, MessageID: 13}, // everything existed already
	} {
		before := slices.Clone(out.DoneParts)
		got := c.Deliver(t.Context(), out)
		got.TextHash = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("attempt %d (-want +got):\n%s", n+1, diff)
		}
		if !slices.Equal(out.DoneParts, before) {
			t.Errorf("the caller's parts changed: %v", out.DoneParts)
		}
		out.DoneParts = got.Parts
	}
	if len(s.calls) != 4 {
		t.Errorf("%d calls, want 4", len(s.calls))
	}
}

// What cannot be accepted does not leave.
func TestDeliverRefusesHere(t *testing.T) {
	for name, out := range map[string]wire.Outgoing{
		"empty":       {Act: reminders.ActSend, Chat: 1, HTML: " <b> </b>\n"},
		"unknown_act": {Act: "forward", Chat: 1},
	} {
		s := &service{answers: []string{first}}
		got := client(t, s).Deliver(t.Context(), out)
		if got.Result != reminders.Refused || got.Reason != name || len(s.calls) != 0 {
			t.Errorf("%s: %+v after %d calls", name, got, len(s.calls))
		}
	}
}
