package sandbox

// draft begins a message of the bot: it finds the chat, spends the limits, and
// reads the buttons and the message that is answered.
func (s *Server) draft(c *call, count int) (*chat, *Message, error) {
	to, err := s.writable(c.chatID())
	if err != nil {
		return nil, nil, err
	}
	m := &Message{}
	if m.Buttons, err = c.buttons(); err != nil {
		return nil, nil, err
	}
	if m.ReplyTo, err = replyTo(c, to); err != nil {
		return nil, nil, err
	}
	if seconds := s.limiter.take(s.wall(), to, count, c.flag("allow_paid_broadcast")); seconds > 0 {
		return nil, nil, tooMany(seconds)
	}
	return to, m, nil
}

// replyTo reads which message is answered.
func replyTo(c *call, to *chat) (int, error) {
	var reply struct {
		MessageID int  `json:"message_id"`
		Anyway    bool `json:"allow_sending_without_reply"`
	}
	given, err := c.decode("reply_parameters", &reply)
	if err != nil || !given {
		return 0, err
	}
	if m := to.byID[reply.MessageID]; m != nil && !m.Deleted {
		return m.ID, nil
	}
	if reply.Anyway {
		return 0, nil
	}
	return 0, badRequest("message to be replied not found")
}

func (s *Server) sendMessage(c *call) (any, error) {
	shown, err := c.text("text", "entities")
	if err != nil {
		return nil, err
	}
	switch {
	case shown.text == "":
		return nil, missing("text")
	case units(shown.text) > maxText:
		return nil, badRequest("message is too long")
	}
	to, m, err := s.draft(c, 1)
	if err != nil {
		return nil, err
	}
	m.Text, m.Entities = shown.text, shown.entities
	return s.fromBot(to, m), nil
}

// caption reads the caption of a file.
func (c *call) caption() (formatted, error) {
	shown, err := c.text("caption", "caption_entities")
	if err != nil {
		return formatted{}, err
	}
	if units(shown.text) > maxCaption {
		return formatted{}, badRequest("message caption is too long")
	}
	return shown, nil
}
