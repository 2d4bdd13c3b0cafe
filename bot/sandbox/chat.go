package sandbox

// The kinds of chats, as the Bot API names them.
const (
	private    = "private"
	basicGroup = "group"
	superGroup = "supergroup"
)

// chat is one chat with the bot in it: a person's own, or a group.
type chat struct {
	id       int64
	kind     string
	title    string
	person   *Person   // of a private chat
	members  []*Person // of a group
	movedTo  int64     // of a group that became a supergroup
	botLeft  bool
	messages []*Message // in order of their ids
	byID     map[int]*Message
	journal  []line
}

func (c *chat) wire() wireChat {
	w := wireChat{ID: c.id, Type: c.kind, Title: c.title}
	if c.person != nil {
		w.FirstName = c.person.name
	}
	return w
}

// shown gives copies of the messages that are not deleted.
func (c *chat) shown() []Message {
	var all []Message
	for _, m := range c.messages {
		if !m.Deleted {
			all = append(all, *m)
		}
	}
	return all
}

// chatOf finds a chat that the bot knows. The sandbox has no public usernames.
func (s *Server) chatOf(id int64) (*chat, error) {
	c := s.chats[id]
	if c == nil {
		return nil, errChatNotFound
	}
	if c.movedTo != 0 {
		return nil, &refusal{
			code: 400, description: "Bad Request: group chat was upgraded to a supergroup chat", migrateTo: c.movedTo,
		}
	}
	return c, nil
}

// writable finds a chat to which the bot may write now.
func (s *Server) writable(id int64) (*chat, error) {
	c, err := s.chatOf(id)
	if err != nil {
		return nil, err
	}
	switch p := c.person; {
	case c.botLeft:
		return nil, forbidden("bot is not a member of the " + c.kind + " chat")
	case p == nil:
		return c, nil
	case p.deactivated:
		return nil, forbidden("user is deactivated")
	case p.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !p.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return c, nil
}

func (s *Server) getChat(c *call) (any, error) {
	found, err := s.chatOf(c.chatID())
	if err != nil {
		return nil, err
	}
	return wireChatFull{wireChat: found.wire(), MaxReactionCount: 11}, nil
}

func (s *Server) getChatMember(c *call) (any, error) {
	found, err := s.chatOf(c.chatID())
	if err != nil {
		return nil, err
	}
	user := int64(c.number("user_id"))
	if user == s.bot.ID {
		return found.botMember(s.bot), nil
	}
	if p := found.member(user); p != nil {
		return wireMember{Status: "member", User: p.wire()}, nil
	}
	return nil, badRequest("member not found")
}

// member finds a person of the chat.
func (c *chat) member(id int64) *Person {
	for _, p := range append([]*Person{c.person}, c.members...) {
		if p != nil && p.id == id {
			return p
		}
	}
	return nil
}

// botMember says whether the bot is still in the chat.
func (c *chat) botMember(bot wireUser) wireMember {
	switch {
	case c.person != nil && c.person.blocked:
		return wireMember{Status: "kicked", User: bot, UntilDate: new(int64)}
	case c.botLeft:
		return wireMember{Status: "left", User: bot}
	}
	return wireMember{Status: "member", User: bot}
}

func (s *Server) leaveChat(c *call) (any, error) {
	found, err := s.writable(c.chatID())
	if err != nil {
		return nil, err
	}
	if found.person != nil {
		return nil, badRequest("chat member status can't be changed in private chats")
	}
	before := found.botMember(s.bot)
	found.botLeft = true
	s.enqueueMember(found, s.bot, before)
	return true, nil
}

// enqueueMember tells the bot that its place in a chat has changed.
func (s *Server) enqueueMember(c *chat, by wireUser, before wireMember) {
	s.enqueue("my_chat_member", wireMemberUpdated{
		Chat: c.wire(), From: by, Date: s.now().Unix(),
		OldChatMember: before, NewChatMember: c.botMember(s.bot),
	})
}

func (s *Server) sendChatAction(c *call) (any, error) {
	if _, err := s.writable(c.chatID()); err != nil {
		return nil, err
	}
	switch c.values["action"] {
	case "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
		"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note":
		return true, nil
	}
	return nil, badRequest("wrong parameter action in request")
}
