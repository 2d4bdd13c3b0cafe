package wire

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// form is the body of a call that carries files. Nothing of the files is held in
// memory: they are read while the body is sent, and read again from the start if it
// has to be sent once more on another connection. So the body has a length and can be
// replayed however large it is.
//
// The library's own body can do neither without being held, and calls the documents of
// an album by the names of their form fields.
type form struct {
	boundary string
	parts    []stretch
	broken   atomic.Bool // a file could not be read to its end
}

// stretch is a piece of a body: bytes, or a file.
type stretch struct {
	bytes []byte
	file  *Attachment
}

// field is one parameter of a call.
type field struct{ name, value string }

// newForm writes fields and files, the n-th of which is the part named names[n].
// Empty fields are left out.
func newForm(fields []field, names []string, files []Attachment) (*form, error) {
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	f := &form{boundary: w.FormDataContentType()}
	for _, p := range fields {
		if p.value == "" {
			continue
		}
		if err := w.WriteField(p.name, p.value); err != nil {
			return nil, err
		}
	}
	for n := range files {
		if _, err := w.CreateFormFile(names[n], files[n].Name); err != nil {
			return nil, err
		}
		f.parts = append(f.parts, stretch{bytes: slices.Clone(out.Bytes())}, stretch{file: &files[n]})
		out.Reset()
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	f.parts = append(f.parts, stretch{bytes: out.Bytes()})
	return f, nil
}

// size is the length of the body in bytes.
func (f *form) size() int64 {
	var n int64
	for _, p := range f.parts {
		n += int64(len(p.bytes))
		if p.file != nil {
			n += p.file.Size
		}
	}
	return n
}

// body reads the form from its start.
func (f *form) body() io.ReadCloser { return &formBody{form: f, rest: f.parts} }

// formBody is one reading of a form.
type formBody struct {
	form *form
	rest []stretch
	at   io.Reader
	file io.Closer // that is open now
}

// Read implements io.Reader.
func (b *formBody) Read(p []byte) (int, error) {
	for {
		if b.at == nil {
			if len(b.rest) == 0 {
				return 0, io.EOF
			}
			if err := b.next(); err != nil {
				b.form.broken.Store(true)
				return 0, err
			}
		}
		n, err := b.at.Read(p)
		if err == io.EOF { //nolint:errorlint // readers give it bare
			err = b.Close()
			b.at = nil
		}
		if err != nil {
			b.form.broken.Store(true)
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// next goes on to the next stretch. A file that has become shorter ends too early.
func (b *formBody) next() error {
	part := b.rest[0]
	b.rest = b.rest[1:]
	if part.file == nil {
		b.at = bytes.NewReader(part.bytes)
		return nil
	}
	file, err := part.file.Open()
	if err != nil {
		return err
	}
	b.at, b.file = &exactly{file, part.file.Size}, file
	return nil
}

// Close implements io.Closer.
func (b *formBody) Close() error {
	if b.file == nil {
		return nil
	}
	file := b.file
	b.file = nil
	return file.Close()
}

// exactly reads as many bytes as a file is said to have, or fails.
type exactly struct {
	from io.Reader
	left int64
}

// Read implements io.Reader.
func (e *exactly) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.from.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if err == io.EOF && e.left > 0 { //nolint:errorlint // readers give it bare
		return n, io.ErrUnexpectedEOF
	}
	if err == io.EOF { //nolint:errorlint // likewise
		err = nil
	}
	return n, err
}

// upload calls a method with a form.
func (c *Client) upload(ctx context.Context, method string, timeout time.Duration, f *form) *exchange {
	x := &exchange{}
	if err := ctx.Err(); err != nil {
		x.fail(err)
		return x
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/bot"+c.token+"/"+method, f.body())
	if err != nil {
		x.fail(c.record.plain(err))
		return x
	}
	req.Header.Set("Content-Type", f.boundary)
	req.ContentLength = f.size()
	req.GetBody = func() (io.ReadCloser, error) { return f.body(), nil }
	// What went wrong stands in the exchange.
	_, _ = c.record.exchange(c.record.doer, req, x) //nolint:bodyclose // the exchange has read it
	return x
}
