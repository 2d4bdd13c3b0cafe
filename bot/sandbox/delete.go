package sandbox

import "time"

// deletable is how young a message is that the bot may delete, whoever wrote it.
const deletable = 48 * time.Hour

// mostDeleted is how many messages one call deletes.
const mostDeleted = 100

// deleteMessage removes a message for everyone.
func (s *Server) deleteMessage(c *call) (any, error) {
	in, err := s.chatOf(c.chatID())
	if err != nil {
		return nil, err
	}
	m := in.byID[c.number("message_id")]
	if m == nil || m.Deleted {
		return nil, badRequest("message to delete not found")
	}
	return s.deleteAll(in, []*Message{m})
}

// deleteMessages removes several messages for everyone. Those that are not there are
// passed over.
func (s *Server) deleteMessages(c *call) (any, error) {
	in, err := s.chatOf(c.chatID())
	if err != nil {
		return nil, err
	}
	var ids []int
	if _, err := c.decode("message_ids", &ids); err != nil {
		return nil, err
	}
	switch {
	case len(ids) == 0:
		return nil, badRequest("message identifiers are not specified")
	case len(ids) > mostDeleted:
		return nil, badRequest("too many message identifiers specified")
	}
	var there []*Message
	for _, id := range ids {
		if m := in.byID[id]; m != nil && !m.Deleted {
			there = append(there, m)
		}
	}
	return s.deleteAll(in, there)
}

// deleteAll removes all of some messages, or none if one may not be.
func (s *Server) deleteAll(in *chat, messages []*Message) (any, error) {
	for _, m := range messages {
		if err := s.mayDelete(in, m); err != nil {
			return nil, err
		}
	}
	for _, m := range messages {
		if m.Deleted {
			continue // named twice
		}
		m.Deleted = true
		in.note(line{at: s.now(), did: deleted, message: *m})
		s.tell(EventDeleted, m)
	}
	return true, nil
}

// mayDelete keeps the rules for deletions: for 48 hours; in a private chat also what the
// person wrote; in a group, where the bot is no administrator, only its own, and nothing
// that tells how a supergroup came about. A supergroup does not name the age as reason.
func (s *Server) mayDelete(in *chat, m *Message) error {
	old := s.now().Sub(m.Date) >= deletable
	switch {
	case in.kind == superGroup && (old || m.Service):
		return badRequest("message can't be deleted")
	case !m.FromBot && in.kind != private:
		return badRequest("message can't be deleted")
	case old:
		return badRequest("message can't be deleted for everyone")
	}
	return nil
}
