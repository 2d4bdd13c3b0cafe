package wire

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf16"
)

// Length is the length of a text as the chat service counts it: in UTF-16 units.
func Length(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// tag is an opening or closing tag as Telegram writes them; anything else with a
// '<' is text.
var tag = regexp.MustCompile(`^<(/?)([a-zA-Z][a-zA-Z0-9-]{0,15})((?:\s[^<>]*)?)>`)

// entity is one of the named or numbered characters that Telegram knows.
var entity = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)

// piece is a tag or one visible character of a text with tags.
type piece struct {
	raw   string
	text  string // the visible character; empty for a tag
	name  string // the name of the tag in lower case
	close bool   // the tag closes
}

// next cuts the first piece off.
func next(text string) (p piece, rest string) {
	switch text[0] {
	case '<':
		if m := tag.FindStringSubmatch(text); m != nil {
			return piece{raw: m[0], name: strings.ToLower(m[2]), close: m[1] == "/"}, text[len(m[0]):]
		}
	case '&':
		if raw := entity.FindString(text); raw != "" {
			return piece{raw: raw, text: html.UnescapeString(raw)}, text[len(raw):]
		}
	}
	for i := range text {
		if i > 0 {
			return piece{raw: text[:i], text: text[:i]}, text[i:]
		}
	}
	return piece{raw: text, text: text}, ""
}

// Plain gives what a reader sees of a text with tags: the tags taken out and the
// escaped characters as themselves.
func Plain(markup string) string {
	if !strings.ContainsAny(markup, "<&") {
		return markup
	}
	var out strings.Builder
	for markup != "" {
		var p piece
		p, markup = next(markup)
		out.WriteString(p.text)
	}
	return out.String()
}
