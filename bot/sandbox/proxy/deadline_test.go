package proxy_test

import (
	"context"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// deadline is a deadline that passes when it is told to, so that no test waits for
// one and none is too impatient for a busy machine.
type deadline struct {
	context.Context
	passed chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.passed }

func (d deadline) Err() error {
	select {
	case <-d.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// enough is how long a client waits for an answer that never comes. Whether the
// request has reached the proxy by then or not, it times out and arrives nowhere.
const enough = 500 * time.Millisecond

// patience is a context for the next request, over a connection that exists. If
// its answer never comes, the deadline passes when the message has arrived, or, if
// it never does, after a while.
func (r *road) patience(t *testing.T, w way, never, arrives bool) context.Context {
	t.Helper()
	switch {
	case !never:
		return t.Context()
	case w == inside: // in a bubble time costs nothing
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		t.Cleanup(cancel)
		return ctx
	case !arrives:
		ctx, cancel := context.WithTimeout(t.Context(), enough)
		t.Cleanup(cancel)
		return ctx
	}
	d := deadline{t.Context(), make(chan struct{})}
	events, end := r.sandbox.Subscribe()
	go func() {
		defer close(d.passed)
		defer end()
		for e := range events {
			if e.Kind == sandbox.EventMessage {
				return
			}
		}
	}()
	return d
}
