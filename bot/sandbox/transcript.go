package sandbox

import (
	"fmt"
	"strings"
	"time"
)

// line is one thing that happened in a chat, for transcripts.
type line struct {
	at      time.Time
	did     deed
	who     string
	message Message // as it was then
	label   string  // of the button that was tapped
	data    string
	toast   Toast
}

type deed int

const (
	sent deed = iota
	typed
	edited
	deleted
	tapped
	answered
	isBlocked
	unblocked
)

func (c *chat) note(l line) { c.journal = append(c.journal, l) }

// Transcript tells what happened in the private chat with a person, in order, as
// text for golden files: messages are numbered from 1 within the chat, times are
// minutes in the zone of Options.Now, buttons stand in [brackets].
func (s *Server) Transcript(p *Person) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p.chat.transcript()
}

// Transcript tells what happened in the group, as Server.Transcript does.
func (g *Group) Transcript() string {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.chat.transcript()
}

func (c *chat) transcript() string {
	numbers := make(map[int]int, len(c.messages))
	for i, m := range c.messages {
		numbers[m.ID] = i + 1
	}
	var out strings.Builder
	for _, l := range c.journal {
		out.WriteString(l.at.Format("2006-01-02 15:04 "))
		if l.message.ID != 0 {
			fmt.Fprintf(&out, "#%d ", numbers[l.message.ID])
		}
		l.write(&out)
	}
	return out.String()
}

func (l line) write(out *strings.Builder) {
	switch l.did {
	case sent:
		out.WriteString("bot:\n" + body(l.message))
	case typed:
		out.WriteString(l.who + ":\n" + body(l.message))
	case edited:
		out.WriteString("bot edits:\n" + body(l.message))
	case deleted:
		out.WriteString("bot deletes\n")
	case tapped:
		label := "[" + l.label + "]"
		if l.label == "" {
			label = fmt.Sprintf("data %q", l.data)
		}
		out.WriteString(l.who + " taps " + label + "\n")
	case answered:
		out.WriteString(answerLine(l.toast) + "\n")
	case isBlocked:
		out.WriteString(l.who + " blocks the bot\n")
	case unblocked:
		out.WriteString(l.who + " unblocks the bot\n")
	}
}

func answerLine(t Toast) string {
	switch {
	case t.Alert:
		return "bot alerts: " + t.Text
	case t.Text == "":
		return "bot answers"
	}
	return "bot answers: " + t.Text
}

// body writes a message indented, with its file before and its buttons after the
// text.
func body(m Message) string {
	var lines []string
	switch {
	case m.Photo:
		lines = append(lines, "(photo)")
	case m.Document != nil:
		lines = append(lines, "(document "+m.Document.Name+")")
	}
	if m.Text != "" {
		lines = append(lines, strings.Split(m.Text, "\n")...)
	}
	for _, row := range m.Buttons {
		lines = append(lines, rowLine(row))
	}
	return "    " + strings.Join(lines, "\n    ") + "\n"
}

func rowLine(row []Button) string {
	var labels []string
	for _, b := range row {
		if b.URL != "" {
			labels = append(labels, "["+b.Text+" > "+b.URL+"]")
		} else {
			labels = append(labels, "["+b.Text+"]")
		}
	}
	return strings.Join(labels, " ")
}
