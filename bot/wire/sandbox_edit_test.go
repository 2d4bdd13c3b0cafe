package wire_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// looks describes what a chat shows of the bot: files, lengths of texts, buttons.
func looks(messages []sandbox.Message) (all []string) {
	for _, m := range messages {
		if !m.FromBot {
			continue
		}
		what := ""
		if m.FileID != "" {
			what = "file "
		}
		switch n := len([]rune(m.Text)); {
		case n > 20:
			what += "long"
		default:
			what += m.Text
		}
		if len(m.Buttons) > 0 {
			what += " keys"
		}
		all = append(all, strings.TrimSpace(what))
	}
	return all
}

// upload is a file that the wire sends with its bytes.
func upload(name string) wire.Attachment { return wire.Bytes(name, []byte(name)) }

// What was sent is made longer, shorter and longer again, and taken away, in a private
// chat and in a group; what the service keeps after 48 hours says so.
func TestSandboxEditsToAnotherNumberOfMessages(t *testing.T) {
	type change struct {
		html string
		old  bool // 48 hours later
		want []string
	}
	files := []wire.Attachment{upload("a.txt"), upload("b.txt")}
	for _, row := range []struct {
		name    string
		send    wire.Outgoing
		changes []change
		kept    []string // after the deletion
	}{
		{
			"a text",
			wire.Outgoing{HTML: "短", Keyboard: ackKey},
			[]change{
				{html: paragraphs(3), want: []string{"long", "long", "已阅 keys"}},
				{html: paragraphs(2), want: []string{"long", "已阅 keys"}},
				{html: "短", want: []string{"短 keys"}},
			},
			nil,
		},
		{
			"a text that is too old",
			wire.Outgoing{HTML: paragraphs(3), Keyboard: ackKey},
			[]change{{html: "撤回", old: true, want: []string{"撤回 keys", "（并入上文）", "（并入上文）"}}},
			[]string{"撤回 keys", "（并入上文）", "（并入上文）"},
		},
		{
			"a file with a caption",
			wire.Outgoing{HTML: "短", Keyboard: ackKey, Files: files[:1]},
			[]change{
				{html: "更正", want: []string{"file 更正 keys"}},
				{html: strings.Repeat("风", 1025), want: []string{"file", "long keys"}},
				{html: "短", want: []string{"file", "短 keys"}},
			},
			nil,
		},
		{
			"an album with a caption",
			wire.Outgoing{HTML: "短", Files: files},
			[]change{
				{html: "更正", want: []string{"file 更正", "file"}},
				{html: paragraphs(2), want: []string{"file", "file", "long", "已阅"}},
				{html: "短", want: []string{"file", "file", "短"}},
			},
			nil,
		},
		{
			"an album with buttons",
			wire.Outgoing{HTML: "短", Keyboard: ackKey, Files: files},
			[]change{
				{html: paragraphs(2), want: []string{"file", "file", "long", "已阅 keys"}},
				{html: "短", want: []string{"file", "file", "短 keys"}},
			},
			nil,
		},
	} {
		for _, chat := range []reminders.ChatID{7, -5, -1000000000005} {
			t.Run(row.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s, ming := office(t)
					seen := ming.Messages
					if chat < 0 {
						seen = s.Group(int64(chat), "一科", ming).Messages
					}
					c := client(t, s)
					out := row.send
					out.Act, out.Chat = reminders.ActSend, chat
					got := deliver(t, c, out)
					for _, change := range row.changes {
						if change.old {
							time.Sleep(48 * time.Hour)
						}
						got = deliver(t, c, wire.Outgoing{
							Act: reminders.ActEdit, Chat: chat, DoneParts: got.Parts, FileParts: len(row.send.Files), HTML: change.html,
							Keyboard: row.send.Keyboard, Superseded: "（并入上文）", Old: change.old,
						})
						if got.Result != reminders.Sent {
							t.Fatalf("%+v", got)
						}
						if diff := cmp.Diff(change.want, looks(seen())); diff != "" {
							t.Errorf("chat %d (-want +got):\n%s", chat, diff)
						}
					}
					gone := deliver(t, c, wire.Outgoing{Act: reminders.ActDelete, Chat: chat, DoneParts: got.Parts, Old: len(row.kept) > 0})
					if row.kept != nil && (gone.Result != reminders.Refused || gone.Reason != "too_old") || row.kept == nil && gone.Result != reminders.Sent {
						t.Errorf("deletion: %+v", gone)
					}
					if diff := cmp.Diff(row.kept, looks(seen())); diff != "" {
						t.Errorf("after the deletion (-want +got):\n%s", diff)
					}
				})
			})
		}
	}
}

// The messages of a group do not go along when it becomes a supergroup.
func TestSandboxGroupMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, ming := office(t)
		g := s.Group(-5, "一科", ming)
		c := client(t, s)
		sent := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: -5, HTML: "公告"})
		g.Migrate(-1000000000005)
		for _, act := range []reminders.Act{reminders.ActEdit, reminders.ActDelete} {
			got := c.Deliver(t.Context(), wire.Outgoing{Act: act, Chat: -5, DoneParts: sent.Parts, HTML: "更正"})
			if got.Result != reminders.Moved || got.MovedTo != -1000000000005 {
				t.Errorf("%s: %+v", act, got)
			}
		}
	})
}
