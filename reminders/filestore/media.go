package filestore

import (
	"bytes"
	"image"
	_ "image/gif"  // knows the sizes of these pictures
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// What the beginning of a file can show beside what Go's own sniffing knows.
const (
	isOffice = "application/x-ole-storage" // doc, xls, ppt, wps, et: one container
	isHEIC   = "image/heic"
	isText   = "text/plain"
	isZip    = "application/zip"
)

// kind is a kind of file that is taken: what its content must show, and its media type
// where that is narrower.
type kind struct {
	shows []string
	is    string // empty: what the content shows
}

// kinds are the files that an office sends, by the endings of their names. Pages and
// programs are not among them.
var kinds = map[string]kind{
	".jpg": {shows: []string{"image/jpeg"}}, ".jpeg": {shows: []string{"image/jpeg"}}, ".png": {shows: []string{"image/png"}},
	".webp": {shows: []string{"image/webp"}}, ".gif": {shows: []string{"image/gif"}},
	".heic": {shows: []string{isHEIC}}, ".heif": {shows: []string{isHEIC}},
	".pdf": {shows: []string{"application/pdf"}}, ".txt": {shows: []string{isText}},
	".csv": {[]string{isText}, "text/csv"}, ".ics": {[]string{isText}, "text/calendar"},
	".docx": {[]string{isZip}, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".xlsx": {[]string{isZip}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".pptx": {[]string{isZip}, "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	".ofd":  {[]string{isZip}, "application/ofd"},
	".doc":  {[]string{isOffice}, "application/msword"}, ".xls": {[]string{isOffice}, "application/vnd.ms-excel"},
	".ppt": {[]string{isOffice}, "application/vnd.ms-powerpoint"},
	".wps": {shows: []string{isOffice, isZip}}, ".et": {shows: []string{isOffice, isZip}},
}

// measured are the kinds of picture whose head is read, so that what only begins like
// one is refused.
var measured = []string{"image/jpeg", "image/png", "image/gif"}

// largestSide bounds width and height of a picture in pixels: nothing that a camera
// makes is larger, and some bombs are.
const largestSide = 30_000

// mediaType tells from its content what a file is. It fails for a kind of file that is
// not taken, and for one whose content is not what its name claims: a photo that is
// none. A picture needs no name.
func mediaType(name string, content []byte) (string, error) {
	const op = "filestore.inspect"
	shows := sniff(content)
	claimed, known := kinds[strings.ToLower(path.Ext(name))]
	if name == "" && strings.HasPrefix(shows, "image/") {
		claimed, known = kind{shows: []string{shows}}, true
	}
	switch {
	case !known:
		return "", reminders.Fail(reminders.Invalid, op, "attachment.kind", nil)
	case !slices.Contains(claimed.shows, shows), slices.Contains(measured, shows) && !measurable(content):
		return "", reminders.Fail(reminders.Invalid, op, "attachment.other", nil)
	case claimed.is != "":
		return claimed.is, nil
	}
	return shows, nil
}

// sniff tells what a file is by its beginning.
func sniff(content []byte) string {
	head := content[:min(len(content), 4096)]
	switch {
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return isOffice
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "mif1", "msf1", "heif"}, string(head[8:12])):
		return isHEIC
	}
	shows, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if shows == "application/octet-stream" && plainText(head) {
		return isText // GB18030
	}
	return shows
}

// plainText reports whether the bytes look like a text in an East Asian encoding:
// nothing below space but line ends and tabs.
func plainText(head []byte) bool {
	return !slices.ContainsFunc(head, func(b byte) bool { return b < ' ' && b != '\n' && b != '\r' && b != '\t' })
}

// measurable reports whether the head of a picture says how large it is.
func measurable(content []byte) bool {
	is, _, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil && is.Width > 0 && is.Height > 0 && is.Width <= largestSide && is.Height <= largestSide
}

// ending is how the name of a picture ends that has no name of its own.
func ending(mediaType string) string {
	if mediaType == "image/jpeg" {
		return ".jpg"
	}
	return "." + strings.TrimPrefix(mediaType, "image/")
}

// longestName is how many characters of a name are kept.
const longestName = 80

// plainName takes out of a name what a sender may have put there and no name has:
// folders, control characters, invisible marks that turn the direction of writing. A
// long one keeps its ending.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) {
			return -1
		}
		return c
	}, name))
	if name == "." || name == "/" || name == ".." {
		return ""
	}
	if all := []rune(name); len(all) > longestName {
		tail := []rune(path.Ext(name))
		if len(tail) > 8 {
			tail = nil
		}
		name = string(all[:longestName-len(tail)]) + string(tail)
	}
	return name
}
