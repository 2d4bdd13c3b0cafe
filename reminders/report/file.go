package report

import (
	"bytes"
	"context"
	"image"
	_ "image/gif"  // knows the sizes of these pictures
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Files keep photos and documents by the hash of their content.
type Files interface {
	// Put keeps what r gives under its hash, durably. The errors for people are those
	// of Inspect and, for more than MaxFile bytes, report.file.large.
	Put(ctx context.Context, name string, r io.Reader) (reminders.File, error)
	// Open gives the content of a file by its hash, and NotFound if there is none.
	Open(hash string) (io.ReadCloser, error)
}

// MaxFile is the size of a file in bytes above which it is refused: what a bot may
// download.
const MaxFile = 20 << 20

// SniffLength is how many bytes of the beginning of a file Inspect wants to see, or all
// of it if it is shorter.
const SniffLength = 64 << 10

// The types of documents that Go's sniffing does not know.
const (
	typeOffice = "application/x-ole-storage" // doc, xls, ppt, wps: one container
	typeHEIC   = "image/heic"
)

// types say what a file must be, by the ending of its name.
var types = map[string][]string{
	".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".png": {"image/png"}, ".webp": {"image/webp"}, ".gif": {"image/gif"},
	".heic": {typeHEIC}, ".heif": {typeHEIC},
	".pdf": {"application/pdf"}, ".txt": {"text/plain"}, ".csv": {"text/plain"},
	".docx": {"application/zip"}, ".xlsx": {"application/zip"}, ".pptx": {"application/zip"}, ".ofd": {"application/zip"},
	".doc": {typeOffice}, ".xls": {typeOffice}, ".ppt": {typeOffice}, ".wps": {typeOffice, "application/zip"}, ".et": {typeOffice, "application/zip"},
}

// Inspect gives the media type of a file by its beginning, and an Invalid error if it is
// not what its name claims: head is its first SniffLength bytes. A photo that is not one,
// and any kind of file that is not a picture or a document, is refused.
func Inspect(name string, head []byte) (string, error) {
	const op = "report.inspect"
	wanted, known := types[strings.ToLower(path.Ext(name))]
	if !known {
		return "", reminders.Fail(reminders.Invalid, op, "report.file.kind", nil)
	}
	if len(head) == 0 {
		return "", reminders.Fail(reminders.Invalid, op, "report.file.empty", nil)
	}
	is := sniff(head)
	if !slices.Contains(wanted, is) {
		return "", reminders.Fail(reminders.Invalid, op, "report.file.other", nil)
	}
	if slices.Contains([]string{"image/jpeg", "image/png", "image/gif"}, is) {
		size, _, err := image.DecodeConfig(bytes.NewReader(head))
		if err != nil || size.Width < 1 || size.Height < 1 {
			return "", reminders.Fail(reminders.Invalid, op, "report.file.other", nil)
		}
	}
	return is, nil
}

// sniff tells what a file is by its beginning.
func sniff(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return typeOffice
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "mif1", "msf1", "heif"}, string(head[8:12])):
		return typeHEIC
	}
	is, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if is == "text/html" || is == "text/xml" {
		return is // a text file does not begin like a page
	}
	if is == "application/octet-stream" && plainText(head) {
		return "text/plain" // GB18030
	}
	return is
}

// plainText reports whether the bytes look like a text in an East Asian encoding: nothing
// below space but line ends and tabs.
func plainText(head []byte) bool {
	return !slices.ContainsFunc(head, func(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' })
}

// FileName is a name under which a file may be kept and shown: its last element, without
// what is not printable, at most 80 characters long with its ending kept.
func FileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(c rune) rune {
		if c < ' ' || c == utf8.RuneError || c == 0x7F || strings.ContainsRune("\u202a\u202b\u202d\u202e\u2066\u2067\u2068", c) {
			return -1
		}
		return c
	}, name)
	const longest = 80
	if runes := []rune(name); len(runes) > longest {
		ending := []rune(path.Ext(name))
		if len(ending) > 8 {
			ending = nil
		}
		name = string(runes[:longest-len(ending)]) + string(ending)
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}
