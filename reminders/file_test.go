package reminders_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// files makes a file for each letter: p a picture, d a document, b a picture that is
// too large to go as one. The place in the word is the file's name.
func files(word string) []reminders.File {
	var all []reminders.File
	for i, c := range word {
		f := reminders.File{Name: word[i : i+1], Type: "image/jpeg", Size: 10 << 20}
		switch c {
		case 'd':
			f.Type = "application/pdf"
		case 'b':
			f.Size++
		}
		all = append(all, f)
	}
	return all
}

// Pictures go together and before all others, at most ten at once.
func TestAlbums(t *testing.T) {
	for word, want := range map[string]string{
		"":                      "",
		"p":                     "p",
		"pp":                    "pp",
		"dpdp":                  "pp dd",
		"pb":                    "p b", // beyond the limit of pictures: a document
		strings.Repeat("p", 10): "pppppppppp",
		strings.Repeat("p", 11): "pppppppppp p",
		strings.Repeat("pd", 6): "pppppp dddddd",
	} {
		var got []string
		for _, album := range reminders.Albums(files(word)) {
			names := ""
			for _, f := range album {
				names += f.Name
			}
			got = append(got, names)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is grouped as %q, want %q", word, got, want)
		}
	}
}

// The next step of a delivery is an album as a whole, or one message.
func TestNext(t *testing.T) {
	d := reminders.Delivery{Files: files("pdpp")}
	var got []int
	for done := 0; done < 6; done += got[len(got)-1] {
		d.Parts = make([]int, done)
		got = append(got, d.Next())
	}
	if diff := cmp.Diff([]int{3, 1, 1, 1}, got); diff != "" { // album, document, text, text
		t.Error(diff)
	}
	if n := (reminders.Delivery{}).Next(); n != 1 {
		t.Errorf("a text makes %d messages", n)
	}
}
