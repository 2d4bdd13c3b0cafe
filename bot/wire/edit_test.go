package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

const (
	noText  = `{"ok":false,"error_code":400,"description":"Bad Request: there is no text in the message to edit"}`
	tooOld  = `{"ok":false,"error_code":400,"description":"Bad Request: message can't be deleted for everyone"}`
	flooded = `{"ok":false,"error_code":429,"parameters":{"retry_after":2}}`
	okay    = `{"ok":true,"result":true}`
)

// did writes calls down briefly: the method, the message, the length of the text, and
// whether there are buttons.
func did(calls []call) (all []string) {
	for _, c := range calls {
		text := c.Fields["text"] + c.Fields["caption"]
		if _, sent := c.Fields["disable_notification"]; sent {
			text += "(quiet)"
		}
		one := strings.TrimSpace(fmt.Sprintf("%s %s%s", c.Method, c.Fields["message_id"], c.Fields["message_ids"]))
		if n := len([]rune(text)); n > 12 {
			one += fmt.Sprintf(" %d", n)
		} else if n > 0 {
			one += " " + text
		}
		if c.Fields["reply_markup"] != "" {
			one += " keys"
		}
		all = append(all, one)
	}
	return all
}

// paragraphs is a text of as many parts.
func paragraphs(n int) string {
	return strings.TrimSpace(strings.Repeat(strings.Repeat("风", 4095)+"\n\n", n-1)) + "\n\n已阅"
}

// Each kind of message is edited by its own method, one call at a time, with the buttons
// on the last part; what it consists of grows and shrinks with its text.
func TestEdits(t *testing.T) {
	cases := []struct {
		name    string
		out     wire.Outgoing
		answers []string
		want    []string
		parts   []int
	}{
		{"a message", wire.Outgoing{MessageID: 5, HTML: "已阅"}, []string{okay}, []string{"editMessageText 5 已阅 keys"}, []int{5}},
		{"the caption of a file", wire.Outgoing{DoneParts: []int{5}, FileParts: 1, HTML: "已阅"}, []string{okay}, []string{"editMessageCaption 5 已阅 keys"}, []int{5}},
		{
			"a text that turns out to be a caption",
			wire.Outgoing{MessageID: 5, HTML: "已阅"},
			[]string{noText, okay},
			[]string{"editMessageText 5 已阅 keys", "editMessageCaption 5 已阅 keys"},
			[]int{5},
		},
		{
			"a text in parts",
			wire.Outgoing{DoneParts: []int{5, 6}, HTML: paragraphs(2)},
			[]string{okay},
			[]string{"editMessageText 5 4095", "editMessageText 6 已阅 keys"},
			[]int{5, 6},
		},
		{
			"a text that becomes longer",
			wire.Outgoing{DoneParts: []int{5}, HTML: paragraphs(3)},
			[]string{okay, first, second},
			[]string{"editMessageText 5 4095", "sendMessage 4102", "sendMessage 已阅(quiet) keys"},
			[]int{5, 11, 12},
		},
		{
			"a text that becomes shorter",
			wire.Outgoing{DoneParts: []int{5, 6, 7}, HTML: paragraphs(2)},
			[]string{okay},
			[]string{"editMessageText 5 4095", "editMessageText 6 已阅 keys", "deleteMessage 7"},
			[]int{5, 6},
		},
		{
			"a text that fits into one message again, when the others are too old to be deleted",
			wire.Outgoing{DoneParts: []int{5, 6, 7}, HTML: "已阅", Superseded: "（并入上文）"},
			[]string{okay, tooOld, okay, tooOld, okay},
			[]string{"editMessageText 5 已阅 keys", "deleteMessage 6", "editMessageText 6 （并入上文）", "deleteMessage 7", "editMessageText 7 （并入上文）"},
			[]int{5},
		},
		{
			"a part that its reader has deleted",
			wire.Outgoing{DoneParts: []int{5, 6}, HTML: "已阅", Superseded: "（并入上文）"},
			[]string{okay, `{"ok":false,"error_code":400,"description":"Bad Request: message to delete not found"}`},
			[]string{"editMessageText 5 已阅 keys", "deleteMessage 6"},
			[]int{5},
		},
		{
			"a caption that becomes too long moves to a following message",
			wire.Outgoing{DoneParts: []int{5}, FileParts: 1, HTML: strings.Repeat("风", 1025)},
			[]string{first, okay},
			[]string{"sendMessage 1032 keys", "editMessageCaption 5"},
			[]int{5, 11},
		},
		{
			"and stays there when it is short again: an answer does not move it to and fro",
			wire.Outgoing{DoneParts: []int{5, 11}, FileParts: 1, HTML: "已阅"},
			[]string{okay},
			[]string{"editMessageText 11 已阅 keys"},
			[]int{5, 11},
		},
		{
			"of an album the first has the caption; with buttons it becomes a message",
			wire.Outgoing{DoneParts: []int{5, 6}, FileParts: 2, HTML: "已阅"},
			[]string{first, okay},
			[]string{"sendMessage 已阅(quiet) keys", "editMessageCaption 5"},
			[]int{5, 6, 11},
		},
		{
			"an album with a long text that becomes longer",
			wire.Outgoing{DoneParts: []int{5, 6, 7}, FileParts: 2, HTML: paragraphs(2)},
			[]string{okay, second},
			[]string{"editMessageText 7 4095", "sendMessage 已阅(quiet) keys"},
			[]int{5, 6, 7, 12},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &service{answers: c.answers}
			c.out.Act, c.out.Chat, c.out.Keyboard = reminders.ActEdit, 7, ackKey
			got := deliver(t, client(t, s), c.out)
			if got.Result != reminders.Sent || got.MessageID != c.parts[len(c.parts)-1] {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(c.want, did(s.calls)); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.parts, got.Parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}

// An album without buttons keeps its caption.
func TestEditOfAnAlbumsCaption(t *testing.T) {
	s := &service{answers: []string{okay}}
	out := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5, 6}, FileParts: 2, HTML: "更正"}
	if got := deliver(t, client(t, s), out); got.Result != reminders.Sent || !slices.Equal(got.Parts, []int{5, 6}) {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"editMessageCaption 5 更正"}, did(s.calls)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// An edit of nothing to see does not leave.
func TestEditsRefuse(t *testing.T) {
	for name, out := range map[string]wire.Outgoing{
		"of a caption": {DoneParts: []int{5}, FileParts: 1, HTML: "<b> </b>"},
		"of a text":    {MessageID: 5, HTML: "\n"},
	} {
		s := &service{answers: []string{okay}}
		out.Act, out.Chat = reminders.ActEdit, 7
		if got := client(t, s).Deliver(t.Context(), out); got.Result != reminders.Refused || got.Reason != "empty" || len(s.calls) != 0 {
			t.Errorf("%s: %+v after %d calls", name, got, len(s.calls))
		}
	}
}

// Every step is one call, says what exists, and is announced before it makes a message;
// one that failed is repeated alone.
func TestEditsResume(t *testing.T) {
	s := &service{answers: []string{flooded, okay, flooded, first}}
	c := client(t, s)
	out := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5}, HTML: paragraphs(2)}
	hash := reminders.HashText(out.HTML)
	for n, want := range []struct {
		result reminders.Result
		parts  []int
		midway reminders.Midway
		calls  int
	}{
		{reminders.Wait, []int{5}, reminders.Midway{}, 1},
		{reminders.Partly, []int{5}, reminders.Midway{Done: 1, Hash: hash, Sends: true}, 2},
		{reminders.Wait, []int{5}, reminders.Midway{}, 3},
		{reminders.Sent, []int{5, 11}, reminders.Midway{}, 4},
	} {
		got := c.Deliver(t.Context(), out)
		if got.Result != want.result || !slices.Equal(got.Parts, want.parts) || got.Midway != want.midway || len(s.calls) != want.calls {
			t.Fatalf("step %d: %+v after %d calls", n+1, got, len(s.calls))
		}
		if got.Result == reminders.Partly {
			out.DoneParts, out.Midway = got.Parts, got.Midway
		}
	}
}

// A text that has changed meanwhile is edited from its first part again, with the
// messages that exist by then.
func TestEditsBeginAgain(t *testing.T) {
	s := &service{answers: []string{okay, first, okay}}
	c := client(t, s)
	out := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5}, HTML: paragraphs(3)}
	for range 2 { // one part is edited, and one was sent
		got := c.Deliver(t.Context(), out)
		out.DoneParts, out.Midway = got.Parts, got.Midway
	}
	out.HTML = "撤回"
	got := deliver(t, c, out)
	want := []string{"editMessageText 5 4095", "sendMessage 4102", "editMessageText 5 撤回", "deleteMessage 11"}
	if diff := cmp.Diff(want, did(s.calls)); diff != "" || !slices.Equal(got.Parts, []int{5}) {
		t.Errorf("parts %v, calls (-want +got):\n%s", got.Parts, diff)
	}
}

// A part that was not sent for certain is not counted; the text of the caption is emptied
// only when it stands elsewhere.
func TestEditMovesTheCaptionLast(t *testing.T) {
	s := &service{answers: []string{flooded}}
	c := client(t, s)
	out := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5}, FileParts: 1, HTML: strings.Repeat("风", 2000)}
	got := c.Deliver(t.Context(), out)
	if got.Result != reminders.Partly || !got.Midway.Sends || !got.Midway.Caption || len(s.calls) != 0 {
		t.Fatalf("%+v after %d calls", got, len(s.calls))
	}
	out.Midway = got.Midway
	if got = c.Deliver(t.Context(), out); got.Result != reminders.Wait || !slices.Equal(got.Parts, []int{5}) || len(s.calls) != 1 {
		t.Errorf("%+v after %d calls", got, len(s.calls))
	}
	out.HTML = "短" // and meanwhile it fits again
	s.answers = []string{okay}
	if got = deliver(t, c, out); got.Result != reminders.Sent || !slices.Equal(got.Parts, []int{5}) {
		t.Errorf("%+v", got)
	}
}
