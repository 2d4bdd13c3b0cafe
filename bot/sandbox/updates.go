package sandbox

import (
	"encoding/json"
	"slices"
	"time"
)

const (
	updateLife  = 24 * time.Hour // by Options.Now
	maxUpdates  = 100            // in one answer
	maxPoll     = 50             // seconds
	firstUpdate = 700_000_001
	// farOffset is how far an offset may lie beyond the next update. The service
	// ignores one that lies further: ids may restart lower after a quiet week.
	farOffset = 10
)

// queue holds the updates that the bot has not confirmed.
type queue struct {
	waiting []update
	next    int64         // id
	allowed []string      // kinds; empty: all
	arrived chan struct{} // closed at the next arrival
}

type update struct {
	id  int64
	at  time.Time
	raw json.RawMessage
}

func newQueue() queue { return queue{next: firstUpdate, arrived: make(chan struct{})} }

// enqueue makes an update of a kind that the bot wants.
func (s *Server) enqueue(kind string, payload any) {
	if len(s.updates.allowed) == 0 || slices.Contains(s.updates.allowed, kind) {
		s.push(kind, mustJSON(payload))
	}
}

func (s *Server) push(kind string, payload json.RawMessage) int64 {
	q := &s.updates
	u := update{id: q.next, at: s.now(), raw: wireUpdate(q.next, kind, payload)}
	q.next++
	q.expire(u.at)
	q.waiting = append(q.waiting, u)
	close(q.arrived)
	q.arrived = make(chan struct{})
	return u.id
}

// Push lets the bot receive an update with any JSON as payload, whether or not it
// asked for its kind, and gives its id: for updates that the sandbox does not
// make, such as those of a future service. It panics if payload is no JSON.
func (s *Server) Push(kind string, payload json.RawMessage) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(kind, payload)
}

// Renumber lets the ids of updates go on from next, as the service does after a
// week without updates.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.next = next
}

// Pending is how many updates the bot has not confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.expire(s.now())
	return len(s.updates.waiting)
}

// expire drops updates that are older than 24 hours; they wait in order of arrival.
func (q *queue) expire(now time.Time) {
	for len(q.waiting) > 0 && now.Sub(q.waiting[0].at) > updateLife {
		q.waiting = q.waiting[1:]
	}
}

// confirm forgets what an offset says has been received: all before it, or, if it
// is negative, all but the last ones.
func (q *queue) confirm(offset int64) {
	switch {
	case offset > q.next+farOffset:
	case offset > 0:
		q.waiting = slices.DeleteFunc(q.waiting, func(u update) bool { return u.id < offset })
	case offset < 0 && -offset < int64(len(q.waiting)):
		q.waiting = slices.Clone(q.waiting[int64(len(q.waiting))+offset:])
	}
}

func (q *queue) first(limit int) []json.RawMessage {
	batch := []json.RawMessage{}
	for _, u := range q.waiting[:min(limit, len(q.waiting))] {
		batch = append(batch, u.raw)
	}
	return batch
}

// poll is the call of getUpdates that waits now.
type poll struct {
	abort chan error // buffered
}

// abort ends the call that waits, if one does.
func (s *Server) abort(reason string) {
	if s.poll != nil {
		s.poll.abort <- conflict(reason)
		s.poll = nil
	}
}

// getUpdates gives what has not been confirmed, or waits for it up to the timeout,
// which is real time. As in the service the later of two callers stays and the
// earlier gets the conflict. The lock is given up while waiting.
func (s *Server) getUpdates(c *call) (any, error) {
	if s.webhook.url != "" {
		return nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if err := s.allow(c); err != nil {
		return nil, err
	}
	s.abort("terminated by other getUpdates request; make sure that only one bot instance is running")
	s.updates.expire(s.now())
	s.updates.confirm(int64(c.number("offset")))
	limit := c.number("limit")
	if limit < 1 || limit > maxUpdates {
		limit = maxUpdates
	}
	seconds := min(c.number("timeout"), maxPoll)
	if len(s.updates.waiting) == 0 && seconds > 0 {
		if err := s.await(c, time.Duration(seconds)*time.Second); err != nil {
			return nil, err
		}
	}
	return s.updates.first(limit), nil
}

// await returns when an update has arrived, the time is over or the server is
// closed, and with an error when the caller has gone or another has come.
func (s *Server) await(c *call, timeout time.Duration) error {
	mine := &poll{abort: make(chan error, 1)}
	s.poll = mine
	arrived := s.updates.arrived
	s.mu.Unlock()
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	var err error
	select {
	case <-arrived:
	case <-timer.C:
	case <-s.stopped.Done():
	case <-c.ctx.Done():
		err = c.ctx.Err()
	case err = <-mine.abort:
	}
	s.mu.Lock()
	if s.poll == mine {
		s.poll = nil
	}
	return err
}

// allow remembers which kinds of updates the bot wants from now on; a call that
// does not say leaves it as it was.
func (s *Server) allow(c *call) error {
	var kinds []string
	given, err := c.decode("allowed_updates", &kinds)
	if err == nil && given {
		s.updates.allowed = kinds
	}
	return err
}
