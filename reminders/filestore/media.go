package filestore

import (
	"bytes"
	"image"
	_ "image/gif"  // so that pictures of this kind are recognised
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
)

// unknown is the media type of bytes that show nothing.
const unknown = "application/octet-stream"

// pictures are the endings under which a picture is expected.
var pictures = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"}

// decoded are the kinds of picture whose head is read, so that what only begins like
// one is refused.
var decoded = []string{"image/jpeg", "image/png", "image/gif"}

// largestSide bounds width and height of a picture in pixels: nothing that a camera
// makes is larger, and some bombs are.
const largestSide = 30_000

// endings name the kinds of file that an office sends, for bytes that show no more
// than that they are text or an archive.
var endings = map[string]map[string]string{
	"application/zip": {
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
	"text/plain": {".csv": "text/csv", ".ics": "text/calendar", ".json": "application/json", ".md": "text/markdown"},
}

// mediaType tells from its content what a file is. It reports false for what is called
// a picture, or begins like one, and is none.
func mediaType(name string, content []byte) (kind string, ok bool) {
	kind, _, err := mime.ParseMediaType(http.DetectContentType(content))
	if err != nil {
		kind = unknown
	}
	tail := strings.ToLower(path.Ext(name))
	isPicture := strings.HasPrefix(kind, "image/")
	if slices.Contains(pictures, tail) && !isPicture {
		return "", false
	}
	if slices.Contains(decoded, kind) {
		config, _, err := image.DecodeConfig(bytes.NewReader(content))
		if err != nil || config.Width < 1 || config.Height < 1 || config.Width > largestSide || config.Height > largestSide {
			return "", false
		}
	}
	if narrower, found := endings[kind][tail]; found {
		kind = narrower
	}
	return kind, true
}

// ending is how the name of a file of a kind ends that has no name of its own.
func ending(kind string) string {
	switch kind {
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	case "image/gif":
		return ".gif"
	case "application/pdf":
		return ".pdf"
	}
	return ".bin"
}

// longestName is how many characters of a name are kept.
const longestName = 120

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
		if len(tail) > longestName/2 {
			tail = nil
		}
		name = string(all[:longestName-len(tail)]) + string(tail)
	}
	return name
}
