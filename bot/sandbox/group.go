package sandbox

import "errors"

// smallestBasic is where the ids of basic groups end: those of supergroups begin
// with -100.
const smallestBasic = -1_000_000_000_000

// Group is a group chat with the bot in it (群). The bot is no administrator and
// sees commands and taps only.
type Group struct {
	s    *Server
	chat *chat // guarded by s.mu
}

// Group gives the group with this id, which is negative; it is made at the first
// call, with the bot as a new member. Ids below -1000000000000 are supergroups.
func (s *Server) Group(id int64, title string, members ...*Person) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.groups[id]; g != nil {
		return g
	}
	g := &Group{s: s, chat: s.newGroup(id, title, members)}
	s.groups[id] = g
	by := s.bot
	if len(members) > 0 {
		by = members[0].wire()
	}
	s.enqueueMember(g.chat, by, wireMember{Status: "left", User: s.bot})
	return g
}

func (s *Server) newGroup(id int64, title string, members []*Person) *chat {
	c := &chat{id: id, kind: basicGroup, title: title, members: members, byID: map[int]*Message{}}
	if id < smallestBasic {
		c.kind = superGroup
	}
	s.chats[id] = c
	return c
}

// ID is the id of the chat, which Migrate changes.
func (g *Group) ID() int64 {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.id
}

// Type lets a member send a text to the group.
func (g *Group) Type(p *Person, text string) Message {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.chat.member(p.id) == nil {
		return Message{}
	}
	return p.say(g.chat, &Message{Text: text, Entities: commandEntities(text)})
}

// Tap lets a member tap a button below a message of the group.
func (g *Group) Tap(p *Person, messageID int, data string) (callbackID string, err error) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.chat.member(p.id) == nil {
		return "", errors.New("sandbox: not a member of the group")
	}
	return g.s.tap(g.chat, p, messageID, data)
}

// Messages gives the messages of the group, oldest first, without deleted ones.
func (g *Group) Messages() []Message {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.shown()
}

// Migrate makes the group a supergroup with a new, empty chat under the new id.
// Both chats say so to the bot; calls to the old one are refused with the new id.
func (g *Group) Migrate(to int64) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	before := g.chat
	g.chat = g.s.newGroup(to, before.title, before.members)
	g.s.groups[to] = g
	g.s.announce(before, func(w *wireMessage) { w.MigrateToChatID = to })
	g.s.announce(g.chat, func(w *wireMessage) { w.MigrateFromChatID = before.id })
	before.movedTo = to
}

// announce puts a message of the service itself into a group.
func (s *Server) announce(c *chat, say func(*wireMessage)) {
	m := &Message{Service: true}
	if len(c.members) > 0 {
		m.From = c.members[0].id
	}
	s.add(c, m)
	w := s.wire(c, m)
	say(w)
	s.enqueue("message", w)
}
