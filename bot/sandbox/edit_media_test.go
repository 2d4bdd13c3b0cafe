package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// shelves is a chat with a document (1), a photo with a button (2), an album of two
// documents (3, 4) and one of two photos (5, 6), all of the bot, and a photo of the
// person (7).
func shelves(t *testing.T) (*sandbox.Server, *sandbox.Person) {
	t.Helper()
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	paper := func(name string) map[string]upload { return map[string]upload{"document": {name, []byte(name)}} }
	send(t, s, uploadForm(t, "sendDocument", params{"chat_id": "7", "caption": "c"}, paper("a.pdf"))) // file1
	send(t, s, uploadForm(t, "sendPhoto", params{"chat_id": "7", "reply_markup": keyboard(button("已阅", "ack:1"))},
		map[string]upload{"photo": {"b.png", picture(t)}})) // file2
	for _, kind := range []string{`"document","media":"file1"`, `"photo","media":"file2"`} {
		call(t, s, "sendMediaGroup", params{"chat_id": "7", "media": fmt.Sprintf(`[{"type":%s},{"type":%s}]`, kind, kind)})
	}
	p.SendPhoto(picture(t), "")
	return s, p
}

// A message shows another file, with the caption and the buttons that are given. What
// stands alone may become a photo or a document; in an album its kind stays.
func TestEditMessageMedia(t *testing.T) {
	upload := map[string]upload{"file0": {"new.pdf", []byte("new")}}
	for _, row := range []struct {
		name    string
		message int
		media   string
		want    string
	}{
		{"a document by another", 1, `{"type":"document","media":"attach://file0","caption":"<b>新</b>","parse_mode":"HTML"}`, "new.pdf 新"},
		{"a photo by a document", 2, `{"type":"document","media":"attach://file0"}`, "new.pdf"},
		{"a document by a photo", 1, `{"type":"photo","media":"file2","caption":"图"}`, "photo 图"},
		{"one of an album", 4, `{"type":"document","media":"attach://file0"}`, "new.pdf"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, p := shelves(t)
			id := p.Messages()[row.message].ID
			at := params{"chat_id": "7", "message_id": strconv.Itoa(id), "media": row.media}
			if got := send(t, s, uploadForm(t, "editMessageMedia", at, upload)); got.messageID(t) != id {
				t.Errorf("%+v", got)
			}
			m, what := p.Messages()[row.message], "photo"
			if m.Document != nil {
				what = m.Document.Name
			}
			if m.Text != "" {
				what += " " + m.Text
			}
			if diff := cmp.Diff(row.want, what); diff != "" || m.Photo != (m.Document == nil) || m.EditedAt.IsZero() || len(m.Buttons) > 0 {
				t.Errorf("shows %+v (-want +got):\n%s", m, diff)
			}
		})
	}
}

// What the service refuses leaves the message as it was.
func TestEditMessageMediaRefuses(t *testing.T) {
	over, err := json.Marshal(map[string]string{"type": "document", "media": "file1", "caption": string(make([]byte, 1025))})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name    string
		message int
		media   string
		want    string
	}{
		{"a document in an album by a photo", 3, `{"type":"photo","media":"file2"}`, "Bad Request: can't change media type in the album"},
		{"a photo in an album by a document", 6, `{"type":"document","media":"file1"}`, "Bad Request: can't change media type in the album"},
		{"by itself", 1, `{"type":"document","media":"file1","caption":"c"}`, notModified},
		{"a message of a person", 7, `{"type":"photo","media":"file2"}`, "Bad Request: message can't be edited"},
		{"an unknown kind", 1, `{"type":"video","media":"file2"}`, "Bad Request: can't parse InputMedia: type must be photo or document"},
		{"an unknown file", 1, `{"type":"document","media":"file99"}`, "Bad Request: wrong remote file identifier specified: Wrong string length"},
		{"a document under the name of a photo", 1, `{"type":"photo","media":"file1"}`, "Bad Request: wrong remote file identifier specified: Wrong string length"},
		{"a long caption", 1, string(over), "Bad Request: message caption is too long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, p := shelves(t)
			before := p.Messages()[row.message]
			got := call(t, s, "editMessageMedia", params{"chat_id": "7", "message_id": strconv.Itoa(before.ID), "media": row.media})
			if got.ErrorCode != 400 || got.Description != row.want {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(before, p.Messages()[row.message]); diff != "" {
				t.Errorf("the message changed (-was +is):\n%s", diff)
			}
		})
	}
}
