package wire_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// A body with files has a length and can be sent again, however large it is.
func TestUploadsCanBeReplayed(t *testing.T) {
	for _, size := range []int{10, 5 << 20, 20 << 20} {
		var length int64
		var replays, whole bool
		doer := doerFunc(func(req *http.Request) (*http.Response, error) {
			length = req.ContentLength
			body, err := io.ReadAll(req.Body)
			whole = err == nil && bytes.Count(body, []byte("x")) >= size
			again, err := req.GetBody()
			if err != nil {
				return nil, err
			}
			copied, err := io.ReadAll(again)
			replays = err == nil && bytes.Equal(body, copied) && int64(len(body)) == length
			return reply(200, first), again.Close()
		})
		got := client(t, doer).Deliver(t.Context(), wire.Outgoing{
			Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{wire.Bytes("a.csv", bytes.Repeat([]byte("x"), size))},
		})
		if got.Result != reminders.Sent || !whole || !replays {
			t.Errorf("%d bytes: %+v, whole %v, replays %v, length %d", size, got, whole, replays, length)
		}
	}
}

// Each file is opened when its turn comes and closed at its end, also when the body is
// given up half-way.
func TestUploadsCloseTheirFiles(t *testing.T) {
	open := 0
	a := photo("a.jpg")
	a.Open = func() (io.ReadCloser, error) {
		open++
		return closing{bytes.NewReader(make([]byte, a.Size)), &open}, nil
	}
	files := []wire.Attachment{a, a, a}
	for name, read := range map[string]func(body io.ReadCloser) error{
		"to the end": func(body io.ReadCloser) error { _, err := io.Copy(io.Discard, body); return err },
		"half-way":   func(body io.ReadCloser) error { _, err := io.CopyN(io.Discard, body, 500); return err },
	} {
		most := 0
		doer := doerFunc(func(req *http.Request) (*http.Response, error) {
			if err := read(req.Body); err != nil {
				return nil, err
			}
			most = open
			return reply(200, several(11, 3)), req.Body.Close()
		})
		client(t, doer).Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 7, Files: files})
		if open != 0 || most > 1 {
			t.Errorf("%s: %d open at most, %d left open", name, most, open)
		}
	}
}

// closing counts itself down when it is closed.
type closing struct {
	io.Reader
	open *int
}

func (c closing) Close() error { *c.open--; return nil }

// A connection that breaks during an upload leaves it open whether it arrived.
func TestUploadsClassify(t *testing.T) {
	out := wire.Outgoing{Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{photo("a.jpg")}}
	for name, row := range map[string]struct {
		doer wire.Doer
		want reminders.Result
	}{
		"before a byte was written":   {traced(false, io.EOF), reminders.NotSent},
		"after it was written":        {traced(true, io.EOF), reminders.Unknown},
		"no answer, nothing traced":   {breaks(io.ErrUnexpectedEOF), reminders.Unknown},
		"a gateway that times out":    {always(504, "<html>"), reminders.Unknown},
		"a gateway that is too small": {always(413, "<html>"), reminders.NotSent},
		"too large for the service":   {no(413, "Request Entity Too Large"), reminders.Refused},
		"too many":                    {no(429, "Too Many Requests: retry after 3"), reminders.Wait},
		"arrived, answer unreadable":  {always(200, `{"ok":true,"result":"?"}`), reminders.Sent},
	} {
		if got := client(t, row.doer).Deliver(t.Context(), out); got.Result != row.want {
			t.Errorf("%s: %+v, want %s", name, got, row.want)
		}
	}
}
