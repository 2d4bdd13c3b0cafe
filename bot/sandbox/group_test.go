package sandbox_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// In a group the bot sees commands and taps of members, nothing else.
func TestGroup(t *testing.T) {
	s, _ := newServer(t)
	p, stranger := s.Person(7, "甲", ""), s.Person(8, "乙", "")
	g := s.Group(-5, "一科", p)
	if s.Group(-5, "", stranger) != g || g.ID() != -5 {
		t.Error("another group under the same id")
	}
	g.Type(p, "谈话")
	g.Type(p, "/start@qingfeng_demo_bot CODE")
	id := call(t, s, "sendMessage", params{"chat_id": "-5", "text": "x", "reply_markup": keyboard(button("接班", "takeover:1"))}).messageID(t)
	if _, err := g.Tap(p, id, "takeover:1"); err != nil {
		t.Error(err)
	}
	if _, err := g.Tap(stranger, id, "takeover:1"); err == nil {
		t.Error("a stranger tapped")
	}
	if m := g.Type(stranger, "/start"); m.ID != 0 {
		t.Error("a stranger wrote")
	}
	// Added, command, tap.
	if n := len(ids(t, s, nil)); n != 3 {
		t.Errorf("%d updates", n)
	}
	if n := len(g.Messages()); n != 3 {
		t.Errorf("%d messages", n)
	}
	if n := len(p.Messages()); n != 0 {
		t.Errorf("%d messages in the private chat", n)
	}
}

// A migrated group answers under its new id, which the bot is told in both chats.
func TestMigrate(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	g := s.Group(-5, "一科", p)
	g.Migrate(-1000000000005)
	if g.ID() != -1000000000005 || s.Group(-1000000000005, "") != g {
		t.Errorf("id %d", g.ID())
	}
	var updates []struct {
		Message struct {
			Chat struct {
				ID   int64
				Type string
			}
			To   int64 `json:"migrate_to_chat_id"`
			From int64 `json:"migrate_from_chat_id"`
		}
	}
	call(t, s, "getUpdates", offset(first+1)).into(t, &updates)
	if a := updates[0].Message; a.Chat.ID != -5 || a.Chat.Type != "group" || a.To != -1000000000005 {
		t.Errorf("%+v", a)
	}
	if b := updates[1].Message; b.Chat.ID != -1000000000005 || b.Chat.Type != "supergroup" || b.From != -5 {
		t.Errorf("%+v", b)
	}
	if got := call(t, s, "sendMessage", params{"chat_id": "-1000000000005", "text": "x"}); !got.OK {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff("2026-09-24 09:00 #2 bot:\n    x\n", g.Transcript()); diff != "" {
		t.Error(diff)
	}
}
