package sandbox

import "fmt"

// anonymousAdmin is the user in whose name the service shows what an administrator of a
// group writes anonymously.
const anonymousAdmin = 1087968824

// Remove takes the bot out of the group; the bot is told.
func (g *Group) Remove(by *Person) {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	before := g.chat.botMember(g.s.bot)
	g.chat.botLeft = true
	g.s.enqueueMember(g.chat, by.wire(), before)
}

// Delete deletes the group; the bot is not told, and finds it gone.
func (g *Group) Delete() {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	delete(g.s.chats, g.chat.id)
}

// Anonymous lets an administrator write without a name.
func (g *Group) Anonymous(text string) Message {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	nobody := &Person{s: g.s, id: anonymousAdmin, name: "Group"}
	return nobody.say(g.chat, &Message{Text: text, Entities: commandEntities(text)})
}

// TapLabel lets a member tap the newest button of the group that has exactly this text.
func (g *Group) TapLabel(p *Person, label string) error {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	if g.chat.member(p.id) == nil {
		return fmt.Errorf("sandbox: %s is not in the group", p.name)
	}
	for i := len(g.chat.messages) - 1; i >= 0; i-- {
		m := g.chat.messages[i]
		for _, row := range m.Buttons {
			for _, b := range row {
				if !m.Deleted && b.Text == label && b.URL == "" {
					_, err := g.s.tap(g.chat, p, m.ID, b.Data)
					return err
				}
			}
		}
	}
	return fmt.Errorf("sandbox: no button %q in the group", label)
}
