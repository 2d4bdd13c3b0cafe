package sandbox

// copyMessage sends what a message holds once more, without saying whose it was.
func (s *Server) copyMessage(c *call) (any, error) {
	from, err := s.sourceOf(c)
	if err != nil {
		return nil, err
	}
	caption, err := c.caption()
	if err != nil {
		return nil, err
	}
	to, m, err := s.draft(c, 1)
	if err != nil {
		return nil, err
	}
	m.Text, m.Entities = from.Text, from.Entities
	m.Document, m.Photo, m.FileID, m.Width, m.Height = from.Document, from.Photo, from.FileID, from.Width, from.Height
	if _, given := c.values["caption"]; given && from.FileID != "" {
		m.Text, m.Entities = caption.text, caption.entities
	}
	return wireMessageID{MessageID: s.fromBot(to, m).MessageID}, nil
}

// sourceOf finds the message that is to be copied.
func (s *Server) sourceOf(c *call) (*Message, error) {
	from, err := s.chatOf(c.idOf("from_chat_id"))
	if err != nil {
		return nil, err
	}
	m := from.byID[c.number("message_id")]
	if m == nil || m.Deleted {
		return nil, badRequest("message to copy not found")
	}
	return m, nil
}
