package wire_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

const (
	albumKind = `{"ok":false,"error_code":400,"description":"Bad Request: can't change media type in the album"}`
	badID     = `{"ok":false,"error_code":400,"description":"Bad Request: wrong remote file identifier specified: Wrong string length"}`
	gone      = `{"ok":false,"error_code":400,"description":"Bad Request: message to edit not found"}`
)

// stand are the files that messages show.
func stand(files ...wire.Attachment) (all []reminders.File) {
	for _, a := range files {
		all = append(all, a.File)
	}
	return all
}

// media is a call that lets message 5 show what the description says.
func media(message, media, file string, markup ...string) call {
	fields := map[string]string{"chat_id": "7", "message_id": message, "media": media}
	if file != "" {
		fields["file0"] = file
	}
	if len(markup) > 0 {
		fields["reply_markup"] = markup[0]
	}
	return call{"editMessageMedia", fields}
}

// A file takes the place of another in one call, together with the caption and the
// buttons of its message; then the text is edited where it stands elsewhere.
func TestFilesTakeThePlaceOfOthers(t *testing.T) {
	const newPDF, newJPG = "new.pdf: NEW.PDF", "new.jpg: NEW.JPG"
	doc := `{"type":"document","media":"attach://file0","disable_content_type_detection":true}`
	cases := []struct {
		name    string
		out     wire.Outgoing
		answers []string
		want    []call
		stand   []string
		reason  string
	}{
		{
			"a document with its caption and buttons",
			wire.Outgoing{DoneParts: []int{5}, FileParts: 1, HTML: "更正", Keyboard: ackKey, Stand: stand(document("old.pdf")), Files: []wire.Attachment{document("new.pdf")}},
			[]string{first},
			[]call{media("5", `{"type":"document","media":"attach://file0","caption":"更正","parse_mode":"HTML","disable_content_type_detection":true}`, newPDF, ackMarkup)},
			[]string{"new.pdf"},
			"",
		},
		{
			"a file that the service has",
			wire.Outgoing{DoneParts: []int{5}, FileParts: 1, HTML: "更正", Stand: stand(document("old.jpg")), Files: []wire.Attachment{known(photo("new.jpg"), "id")}},
			[]string{first},
			[]call{media("5", `{"type":"photo","media":"id","caption":"更正","parse_mode":"HTML"}`, "")},
			[]string{"new.jpg"},
			"",
		},
		{
			"an ID that the service does not know any more",
			wire.Outgoing{DoneParts: []int{5}, FileParts: 1, HTML: "更正", Stand: stand(photo("old.jpg")), Files: []wire.Attachment{known(photo("new.jpg"), "id")}},
			[]string{badID, first},
			[]call{
				media("5", `{"type":"photo","media":"id","caption":"更正","parse_mode":"HTML"}`, ""),
				media("5", `{"type":"photo","media":"attach://file0","caption":"更正","parse_mode":"HTML"}`, newJPG),
			},
			[]string{"new.jpg"},
			"",
		},
		{
			"the third of an album whose text stands below: pictures come first",
			wire.Outgoing{
				DoneParts: []int{5, 6, 7, 8}, FileParts: 3, HTML: "更正", Keyboard: ackKey,
				Stand: stand(document("a.pdf"), document("old.pdf"), photo("b.jpg")),
				Files: []wire.Attachment{document("a.pdf"), document("new.pdf"), photo("b.jpg")},
			},
			[]string{okay},
			[]call{media("7", doc, newPDF), {"editMessageText", nil}},
			[]string{"a.pdf", "new.pdf", "b.jpg"},
			"",
		},
		{
			"what the service refuses stays, and the caption is corrected",
			wire.Outgoing{
				DoneParts: []int{5, 6}, FileParts: 2, HTML: "更正",
				Stand: stand(document("old.pdf"), document("a.pdf")), Files: []wire.Attachment{document("new.pdf"), document("a.pdf")},
			},
			[]string{albumKind, okay},
			[]call{
				media("5", `{"type":"document","media":"attach://file0","caption":"更正","parse_mode":"HTML","disable_content_type_detection":true}`, newPDF),
				{"editMessageCaption", nil},
			},
			nil, reminders.ReasonFileKept,
		},
		{
			"an album of pictures that were sent as documents",
			wire.Outgoing{
				DoneParts: []int{5, 6}, FileParts: 2, HTML: "更正",
				Stand: stand(photo("a.jpg"), photo("old.jpg")), Files: []wire.Attachment{photo("a.jpg"), photo("new.jpg")},
			},
			[]string{albumKind, first, okay},
			[]call{media("6", `{"type":"photo","media":"attach://file0"}`, newJPG), media("6", doc, newJPG), {"editMessageCaption", nil}},
			[]string{"a.jpg", "new.jpg"},
			"",
		},
		{
			"another kind among several is not even tried",
			wire.Outgoing{
				DoneParts: []int{5, 6, 7}, FileParts: 2, HTML: "更正", Keyboard: ackKey,
				Stand: stand(document("a.pdf"), photo("b.jpg")), Files: []wire.Attachment{document("a.pdf"), document("new.pdf")},
			},
			[]string{okay},
			[]call{{"editMessageText", nil}},
			nil, reminders.ReasonFileKept,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &service{answers: c.answers}
			c.out.Act, c.out.Chat = reminders.ActEdit, 7
			got, files := swapped(t, client(t, s), c.out)
			if got.Result != reminders.Sent || got.Reason != c.reason || !slices.Equal(got.Parts, c.out.DoneParts) {
				t.Errorf("%+v", got)
			}
			for i := range s.calls {
				if i < len(c.want) && c.want[i].Fields == nil {
					s.calls[i].Fields = nil
				}
			}
			if diff := cmp.Diff(c.want, s.calls); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.stand, files); diff != "" {
				t.Errorf("what stands then (-want +got):\n%s", diff)
			}
		})
	}
}

// swapped takes every step of an edit, and names the files that stand then if some were
// replaced.
func swapped(t *testing.T, c *wire.Client, out wire.Outgoing) (got reminders.Outcome, names []string) {
	t.Helper()
	for range 20 {
		if got = c.Deliver(t.Context(), out); got.Files != nil {
			names, out.Stand = nil, got.Files
			for _, f := range got.Files {
				names = append(names, f.Name)
			}
		}
		if got.Result != reminders.Partly {
			return got, names
		}
		out.DoneParts, out.Midway = got.Parts, got.Midway
	}
	t.Fatal("it never ends")
	return got, names
}

// A message that is gone, or a service that asks for a pause, ends the step as it ends
// any edit: no file counts as kept.
func TestSwapsThatFail(t *testing.T) {
	for _, row := range []struct {
		answer string
		want   reminders.Result
		reason string
	}{{gone, reminders.Refused, "edit_not_found"}, {flooded, reminders.Wait, "flood"}} {
		s := &service{answers: []string{row.answer}}
		got := client(t, s).Deliver(t.Context(), wire.Outgoing{
			Act: reminders.ActEdit, Chat: 7, DoneParts: []int{5}, FileParts: 1, HTML: "更正",
			Stand: stand(document("old.pdf")), Files: []wire.Attachment{document("new.pdf")},
		})
		if got.Result != row.want || got.Reason != row.reason || got.Midway.Kept || got.Files != nil || len(s.calls) != 1 {
			t.Errorf("%+v after %d calls", got, len(s.calls))
		}
	}
}

// At the sandbox, every arrangement of files ends with the new ones in the places of the
// old, the caption and the buttons with them, in as many messages as before; the first
// upload is remembered and used again.
func TestSandboxFilesTakeThePlaceOfOthers(t *testing.T) {
	drawn := func(name string, size int) wire.Attachment {
		var out bytes.Buffer
		if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
			t.Fatal(err)
		}
		a := wire.Bytes(name, out.Bytes())
		a.Type, a.Hash = "image/png", name
		return a
	}
	paper := func(name string) wire.Attachment {
		a := upload(name)
		a.Hash = name
		return a
	}
	for _, row := range []struct {
		name     string
		old, new []wire.Attachment
		keys     [][]wire.Key
		want     []string
	}{
		{"one document", []wire.Attachment{paper("a.pdf")}, []wire.Attachment{paper("z.pdf")}, ackKey, []string{"z.pdf 更正 keys"}},
		{"a picture by a document", []wire.Attachment{drawn("a.png", 8)}, []wire.Attachment{paper("z.pdf")}, ackKey, []string{"z.pdf 更正 keys"}},
		{"a document by a picture", []wire.Attachment{paper("a.pdf")}, []wire.Attachment{drawn("z.png", 9)}, nil, []string{"photo9 更正"}},
		{
			"two of an album",
			[]wire.Attachment{paper("a.pdf"), paper("b.pdf"), paper("c.pdf")},
			[]wire.Attachment{paper("y.pdf"), paper("b.pdf"), paper("z.pdf")},
			nil,
			[]string{"y.pdf 更正", "b.pdf", "z.pdf"},
		},
		{
			"pictures and documents with buttons",
			[]wire.Attachment{paper("a.pdf"), drawn("b.png", 8), drawn("c.png", 8)},
			[]wire.Attachment{paper("z.pdf"), drawn("b.png", 8), drawn("y.png", 9)},
			ackKey,
			[]string{"photo8", "photo9", "z.pdf", "更正 keys"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, ming := office(t)
				c := client(t, s)
				sent := deliver(t, c, wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: "原文", Keyboard: row.keys, Files: row.old})
				known := map[string]string{}
				for round := range 2 { // the second time nothing is left to replace
					out := wire.Outgoing{
						Act: reminders.ActEdit, Chat: 7, DoneParts: sent.Parts, FileParts: len(row.old), HTML: "更正", Keyboard: row.keys,
						Files: slices.Clone(row.new), Stand: stand(row.old...),
					}
					if round == 1 {
						out.Stand = stand(row.new...)
					}
					for i := range out.Files {
						name := out.Files[i].Name
						out.Files[i].Uploaded = func(id string) { known[name] = id }
					}
					if got, _ := swapped(t, c, out); got.Result != reminders.Sent || got.MessageID != sent.MessageID {
						t.Fatalf("%+v", got)
					}
				}
				if diff := cmp.Diff(row.want, shows(ming.Messages())); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				again := slices.Clone(row.old)
				for i, a := range row.new {
					if id := known[a.Name]; id != "" {
						again[i] = row.new[i]
						again[i].ID, again[i].Open = id, func() (io.ReadCloser, error) { panic("its bytes are not needed") }
					}
				}
				other := deliver(t, c, wire.Outgoing{Act: reminders.ActSend, Chat: 7, HTML: "原文", Keyboard: row.keys, Files: row.old})
				got, _ := swapped(t, c, wire.Outgoing{
					Act: reminders.ActEdit, Chat: 7, DoneParts: other.Parts, FileParts: len(row.old), HTML: "更正", Keyboard: row.keys,
					Files: again, Stand: stand(row.old...),
				})
				if diff := cmp.Diff(slices.Concat(row.want, row.want), shows(ming.Messages())); got.Result != reminders.Sent || len(known) == 0 || diff != "" {
					t.Errorf("%+v, known %v (-want +got):\n%s", got, known, diff)
				}
			})
		})
	}
}

// shows names what messages of the bot show: photos by their width.
func shows(messages []sandbox.Message) (all []string) {
	for i, what := range looks(messages) {
		m := slices.DeleteFunc(slices.Clone(messages), func(m sandbox.Message) bool { return !m.FromBot })[i]
		name := ""
		switch {
		case m.Photo:
			name = "photo" + string(rune('0'+m.Width))
		case m.Document != nil:
			name = m.Document.Name
		}
		if name != "" {
			what = name + what[len("file"):]
		}
		all = append(all, what)
	}
	return all
}
