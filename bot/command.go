package bot

import (
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
)

// Command is a command that somebody typed (命令): "/report 3" has the name
// "report" and the arguments "3".
type Command struct {
	Name string // in lower case, without '/'
	Args string // what follows, without blanks around it
}

// commandWord is a command as the chat service marks it, with the bot to which
// it is addressed.
var commandWord = regexp.MustCompile(`^/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?`)

// ParseCommand reads the command with which a text begins. The entities say
// where it ends; they count UTF-16 units and are believed only if they make
// sense, so that no entity can do harm. A text without any may begin with a
// command too. botName is our own name, with or without '@': a command that is
// addressed to another bot is not ours, and one that stands later in a text is
// none.
func ParseCommand(text string, entities []wire.Entity, botName string) (Command, bool) {
	word, rest, ok := marked(text, entities)
	if !ok {
		word, rest, ok = unmarked(text)
	}
	if !ok {
		return Command{}, false
	}
	m := commandWord.FindStringSubmatch(word)
	if m[2] != "" && !strings.EqualFold(m[2], strings.TrimPrefix(botName, "@")) {
		return Command{}, false
	}
	return Command{Name: strings.ToLower(m[1]), Args: strings.TrimSpace(rest)}, true
}

// marked cuts the text where the entity of a command at its beginning ends.
func marked(text string, entities []wire.Entity) (word, rest string, ok bool) {
	for _, e := range entities {
		if e.Type != "bot_command" || e.Offset != 0 {
			continue
		}
		end, ok := byteOffset(text, e.Length)
		if !ok || commandWord.FindString(text[:end]) != text[:end] || end == 0 {
			continue
		}
		return text[:end], text[end:], true
	}
	return "", "", false
}

// unmarked cuts the text after a command by its look, as the service would.
func unmarked(text string) (word, rest string, ok bool) {
	word = commandWord.FindString(text)
	rest = text[len(word):]
	if word == "" || (rest != "" && (wordByte(rest[0]) || strings.IndexByte("/<>@", rest[0]) >= 0)) {
		return "", "", false
	}
	return word, rest, true
}

func wordByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// byteOffset is the place in text that lies units UTF-16 units after its
// beginning; there is none outside the text or between the halves of a pair.
func byteOffset(text string, units int) (int, bool) {
	for i, r := range text {
		if units <= 0 {
			return i, units == 0
		}
		units -= max(1, utf16.RuneLen(r))
	}
	return len(text), units == 0
}
