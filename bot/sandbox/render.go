package sandbox

import (
	"html"
	"net/url"
	"strings"
	"unicode/utf16"
)

// rendered are the tags in which a page shows entities. The rest is plain text.
var rendered = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "expandable_blockquote": "blockquote", "spoiler": "span",
}

// render writes a text as HTML that is safe to put into a page: all text is
// escaped, links lead to web, mail or chat addresses only.
func render(text string, entities []Entity) string {
	if len(entities) == 0 {
		return html.EscapeString(text)
	}
	r := &renderer{text: utf16.Encode([]rune(text)), waiting: entities}
	r.span(0, len(r.text))
	return r.out.String()
}

type renderer struct {
	text    []uint16
	waiting []Entity // in order of their offsets
	out     strings.Builder
}

// span writes a part of the text with the entities that begin in it. What reaches
// beyond the part is cut, so that tags always nest.
func (r *renderer) span(from, to int) {
	for len(r.waiting) > 0 && r.waiting[0].Offset < to {
		e := r.waiting[0]
		r.waiting = r.waiting[1:]
		begin, end := max(from, e.Offset), min(e.end(), to)
		if begin >= end {
			continue
		}
		r.plain(from, begin)
		opening, closing := tagsOf(e)
		r.out.WriteString(opening)
		r.span(begin, end)
		r.out.WriteString(closing)
		from = end
	}
	r.plain(from, to)
}

func (r *renderer) plain(from, to int) {
	r.out.WriteString(html.EscapeString(string(utf16.Decode(r.text[from:to]))))
}

func tagsOf(e Entity) (opening, closing string) {
	if e.Type == "text_link" && safe(e.URL) {
		return `<a href="` + html.EscapeString(e.URL) + `">`, "</a>"
	}
	name, ok := rendered[e.Type]
	if !ok {
		return "", ""
	}
	if e.Type == "spoiler" {
		return `<span class="tg-spoiler">`, "</span>"
	}
	return "<" + name + ">", "</" + name + ">"
}

func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https", "mailto", "tg":
		return true
	}
	return false
}
