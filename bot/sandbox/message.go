package sandbox

import "time"

// Message is one message of a chat as people see it now (消息). Its slices are
// shared and are never changed; an edit replaces them.
type Message struct {
	ID       int
	Chat     int64
	FromBot  bool
	From     int64     // who wrote it: the id of a person or of the bot
	Date     time.Time // in the zone of Options.Now
	EditedAt time.Time // zero: never edited
	Text     string    // text or caption, without markup
	HTML     string    // the same, made from Entities: safe to show, lines end in "\n"
	Entities []Entity
	Buttons  [][]Button // rows, top to bottom
	Document *File
	Photo    bool
	Width    int    // of the photo, in pixels
	Height   int    // likewise
	FileID   string // of the document or photo, for Server.Content
	Album    string // messages of one album share it
	ReplyTo  int    // id of the message that this one answers; zero: none
	Service  bool   // the chat service says what happened to the group
	Deleted  bool
}

// Button is one button below a message: with Data it is tapped, with URL it opens
// an address.
type Button struct {
	Text string
	Data string
	URL  string
}

// File is a document as a message shows it. Size is in bytes.
type File struct {
	Name string
	Size int64
}

// add gives the message its id, its date and its place in the chat.
func (s *Server) add(c *chat, m *Message) {
	s.lastMessage++
	m.ID, m.Chat, m.Date = s.lastMessage, c.id, s.now()
	m.HTML = render(m.Text, m.Entities)
	c.messages = append(c.messages, m)
	c.byID[m.ID] = m
}

// fromBot adds a message of the bot and tells who listens.
func (s *Server) fromBot(c *chat, m *Message) *wireMessage {
	m.FromBot, m.From = true, s.bot.ID
	s.add(c, m)
	c.note(line{at: m.Date, did: sent, message: *m})
	s.tell(EventMessage, m)
	return s.wire(c, m)
}

// fromPerson adds a message of a person, tells who listens, and hands it to the
// bot if the bot may see it.
func (s *Server) fromPerson(c *chat, p *Person, m *Message) Message {
	m.From = p.id
	s.add(c, m)
	c.note(line{at: m.Date, did: typed, who: p.name, message: *m})
	s.tell(EventTyped, m)
	if c.botHears(m) {
		s.enqueue("message", s.wire(c, m))
	}
	return *m
}

// botHears tells what reaches the bot: everything in a private chat, and commands
// in a group, where the bot is in the service's privacy mode.
func (c *chat) botHears(m *Message) bool {
	return c.kind == private || len(m.Entities) > 0 && m.Entities[0].Type == "bot_command"
}
