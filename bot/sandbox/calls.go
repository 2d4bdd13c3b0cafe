package sandbox

import (
	"maps"
	"slices"
	"time"
)

// callsKept is how many calls are remembered at least.
const callsKept = 10_000

// Call is one call that the bot made, in the order in which calls ended.
type Call struct {
	Method      string
	Chat        int64             // of the parameter chat_id; zero: none
	Params      map[string]string // as they came; a file as its name
	Ignored     []string          // parameters that the method does not have
	At          time.Time         // by Options.Now
	Status      int               // zero: no answer was given
	Description string
}

// Calls gives the newest calls, at least the last 10,000, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

func (s *Server) keepCall(c *call, a answer) {
	params := maps.Clone(c.values)
	for field, f := range c.files {
		params[field] = f.name
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) >= 2*callsKept {
		s.calls = slices.Clone(s.calls[callsKept:])
	}
	s.calls = append(s.calls, Call{
		Method: c.method, Chat: c.chatID(), Params: params, Ignored: c.ignored(),
		At: s.now(), Status: a.status, Description: a.description,
	})
}
