package wire

import (
	"slices"
	"strings"
	"unicode"
)

// Split cuts a text with tags into parts of at most TextLimit visible UTF-16
// units: at the end of a paragraph where one is near, else at the end of a line,
// of a sentence or of a word, else between two characters. Tags that are open at
// a cut are closed before it and opened again after it; blanks at a cut are
// dropped. The same text is always cut at the same places, so that a send that
// was interrupted can go on. A text without anything visible has no parts.
func Split(text string) []string {
	if len(text) > TextLimit {
		return split(text, TextLimit)
	}
	// No text has more units than bytes: this is the usual case, and quick.
	if strings.TrimSpace(Plain(text)) == "" {
		return nil
	}
	return []string{strings.ToValidUTF8(strings.TrimSpace(text), "\ufffd")}
}

func split(text string, limit int) []string {
	pieces := pieces(text)
	var parts []string
	var open []piece
	for {
		pieces = dropBlanks(pieces, &open)
		if len(pieces) == 0 {
			return parts
		}
		end := cut(pieces, limit)
		part, still := render(pieces[:end], open)
		parts, open, pieces = append(parts, part), still, pieces[end:]
	}
}

func pieces(text string) []piece {
	text = strings.ToValidUTF8(text, "\ufffd")
	var all []piece
	for text != "" {
		var p piece
		p, text = next(text)
		all = append(all, p)
	}
	return all
}

// dropBlanks drops blanks and tags before the first visible character, and keeps
// account of the tags.
func dropBlanks(pieces []piece, open *[]piece) []piece {
	for i, p := range pieces {
		if p.text == "" {
			*open = account(*open, p)
			continue
		}
		if strings.TrimSpace(p.text) != "" {
			return pieces[i:]
		}
	}
	return nil
}

// account returns the open tags after p. It works in place.
func account(open []piece, p piece) []piece {
	if !p.close {
		return append(open, p)
	}
	for i := len(open) - 1; i >= 0; i-- {
		if open[i].name == p.name {
			return slices.Delete(open, i, i+1)
		}
	}
	return open
}

// How good a place for a cut is.
const (
	anywhere = iota
	afterWord
	afterSentence
	afterLine
	afterParagraph
)

// cut returns how many pieces go into the next part. Places in the first quarter
// of a part are not worth it.
func cut(pieces []piece, limit int) int {
	best := [afterParagraph + 1]int{}
	units := 0
	for i, p := range pieces {
		units += Length(p.text)
		if units > limit {
			for kind := afterParagraph; kind >= anywhere; kind-- {
				if best[kind] > 0 {
					return best[kind]
				}
			}
			return max(i, 1)
		}
		if kind := place(pieces, i); kind == anywhere || units >= limit/4 {
			best[kind] = i + 1
		}
	}
	return len(pieces)
}

// place says what ends after piece i.
func place(pieces []piece, i int) int {
	p := pieces[i]
	switch {
	case p.text == "\n" && following(pieces, i) == "\n":
		return afterParagraph
	case p.text == "\n":
		return afterLine
	case p.text != "" && strings.Contains("。！？；", p.text):
		return afterSentence
	case p.text != "" && strings.TrimFunc(p.text, unicode.IsSpace) == "":
		return afterWord
	}
	return anywhere
}

// following is the next visible character after piece i, or nothing.
func following(pieces []piece, i int) string {
	for _, p := range pieces[i+1:] {
		if p.text != "" {
			return p.text
		}
	}
	return ""
}

// render writes one part: the tags that were open, the pieces without the blanks
// at their end, and the ends of the tags that are still open.
func render(pieces, open []piece) (part string, still []piece) {
	var out strings.Builder
	for _, p := range open {
		out.WriteString(p.raw)
	}
	last := len(pieces) - 1
	for pieces[last].text == "" || strings.TrimSpace(pieces[last].text) == "" {
		last-- // ends at the latest at the first piece, which is visible
	}
	for i, p := range pieces {
		if p.text == "" {
			open = account(open, p)
		} else if i > last {
			continue
		}
		out.WriteString(p.raw)
	}
	for _, p := range slices.Backward(open) {
		out.WriteString("</" + p.name + ">")
	}
	return out.String(), open
}
