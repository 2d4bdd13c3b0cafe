package page

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// rows is how many rows of the plan the strip shows.
const rows = 8

// message is one message as the browser gets it. Its text is plain; formatting
// is rebuilt from the entities, so that no markup travels at all.
type message struct {
	ID       int              `json:"id"`
	Chat     int64            `json:"chat"`
	FromBot  bool             `json:"fromBot"`
	Date     time.Time        `json:"date"`
	EditedAt *time.Time       `json:"editedAt,omitempty"`
	Text     string           `json:"text"`
	Entities []sandbox.Entity `json:"entities,omitempty"`
	Buttons  [][]button       `json:"buttons,omitempty"`
	Document *document        `json:"document,omitempty"`
	Photo    *photo           `json:"photo,omitempty"`
	Album    string           `json:"album,omitempty"` // messages of one album share it
	Deleted  bool             `json:"deleted,omitempty"`
}

// button is one button below a message.
type button struct {
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// document is the name and the size in bytes of an attached file.
type document struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// photo is how large a picture is, in pixels, so that there is room for it before it is
// loaded.
type photo struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// view turns a message of the sandbox into one for the browser.
func view(m sandbox.Message) message {
	v := message{
		ID: m.ID, Chat: m.Chat, FromBot: m.FromBot, Date: m.Date, Text: m.Text,
		Entities: m.Entities, Album: m.Album, Deleted: m.Deleted,
	}
	if m.Photo {
		v.Photo = &photo{Width: m.Width, Height: m.Height}
	}
	if !m.EditedAt.IsZero() {
		v.EditedAt = &m.EditedAt
	}
	if m.Document != nil {
		v.Document = &document{Name: m.Document.Name, Size: m.Document.Size}
	}
	for _, row := range m.Buttons {
		var buttons []button
		for _, b := range row {
			buttons = append(buttons, button{Text: b.Text, Data: b.Data, URL: b.URL})
		}
		v.Buttons = append(v.Buttons, buttons)
	}
	return v
}

// state answers with everything that does not belong to one phone.
func (s *server) state(w http.ResponseWriter, r *http.Request) {
	lang := languageOf(r)
	s.reply(w, map[string]any{
		"people": s.people(),
		"clock":  s.office.Clock(lang),
		"plan":   s.plan(lang),
	})
}

// people and plan are never nil, so that the browser always gets a list.
func (s *server) people() []Card { return append([]Card{}, s.office.People()...) }

func (s *server) plan(lang string) []PlanRow {
	return append([]PlanRow{}, s.office.Upcoming(lang, rows)...)
}

// conversation answers with everything on the phone that the parameter chat names.
func (s *server) conversation(w http.ResponseWriter, r *http.Request) {
	person := s.person(r.URL.Query().Get("chat"))
	if person == nil {
		refuse(w, http.StatusNotFound, "no such phone")
		return
	}
	messages := []message{}
	for _, m := range person.Messages() {
		messages = append(messages, view(m))
	}
	s.reply(w, map[string]any{"messages": messages, "commands": commands(person)})
}

// commands gives the menu of a person, never nil.
func commands(person *sandbox.Person) []sandbox.Command {
	return append([]sandbox.Command{}, person.Commands()...)
}

// person finds the owner of a phone by the number of the chat, in decimal; nil
// if there is none.
func (s *server) person(chat string) *sandbox.Person {
	id, err := strconv.ParseInt(chat, 10, 64)
	if err != nil {
		return nil
	}
	return s.phone(id)
}

func (s *server) phone(id int64) *sandbox.Person {
	for _, p := range s.chat.People() {
		if p.ID() == id {
			return p
		}
	}
	return nil
}

// reply sends v as JSON.
func (s *server) reply(w http.ResponseWriter, v any) {
	content, err := json.Marshal(v)
	if err != nil {
		s.log.Error("page: encode an answer", "error", err)
		refuse(w, http.StatusInternalServerError, "encoding")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	s.write(w, content)
}

// refuse sends an error for whoever reads the console; the page shows a text of
// its own.
func refuse(w http.ResponseWriter, status int, what string) {
	http.Error(w, what, status)
}
