package sandbox_test

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// Everything that happens is told, in order, to every subscriber.
func TestSubscribe(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	events, cancel := s.Subscribe()
	p.Start("")
	id := call(t, s, "sendMessage", params{"chat_id": "7", "text": "x"}).messageID(t)
	query, err := p.Tap(id, "a")
	if err != nil {
		t.Fatal(err)
	}
	call(t, s, "answerCallbackQuery", params{"callback_query_id": query, "text": "好"})
	call(t, s, "editMessageText", params{"chat_id": "7", "message_id": strconv.Itoa(id), "text": "y"})
	call(t, s, "deleteMessage", params{"chat_id": "7", "message_id": strconv.Itoa(id)})
	call(t, s, "setMyCommands", params{"commands": commands(t, "help"), "scope": `{"type":"chat","chat_id":7}`})
	p.Block()
	cancel()
	cancel() // twice does no harm
	p.Unblock()
	var got []string
	for e := range events {
		if e.Chat != 7 {
			t.Errorf("%s in chat %d", e.Kind, e.Chat)
		}
		got = append(got, e.Kind)
		switch {
		case e.Kind == sandbox.EventMessage && e.Message.Text != "x", e.Kind == sandbox.EventEdited && e.Message.Text != "y",
			e.Kind == sandbox.EventDeleted && !e.Message.Deleted, e.Kind == sandbox.EventAnswered && e.Toast.Text != "好":
			t.Errorf("%+v", e)
		}
	}
	want := []string{
		sandbox.EventTyped, sandbox.EventMessage, sandbox.EventTapped, sandbox.EventAnswered,
		sandbox.EventEdited, sandbox.EventDeleted, sandbox.EventCommands, sandbox.EventBlocked,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Who does not listen is left behind, and learns it from the closed channel.
func TestSlowSubscriber(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	events, cancel := s.Subscribe()
	defer cancel()
	for range 5000 {
		p.Type("x")
	}
	n := 0
	for range events {
		n++
	}
	if n != 4096 {
		t.Errorf("%d events", n)
	}
}

// Close ends subscriptions.
func TestCloseEndsSubscriptions(t *testing.T) {
	s, _ := newServer(t)
	events, cancel := s.Subscribe()
	defer cancel()
	s.Close()
	if e, ok := <-events; ok {
		t.Errorf("%+v", e)
	}
}

// The newest calls are kept, at least ten thousand of them.
func TestCallsAreBounded(t *testing.T) {
	s, _ := newServer(t)
	for i := range 20_001 {
		call(t, s, "getMe", params{"i": strconv.Itoa(i)})
	}
	calls := s.Calls()
	if n := len(calls); n < 10_000 || n > 20_000 || calls[n-1].Params["i"] != "20000" {
		t.Errorf("%d calls", n)
	}
}

// Many callers at once lose nothing: every message has its own id and each is kept.
func TestManyAtOnce(t *testing.T) {
	s, _ := newServer(t)
	events, cancel := s.Subscribe()
	defer cancel()
	var all sync.WaitGroup
	for i := range 8 {
		p := s.Person(int64(i+1), "甲", "")
		p.Start("")
		all.Go(func() {
			for range 25 {
				p.Type("x")
				call(t, s, "sendMessage", params{"chat_id": strconv.Itoa(i + 1), "text": "x"})
				p.Messages()
				s.Transcript(p)
			}
		})
	}
	all.Wait()
	seen := map[int]bool{}
	for _, p := range s.People() {
		for _, m := range p.Messages() {
			seen[m.ID] = true
		}
	}
	if len(seen) != 8*51 || len(events) != 8*51 || s.Pending() != 8*26 {
		t.Errorf("%d messages, %d events, %d updates", len(seen), len(events), s.Pending())
	}
}
