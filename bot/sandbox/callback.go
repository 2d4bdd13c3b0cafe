package sandbox

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// tapLife is how long the bot may answer a tap, by Options.Wall.
const tapLife = 15 * time.Second

// query is a tap that waits for its answer.
type query struct {
	id      string
	person  *Person
	chat    *chat
	message int
	at      time.Time
}

// tap lets a person tap a button below a message. Like the service it does not
// ask whether the message has a button with such data: a changed app may send
// anything.
func (s *Server) tap(c *chat, p *Person, messageID int, data string) (string, error) {
	m := c.byID[messageID]
	switch {
	case m == nil || m.Deleted || !m.FromBot:
		return "", errors.New("sandbox: no such message of the bot")
	case !p.canWrite():
		return "", errors.New("sandbox: this person has blocked the bot or is gone")
	}
	s.forgetQueries()
	s.lastQuery++
	q := &query{id: strconv.FormatInt(4_000_000_000_000_000_000+s.lastQuery, 10), person: p, chat: c, message: m.ID, at: s.wall()}
	s.queries[q.id] = q
	c.note(line{at: s.now(), did: tapped, who: p.name, message: *m, label: labelOf(m, data), data: data})
	s.tell(EventTapped, m)
	s.enqueue("callback_query", wireCallback{
		ID: q.id, From: p.wire(), Message: s.wire(c, m), Data: data,
		ChatInstance: strconv.FormatInt(c.id, 10),
	})
	return q.id, nil
}

// forgetQueries drops taps that nobody can answer any more once there are many.
func (s *Server) forgetQueries() {
	if len(s.queries) < 10_000 {
		return
	}
	for id, q := range s.queries {
		if s.wall().Sub(q.at) > tapLife {
			delete(s.queries, id)
		}
	}
}

// answerCallbackQuery ends a tap, once.
func (s *Server) answerCallbackQuery(c *call) (any, error) {
	q := s.queries[c.values["callback_query_id"]]
	switch {
	case q == nil || s.wall().Sub(q.at) > tapLife:
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	case units(c.values["text"]) > maxToast:
		return nil, badRequest("MESSAGE_TOO_LONG")
	case !opens(c.values["url"]):
		return nil, badRequest("URL_INVALID")
	}
	delete(s.queries, q.id)
	t := Toast{
		CallbackID: q.id, MessageID: q.message, Text: c.values["text"], Alert: c.flag("show_alert"),
		URL: c.values["url"], At: s.now(),
	}
	q.person.toasts = append(q.person.toasts, t)
	m := q.chat.byID[q.message]
	q.chat.note(line{at: t.At, did: answered, who: q.person.name, message: *m, toast: t})
	s.publish(Event{Kind: EventAnswered, Chat: q.chat.id, Toast: &t})
	return true, nil
}

// opens tells which addresses an answer may open: those of the chat service.
func opens(address string) bool {
	return address == "" || strings.HasPrefix(address, "https://t.me/") || strings.HasPrefix(address, "tg://")
}
