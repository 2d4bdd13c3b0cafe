package sandbox

import "reflect"

// editable finds the message of the bot that an edit names. It does not ask
// whether the person has blocked the bot meanwhile: edits are no new messages.
func (s *Server) editable(c *call) (*chat, *Message, error) {
	if c.values["inline_message_id"] != "" {
		return nil, nil, badRequest("MESSAGE_ID_INVALID") // no inline mode here
	}
	for _, name := range []string{"chat_id", "message_id"} {
		if c.values[name] == "" {
			return nil, nil, missing(name)
		}
	}
	in, err := s.chatOf(c.chatID())
	if err != nil {
		return nil, nil, err
	}
	m := in.byID[c.number("message_id")]
	switch {
	case m == nil || m.Deleted:
		return nil, nil, badRequest("message to edit not found")
	case !m.FromBot:
		return nil, nil, badRequest("message can't be edited")
	}
	return in, m, nil
}

func (s *Server) editMessageText(c *call) (any, error) {
	in, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	shown, err := c.text("text", "entities")
	switch {
	case err != nil:
		return nil, err
	case shown.text == "":
		return nil, missing("text")
	case units(shown.text) > maxText:
		return nil, badRequest("MESSAGE_TOO_LONG")
	case m.FileID != "":
		return nil, badRequest("there is no text in the message to edit")
	}
	return s.edit(c, in, m, shown)
}

func (s *Server) editMessageCaption(c *call) (any, error) {
	in, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	shown, err := c.caption()
	switch {
	case err != nil:
		return nil, err
	case m.FileID == "":
		return nil, badRequest("there is no caption in the message to edit")
	}
	return s.edit(c, in, m, shown)
}

func (s *Server) editMessageReplyMarkup(c *call) (any, error) {
	in, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	return s.edit(c, in, m, formatted{m.Text, m.Entities})
}

var errNotModified = badRequest("message is not modified: specified new message content and reply markup " +
	"are exactly the same as a current content and reply markup of the message")

// edit replaces text and buttons; buttons that are not given are removed.
func (s *Server) edit(c *call, in *chat, m *Message, shown formatted) (any, error) {
	buttons, err := c.buttons()
	if err != nil {
		return nil, err
	}
	if same(m, shown, buttons) {
		return nil, errNotModified
	}
	return s.change(in, m, shown, buttons), nil
}

// change lets a message show other text and buttons.
func (s *Server) change(in *chat, m *Message, shown formatted, buttons [][]Button) any {
	m.Text, m.Entities, m.Buttons = shown.text, shown.entities, buttons
	m.HTML = render(m.Text, m.Entities)
	m.EditedAt = s.now()
	in.note(line{at: m.EditedAt, did: edited, message: *m})
	s.tell(EventEdited, m)
	return s.wire(in, m)
}

func same(m *Message, shown formatted, buttons [][]Button) bool {
	return m.Text == shown.text &&
		len(m.Entities) == len(shown.entities) && (len(m.Entities) == 0 || reflect.DeepEqual(m.Entities, shown.entities)) &&
		len(m.Buttons) == len(buttons) && (len(buttons) == 0 || reflect.DeepEqual(m.Buttons, buttons))
}
