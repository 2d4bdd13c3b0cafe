package main

import (
	"io"
	"sync"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// redacted is a stream on which secrets do not appear: whoever writes to it, a log
// handler or an error, writes whole lines at once, and in each the secrets are
// blacked out.
type redacted struct {
	mu     sync.Mutex
	to     io.Writer
	redact []func(string) string
}

// shortSecret is the length below which a secret could be a part of any word.
const shortSecret = 8

// newRedacted stands before a stream.
func newRedacted(to io.Writer, secrets ...string) *redacted {
	w := &redacted{to: to}
	for _, secret := range secrets {
		if len(secret) >= shortSecret {
			w.redact = append(w.redact, wire.Redactor(secret))
		}
	}
	return w
}

// Write implements io.Writer.
func (w *redacted) Write(line []byte) (int, error) {
	text := string(line)
	for _, redact := range w.redact {
		text = redact(text)
	}
	text = tokenLike.ReplaceAllString(text, "***")
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := io.WriteString(w.to, text); err != nil {
		return 0, err
	}
	return len(line), nil
}
