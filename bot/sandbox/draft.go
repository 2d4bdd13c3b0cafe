package sandbox

import (
	"errors"
	"net/http"
	"time"
)

// Options say how a Server is made.
type Options struct {
	Token   string           // required, such as "100:demo"
	BotName string           // username; empty: qingfeng_demo_bot
	Now     func() time.Time // required: dates of messages
	Wall    func() time.Time // limits and age of taps; nil: Now. A fast clock needs the real one here.
	Limits  Limits           // zero: none
	Webhook interface {
		Do(*http.Request) (*http.Response, error)
	} // who delivers updates to a webhook; nil: an http.Client
}

type Server struct{}

func New(o Options) *Server                                        { return &Server{} }
func (s *Server) Close()                                           {}
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {}
func (s *Server) Do(req *http.Request) (*http.Response, error) { return nil, errors.ErrUnsupported }

func (s *Server) Person(id int64, firstName, languageCode string) *Person {
	return &Person{}
}
func (s *Server) People() []*Person                                       { return nil }
func (s *Server) Group(id int64, title string, members ...*Person) *Group { return &Group{} }
func (s *Server) Subscribe() (<-chan Event, func())                       { return nil, func() {} }
func (s *Server) Calls() []Call                                           { return nil }
func (s *Server) Fail(f Fault)                                            {}
func (s *Server) Transcript(p *Person) string                             { return "" }
func (s *Server) Content(fileID string) ([]byte, bool)                    { return nil, false }

// Person is somebody who talks with the bot.
type Person struct{}

func (p *Person) ID() int64                                                     { return 0 }
func (p *Person) Name() string                                                  { return "" }
func (p *Person) Language() string                                              { return "" }
func (p *Person) Type(text string) Message                                      { return Message{} }
func (p *Person) Start(payload string) Message                                  { return Message{} }
func (p *Person) Tap(messageID int, data string) (callbackID string, err error) { return "", nil }
func (p *Person) TapLabel(label string) error                                   { return nil }
func (p *Person) SendDocument(name string, content []byte, caption string) Message {
	return Message{}
}
func (p *Person) SendPhoto(content []byte, caption string) Message { return Message{} }
func (p *Person) Block()                                           {}
func (p *Person) Unblock()                                         {}
func (p *Person) Deactivate()                                      {}
func (p *Person) Messages() []Message                              { return nil }
func (p *Person) Toasts() []Toast                                  { return nil }
func (p *Person) Commands() []Command                              { return nil }

// Command is one entry of the menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// Group is a group chat.
type Group struct{}

func (g *Group) ID() int64                                                 { return 0 }
func (g *Group) Type(p *Person, text string) Message                       { return Message{} }
func (g *Group) Tap(p *Person, messageID int, data string) (string, error) { return "", nil }
func (g *Group) Messages() []Message                                       { return nil }
func (g *Group) Migrate(to int64)                                          {}

// Call is one request to the server.
type Call struct {
	Method      string
	Chat        int64
	Params      map[string]string
	Ignored     []string
	At          time.Time
	Status      int
	Description string
}
