package notice_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// paper and drawing are files that are told apart by their names.
func paper(name string) reminders.File {
	return reminders.File{Hash: "hash of " + name, Name: name, Type: "application/pdf", Size: 10}
}

func drawing(name string) reminders.File {
	return reminders.File{Hash: "hash of " + name, Name: name, Type: "image/png", Size: 10}
}

// filesOfBoth is a change that replaces files and nothing else.
func filesOfBoth(files ...reminders.File) notice.Change {
	return notice.Change{Bodies: said("first"), Files: files}
}

// A file may take the place of another of the same message, or two change their places: each
// reader has in the end what stands in each place, also among the files of others and where
// the chat service took only some of them.
func TestFilesChangePlaces(t *testing.T) {
	a, b, c, other := paper("a.pdf"), paper("b.pdf"), paper("c.pdf"), paper("other.pdf")
	for _, row := range []struct {
		name            string
		now, has, wants []reminders.File
	}{
		{"moved up", []reminders.File{b, c}, []reminders.File{a, b}, []reminders.File{b, c}},
		{"changed over", []reminders.File{b, a}, []reminders.File{a, b}, []reminders.File{b, a}},
		{"changed over already", []reminders.File{b, a}, []reminders.File{b, a}, []reminders.File{b, a}},
		{"among others", []reminders.File{b, c}, []reminders.File{other, a, b}, []reminders.File{other, b, c}},
		{"half way", []reminders.File{b, c}, []reminders.File{b, b}, []reminders.File{b, c}},
	} {
		r := newNewsroom(t, 12)
		handle, id := r.sent(func(p *notice.Publication) { p.Files = []reminders.File{a, b} })
		r.finish()
		r.do(func(tx reminders.Tx) error {
			if _, err := r.press.Correct(tx, handle, "S001", filesOfBoth(row.now...)); err != nil {
				return err
			}
			_, err := r.press.DecideCorrection(tx, handle, true, "", "S002", false)
			return err
		})
		r.do(func(tx reminders.Tx) error {
			got, err := r.press.FilesNow(tx, reminders.Delivery{Lines: []reminders.Message{reminders.Copy(id)}, Files: row.has})
			if diff := cmp.Diff(row.wants, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", row.name, err, diff)
			}
			return err
		})
	}
}

// A file is replaced in the notice, for copies that are written from now on, and in what
// is known of a message: wherever the first file stood, the newest stands. The ledger has
// the hashes of both.
func TestCorrectionReplacesFiles(t *testing.T) {
	r := newNewsroom(t, 12)
	handle, id := r.sent(func(p *notice.Publication) { p.Files = []reminders.File{paper("a.pdf"), paper("b.pdf")} })
	r.finish()
	for _, files := range [][]reminders.File{{paper("a.pdf"), paper("c.pdf")}, {paper("a.pdf"), paper("d.pdf")}} {
		r.do(func(tx reminders.Tx) error {
			if _, err := r.press.Correct(tx, handle, "S001", filesOfBoth(files...)); err != nil {
				return err
			}
			_, err := r.press.DecideCorrection(tx, handle, true, "", "S002", false)
			return err
		})
		r.finish()
	}
	r.do(func(tx reminders.Tx) error {
		n, _, err := r.store.Notices().Notice(tx, id)
		if diff := cmp.Diff([]reminders.File{paper("a.pdf"), paper("d.pdf")}, n.Files); diff != "" {
			t.Errorf("the notice (-want +got):\n%s", diff)
		}
		for _, row := range []struct {
			name       string
			has, wants []reminders.File
			line       string
		}{
			{"the first files", []reminders.File{paper("a.pdf"), paper("b.pdf")}, []reminders.File{paper("a.pdf"), paper("d.pdf")}, id},
			{"the second", []reminders.File{paper("a.pdf"), paper("c.pdf")}, []reminders.File{paper("a.pdf"), paper("d.pdf")}, id},
			{"among those of others", []reminders.File{drawing("x.png"), paper("b.pdf"), paper("a.pdf")}, []reminders.File{drawing("x.png"), paper("d.pdf"), paper("a.pdf")}, id},
			{"what says something else", []reminders.File{paper("b.pdf")}, []reminders.File{paper("b.pdf")}, ""},
		} {
			got, err := r.press.FilesNow(tx, reminders.Delivery{Lines: []reminders.Message{reminders.Copy(row.line)}, Files: row.has})
			if diff := cmp.Diff(row.wants, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", row.name, err, diff)
			}
		}
		return err
	})
	entries := r.entries(ledger.Corrected)
	last := entries[len(entries)-1].Attrs
	if last["files_were"] != "hash of a.pdf,hash of c.pdf" || last["files"] != "hash of a.pdf,hash of d.pdf" {
		t.Errorf("the ledger has %v", last)
	}
	r.recall(handle)
	r.finish()
	r.do(func(tx reminders.Tx) error {
		had := []reminders.File{paper("a.pdf"), paper("c.pdf")}
		got, err := r.press.FilesNow(tx, reminders.Delivery{Lines: []reminders.Message{reminders.Copy(id)}, Files: had})
		if diff := cmp.Diff(had, got); diff != "" {
			t.Errorf("what was recalled changes (-want +got):\n%s", diff)
		}
		return err
	})
	r.balanced()
}

// Only what the chat service lets stand in the place of a file may replace it; the guard
// reads the names of files and the notes in every language.
func TestCorrectionsOfFilesThatAreRefused(t *testing.T) {
	for _, row := range []struct {
		name    string
		has     []reminders.File
		change  notice.Change
		refused string // the key of what is said; empty: it is taken
	}{
		{"one more", []reminders.File{paper("a.pdf")}, filesOfBoth(paper("a.pdf"), paper("b.pdf")), "publication.files_count"},
		{"none", []reminders.File{paper("a.pdf")}, filesOfBoth(), "publication.files_count"},
		{"a file where none was", nil, filesOfBoth(paper("a.pdf")), "publication.files_count"},
		{
			"another kind among several",
			[]reminders.File{paper("a.pdf"), drawing("b.png")},
			filesOfBoth(drawing("z.png"), drawing("b.png")), "publication.files_kind",
		},
		{"another kind alone", []reminders.File{paper("a.pdf")}, filesOfBoth(drawing("z.png")), ""},
		{"the same kind among several", []reminders.File{paper("a.pdf"), drawing("b.png")}, filesOfBoth(paper("z.pdf"), drawing("b.png")), ""},
		{"a mark in a name", []reminders.File{paper("a.pdf")}, filesOfBoth(paper("secret.pdf")), "guard.mark"},
		{"a mark in a note of a language without a body", nil, notice.Change{
			Bodies: said("second"), Material: true, Notes: map[reminders.Language]string{reminders.Chinese: "the place", reminders.English: "a secret"},
		}, "guard.mark"},
		{"no note in the language of the lead", nil, notice.Change{
			Bodies: said("second"), Material: true, Notes: map[reminders.Language]string{reminders.English: "the place"},
		}, "publication.problem.no-note"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newNewsroom(t, 3)
			handle, _ := r.sent(func(p *notice.Publication) { p.Files = row.has })
			r.do(func(tx reminders.Tx) error {
				_, err := r.press.Correct(tx, handle, "S001", row.change)
				key := ""
				if err != nil {
					key = reminders.MessageOf(err).Key
				}
				if key != row.refused {
					t.Errorf("is told %q, want %q: %v", key, row.refused, err)
				}
				return nil
			})
		})
	}
}

// A correction that was written before notes had a language and files could be replaced
// keeps its note for readers of the lead, and the files as they are.
func TestCorrectionAsItWasStored(t *testing.T) {
	stored := `{"id":"2026-0001","kind":"announcement","lead":"zh-Hans","files":[{"hash":"1","name":"a.pdf"}],
		"correction":{"bodies":{"zh-Hans":{"title":"t"}},"material":true,"note":"改了地点","state":"waiting"}}`
	var p notice.Publication
	if err := json.Unmarshal([]byte(stored), &p); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[reminders.Language]string{reminders.Chinese: "改了地点"}, p.Notes()); diff != "" {
		t.Errorf("the notes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(p.Files, p.CorrectedFiles()); diff != "" || len(p.Files) != 1 {
		t.Errorf("the files (-want +got):\n%s", diff)
	}
}

// Readers of a material correction are told in their own language what changed, and in
// that of the lead where it says nothing in theirs.
func TestNotesOfACorrection(t *testing.T) {
	r := newNewsroom(t, 3)
	handle, id := r.sent(nil)
	r.finish()
	notes := map[reminders.Language]string{reminders.Chinese: "地点改了", reminders.English: "Another place", "fr": " "}
	r.do(func(tx reminders.Tx) error {
		if _, err := r.press.Correct(tx, handle, "S001", notice.Change{Bodies: said("second"), Material: true, Notes: notes}); err != nil {
			return err
		}
		_, err := r.press.DecideCorrection(tx, handle, true, "", "S002", false)
		return err
	})
	told := 0
	r.finish()
	for key := range r.phones {
		r.do(func(tx reminders.Tx) error {
			sent, found, err := r.store.Outbox().Receipt(tx, key)
			for _, line := range sent.Lines {
				if note, is := line.Args["Note"]; found && is {
					told++
					if diff := cmp.Diff(map[reminders.Language]string{"": "地点改了", reminders.Chinese: "地点改了", reminders.English: "Another place"}, note.Each); diff != "" {
						t.Errorf("the note (-want +got):\n%s", diff)
					}
				}
			}
			return err
		})
	}
	if told == 0 {
		t.Errorf("nobody is told of the correction of %s", id)
	}
}
