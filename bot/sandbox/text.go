package sandbox

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts in UTF-16 units, after the markup has become entities.
const (
	maxText    = 4096
	maxCaption = 1024
	maxToast   = 200
)

// formatted is a text with its entities.
type formatted struct {
	text     string
	entities []Entity
}

// text reads a text of a call: with markup by its parse_mode, or plain with the
// entities that the other parameter lists.
func (c *call) text(name, entitiesName string) (formatted, error) {
	var entities []Entity
	if _, err := c.decode(entitiesName, &entities); err != nil {
		return formatted{}, err
	}
	return format(c.values[name], c.values["parse_mode"], entities)
}

// format gives the text as people will see it. The sandbox reads HTML only, which
// is what this project writes.
func format(text, mode string, entities []Entity) (formatted, error) {
	text = strings.ReplaceAll(text, "\r", "")
	switch strings.ToLower(mode) {
	case "":
		return trim(formatted{text, within(entities, units(text))}), nil
	case "html":
		shown, err := parseHTML(text)
		if err != nil {
			return formatted{}, badRequest("can't parse entities: %s", err)
		}
		return trim(shown), nil
	}
	return formatted{}, badRequest("unsupported parse_mode")
}

// units counts UTF-16 units, in which the service measures texts.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += unitsOf(r)
	}
	return n
}

func unitsOf(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// trim removes white space at both ends, as the service does, and moves and cuts
// the entities accordingly.
func trim(f formatted) formatted {
	rest := strings.TrimLeftFunc(f.text, unicode.IsSpace)
	cut := units(f.text) - units(rest)
	rest = strings.TrimRightFunc(rest, unicode.IsSpace)
	moved := make([]Entity, 0, len(f.entities))
	for _, e := range f.entities {
		from, to := max(0, e.Offset-cut), e.Offset+e.Length-cut
		e.Offset, e.Length = from, to-from
		moved = append(moved, e)
	}
	return formatted{rest, within(moved, units(rest))}
}

// commandEntities finds the /commands in what a person typed. A command stands at
// the beginning or after something that is no letter, digit, '/', '<' or '>', and
// ends before the same.
func commandEntities(text string) []Entity {
	var found []Entity
	offset, before := 0, ' '
	for i, r := range text {
		if r == '/' && !joins(before) {
			if length := commandLength(text[i:]); length > 0 {
				found = append(found, Entity{Type: "bot_command", Offset: offset, Length: length})
			}
		}
		offset += unitsOf(r)
		before = r
	}
	return found
}

// joins reports whether a rune next to a command makes it something else.
func joins(r rune) bool {
	return r == '_' || r == '/' || r == '<' || r == '>' || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// commandLength is the length of the command at the start of text; zero if there
// is none. Commands are ASCII: bytes and UTF-16 units are the same.
func commandLength(text string) int {
	name := 1 + asciiWord(text[1:])
	if name == 1 || name > 65 {
		return 0
	}
	end := name
	if rest, ok := strings.CutPrefix(text[name:], "@"); ok {
		if n := asciiWord(rest); n >= 3 && n <= 32 {
			end += 1 + n
		}
	}
	if next, _ := utf8.DecodeRuneInString(text[end:]); end < len(text) && joins(next) {
		return 0
	}
	return end
}

// asciiWord is how many letters, digits and underscores text begins with.
func asciiWord(text string) int {
	n := 0
	for n < len(text) && (text[n] == '_' || isAlnum(text[n])) {
		n++
	}
	return n
}

func isAlnum(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}
