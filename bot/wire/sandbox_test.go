package wire_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// office is a sandbox with one person who has written to the bot.
func office(t *testing.T) (*sandbox.Server, *sandbox.Person) {
	t.Helper()
	s := sandbox.New(sandbox.Options{Token: token, Now: time.Now})
	t.Cleanup(s.Close)
	ming := s.Person(7, "小明", "zh-hans")
	ming.Start("")
	return s, ming
}

// What we send arrives as it was meant, by the checks of the sandbox.
func TestSandboxSends(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ming := office(t)
		c := client(t, s)
		send := wire.Outgoing{
			Act: reminders.ActSend, Chat: 7, HTML: "<b>节日提醒</b>\n请于 18:00 前点“已阅” &amp; 留意",
			Keyboard: [][]wire.Key{{{Text: "已阅", Data: "ack:n7:AAAAAAAAAAA"}, {Text: "来源", URL: "https://example.org/"}}},
		}
		sent := c.Deliver(t.Context(), send)
		if sent.Result != reminders.Sent || sent.MessageID == 0 {
			t.Fatalf("send: %+v", sent)
		}
		tap, err := ming.Tap(sent.MessageID, "ack:n7:AAAAAAAAAAA")
		if err != nil {
			t.Fatal(err)
		}
		edit := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, MessageID: sent.MessageID, HTML: "<b>节日提醒</b>\n已阅 · 9月24日 10:00"}
		for name, o := range map[string]wire.Outgoing{
			"answer": {Act: reminders.ActAnswer, Callback: tap, HTML: "<b>已阅</b>"},
			"edit":   edit,
		} {
			if got := c.Deliver(t.Context(), o); got.Result != reminders.Sent {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if got := c.Deliver(t.Context(), edit); got.Result != reminders.Sent || got.Reason != "not_modified" {
			t.Errorf("the same edit: %+v", got)
		}
		messages := ming.Messages()
		last := messages[len(messages)-1]
		if last.HTML != edit.HTML || len(last.Buttons) != 0 || ming.Toasts()[0].Text != "已阅" {
			t.Errorf("seen: %+v, toasts %+v", last, ming.Toasts())
		}
		remove := wire.Outgoing{Act: reminders.ActDelete, Chat: 7, MessageID: sent.MessageID}
		for _, reason := range []string{"", "already_gone"} {
			if got := c.Deliver(t.Context(), remove); got.Result != reminders.Sent || got.Reason != reason {
				t.Errorf("delete: %+v, want sent %q", got, reason)
			}
		}
		if got := c.Deliver(t.Context(), edit); got.Result != reminders.Refused || got.Reason != "edit_not_found" {
			t.Errorf("edit of nothing: %+v", got)
		}
		for _, call := range s.Calls() {
			if len(call.Ignored) > 0 {
				t.Errorf("%s has no parameters %v", call.Method, call.Ignored)
			}
		}
	})
}

func TestSandboxSplitsAndFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ming := office(t)
		c := client(t, s)
		before := len(ming.Messages())
		html := "<i>" + strings.Repeat("清风徐来。", 2000) + "</i>\n\n" + strings.Repeat("😀", 1500)
		got := deliver(t, c, wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: html})
		if got.Result != reminders.Sent || len(got.Parts) != 4 || len(ming.Messages()) != before+4 {
			t.Fatalf("long text: %+v", got)
		}
		file := c.Deliver(t.Context(), wire.Outgoing{
			Act: reminders.ActSend, Chat: 7, HTML: "<b>台账</b>", Files: []wire.Attachment{wire.Bytes("台账.csv", []byte("工号\n"))},
		})
		messages := ming.Messages()
		last := messages[len(messages)-1]
		if file.Result != reminders.Sent || last.Document == nil || last.Document.Name != "台账.csv" || last.HTML != "<b>台账</b>" {
			t.Fatalf("file: %+v, seen %+v", file, last)
		}
		content, err := c.Download(t.Context(), last.FileID, 0)
		if err != nil || string(content) != "工号\n" {
			t.Errorf("Download = %q, %v", content, err)
		}
		if _, err := c.Download(t.Context(), "nothing", 0); reminders.KindOf(err) != reminders.NotFound {
			t.Errorf("an unknown file: %v", err)
		}
	})
}

// Messages and files carry allow_paid_broadcast if, and only if, the bot pays; what
// the service does not bill never does.
func TestPaidBroadcast(t *testing.T) {
	for _, row := range []struct {
		name    string
		options []wire.Option
		want    map[string]string // by method
	}{
		{"the bot does not pay", nil, map[string]string{}},
		{"the bot pays", []wire.Option{wire.PaidBroadcast()}, map[string]string{"sendMessage": "true", "sendDocument": "true"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, ming := office(t)
				c, err := wire.New(token, "http://sandbox", s, nil, row.options...)
				if err != nil {
					t.Fatal(err)
				}
				sent := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: "好"})
				tap, err := ming.Tap(sent.MessageID, "x")
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range []wire.Outgoing{
					{Act: reminders.ActAnswer, Callback: tap},
					{Act: reminders.ActEdit, Chat: 7, MessageID: sent.MessageID, HTML: "很好"},
					{Act: reminders.ActDelete, Chat: 7, MessageID: sent.MessageID},
				} {
					if got := c.Deliver(t.Context(), o); got.Result != reminders.Sent {
						t.Errorf("%s: %+v", o.Act, got)
					}
				}
				c.Deliver(t.Context(), wire.Outgoing{
					Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{wire.Bytes("台账.csv", []byte("工号\n"))},
				})
				got := map[string]string{}
				for _, call := range s.Calls() {
					if value, given := call.Params["allow_paid_broadcast"]; given {
						got[call.Method] = value
					}
				}
				if diff := cmp.Diff(row.want, got); diff != "" {
					t.Errorf("allow_paid_broadcast (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// The failures that the sandbox makes are told apart.
func TestSandboxFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ming := office(t)
		c := client(t, s)
		out := wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: "好"}
		cases := []struct {
			fault   sandbox.Fault
			want    reminders.Result
			arrives bool
		}{
			{sandbox.Fault{Drop: sandbox.DropRefused}, reminders.NotSent, false},
			{sandbox.Fault{Drop: sandbox.DropBefore}, reminders.Unknown, false},
			{sandbox.Fault{Drop: sandbox.DropAfter}, reminders.Unknown, true},
			{sandbox.Fault{Delay: time.Hour}, reminders.Unknown, false},
			{sandbox.Fault{Status: 502, Body: "<html>bad gateway</html>"}, reminders.Unknown, false},
			{sandbox.Fault{Status: 429, RetryAfter: 9}, reminders.Wait, false},
			{sandbox.Fault{Status: 400, MigrateTo: -100200}, reminders.Moved, false},
			{sandbox.Fault{Status: 400, Description: "Bad Request: new"}, reminders.Refused, false},
		}
		for _, f := range cases {
			before := len(ming.Messages())
			s.Fail(f.fault)
			got := c.Deliver(t.Context(), out)
			if got.Result != f.want || (len(ming.Messages()) > before) != f.arrives {
				t.Errorf("%+v: %+v, arrived %v", f.fault, got, len(ming.Messages()) > before)
			}
		}
		ming.Block()
		if got := c.Deliver(t.Context(), out); got.Result != reminders.Unreachable || got.Reason != "blocked" {
			t.Errorf("blocked: %+v", got)
		}
		ming.Unblock()
		ming.Deactivate()
		if got := c.Deliver(t.Context(), out); got.Result != reminders.Unreachable || got.Reason != "deactivated" {
			t.Errorf("deactivated: %+v", got)
		}
		s.Person(8, "小红", "")
		for chat, reason := range map[reminders.ChatID]string{8: "never_started", 99: "chat_not_found"} {
			out.Chat = chat
			if got := c.Deliver(t.Context(), out); got.Result != reminders.Unreachable || got.Reason != reason {
				t.Errorf("chat %d: %+v, want %s", chat, got, reason)
			}
		}
		s.Person(9, "小刚", "").Start("")
		out.Chat, out.HTML = 9, "<b>not closed"
		if got := c.Deliver(t.Context(), out); got.Result != reminders.Refused || got.Reason != "markup" {
			t.Errorf("bad markup: %+v", got)
		}
	})
}

// All that people do reaches the inbox once, also what is unknown to us.
func TestSandboxPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ming := office(t)
		c := client(t, s)
		if err := c.SetWebhook(t.Context(), "https://office.example/telegram/webhook", "hook"); err != nil {
			t.Logf("an old webhook: %v", err)
		}
		go func() {
			time.Sleep(time.Second)
			ming.Type("机密★10年")
			s.Push("subscription", json.RawMessage(`{"state":"new"}`))
			s.Fail(sandbox.Fault{Method: "getUpdates", Status: 409})
			ming.SendDocument("名单.xlsx", []byte("x"), "名单")
			ming.Block()
		}()
		inbox := &box{}
		p := &wire.Poller{Client: c, Inbox: inbox, Quarantine: inbox, Guard: stars, Clock: wallClock{}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := p.Run(ctx); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, raw := range inbox.got {
			u, err := wire.Decode(raw.JSON)
			switch {
			case err != nil:
				t.Error(err)
			case u.Message != nil && u.Message.Document != nil:
				got = append(got, u.Message.Document.Name+" "+u.Message.Caption)
			case u.Message != nil:
				got = append(got, u.Message.Text)
			case u.Member != nil:
				got = append(got, u.Member.Status)
			default:
				got = append(got, "-")
			}
		}
		if diff := cmp.Diff([]string{"/start", "⟦guard:star⟧", "-", "名单.xlsx 名单", "kicked"}, got); diff != "" {
			t.Errorf("inbox (-want +got):\n%s", diff)
		}
		if len(inbox.bad) > 0 || s.Pending() > 0 {
			t.Errorf("quarantine %v, pending %d", inbox.bad, s.Pending())
		}
	})
}
