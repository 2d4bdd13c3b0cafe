package report

import (
	"context"
	"io"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Files keep photos and documents by the hash of their content. Reports name them; the
// bytes lie elsewhere.
type Files interface {
	// Put keeps what r gives under its hash, durably. What is refused is an Invalid
	// error with a text for people.
	Put(ctx context.Context, name string, r io.Reader) (reminders.File, error)
	// Open gives the content of a file by its hash, and NotFound if there is none.
	Open(hash string) (io.ReadCloser, error)
}
