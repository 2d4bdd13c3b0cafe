package filestore_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
)

// clock is a clock that a test moves.
type clock struct{ at time.Time }

func (c *clock) Now() time.Time                                 { return c.at }
func (c *clock) WaitUntil(_ context.Context, _ time.Time) error { return nil }

func newClock() *clock { return &clock{time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)} }

// picture draws a picture of one colour.
func picture(t testing.TB, width, height int, write func(io.Writer, image.Image) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }

// shelves runs a test over a disk and over memory.
func shelves(t *testing.T, test func(t *testing.T, s *filestore.Store, c *clock)) {
	t.Run("disk", func(t *testing.T) {
		c := newClock()
		test(t, filestore.Open(filepath.Join(t.TempDir(), "files"), c), c)
	})
	t.Run("memory", func(t *testing.T) {
		c := newClock()
		test(t, filestore.Memory(c), c)
	})
}

// keep puts a file.
func keep(s *filestore.Store, name string, content []byte) (reminders.File, error) {
	return s.Put(context.Background(), name, bytes.NewReader(content))
}

func read(t *testing.T, s *filestore.Store, f reminders.File) string {
	t.Helper()
	file, err := s.Open(f.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// What was put is opened by its hash; the same content is kept once, under whatever
// name it comes.
func TestPutAndOpen(t *testing.T) {
	shelves(t, func(t *testing.T, s *filestore.Store, _ *clock) {
		content := "%PDF-1.7 示例"
		sum := sha256.Sum256([]byte(content))
		want := reminders.File{Hash: hex.EncodeToString(sum[:]), Name: "样例.pdf", Type: "application/pdf", Size: int64(len(content))}
		got, err := keep(s, "样例.pdf", []byte(content))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatalf("%v\n%s", err, diff)
		}
		again, err := keep(s, "另一份.pdf", []byte(content))
		if err != nil || again.Hash != got.Hash || again.Name != "另一份.pdf" {
			t.Errorf("again: %+v, %v", again, err)
		}
		if read(t, s, got) != content {
			t.Error("other bytes came back")
		}
		count := 0
		if err := s.Each(func(string, io.Reader, int64) error { count++; return nil }); err != nil || count != 1 {
			t.Errorf("%d files are kept, %v", count, err)
		}
	})
}

// The type follows from the content; the name only narrows what the content allows.
func TestMediaTypes(t *testing.T) {
	jpg, pngs, zip := picture(t, 3, 2, asJPEG), picture(t, 3, 2, png.Encode), []byte("PK\x03\x04rest")
	for _, row := range []struct {
		name    string
		content []byte
		kind    string
		picture bool
	}{
		{"现场.JPG", jpg, "image/jpeg", true},
		{"图.png", pngs, "image/png", true},
		{"", pngs, "image/png", true},
		{"动图.gif", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "image/gif", false},
		{"手机.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00"), "image/heic", false},
		{"台账.xlsx", zip, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false},
		{"公文.ofd", zip, "application/ofd", false},
		{"旧表.xls", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), "application/vnd.ms-excel", false},
		{"新表.et", zip, "application/zip", false},
		{"台账.csv", []byte("工号,姓名\n"), "text/csv", false},
		{"国标.txt", []byte("\xB9\xA4\xBA\xC5\r\n"), "text/plain", false}, // GB18030
		{"值班.ics", []byte("BEGIN:VCALENDAR\r\n"), "text/calendar", false},
	} {
		got, err := keep(filestore.Memory(newClock()), row.name, row.content)
		if err != nil || got.Type != row.kind || got.Picture() != row.picture {
			t.Errorf("%q: %+v, %v; want %s", row.name, got, err, row.kind)
		}
	}
}

// A file without a name is named after its content; a name loses what no name has.
func TestNames(t *testing.T) {
	got, err := keep(filestore.Memory(newClock()), "", picture(t, 1, 1, asJPEG))
	if err != nil || got.Name != got.Hash[:8]+".jpg" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, want := range map[string]string{
		"../../etc/passwd":                 "passwd",
		`C:\值班\照片.jpg`:                     "照片.jpg",
		"a\nb\u202egpj.exe":                "abgpj.exe",
		"..":                               "",
		"":                                 "",
		strings.Repeat("长", 200) + ".xlsx": strings.Repeat("长", 75) + ".xlsx",
		"x." + strings.Repeat("y", 200):    "x." + strings.Repeat("y", 78),
	} {
		if got := filestore.PlainName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}

// What is refused names the remedy, and nothing of it is kept.
func TestPutRefuses(t *testing.T) {
	largest := bytes.Repeat([]byte("x"), filestore.Limit)
	for _, row := range []struct {
		name, file string
		content    []byte
		key        string // of the text; empty: taken
	}{
		{"nothing in it", "空.pdf", nil, "attachment.empty"},
		{"as large as allowed", "大.txt", largest, ""},
		{"one byte too large", "大.txt", append(largest[:len(largest):len(largest)], 'x'), "attachment.large"},
		{"a photo that is a text", "照片.JPG", []byte("不是图片"), "attachment.other"},
		{"a photo that is a spreadsheet", "照片.png", []byte("PK\x03\x04"), "attachment.other"},
		{"a photo of another kind than its name says", "照片.png", picture(t, 40, 30, asJPEG), "attachment.other"},
		{"a photo of which only the first bytes came", "照片.jpg", picture(t, 40, 30, asJPEG)[:8], "attachment.other"},
		{"the head of a picture alone", "", []byte("\x89PNG\x0D\x0A\x1A\x0A"), "attachment.other"},
		{"a bomb", "炸.png", bomb(t), "attachment.other"},
		{"a page that is called a text", "通知.txt", []byte("<!DOCTYPE html><p>"), "attachment.other"},
		{"a page", "通知.html", []byte("<!DOCTYPE html><p>"), "attachment.kind"},
		{"a program", "照片.jpg.exe", []byte("MZ"), "attachment.kind"},
		{"neither a name nor a picture", "", []byte("文字"), "attachment.kind"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := filestore.Memory(newClock())
			_, err := keep(s, row.file, row.content)
			if got := reminders.MessageOf(err).Key; got != row.key || (err != nil && reminders.KindOf(err) != reminders.Invalid) {
				t.Errorf("%v with text %q, want %q", err, got, row.key)
			}
			kept := 0
			if err := s.Each(func(string, io.Reader, int64) error { kept++; return nil }); err != nil || (kept == 0) != (row.key != "") {
				t.Errorf("%d files are kept, %v", kept, err)
			}
		})
	}
}

// bomb is a picture that says it is far larger than its bytes.
func bomb(t *testing.T) []byte {
	t.Helper()
	b := picture(t, 1, 1, png.Encode)
	copy(b[16:20], []byte{0x7F, 0xFF, 0xFF, 0xFF}) // the width
	return b
}

// Content that is not there is not given out, and no path is one.
func TestOpenRefuses(t *testing.T) {
	shelves(t, func(t *testing.T, s *filestore.Store, _ *clock) {
		for hash, kind := range map[string]reminders.Kind{
			strings.Repeat("0", 64):         reminders.NotFound,
			strings.Repeat("A", 64):         reminders.Internal,
			"../../etc/passwd":              reminders.Internal,
			"":                              reminders.Internal,
			strings.Repeat("../", 21) + "a": reminders.Internal,
		} {
			if _, err := s.Open(hash); reminders.KindOf(err) != kind {
				t.Errorf("%q: %v", hash, err)
			}
		}
	})
}

// What breaks off while it comes is not kept.
func TestPutBreaksOff(t *testing.T) {
	s := filestore.Memory(newClock())
	if _, err := s.Put(t.Context(), "a.txt", iotest.TimeoutReader(strings.NewReader(strings.Repeat("x", 9999)))); err == nil {
		t.Error("half a file was kept")
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ended, "a.txt", strings.NewReader("abc")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// On the disk a file belongs to its owner only, and nothing but files remains.
func TestDiskIsPrivate(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	s := filestore.Open(root, newClock())
	if err := s.Each(func(string, io.Reader, int64) error { return nil }); err != nil {
		t.Fatalf("a directory that is not there yet: %v", err)
	}
	f, err := keep(s, "a.txt", []byte("abc"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{
		root:                                    0o700,
		filepath.Join(root, f.Hash[:2]):         0o700,
		filepath.Join(root, f.Hash[:2], f.Hash): 0o600,
	} {
		stat, err := os.Stat(path)
		if err != nil || stat.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, stat.Mode(), err)
		}
	}
	left, err := os.ReadDir(filepath.Join(root, f.Hash[:2]))
	if err != nil || len(left) != 1 {
		t.Errorf("left in the directory: %v, %v", left, err)
	}
}

// A disk that takes nothing is Busy, with a text that says what to do.
func TestDiskThatTakesNothing(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	if err := os.WriteFile(root, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := keep(filestore.Open(root, newClock()), "a.txt", []byte("abc"))
	if reminders.KindOf(err) != reminders.Busy || reminders.MessageOf(err).Key != "attachment.disk" {
		t.Errorf("%v", err)
	}
}
