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

// patience is a context for the next request, over a connection that exists. If
// its answer never comes, the deadline passes when the message has arrived, or, if
// it never does, when the proxy has looked for the rule that keeps it.
func (r *road) patience(t *testing.T, w way, never, arrives bool) context.Context {
	t.Helper()
	if !never {
		return t.Context()
	}
	if w == inside { // in a bubble time costs nothing
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		t.Cleanup(cancel)
		return ctx
	}
	d := deadline{t.Context(), make(chan struct{})}
	events, end := r.sandbox.Subscribe()
	for len(r.asked) > 0 {
		<-r.asked
	}
	go func() {
		defer close(d.passed)
		defer end()
		switch {
		case arrives:
			for e := range events {
				if e.Kind == sandbox.EventMessage {
					return
				}
			}
		case w == secure2: // it looks once for the connection, and once for the request
			<-r.asked
			<-r.asked
		default:
			<-r.asked
		}
	}()
	return d
}
