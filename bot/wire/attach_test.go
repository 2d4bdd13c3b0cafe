package wire_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// attachment is a file of the kind with a name, whose content is its name in capitals.
func attachment(kind, name string) wire.Attachment {
	a := wire.Bytes(name, []byte(strings.ToUpper(name)))
	a.Type = kind
	return a
}

func photo(name string) wire.Attachment    { return attachment("image/jpeg", name) }
func document(name string) wire.Attachment { return attachment("application/pdf", name) }

// known is a file that the service has already.
func known(a wire.Attachment, id string) wire.Attachment {
	a.ID = id
	return a
}

// several is the answer to an album of n files whose messages begin with id.
func several(id, n int) string {
	var messages []string
	for i := range n {
		messages = append(messages, fmt.Sprintf(`{"message_id":%d}`, id+i))
	}
	return `{"ok":true,"result":[` + strings.Join(messages, ",") + `]}`
}

var ackKey = [][]wire.Key{{{Text: "已阅", Data: "x"}}}

const ackMarkup = `{"inline_keyboard":[[{"text":"已阅","callback_data":"x"}]]}`

// What stands on the wire for files: which calls, in which order, what they carry.
func TestFilesOnTheWire(t *testing.T) {
	fits, over := strings.Repeat("风", wire.CaptionLimit), strings.Repeat("风", wire.CaptionLimit+1)
	cases := []struct {
		name    string
		out     wire.Outgoing
		answers []string
		want    []call
	}{
		{
			"one photo: the text is its caption and the buttons are below it",
			wire.Outgoing{HTML: "<b>图</b>", Files: []wire.Attachment{photo("a.jpg")}, Keyboard: ackKey, Silent: true},
			[]string{first},
			[]call{{"sendPhoto", map[string]string{
				"chat_id": "7", "photo": "a.jpg: A.JPG", "caption": "<b>图</b>", "parse_mode": "HTML",
				"reply_markup": ackMarkup, "disable_notification": "true",
			}}},
		},
		{
			"one document stays one",
			wire.Outgoing{Files: []wire.Attachment{document("台 账.pdf")}},
			[]string{first},
			[]call{{"sendDocument", map[string]string{
				"chat_id": "7", "document": "台 账.pdf: 台 账.PDF", "disable_content_type_detection": "true",
			}}},
		},
		{
			"a caption of 1024 units is one",
			wire.Outgoing{HTML: fits, Files: []wire.Attachment{photo("a.jpg")}},
			[]string{first},
			[]call{{"sendPhoto", map[string]string{"chat_id": "7", "photo": "a.jpg: A.JPG", "caption": fits, "parse_mode": "HTML"}}},
		},
		{
			"a longer one follows, with the buttons",
			wire.Outgoing{HTML: over, Files: []wire.Attachment{photo("a.jpg")}, Keyboard: ackKey},
			[]string{first, second},
			[]call{{"sendPhoto", map[string]string{"chat_id": "7", "photo": "a.jpg: A.JPG"}}, text(over, ackMarkup)},
		},
		{
			"so does one that will grow",
			wire.Outgoing{HTML: "短", Apart: true, Files: []wire.Attachment{photo("a.jpg")}, Keyboard: ackKey},
			[]string{first, second},
			[]call{{"sendPhoto", map[string]string{"chat_id": "7", "photo": "a.jpg: A.JPG"}}, text("短", ackMarkup)},
		},
		{
			"an album without buttons has its caption below the first",
			wire.Outgoing{HTML: "两张", Files: []wire.Attachment{photo("a.jpg"), photo("a.jpg")}},
			[]string{several(11, 2)},
			[]call{{"sendMediaGroup", map[string]string{
				"chat_id": "7", "file0": "a.jpg: A.JPG", "file1": "a.jpg: A.JPG",
				"media": `[{"type":"photo","media":"attach://file0","caption":"两张","parse_mode":"HTML"},{"type":"photo","media":"attach://file1"}]`,
			}}},
		},
		{
			"an album with buttons is followed by its text",
			wire.Outgoing{HTML: "两份", Files: []wire.Attachment{document("a.pdf"), document("b.pdf")}, Keyboard: ackKey},
			[]string{several(11, 2), third},
			[]call{{"sendMediaGroup", map[string]string{
				"chat_id": "7", "file0": "a.pdf: A.PDF", "file1": "b.pdf: B.PDF",
				"media": `[{"type":"document","media":"attach://file0"},{"type":"document","media":"attach://file1"}]`,
			}}, text("两份", ackMarkup)},
		},
		{
			"pictures and documents do not mix",
			wire.Outgoing{HTML: "都有", Files: []wire.Attachment{document("a.pdf"), photo("b.jpg"), document("c.pdf")}},
			[]string{first, several(12, 2)},
			[]call{
				{"sendPhoto", map[string]string{"chat_id": "7", "photo": "b.jpg: B.JPG", "caption": "都有", "parse_mode": "HTML"}},
				{"sendMediaGroup", map[string]string{
					"chat_id": "7", "file0": "a.pdf: A.PDF", "file1": "c.pdf: C.PDF",
					"media": `[{"type":"document","media":"attach://file0"},{"type":"document","media":"attach://file1"}]`,
				}},
			},
		},
		{
			"what the service has is named and not sent",
			wire.Outgoing{Files: []wire.Attachment{known(photo("a.jpg"), "P1"), photo("b.jpg")}},
			[]string{several(11, 2)},
			[]call{{"sendMediaGroup", map[string]string{
				"chat_id": "7", "file1": "b.jpg: B.JPG",
				"media": `[{"type":"photo","media":"P1"},{"type":"photo","media":"attach://file1"}]`,
			}}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &service{answers: c.answers}
			c.out.Act, c.out.Chat = reminders.ActSend, 7
			if got := deliver(t, client(t, s), c.out); got.Result != reminders.Sent {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(c.want, s.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

// text is the call of a text.
func text(html, markup string) call {
	return call{"sendMessage", map[string]string{
		"chat_id": "7", "text": html, "parse_mode": "HTML", "link_preview_options": `{"is_disabled":true}`, "reply_markup": markup,
	}}
}

// Ten files are one album, eleven are an album and one more; every message counts.
func TestAlbumLimits(t *testing.T) {
	for count, want := range map[int][]string{
		2:  {"sendMediaGroup"},
		10: {"sendMediaGroup"},
		11: {"sendMediaGroup", "sendPhoto"},
		12: {"sendMediaGroup", "sendMediaGroup"},
	} {
		out := wire.Outgoing{Act: reminders.ActSend, Chat: 7}
		for n := range count {
			out.Files = append(out.Files, photo(fmt.Sprintf("%d.jpg", n)))
		}
		s := &service{answers: []string{several(20, min(count, 10)), several(30, count-10)}}
		if count == 11 {
			s.answers[1] = first
		}
		got := deliver(t, client(t, s), out)
		var methods []string
		for _, c := range s.calls {
			methods = append(methods, c.Method)
		}
		if diff := cmp.Diff(want, methods); diff != "" || got.Result != reminders.Sent || len(got.Parts) != count {
			t.Errorf("%d files: %+v, calls\n%s", count, got, diff)
		}
	}
}

// After an interruption an album that exists is not sent again, and what follows is.
func TestAlbumResumes(t *testing.T) {
	s := &service{answers: []string{
		several(11, 3), `{"ok":false,"error_code":502,"description":"Bad Gateway"}`, first,
	}}
	c := client(t, s)
	out := wire.Outgoing{
		Act: reminders.ActSend, Chat: 7, HTML: "三张", Keyboard: ackKey,
		Files: []wire.Attachment{photo("a.jpg"), photo("b.jpg"), photo("c.jpg")},
	}
	for n, want := range []reminders.Outcome{
		{Result: reminders.Partly, Parts: []int{11, 12, 13}},
		{Result: reminders.Unknown, Parts: []int{11, 12, 13}, Reason: "code_502"},
		{Result: reminders.Sent, Parts: []int{11, 12, 13, 11}, MessageID: 11},
	} {
		got := c.Deliver(t.Context(), out)
		got.TextHash = ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("attempt %d (-want +got):\n%s", n+1, diff)
		}
		out.DoneParts = got.Parts
	}
}

// The ID under which the service has a file is told after its bytes were sent, and
// only then; one that it does not know any more is replaced by the bytes.
func TestUploadedOnce(t *testing.T) {
	var told []string
	tell := func(a wire.Attachment) wire.Attachment {
		a.Uploaded = func(id string) { told = append(told, a.Name+"="+id) }
		return a
	}
	s := &service{answers: []string{
		`{"ok":true,"result":{"message_id":1,"photo":[{"file_id":"small"},{"file_id":"large"}]}}`,
		`{"ok":true,"result":{"message_id":2,"photo":[{"file_id":"other"}]}}`,
		`{"ok":false,"error_code":400,"description":"Bad Request: wrong file identifier/HTTP URL specified"}`,
		`{"ok":true,"result":{"message_id":3,"document":{"file_id":"new"}}}`,
	}}
	c := client(t, s)
	for _, a := range []wire.Attachment{tell(photo("a.jpg")), known(tell(photo("a.jpg")), "large"), known(tell(document("b.pdf")), "old")} {
		got := c.Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{a}})
		if got.Result != reminders.Sent {
			t.Errorf("%s: %+v", a.Name, got)
		}
	}
	if diff := cmp.Diff([]string{"a.jpg=large", "b.pdf=new"}, told); diff != "" {
		t.Error(diff)
	}
	if got := s.calls[1].Fields["photo"]; got != "large" {
		t.Errorf("the second time the photo is %q", got)
	}
	if got := s.calls[3].Fields["document"]; got != "b.pdf: B.PDF" {
		t.Errorf("instead of the ID went %q", got)
	}
}

// A picture that the service cannot show goes as a document, and its ID is that of
// no picture.
func TestPictureThatCannotBeShown(t *testing.T) {
	a := photo("长图.jpg")
	a.Uploaded = func(id string) { t.Errorf("the ID %s was told", id) }
	s := &service{answers: []string{
		`{"ok":false,"error_code":400,"description":"Bad Request: PHOTO_INVALID_DIMENSIONS"}`,
		`{"ok":true,"result":{"message_id":3,"document":{"file_id":"doc"}}}`,
	}}
	got := client(t, s).Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: "图", Files: []wire.Attachment{a}})
	if got.Result != reminders.Sent || len(s.calls) != 2 || s.calls[1].Method != "sendDocument" || s.calls[1].Fields["caption"] != "图" {
		t.Errorf("%+v after %+v", got, s.calls)
	}
}

// A file that is not there, or has become shorter, is certain not to have been sent.
func TestFileThatCannotBeRead(t *testing.T) {
	gone, short := photo("a.jpg"), photo("b.jpg")
	gone.Open = func() (io.ReadCloser, error) { return nil, errors.New("gone") }
	short.Size++
	for _, a := range []wire.Attachment{gone, short} {
		doer := doerFunc(func(req *http.Request) (*http.Response, error) {
			if _, err := io.ReadAll(req.Body); err != nil {
				return nil, err
			}
			return reply(200, first), nil
		})
		got := client(t, doer).Deliver(t.Context(), wire.Outgoing{Act: reminders.ActSend, Chat: 7, Files: []wire.Attachment{a}})
		if got.Result != reminders.NotSent || got.Reason != "no_file" {
			t.Errorf("%s: %+v", a.Name, got)
		}
	}
}

// What has no text and no file, or buttons below nothing, does not leave.
func TestNothingToSend(t *testing.T) {
	for name, out := range map[string]wire.Outgoing{
		"nothing":               {},
		"buttons below nothing": {Keyboard: ackKey, Files: []wire.Attachment{photo("a.jpg"), photo("b.jpg")}},
	} {
		s := &service{answers: []string{first}}
		out.Act, out.Chat = reminders.ActSend, 7
		if got := client(t, s).Deliver(t.Context(), out); got.Result != reminders.Refused || got.Reason != "empty" || len(s.calls) != 0 {
			t.Errorf("%s: %+v after %d calls", name, got, len(s.calls))
		}
	}
}
