package sandbox

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say how a Server is made.
type Options struct {
	// Token is the bot's token, such as "100:demo"; the number is the bot's id.
	Token string
	// BotName is the bot's username; empty means qingfeng_demo_bot.
	BotName string
	// Now gives the dates of messages and the age of updates. It is required.
	Now func() time.Time
	// Wall measures limits and the age of taps; nil means Now. Where Now runs
	// quickly, Wall is the real clock, since the service's deadlines are real.
	Wall func() time.Time
	// Limits are how much the bot may send; zero means without limit.
	Limits Limits
	// Webhook carries updates to a webhook; nil means an http.Client that gives
	// up after a minute.
	Webhook Client
}

// Client carries a request, as an http.Client does.
type Client interface {
	Do(*http.Request) (*http.Response, error)
}

// Server is the chat service with one bot. Its methods may be used by several
// goroutines. Inside a testing/synctest bubble it must be made in that bubble.
type Server struct {
	token    string
	bot      wireUser
	now      func() time.Time
	wall     func() time.Time
	carrier  Client
	stop     context.CancelFunc
	stopped  context.Context //nolint:containedctx // ends with Close, not with a call
	couriers sync.WaitGroup

	mu          sync.Mutex // guards everything below
	people      []*Person
	chats       map[int64]*chat
	groups      map[int64]*Group
	files       map[string]*file
	queries     map[string]*query
	menus       map[menuKey][]Command
	limiter     limiter
	faults      []*Fault
	calls       []Call
	listeners   map[*listener]bool
	lastMessage int
	lastQuery   int64
	lastFile    int
	lastAlbum   int

	updates queue
	poll    *poll
	webhook webhook
}

// New makes a server without people.
func New(o Options) *Server {
	name := o.BotName
	if name == "" {
		name = "qingfeng_demo_bot"
	}
	wall := o.Wall
	if wall == nil {
		wall = o.Now
	}
	carrier := o.Webhook
	if carrier == nil {
		carrier = &http.Client{Timeout: time.Minute}
	}
	stopped, stop := context.WithCancel(context.Background())
	return &Server{
		token: o.Token, bot: botUser(o.Token, name),
		now: o.Now, wall: wall, carrier: carrier, stopped: stopped, stop: stop,
		chats: map[int64]*chat{}, groups: map[int64]*Group{}, files: map[string]*file{},
		queries: map[string]*query{}, menus: map[menuKey][]Command{},
		limiter: newLimiter(o.Limits), listeners: map[*listener]bool{},
		updates: newQueue(),
	}
}

// botUser derives the bot from its token: the id stands before the colon.
func botUser(token, name string) wireUser {
	head, _, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		id = 100
	}
	return wireUser{ID: id, IsBot: true, FirstName: name, Username: name}
}

// Close ends waiting polls, the delivery to a webhook and all subscriptions, and
// waits for what the server started. Calls are still answered afterwards.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	for l := range s.listeners {
		s.drop(l)
	}
	s.mu.Unlock()
	s.couriers.Wait()
	if c, ok := s.carrier.(*http.Client); ok {
		c.CloseIdleConnections()
	}
}
