package sandbox

import (
	"fmt"
	"slices"
	"strconv"
)

// Person is somebody who talks with the bot in a private chat and in groups. A
// person who has blocked the bot, or has gone, can send nothing: the methods that
// send then give the zero Message.
type Person struct {
	s        *Server
	id       int64
	name     string
	language string

	// The rest is guarded by s.mu.
	chat        *chat
	toasts      []Toast
	started     bool // has written: the bot may write
	blocked     bool
	deactivated bool
}

// Person gives the person with this id, who is made at the first call; name and
// language (a tag such as zh-hans) are those of the first call.
func (s *Server) Person(id int64, firstName, languageCode string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.chats[id]; c != nil && c.person != nil {
		return c.person
	}
	p := &Person{s: s, id: id, name: firstName, language: languageCode}
	p.chat = &chat{id: id, kind: private, person: p, byID: map[int]*Message{}}
	s.chats[id] = p.chat
	s.people = append(s.people, p)
	return p
}

// People gives everybody, in the order in which they were made.
func (s *Server) People() []*Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.people)
}

// ID is the id of the person and of the private chat with the bot.
func (p *Person) ID() int64 { return p.id }

// Name is the first name.
func (p *Person) Name() string { return p.name }

// Language is the tag of the language of the person's app.
func (p *Person) Language() string { return p.language }

func (p *Person) wire() wireUser {
	return wireUser{ID: p.id, FirstName: p.name, LanguageCode: p.language}
}

func (p *Person) canWrite() bool { return !p.blocked && !p.deactivated }

// Type sends a text to the bot.
func (p *Person) Type(text string) Message {
	return p.send(&Message{Text: text, Entities: commandEntities(text)})
}

// Start opens the chat, or opens it again after Block, with "/start payload".
func (p *Person) Start(payload string) Message {
	p.Unblock()
	if payload == "" {
		return p.Type("/start")
	}
	return p.Type("/start " + payload)
}

// SendDocument sends a file of any size; the caption may be empty.
func (p *Person) SendDocument(name string, content []byte, caption string) Message {
	return p.sendFile(caption, func() *file { return p.s.keep(name, content) })
}

// SendPhoto sends a picture (PNG, JPEG or GIF); what is none goes as a document,
// as in the app.
func (p *Person) SendPhoto(content []byte, caption string) Message {
	return p.sendFile(caption, func() *file { return p.s.keepSent("", content) })
}

// Upload is one file of an album (相册中的一项).
type Upload struct {
	Name    string // of a document; empty for a picture
	Content []byte
}

// SendAlbum sends 2 to 10 pictures, or 2 to 10 documents, together. The bot receives
// one message for each, of which the first has the caption. What the app does not send
// together, such as a picture with a document, sends nothing.
func (p *Person) SendAlbum(caption string, uploads ...Upload) []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if len(uploads) < 2 || len(uploads) > 10 || !p.canWrite() {
		return nil
	}
	kept := make([]*file, len(uploads))
	for i, u := range uploads {
		if (u.Name == "") != (uploads[0].Name == "") {
			return nil
		}
		kept[i] = p.s.keepSent(u.Name, u.Content)
	}
	p.s.lastAlbum++
	messages := make([]Message, len(uploads))
	for i, f := range kept {
		m := &Message{Album: strconv.Itoa(p.s.lastAlbum)}
		if i == 0 {
			m.Text, m.Entities = caption, commandEntities(caption)
		}
		m.show(f)
		messages[i] = p.say(p.chat, m)
	}
	return messages
}

// keepSent stores what somebody sends: a document by its name, otherwise a picture,
// or a document where it is none.
func (s *Server) keepSent(name string, content []byte) *file {
	if name != "" {
		return s.keep(name, content)
	}
	if f, err := s.keepPhoto(content); err == nil {
		return f
	}
	return s.keep("photo", content)
}

func (p *Person) sendFile(caption string, keep func() *file) Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := &Message{Text: caption, Entities: commandEntities(caption)}
	m.show(keep())
	return p.say(p.chat, m)
}

func (p *Person) send(m *Message) Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.say(p.chat, m)
}

// say puts a message into a chat; s.mu is held.
func (p *Person) say(in *chat, m *Message) Message {
	if in.kind == private {
		if !p.canWrite() {
			return Message{}
		}
		p.started = true
	}
	return p.s.fromPerson(in, p, m)
}

// Tap taps a button below a message of the private chat. The data need not be that
// of a button: forged data reaches the bot too.
func (p *Person) Tap(messageID int, data string) (callbackID string, err error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.tap(p.chat, p, messageID, data)
}

// TapLabel taps the newest button of the private chat that has exactly this text.
func (p *Person) TapLabel(label string) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for _, m := range slices.Backward(p.chat.messages) {
		if m.Deleted {
			continue
		}
		for _, b := range slices.Concat(m.Buttons...) {
			if b.Text == label && b.URL == "" {
				_, err := p.s.tap(p.chat, p, m.ID, b.Data)
				return err
			}
		}
	}
	return fmt.Errorf("sandbox: no button %q", label)
}

// Block stops the bot from writing; the bot is told.
func (p *Person) Block() { p.setBlocked(true) }

// Unblock lets the bot write again; the bot is told.
func (p *Person) Unblock() { p.setBlocked(false) }

func (p *Person) setBlocked(blocked bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if p.blocked == blocked || p.deactivated {
		return
	}
	before := p.chat.botMember(p.s.bot)
	p.blocked = blocked
	did := unblocked
	if blocked {
		did = isBlocked
	}
	p.chat.note(line{at: p.s.now(), did: did, who: p.name})
	p.s.enqueueMember(p.chat, p.wire(), before)
	p.s.publish(Event{Kind: EventBlocked, Chat: p.id})
}

// Deactivate deletes the account, for good; the bot is not told.
func (p *Person) Deactivate() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.deactivated = true
}

// Blocked reports whether the person has blocked the bot.
func (p *Person) Blocked() bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.blocked
}

// Messages gives the private chat as the person sees it now, oldest first: edited
// messages with their new text, deleted ones left out.
func (p *Person) Messages() []Message {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.chat.shown()
}

// Toasts gives the answers to the person's taps, oldest first.
func (p *Person) Toasts() []Toast {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return slices.Clone(p.toasts)
}

// Commands gives the menu that the person's app shows in the private chat.
func (p *Person) Commands() []Command {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.s.menuOf(p)
}
