package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/bot/sandbox"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// wants lets the chat of somebody wait for a file, as a form does.
func (s *scene) wants(id reminders.PersonID, files bool) {
	s.t.Helper()
	err := s.live.store.Do(context.Background(), func(tx reminders.Tx) error {
		return s.live.store.SaveDialog(tx, reminders.ChatID(s.phone(id).ID()), map[string]any{"asked": "", "files": files})
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// held lists the sizes of the files that are kept.
func (s *scene) held() (sizes []int64) {
	s.t.Helper()
	if err := s.files.Each(func(_ string, _ io.Reader, size int64) error { sizes = append(sizes, size); return nil }); err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(sizes)
	return sizes
}

// downloads counts the files that the bot fetched.
func (s *scene) downloads() (n int) {
	for _, call := range s.server.Calls() {
		if call.Method == "getFile" {
			n++
		}
	}
	return n
}

// Nothing is downloaded, let alone kept, that the bot did not ask for; and what the
// guard refuses is not fetched either.
func TestUnaskedFilesAreNotFetched(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.phone("P1").SendPhoto(shot(t, 1), "")
		s.phone("P1").SendDocument("a.pdf", []byte("%PDF-1.7"), "")
		s.settle()
		s.wants("P1", false)
		s.phone("P1").SendAlbum("", sandbox.Upload{Content: shot(t, 1)}, sandbox.Upload{Content: shot(t, 2)})
		s.settle()
		s.wants("P1", true)
		s.phone("P1").SendPhoto(shot(t, 1), "绝密★10年")
		s.settle()
		s.phone("P1").SendDocument("机密★名单.pdf", []byte("%PDF-1.7"), "")
		s.settle()
		if n := s.downloads(); n != 0 || len(s.held()) != 0 {
			t.Errorf("%d downloads, kept %v", n, s.held())
		}
		s.reads("P1", "没有保存")
	})
}

// What was asked for is kept once, whole albums of it; what is no file of an office says
// why, and the question stays.
func TestAskedFilesAreKept(t *testing.T) {
	play(t, "2026-09-22T08:50:00+08:00", func(s *scene) {
		s.enrol(small)
		s.wants("P1", true)
		one, two, document := shot(t, 1), shot(t, 99), []byte("%PDF-1.7 x")
		s.phone("P1").SendPhoto(one, "")
		s.settle()
		s.phone("P1").SendAlbum("", sandbox.Upload{Content: one}, sandbox.Upload{Content: two})
		s.settle()
		s.phone("P1").SendDocument("说明.pdf", document, "")
		s.settle()
		want := []int64{int64(len(document)), int64(len(one)), int64(len(two))}
		slices.Sort(want)
		if diff := cmp.Diff(want, s.held()); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
		for _, row := range []struct {
			name, text string
			send       func(p *sandbox.Person)
		}{
			{"a photo that is none", "这种文件不收", func(p *sandbox.Person) { p.SendPhoto([]byte("text"), "") }},
			{"a page", "这种文件不收", func(p *sandbox.Person) { p.SendDocument("a.html", []byte("<html>"), "") }},
			{"a text that is called a photo", "后缀不符", func(p *sandbox.Person) { p.SendDocument("a.jpg", []byte("text"), "") }},
			{"an empty one", "文件是空的", func(p *sandbox.Person) { p.SendDocument("a.txt", nil, "") }},
			{"one over 20 MB", "超过 20 MB", func(p *sandbox.Person) { p.SendDocument("a.txt", make([]byte, 20<<20+1), "") }},
		} {
			row.send(s.phone("P1"))
			s.settle()
			if got := s.last("P1").Text; !strings.Contains(got, row.text) {
				t.Errorf("%s: P1 reads %q", row.name, got)
			}
		}
		if diff := cmp.Diff(want, s.held()); diff != "" {
			t.Errorf("kept after what was refused (-want +got):\n%s", diff)
		}
		if got := s.kept("quarantine/"); len(got) > 0 {
			t.Errorf("in quarantine: %v", got)
		}
	})
}
