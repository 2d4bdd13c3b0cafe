package wire

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"github.com/go-telegram/bot/models"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Attachment is a file that goes along with a message.
type Attachment struct {
	reminders.File
	// ID is under what the service has the file already, if it does. One that it does
	// not accept is passed over: the bytes are sent.
	ID string
	// Open gives the bytes, as often as they are needed.
	Open func() (io.ReadCloser, error)
	// Uploaded is told the ID under which the service has the file after its bytes were
	// sent; nil if nobody wants to know.
	Uploaded func(id string)
}

// Bytes is an attachment that is a document in memory.
func Bytes(name string, content []byte) Attachment {
	return Attachment{
		File: reminders.File{Name: name, Type: "application/octet-stream", Size: int64(len(content))},
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

// manner is how files are sent.
type manner struct {
	pictures bool // as pictures, not as documents
	fresh    bool // with their bytes, whatever ID is known
}

// sendFiles sends one file, or several as an album, and gives the messages that they
// became. A picture that the service cannot show goes as a document, and an ID that it
// does not know any more is replaced by the bytes: both were refused for certain
// before they are tried again.
func (c *Client) sendFiles(ctx context.Context, o Outgoing, s step) (reminders.Outcome, []int) {
	how := manner{pictures: s.files[0].Picture()}
	for {
		x, f, method := c.tryFiles(ctx, o, s, how)
		if f != nil && f.broken.Load() {
			return reminders.Outcome{Result: reminders.NotSent, Reason: "no_file"}, nil
		}
		out := c.judge(ctx, method, x)
		switch {
		case out.Reason == "file_id" && !how.fresh:
			how.fresh = true
		case out.Reason == "picture" && how.pictures:
			how = manner{fresh: true}
		case out.Result != reminders.Sent:
			return out, nil
		default:
			return c.arrived(x, s, how, out)
		}
	}
}

// tryFiles makes one call.
func (c *Client) tryFiles(ctx context.Context, o Outgoing, s step, how manner) (*exchange, *form, string) {
	fields := []field{
		{"chat_id", strconv.FormatInt(int64(o.Chat), 10)},
		{"disable_notification", flag(o.Silent)},
		{"allow_paid_broadcast", flag(c.paid)},
	}
	var names []string
	var uploads []Attachment
	source := func(n int, name string) string {
		if a := s.files[n]; a.ID != "" && !how.fresh {
			return a.ID
		}
		names, uploads = append(names, name), append(uploads, s.files[n])
		return ""
	}
	method := "sendMediaGroup"
	if len(s.files) == 1 {
		method = "sendDocument"
		if how.pictures {
			method = "sendPhoto"
		}
		fields = append(fields, s.alone(how, source)...)
	} else {
		fields = append(fields, field{"media", s.album(how, source)})
	}
	timeout := callTimeout
	if len(uploads) > 0 {
		timeout = fileTimeout
	}
	f, err := newForm(fields, names, uploads)
	if err != nil {
		x := &exchange{}
		x.fail(err)
		return x, nil, method
	}
	return c.upload(ctx, method, timeout, f), f, method
}

// alone gives the parameters of one file.
func (s step) alone(how manner, source func(n int, name string) string) []field {
	fields := s.caption()
	if s.keys != nil {
		fields = append(fields, field{"reply_markup", asJSON(s.keys)})
	}
	if how.pictures {
		return append(fields, field{"photo", source(0, "photo")})
	}
	// Without this the service may make a video or a sound of what is a document here.
	return append(fields, field{"document", source(0, "document")}, field{"disable_content_type_detection", "true"})
}

// album gives the parameter of several files. The first carries the caption, which the
// service then shows below the whole.
func (s step) album(how manner, source func(n int, name string) string) string {
	items := make([]item, len(s.files))
	for n := range s.files {
		items[n] = item{Type: "document"}
		if how.pictures {
			items[n].Type = "photo"
		}
		name := "file" + strconv.Itoa(n)
		if items[n].Media = source(n, name); items[n].Media == "" {
			items[n].Media = "attach://" + name
		}
	}
	if s.html != "" {
		items[0].Caption, items[0].ParseMode = s.html, string(models.ParseModeHTML)
	}
	return asJSON(items)
}

// item is one file of a call: of an album, or in the place of another.
type item struct {
	Type      string `json:"type"`
	Media     string `json:"media"`
	Caption   string `json:"caption,omitempty"`
	ParseMode string `json:"parse_mode,omitempty"`
	AsItIs    bool   `json:"disable_content_type_detection,omitempty"` // a document stays one
}

// caption gives the parameters of a caption, if there is one.
func (s step) caption() []field {
	if s.html == "" {
		return nil
	}
	return []field{{"caption", s.html}, {"parse_mode", string(models.ParseModeHTML)}}
}

func flag(set bool) string {
	if set {
		return "true"
	}
	return ""
}

// arrived reads which messages the files became, and under what the service has them
// now.
func (c *Client) arrived(x *exchange, s step, how manner, out reminders.Outcome) (reminders.Outcome, []int) {
	type kept struct {
		ID string `json:"file_id"`
	}
	type message struct {
		ID       int    `json:"message_id"`
		Document *kept  `json:"document"`
		Photo    []kept `json:"photo"`
	}
	messages := make([]message, 1)
	var err error
	if len(s.files) == 1 {
		err = x.result(&messages[0])
	} else {
		err = x.result(&messages)
	}
	ids := make([]int, len(s.files))
	if err != nil || len(messages) != len(s.files) {
		out.MessageID = 0
		return out, ids // they arrived, and cannot be named
	}
	for n, m := range messages {
		ids[n] = m.ID
		a := s.files[n]
		if a.Uploaded == nil || a.Picture() != how.pictures || (a.ID != "" && !how.fresh) {
			continue
		}
		switch {
		case how.pictures && len(m.Photo) > 0:
			a.Uploaded(m.Photo[len(m.Photo)-1].ID)
		case !how.pictures && m.Document != nil:
			a.Uploaded(m.Document.ID)
		}
	}
	return out, ids
}
