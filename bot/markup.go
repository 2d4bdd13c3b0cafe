package bot

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// escaper writes the characters that mean something in Telegram's HTML, also
// inside the value of an attribute.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Escape makes a text of a person safe inside a text with tags: a reader sees
// exactly the characters of text. Bytes that are no UTF-8 become the replacement
// character, since the service refuses them.
func Escape(text string) string { return escaper.Replace(strings.ToValidUTF8(text, "\ufffd")) }

// Plain takes the tags out of a text and gives escaped characters back as
// themselves: what a reader sees.
func Plain(html string) string { return wire.Plain(html) }

// Length is the length of a plain text in UTF-16 units, in which the service
// counts its limits.
func Length(text string) int { return wire.Length(text) }

// Truncate cuts a plain text to at most units UTF-16 units, with an ellipsis for
// what is missing. It never cuts a character apart from the marks and joiners
// that belong to it. Truncate before Escape, never after.
func Truncate(text string, units int) string {
	if Length(text) <= units {
		return text
	}
	if units <= 0 {
		return ""
	}
	room, end, joined := units-1, 0, false
	for i, r := range text {
		if !belongs(r) && !joined {
			end = i // a new character begins: up to here the text can be cut
		}
		joined = r == joiner
		room -= max(1, utf16.RuneLen(r))
		if room < 0 {
			break
		}
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + "…"
}

// joiner glues two emoji to one.
const joiner = '\u200d'

// belongs reports that r continues the character before it.
func belongs(r rune) bool {
	return r == joiner || unicode.In(r, unicode.Mn, unicode.Me, unicode.Variation_Selector) ||
		('\U0001F3FB' <= r && r <= '\U0001F3FF') // skin tones
}
