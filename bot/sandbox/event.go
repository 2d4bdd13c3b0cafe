package sandbox

import (
	"sync"
	"time"
)

// Toast is the answer to a tap (弹出提示). An empty Text only ends the waiting.
type Toast struct {
	CallbackID string
	MessageID  int
	Text       string
	Alert      bool   // shown as a dialog that must be closed
	URL        string // opened by the app
	At         time.Time
}

// Event is something that happened in a chat. Message and Toast are copies.
type Event struct {
	Kind    string // one of the kinds below
	Chat    int64  // zero for commands that are set for more than one chat
	Message *Message
	Toast   *Toast
}

// The kinds of events.
const (
	EventMessage  = "message"           // the bot sent Message
	EventEdited   = "edited"            // the bot edited Message
	EventDeleted  = "deleted"           // the bot deleted Message
	EventAnswered = "callback-answered" // the bot answered a tap with Toast
	EventTyped    = "typed"             // a person sent Message
	EventTapped   = "tapped"            // a person tapped a button below Message
	EventBlocked  = "blocked"           // a person blocked or unblocked the bot
	EventCommands = "commands"          // the menu of a chat changed
)

// eventsKept is how far a subscriber may fall behind.
const eventsKept = 4096

type listener struct {
	events chan Event
}

// Subscribe gives all events from now on, and a function that ends them; then,
// and when the server is closed, the channel is closed. The server never waits:
// the channel of a subscriber that falls 4096 events behind is closed too, and it
// subscribes again and reads the chats anew.
func (s *Server) Subscribe() (<-chan Event, func()) {
	l := &listener{events: make(chan Event, eventsKept)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners[l] = true
	return l.events, sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.drop(l)
	})
}

// publish tells every subscriber; s.mu is held.
func (s *Server) publish(e Event) {
	for l := range s.listeners {
		select {
		case l.events <- e:
		default:
			s.drop(l)
		}
	}
}

// tell publishes something that happened to a message; s.mu is held.
func (s *Server) tell(kind string, m *Message) {
	if len(s.listeners) == 0 {
		return
	}
	shown := *m
	s.publish(Event{Kind: kind, Chat: m.Chat, Message: &shown})
}

func (s *Server) drop(l *listener) {
	if s.listeners[l] {
		delete(s.listeners, l)
		close(l.events)
	}
}
