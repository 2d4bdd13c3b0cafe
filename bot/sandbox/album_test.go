package sandbox_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
)

// measuring is a picture of a size.
func measuring(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// An album reaches the bot as one update for each item, which share the number of the
// album; the caption is that of the first.
func TestPersonSendsAlbum(t *testing.T) {
	for _, row := range []struct {
		name    string
		uploads []sandbox.Upload
		photos  int
	}{
		{"pictures", []sandbox.Upload{{Content: measuring(t, 30, 20)}, {Content: measuring(t, 20, 30)}}, 2},
		{"documents", []sandbox.Upload{{Name: "a.pdf", Content: []byte("a")}, {Name: "b.pdf", Content: []byte("b")}}, 0},
		{"what is no picture goes as a document", []sandbox.Upload{{Content: []byte("text")}, {Content: measuring(t, 3, 3)}}, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := newServer(t)
			p := s.Person(7, "甲", "")
			sent := p.SendAlbum("两份", row.uploads...)
			if len(sent) != 2 || sent[0].Album == "" || sent[0].Album != sent[1].Album {
				t.Fatalf("sent %+v", sent)
			}
			type update struct {
				Message struct {
					Album    string `json:"media_group_id"`
					Caption  string `json:"caption"`
					Photo    []any  `json:"photo"`
					Document any    `json:"document"`
				} `json:"message"`
			}
			var updates []update
			call(t, s, "getUpdates", nil).into(t, &updates)
			photos := 0
			var captions []string
			for _, u := range updates {
				if u.Message.Album != sent[0].Album || (u.Message.Document != nil) == (len(u.Message.Photo) > 0) {
					t.Errorf("the bot receives %+v", u)
				}
				photos += len(u.Message.Photo)
				captions = append(captions, u.Message.Caption)
			}
			if diff := cmp.Diff([]string{"两份", ""}, captions); diff != "" || photos != row.photos {
				t.Errorf("%d photos, captions\n%s", photos, diff)
			}
		})
	}
}

// What the app does not send together sends nothing.
func TestPersonSendsNoAlbum(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	one := sandbox.Upload{Name: "a.pdf", Content: []byte("a")}
	eleven := make([]sandbox.Upload, 11)
	for i := range eleven {
		eleven[i] = one
	}
	for name, uploads := range map[string][]sandbox.Upload{
		"none": nil, "one": {one}, "eleven": eleven, "mixed": {one, {Content: measuring(t, 3, 3)}},
	} {
		if got := p.SendAlbum("", uploads...); got != nil {
			t.Errorf("%s: sent %+v", name, got)
		}
	}
	p.Block()
	if got := p.SendAlbum("", one, one); got != nil || len(p.Messages()) != 0 {
		t.Errorf("blocked: sent %+v", got)
	}
}

// A photo may be 10,000 pixels around and twenty times as long as it is wide.
func TestPhotoDimensions(t *testing.T) {
	s, _ := newServer(t)
	p := s.Person(7, "甲", "")
	p.Start("")
	for _, row := range []struct {
		width, height int
		want          string
	}{
		{6000, 4000, ""},
		{6001, 4000, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{200, 10, ""},
		{201, 10, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{10, 201, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
	} {
		form := uploadForm(t, "sendPhoto", params{"chat_id": "7"}, map[string]upload{"photo": {"a.png", measuring(t, row.width, row.height)}})
		if got := send(t, s, form); got.Description != row.want {
			t.Errorf("%d x %d: %+v", row.width, row.height, got)
		}
	}
	if shown := p.Messages()[1]; shown.Width != 6000 || shown.Height != 4000 {
		t.Errorf("shown as %d x %d", shown.Width, shown.Height)
	}
}
