package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// formats are the tags of the formats that are kept (格式), by the word of the service for
// them. What is not listed, such as a mention or a picture character, stays as its text.
var formats = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler",
	"code": "code", "pre": "pre", "text_link": "a", "blockquote": "blockquote", "expandable_blockquote": "blockquote",
}

// outermost orders tags: what stands earlier contains what stands later. Tags that are
// always opened in this order nest, however their spans overlap.
var outermost = []string{"pre", "code", "blockquote", "a", "b", "i", "u", "s", "tg-spoiler"}

// span is one format of a part of a text, in characters.
type span struct {
	from, to int
	tag      string
	url      string // of a link
}

// Formatted writes a text that somebody formatted in the chat as HTML of the chat
// service, escaped and without blank lines around it. Entities count UTF-16 units and
// come from outside: what of one lies outside of the text is left out, an end inside of
// a character is moved before it, and spans may overlap in any way. What a reader sees
// is always exactly the text.
func Formatted(text string, entities []wire.Entity) string {
	runes := []rune(strings.ToValidUTF8(text, "\ufffd"))
	spans := spansOf(runes, entities)
	from, to := inner(runes)
	cuts := []int{from, to}
	for _, s := range spans {
		cuts = append(cuts, min(max(s.from, from), to), min(max(s.to, from), to))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out strings.Builder
	var open []string
	for i := range len(cuts) - 1 {
		next := tagsAt(spans, cuts[i])
		open = retag(&out, open, next)
		out.WriteString(Escape(string(runes[cuts[i]:cuts[i+1]])))
	}
	retag(&out, open, nil)
	return out.String()
}

// inner is the part of a text without the blanks around it.
func inner(runes []rune) (from, to int) {
	for to = len(runes); to > 0 && unicode.IsSpace(runes[to-1]); to-- {
	}
	for from < to && unicode.IsSpace(runes[from]) {
		from++
	}
	return from, to
}

// spansOf gives the entities that are kept as spans inside of the text.
func spansOf(runes []rune, entities []wire.Entity) []span {
	units := make([]int, 0, len(runes)+1) // where each character begins
	n := 0
	for _, r := range runes {
		units = append(units, n)
		n += max(1, utf16.RuneLen(r))
	}
	units = append(units, n)
	place := func(unit int) int {
		i, exact := slices.BinarySearch(units, min(max(unit, 0), n))
		if !exact {
			i-- // inside of a character
		}
		return i
	}
	var spans []span
	for _, e := range entities {
		tag := formats[e.Type]
		if tag == "" || !sane(e) || tag == "a" && !webAddress(e.URL) {
			continue
		}
		s := span{from: place(e.Offset), to: place(e.Offset + e.Length), tag: tag, url: e.URL}
		if s.from < s.to {
			spans = append(spans, s)
		}
	}
	return spans
}

// longest is more than any text of the chat service has.
const longest = 1 << 20

// sane reports whether an entity can be about a text at all.
func sane(e wire.Entity) bool {
	return e.Offset >= -longest && e.Offset <= longest && e.Length > 0 && e.Length <= longest
}

// webAddress reports whether a link leads to the web, and not into an app.
func webAddress(url string) bool {
	lower := strings.ToLower(url)
	return (strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://")) && len(url) <= 512 &&
		!strings.ContainsFunc(url, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// tagsAt lists the opening tags that hold at a character, the outermost first. Inside of
// code nothing else holds: the service allows nothing there.
func tagsAt(spans []span, at int) []string {
	var found []span
	for _, s := range spans {
		if s.from <= at && at < s.to && !slices.ContainsFunc(found, func(o span) bool { return o.tag == s.tag }) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b span) int {
		return cmp.Compare(slices.Index(outermost, a.tag), slices.Index(outermost, b.tag))
	})
	if len(found) > 0 && (found[0].tag == "pre" || found[0].tag == "code") {
		found = found[:1]
	}
	tags := make([]string, len(found))
	for i, s := range found {
		tags[i] = "<" + s.tag + ">"
		if s.tag == "a" {
			tags[i] = `<a href="` + Escape(s.url) + `">`
		}
	}
	return tags
}

// retag closes what is open and no longer holds, opens what holds now, and gives that.
func retag(out *strings.Builder, open, next []string) []string {
	same := 0
	for same < len(open) && same < len(next) && open[same] == next[same] {
		same++
	}
	for _, tag := range slices.Backward(open[same:]) {
		name, _, _ := strings.Cut(strings.Trim(tag, "<>"), " ")
		out.WriteString("</" + name + ">")
	}
	for _, tag := range next[same:] {
		out.WriteString(tag)
	}
	return next
}

// Headed cuts the first line off a text as its title, and gives the rest as HTML.
func Headed(text string, entities []wire.Entity) (title, html string) {
	body := strings.TrimLeftFunc(text, unicode.IsSpace)
	cut := Length(text) - Length(body)
	first, rest, _ := strings.Cut(body, "\n")
	cut += Length(first) + 1
	shifted := slices.Clone(entities)
	for i, e := range shifted {
		if sane(e) {
			shifted[i].Offset -= cut
		}
	}
	return strings.Join(strings.Fields(first), " "), Formatted(rest, shifted)
}
