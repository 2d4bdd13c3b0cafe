package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The lengths of what is kept of a page, in characters.
const (
	lineLength = 120  // of a title
	textLength = 2000 // of a text
	// A paragraph shorter than this is not looked at when a page is compared: dates,
	// counters, menus and links to other news change every day.
	paragraph = 30
)

// unread are the elements whose text nobody reads, or that frame a page.
var unread = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Noscript: true, atom.Template: true, atom.Iframe: true, atom.Svg: true,
	atom.Nav: true, atom.Header: true, atom.Footer: true, atom.Aside: true, atom.Form: true, atom.Select: true, atom.Button: true,
}

// inline are the elements that do not end a line.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.I: true, atom.U: true, atom.S: true, atom.Em: true, atom.Strong: true, atom.Span: true, atom.Font: true,
	atom.Small: true, atom.Big: true, atom.Sub: true, atom.Sup: true, atom.Mark: true, atom.Code: true, atom.Time: true, atom.Abbr: true,
}

// paragraphs gives the text of HTML, line by line, without tags and without what frames
// a page. It reads tags one after the other and builds no tree, so that no nesting costs
// anything.
func paragraphs(source string) []string {
	var lines []string
	var text strings.Builder
	end := func() {
		if words := strings.Join(strings.Fields(text.String()), " "); words != "" {
			lines = append(lines, words)
		}
		text.Reset()
	}
	tokens := html.NewTokenizer(strings.NewReader(source))
	var within atom.Atom // the unread element in which the text stands
	depth := 0
	for {
		kind := tokens.Next()
		switch kind {
		case html.ErrorToken:
			end()
			return lines
		case html.TextToken:
			if within == 0 {
				text.Write(tokens.Text())
			}
			continue
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
		default:
			continue
		}
		name, _ := tokens.TagName()
		tag := atom.Lookup(name)
		if !inline[tag] {
			end()
		}
		switch {
		case within == 0 && kind == html.StartTagToken && unread[tag]:
			within, depth = tag, 1
		case within == tag && kind == html.StartTagToken && tag != 0:
			depth++
		case within == tag && kind == html.EndTagToken && tag != 0:
			if depth--; depth == 0 {
				within = 0
			}
		}
	}
}

// plainText is the text of HTML, of limited length.
func plainText(source string) string { return cut(strings.Join(paragraphs(source), "\n"), textLength) }

// line is the text of HTML in one line, of limited length.
func line(source string) string { return cut(strings.Join(paragraphs(source), " "), lineLength) }

// cut shortens a text, with an ellipsis for what is missing.
func cut(text string, limit int) string {
	text = strings.ToValidUTF8(text, "")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:limit-1])) + "…"
}

// textMark is the SHA-256 of the paragraphs of a page, in hex: what is compared to find
// out whether a notice was changed. A page without any has no mark.
func textMark(page string) string {
	hash, known := sha256.New(), false
	for _, text := range paragraphs(page) {
		if utf8.RuneCountInString(text) >= paragraph {
			_, _ = hash.Write([]byte(text + "\n"))
			known = true
		}
	}
	if !known {
		return ""
	}
	return hex.EncodeToString(hash.Sum(nil))
}
