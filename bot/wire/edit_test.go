package wire_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

const noText = `{"ok":false,"error_code":400,"description":"Bad Request: there is no text in the message to edit"}`

// Each kind of message is edited by its own method, with the buttons on the last part.
func TestEdits(t *testing.T) {
	paragraph := strings.Repeat("风", 4095)
	caption := func(id string) call {
		return call{"editMessageCaption", map[string]string{"chat_id": "7", "message_id": id, "caption": "已阅", "parse_mode": "HTML", "reply_markup": ackMarkup}}
	}
	part := func(id, html, markup string) call {
		fields := map[string]string{"chat_id": "7", "message_id": id, "text": html, "parse_mode": "HTML", "link_preview_options": `{"is_disabled":true}`}
		if markup != "" {
			fields["reply_markup"] = markup
		}
		return call{"editMessageText", fields}
	}
	cases := []struct {
		name    string
		out     wire.Outgoing
		answers []string
		want    []call
		id      int
	}{
		{"the caption of a file", wire.Outgoing{MessageID: 5, Caption: true, HTML: "已阅"}, []string{first}, []call{caption("5")}, 5},
		{
			"a text that turns out to be a caption",
			wire.Outgoing{MessageID: 5, HTML: "已阅"},
			[]string{noText, first},
			[]call{part("5", "已阅", ackMarkup), caption("5")},
			5,
		},
		{
			"a text in parts",
			wire.Outgoing{MessageID: 6, DoneParts: []int{5, 6}, HTML: paragraph + "\n\n" + "已阅"},
			[]string{first},
			[]call{part("5", paragraph, ""), part("6", "已阅", ackMarkup)},
			6,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &service{answers: c.answers}
			c.out.Act, c.out.Chat, c.out.Keyboard = reminders.ActEdit, 7, ackKey
			got := client(t, s).Deliver(t.Context(), c.out)
			if got.Result != reminders.Sent || got.MessageID != c.id {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(c.want, s.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// An edit that needs more or fewer messages than there are does not leave.
func TestEditsRefuse(t *testing.T) {
	for name, row := range map[string]struct {
		out    wire.Outgoing
		reason string
	}{
		"a caption over 1024":       {wire.Outgoing{Caption: true, HTML: strings.Repeat("风", 1025)}, "too_long"},
		"a text for more messages":  {wire.Outgoing{HTML: strings.Repeat("风", 4097)}, "too_long"},
		"a text for fewer messages": {wire.Outgoing{DoneParts: []int{5, 6}, HTML: "风"}, "too_short"},
		"nothing to see":            {wire.Outgoing{Caption: true, HTML: "<b> </b>"}, "empty"},
	} {
		s := &service{answers: []string{first}}
		row.out.Act, row.out.Chat, row.out.MessageID = reminders.ActEdit, 7, 5
		if got := client(t, s).Deliver(t.Context(), row.out); got.Result != reminders.Refused || got.Reason != row.reason || len(s.calls) != 0 {
			t.Errorf("%s: %+v after %d calls", name, got, len(s.calls))
		}
	}
}

// A part that cannot be edited ends the edit, which can be repeated as a whole.
func TestEditStopsAtTheFirstFailure(t *testing.T) {
	s := &service{answers: []string{`{"ok":false,"error_code":429,"parameters":{"retry_after":2}}`, first}}
	c := client(t, s)
	out := wire.Outgoing{Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5, 6}, HTML: strings.Repeat("风", 5000)}
	if got := c.Deliver(t.Context(), out); got.Result != reminders.Wait || len(s.calls) != 1 {
		t.Errorf("%+v after %d calls", got, len(s.calls))
	}
	if got := c.Deliver(t.Context(), out); got.Result != reminders.Sent || got.MessageID != 6 || len(s.calls) != 3 {
		t.Errorf("%+v after %d calls", got, len(s.calls))
	}
}
