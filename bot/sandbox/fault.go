package sandbox

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is a failure that the next matching calls meet (故障). A fault that has
// neither Status nor Drop only delays.
type Fault struct {
	Method      string        // empty: any
	Chat        int64         // zero: any
	Times       int           // how many calls; zero: one
	Delay       time.Duration // real time before anything else happens
	Drop        Drop          // cut the connection
	Status      int           // answer this instead of handling the call
	Description string        // with Status; empty: the usual text of the status
	RetryAfter  int           // seconds, with Status 429
	MigrateTo   int64         // new id of the group, with Status 400
	Body        string        // with Status: sent as it stands, such as the HTML page of a proxy
}

// Drop says when the connection is cut.
type Drop string

// The moments of a cut.
const (
	DropRefused Drop = "refused" // no connection is made: nothing was sent (over HTTP like DropBefore)
	DropBefore  Drop = "before"  // the request was written, the call is not handled
	DropAfter   Drop = "after"   // the call is handled, its answer is lost
)

// Fail lets the next f.Times calls that match f meet it. Faults are met in the
// order in which they were given; one call meets one fault. end ends it early: no
// further call meets it, while those that have met it go on as it says. It may be
// called again, and after the last turn, and changes nothing then.
func (s *Server) Fail(f Fault) (end func()) {
	f.Times = max(1, f.Times)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(one *Fault) bool { return one == &f })
	}
}

// takeFault uses up one turn of the first fault that matches the call.
func (s *Server) takeFault(c *call) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, f := range s.faults {
		if !f.matches(c) {
			continue
		}
		if f.Times--; f.Times == 0 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		}
		return *f
	}
	return Fault{}
}

func (f *Fault) matches(c *call) bool {
	return (f.Method == "" || strings.EqualFold(f.Method, c.method)) &&
		(f.Chat == 0 || f.Chat == c.chatID())
}

// answer is what the call is told instead of being handled.
func (f *Fault) answer() answer {
	if f.Body != "" {
		return answer{status: f.Status, kind: "text/html", body: []byte(f.Body), description: f.Description}
	}
	r := &refusal{code: f.Status, description: f.Description, retryAfter: f.RetryAfter, migrateTo: f.MigrateTo}
	if r.description == "" {
		r.description = http.StatusText(f.Status)
	}
	a, _ := refuse(r) // a refusal always has an answer
	return a
}

// wait lets real time pass, or less if ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
