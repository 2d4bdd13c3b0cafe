package store_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// hashed is a file whose hash is one letter.
func hashed(letter string) reminders.File {
	return reminders.File{Hash: strings.Repeat(letter, 64), Name: "a.jpg", Type: "image/jpeg", Size: 1}
}

// Every record that names a file is found, wherever in it the file stands.
func TestNamedFiles(t *testing.T) {
	s := newShelf(t)
	type form struct {
		Draft struct {
			Files []reminders.File `json:"files"`
		} `json:"draft"`
	}
	dialog := form{}
	dialog.Draft.Files = []reminders.File{hashed("a"), hashed("b")}
	s.do(func(tx reminders.Tx) error {
		for n, files := range [][]reminders.File{nil, {hashed("c")}, {hashed("c"), hashed("d")}} {
			d := reminders.Delivery{Key: reminders.DeliveryKey("k" + string(rune('0'+n))), Files: files}
			if err := s.Outbox().SaveDelivery(tx, d); err != nil {
				return err
			}
		}
		if err := s.Outbox().SaveReceipt(tx, reminders.Receipt{Delivery: reminders.Delivery{Key: "old", Files: []reminders.File{hashed("e")}}}); err != nil {
			return err
		}
		draft := notice.Publication{ID: "2026-0001", Kind: notice.Announcement, State: notice.Drafting, Files: []reminders.File{hashed("f")}}
		if err := s.Publications().SavePublication(tx, draft); err != nil {
			return err
		}
		return s.SaveDialog(tx, 7, dialog)
	})
	named := func() (letters string) {
		s.do(func(tx reminders.Tx) error {
			found, err := s.NamedFiles(tx)
			for _, letter := range strings.Split("abcdef", "") {
				if found[strings.Repeat(letter, 64)] {
					letters += letter
				}
			}
			return err
		})
		return letters
	}
	if got := named(); got != "abcdf" { // a receipt shows what was sent and needs no bytes
		t.Errorf("named are %q", got)
	}
	s.do(func(tx reminders.Tx) error { return s.SaveDialog(tx, 7, nil) })
	if got := named(); got != "cdf" {
		t.Errorf("after the conversation named are %q", got)
	}
}

// Under what the chat service has a file is known for each use, until it is forgotten.
func TestUploads(t *testing.T) {
	s := newShelf(t)
	one, other := hashed("a").Hash, hashed("b").Hash
	s.do(func(tx reminders.Tx) error {
		for _, hash := range []string{one, other} {
			if err := s.SaveUpload(tx, hash, "photo", "ID"+hash[:1]); err != nil {
				return err
			}
		}
		return s.ForgetUploads(tx, one)
	})
	got := map[string]string{}
	s.do(func(tx reminders.Tx) error {
		for _, hash := range []string{one, other} {
			for _, use := range []string{"photo", "document"} {
				id, known, err := s.Upload(tx, hash, use)
				if err != nil {
					return err
				}
				if known {
					got[hash[:1]+use] = id
				}
			}
		}
		return nil
	})
	if diff := cmp.Diff(map[string]string{"bphoto": "IDb"}, got); diff != "" {
		t.Error(diff)
	}
}
