package sandbox_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// What a person sends can be downloaded, up to 20 MB.
func TestDownload(t *testing.T) {
	both(t, func(t *testing.T, s *sandbox.Server, client sandbox.Client, base string) {
		p := s.Person(7, "甲", "")
		id := p.SendDocument("People.XLSX", []byte("rows"), "").FileID
		var file struct {
			Path string `json:"file_path"`
			Size int    `json:"file_size"`
		}
		send(t, client, request(t, base, "getFile", params{"file_id": id})).into(t, &file)
		if file.Size != 4 || file.Path != "documents/file1.xlsx" {
			t.Errorf("%+v", file)
		}
		resp, err := client.Do(raw(t, http.MethodGet, base+"/file/bot"+token+"/"+file.Path, "", ""))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if body, _ := io.ReadAll(resp.Body); string(body) != "rows" || resp.StatusCode != 200 {
			t.Errorf("%d %s", resp.StatusCode, body)
		}
	})
}

// A larger file can be sent by a person, but not downloaded by the bot.
func TestRefusesLargeDownload(t *testing.T) {
	s, _ := newServer(t)
	m := s.Person(7, "甲", "").SendDocument("big.csv", make([]byte, 20<<20+1), "")
	if got := call(t, s, "getFile", params{"file_id": m.FileID}); got.Description != "Bad Request: file is too big" {
		t.Errorf("%+v", got)
	}
	if got := send(t, s, raw(t, http.MethodGet, "http://sandbox/file/bot"+token+"/documents/file1.csv", "", "")); got.ErrorCode != 404 {
		t.Errorf("%+v", got)
	}
	if content, ok := s.Content(m.FileID); !ok || len(content) != 20<<20+1 {
		t.Errorf("content %v %d", ok, len(content))
	}
	if _, ok := s.Content("file99"); ok {
		t.Error("content of no file")
	}
}

// Uploads are held to their kind and size.
func TestRefusesUploads(t *testing.T) {
	tests := []struct {
		name, method, field string
		content             []byte
		code                int
		description         string
	}{
		{"empty document", "sendDocument", "document", nil, 400, "Bad Request: file must be non-empty"},
		{"no picture", "sendPhoto", "photo", []byte("text"), 400, "Bad Request: IMAGE_PROCESS_FAILED"},
		{"large photo", "sendPhoto", "photo", make([]byte, 10<<20+1), 413, "Request Entity Too Large"},
		{"large document", "sendDocument", "document", make([]byte, 50<<20+1), 413, "Request Entity Too Large"},
		{"file as text", "sendMessage", "text", []byte("x"), 400, "Bad Request: invalid text specified"},
	}
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	album := params{"chat_id": "7", "media": `[{"type":"photo","media":"attach://a"},{"type":"photo","media":"attach://a"}]`}
	if got := send(t, s, uploadForm(t, "sendMediaGroup", album, map[string]upload{"a": {"a.bin", []byte("text")}})); got.Description != "Bad Request: IMAGE_PROCESS_FAILED" {
		t.Errorf("album of no pictures: %+v", got)
	}
	for _, tt := range tests {
		got := send(t, s, uploadForm(t, tt.method, params{"chat_id": "7"}, map[string]upload{tt.field: {"a.bin", tt.content}}))
		if got.ErrorCode != tt.code || got.Description != tt.description {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
	if n := len(p.Messages()); n != 1 {
		t.Errorf("%d messages after refusals", n)
	}
}

// Documents, photos and albums arrive as people see them; a file that is known is
// sent again by its id.
func TestSendsFiles(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	send(t, s, uploadForm(t, "sendDocument", params{"chat_id": "7", "caption": "<b>台账</b>", "parse_mode": "HTML"},
		map[string]upload{"document": {"ledger.csv", []byte("a,b")}})).messageID(t)
	send(t, s, uploadForm(t, "sendPhoto", params{"chat_id": "7"}, map[string]upload{"photo": {"chart.png", picture(t)}})).messageID(t)
	send(t, s, uploadForm(t, "sendMediaGroup",
		params{"chat_id": "7", "media": `[{"type":"photo","media":"attach://one","caption":"甲"},{"type":"photo","media":"attach://two"}]`},
		map[string]upload{"one": {"1.png", picture(t)}, "two": {"2.png", picture(t)}}))
	got := p.Messages()[1:]
	if len(got) != 4 {
		t.Fatalf("%d messages", len(got))
	}
	call(t, s, "sendDocument", params{"chat_id": "7", "document": got[0].FileID}).messageID(t)
	again := p.Messages()[5]
	if diff := cmp.Diff(&sandbox.File{Name: "ledger.csv", Size: 3}, again.Document); diff != "" || again.Text != "" {
		t.Errorf("%+v %s", again, diff)
	}
	if got[0].Text != "台账" || got[0].HTML != "<b>台账</b>" || !got[1].Photo || got[1].Document != nil {
		t.Errorf("%+v", got[:2])
	}
	if got[2].Album == "" || got[2].Album != got[3].Album || got[2].Text != "甲" || !got[3].Photo {
		t.Errorf("album %+v", got[2:])
	}
	if content, _ := s.Content(got[1].FileID); !bytes.Equal(content, picture(t)) {
		t.Error("another picture")
	}
}

// A copy holds what the message holds and takes a new caption if one is given.
func TestCopyMessage(t *testing.T) {
	s, _ := office(t)
	p := s.Person(7, "", "")
	call(t, s, "copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": "2"}).messageID(t)
	call(t, s, "copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": "3"}).messageID(t)
	call(t, s, "copyMessage", params{"chat_id": "7", "from_chat_id": "7", "message_id": "3", "caption": "新"}).messageID(t)
	got := p.Messages()[4:]
	if got[0].HTML != "<b>廉</b>洁" || len(got[0].Buttons) != 0 {
		t.Errorf("text %+v", got[0])
	}
	if got[1].Text != "c" || got[1].Document.Name != "a.csv" || got[2].Text != "新" {
		t.Errorf("files %+v", got[1:])
	}
}
