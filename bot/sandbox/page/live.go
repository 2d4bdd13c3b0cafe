package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

const (
	// beat is how often the stream looks whether the clock was touched.
	beat = 250 * time.Millisecond
	// steady is after how many beats the stream sends the time anyway, which
	// also keeps the connection alive, and looks at people and plan.
	steady = 4
)

// events streams what changes, as server-sent events: message, toast and
// commands of every phone, and clock, plan and people of the office. It carries
// changes only; the browser loads the whole state whenever it connects.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	events, unsubscribe := s.chat.Subscribe()
	defer unsubscribe()
	w.Header().Set("Content-Type", "text/event-stream")
	stream := &stream{w: w, flush: http.NewResponseController(w).Flush, sent: map[string][]byte{}}
	if err := stream.open(); err != nil {
		return
	}
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	lang := languageOf(r)
	for n := 1; ; {
		var err error
		select {
		case <-r.Context().Done():
			return
		case event, more := <-events:
			if !more {
				return // the browser connects again and loads everything
			}
			err = s.happened(stream, event)
			n = steady // an answer may have changed the office too
		case <-ticker.C:
			err = s.look(stream, lang, n >= steady)
			n = n%steady + 1
		}
		if err != nil {
			s.log.DebugContext(r.Context(), "page: a stream ended", "error", err)
			return
		}
	}
}

// happened sends what an event of the sandbox changes on a phone.
func (s *server) happened(stream *stream, event sandbox.Event) error {
	switch event.Kind {
	case sandbox.EventMessage, sandbox.EventEdited, sandbox.EventDeleted, sandbox.EventTyped:
		if event.Message == nil {
			return nil
		}
		return stream.send("message", view(*event.Message))
	case sandbox.EventAnswered:
		if event.Toast == nil {
			return nil
		}
		return stream.send("toast", map[string]any{
			"chat": event.Chat, "message": event.Toast.MessageID,
			"text": event.Toast.Text, "alert": event.Toast.Alert,
		})
	case sandbox.EventCommands:
		return s.menus(stream, event.Chat)
	}
	return nil
}

// menus sends the menu of one chat, or of all if chat is zero.
func (s *server) menus(stream *stream, chat int64) error {
	for _, p := range s.chat.People() {
		if chat != 0 && p.ID() != chat {
			continue
		}
		if err := stream.send("commands", map[string]any{"chat": p.ID(), "commands": commands(p)}); err != nil {
			return err
		}
	}
	return nil
}

// look sends what has changed in the office: the clock when it was touched, and
// when all is true also its time, the plan and the people.
func (s *server) look(stream *stream, lang string, all bool) error {
	now := s.office.Clock(lang)
	touched := now
	touched.Now = time.Time{}
	changed, err := stream.changed("clock", touched)
	if err != nil {
		return err
	}
	if changed || all {
		if err := stream.send("clock", now); err != nil {
			return err
		}
	}
	if !all {
		return nil
	}
	if err := stream.update("plan", s.plan(lang)); err != nil {
		return err
	}
	return stream.update("people", s.people())
}

// stream is one open connection of a browser.
type stream struct {
	w     http.ResponseWriter
	flush func() error
	sent  map[string][]byte // what the browser knows of a topic
}

// open starts the stream and says how soon to connect again after a loss.
func (s *stream) open() error {
	if _, err := fmt.Fprint(s.w, "retry: 1000\n\n"); err != nil {
		return err
	}
	return s.flush()
}

// send writes one event.
func (s *stream) send(topic string, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", topic, content); err != nil {
		return err
	}
	return s.flush()
}

// changed notes v as known and reports whether it is news.
func (s *stream) changed(topic string, v any) (bool, error) {
	content, err := json.Marshal(v)
	if err != nil || bytes.Equal(content, s.sent[topic]) {
		return false, err
	}
	s.sent[topic] = content
	return true, nil
}

// update sends v if the browser does not know it yet.
func (s *stream) update(topic string, v any) error {
	changed, err := s.changed(topic, v)
	if err != nil || !changed {
		return err
	}
	return s.send(topic, v)
}
