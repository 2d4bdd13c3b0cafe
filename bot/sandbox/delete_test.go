package sandbox_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// The bot deletes for everyone for 48 hours, and nothing twice.
func TestDeleteMessage(t *testing.T) {
	s, c := office(t)
	c.Add(48*time.Hour + time.Second)
	if got := call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": "2"}); got.Description != "Bad Request: message can't be deleted for everyone" {
		t.Errorf("after 48 hours: %+v", got)
	}
	c.Add(-2 * time.Second)
	if got := call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": "2"}); !got.OK {
		t.Errorf("within 48 hours: %+v", got)
	}
	if got := call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": "2"}); got.Description != "Bad Request: message to delete not found" {
		t.Errorf("twice: %+v", got)
	}
	if got := call(t, s, "editMessageText", params{"chat_id": "7", "message_id": "2", "text": "x"}); got.Description != "Bad Request: message to edit not found" {
		t.Errorf("edit afterwards: %+v", got)
	}
	for _, m := range s.Person(7, "", "").Messages() {
		if m.ID == 2 {
			t.Error("the person still sees it")
		}
	}
	typed := s.Group(-1000000000005, "").Type(s.Person(7, "", ""), "/start")
	if got := call(t, s, "deleteMessage", params{"chat_id": "-1000000000005", "message_id": strconv.Itoa(typed.ID)}); got.Description != "Bad Request: message can't be deleted" {
		t.Errorf("a member's message in a group: %+v", got)
	}
}

// Several messages are deleted together or not at all; those that are gone are passed over.
func TestDeleteMessages(t *testing.T) {
	s, c := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	send := func() int { return call(t, s, "sendMessage", params{"chat_id": "7", "text": "x"}).messageID(t) }
	old := send()
	c.Add(48*time.Hour + time.Second)
	ids := []int{send(), send(), send()}
	remove := func(ids ...int) reply {
		return call(t, s, "deleteMessages", params{"chat_id": "7", "message_ids": listed(ids)})
	}
	if got := remove(old, ids[0]); got.Description != "Bad Request: message can't be deleted for everyone" || len(seen(p.Messages())) != 4 {
		t.Errorf("with an old one: %+v, seen %v", got, seen(p.Messages()))
	}
	if got := remove(ids[0], 999, ids[1], ids[1]); !got.OK || !slices.Equal(seen(p.Messages()), []int{old, ids[2]}) {
		t.Errorf("with one that is not there: %+v, seen %v", got, seen(p.Messages()))
	}
	if got := remove(ids[0]); !got.OK {
		t.Errorf("twice: %+v", got)
	}
}

// What a group keeps: what others wrote, and how it became a supergroup. A supergroup
// does not say that a message is too old.
func TestDeleteInGroups(t *testing.T) {
	s, c := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	g := s.Group(-5, "一科", p)
	g.Type(p, "/start")
	send := func() int {
		return call(t, s, "sendMessage", params{"chat_id": strconv.FormatInt(g.ID(), 10), "text": "x"}).messageID(t)
	}
	try := func(name string, want string, ids ...int) {
		t.Helper()
		for method, p := range map[string]params{"deleteMessage": {"message_id": strconv.Itoa(ids[0])}, "deleteMessages": {"message_ids": listed(ids)}} {
			p["chat_id"] = strconv.FormatInt(g.ID(), 10)
			if got := call(t, s, method, p); got.Description != want {
				t.Errorf("%s with %s: %+v", name, method, got)
			}
		}
	}
	before := send()
	try("a member's message", "Bad Request: message can't be deleted", g.Messages()[0].ID)
	c.Add(49 * time.Hour)
	try("an old one in a group", "Bad Request: message can't be deleted for everyone", before)
	g.Migrate(-1000000000005)
	told := g.Messages()[0]
	if !told.Service {
		t.Fatalf("the supergroup begins with %+v", told)
	}
	try("how the supergroup came about", "Bad Request: message can't be deleted", told.ID)
	own := send()
	c.Add(49 * time.Hour)
	try("an old one in a supergroup", "Bad Request: message can't be deleted", own)
}

// seen gives the numbers of what the bot sent.
func seen(messages []sandbox.Message) (ids []int) {
	for _, m := range messages {
		if m.FromBot {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func listed(ids []int) string {
	list := ""
	for _, id := range ids {
		list += fmt.Sprintf(",%d", id)
	}
	return "[" + list[1:] + "]"
}
