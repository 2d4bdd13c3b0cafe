package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The markup is read as the service reads it, with its messages and byte offsets.
// In one thing the sandbox follows the documentation more closely than the
// service does: '&' must begin one of the four named or a numeric character
// reference. The service shows any other '&' as it stands, until a text arrives
// in which it happens to begin one; here the missing escape is found at once. A
// '>' outside a tag is harmless and stands, in both.

// tags are the tags that the service knows and the entity each becomes. The types
// of span and blockquote depend on their attributes.
var tags = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
	"span": "spoiler", "tg-spoiler": "spoiler", "a": "text_link", "tg-emoji": "custom_emoji",
	"code": "code", "pre": "pre", "blockquote": "blockquote",
}

// markup is the state of reading one text.
type markup struct {
	in       string
	at       int // byte
	out      strings.Builder
	units    int // written so far
	open     []openTag
	entities []Entity
}

type openTag struct {
	name   string
	entity Entity
}

// parseHTML turns a text with tags into a text with entities.
func parseHTML(in string) (formatted, error) {
	m := &markup{in: in}
	for m.at < len(m.in) {
		if err := m.step(); err != nil {
			return formatted{}, err
		}
	}
	if n := len(m.open); n > 0 {
		return formatted{}, fmt.Errorf("Can't find end tag corresponding to start tag %q", m.open[n-1].name) //nolint:staticcheck // the service's words
	}
	return formatted{m.out.String(), within(m.entities, m.units)}, nil
}

// step reads one character, one character reference or one tag.
func (m *markup) step() error {
	switch {
	case m.in[m.at] == '&':
		r, err := m.reference()
		if err != nil {
			return err
		}
		m.write(r)
	case strings.HasPrefix(m.in[m.at:], "</"):
		return m.endTag()
	case m.in[m.at] == '<':
		return m.startTag()
	default:
		r, size := utf8.DecodeRuneInString(m.in[m.at:])
		m.at += size
		m.write(r)
	}
	return nil
}

func (m *markup) write(r rune) {
	m.out.WriteRune(r)
	m.units += unitsOf(r)
}

// reference reads a character reference such as &lt; or &#x20;.
func (m *markup) reference() (rune, error) {
	name, _, found := strings.Cut(m.in[m.at+1:], ";")
	r, known := map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[name]
	if number, ok := strings.CutPrefix(name, "#"); ok && !known {
		r, known = numeric(number)
	}
	if !found || !known {
		return 0, m.fault(m.at, "Unescaped character '&'")
	}
	m.at += len(name) + 2
	return r, nil
}

func numeric(number string) (rune, bool) {
	base := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(number), "x"); ok {
		number, base = hex, 16
	}
	code, err := strconv.ParseUint(number, base, 32)
	r := rune(code) //nolint:gosec // checked on the next line
	return r, err == nil && code > 0 && code <= utf8.MaxRune && utf8.ValidRune(r)
}

// startTag reads a tag such as <a href="...">.
func (m *markup) startTag() error {
	begin := m.at
	m.at++
	name := strings.ToLower(m.until(func(b byte) bool { return isSpace(b) || b == '>' }))
	if m.at == len(m.in) {
		return m.fault(begin, "Unclosed start tag")
	}
	kind, known := tags[name]
	if !known {
		return m.fault(begin, "Unsupported start tag %q", name)
	}
	attributes, err := m.attributes(begin, name)
	if err != nil {
		return err
	}
	e := Entity{Type: kind, Offset: m.units}
	if err := e.apply(name, attributes); err != nil {
		return m.fault(begin, "%w", err)
	}
	m.open = append(m.open, openTag{name, e})
	return nil
}

// apply gives an entity what the attributes of its tag say.
func (e *Entity) apply(name string, attributes map[string]string) error {
	_, expandable := attributes["expandable"]
	switch {
	case name == "a":
		e.URL = attributes["href"]
	case name == "code":
		e.Language, _ = strings.CutPrefix(attributes["class"], "language-")
	case name == "blockquote" && expandable:
		e.Type = "expandable_blockquote"
	case name == "span" && attributes["class"] != "tg-spoiler":
		return errors.New(`Tag "span" must have class "tg-spoiler"`) //nolint:staticcheck // the service's words
	case name == "tg-emoji":
		e.CustomEmojiID = attributes["emoji-id"]
		if e.CustomEmojiID == "" {
			return errors.New("Invalid custom emoji identifier specified") //nolint:staticcheck // the service's words
		}
	}
	return nil
}

// attributes reads up to and with the end of the tag.
func (m *markup) attributes(begin int, tag string) (map[string]string, error) {
	found := map[string]string{}
	for {
		m.spaces()
		switch {
		case m.at == len(m.in):
			return nil, m.fault(begin, "Unclosed start tag")
		case m.in[m.at] == '>':
			m.at++
			return found, nil
		}
		name := strings.ToLower(m.until(func(b byte) bool { return isSpace(b) || b == '=' || b == '>' }))
		if name == "" {
			return nil, m.fault(begin, "Empty attribute name in the tag %q", tag)
		}
		m.spaces()
		if m.at == len(m.in) || m.in[m.at] != '=' {
			if tag == "blockquote" && name == "expandable" {
				found[name] = ""
				continue
			}
			return nil, m.fault(begin, "Expected equal sign in declaration of an attribute of the tag %q", tag)
		}
		m.at++
		m.spaces()
		value, err := m.value(begin)
		if err != nil {
			return nil, err
		}
		found[name] = value
	}
}

// value reads the value of an attribute: a word, or anything in quotes.
func (m *markup) value(begin int) (string, error) {
	if m.at == len(m.in) {
		return "", m.fault(begin, "Unclosed start tag")
	}
	quote := m.in[m.at]
	if quote != '"' && quote != '\'' {
		from := m.at
		word := m.until(func(b byte) bool { return !isAlnum(b) && b != '.' && b != '-' })
		if m.at < len(m.in) && !isSpace(m.in[m.at]) && m.in[m.at] != '>' {
			return "", m.fault(from, "Unexpected end of name token")
		}
		return strings.ToLower(word), nil
	}
	m.at++
	var value strings.Builder
	for m.at < len(m.in) && m.in[m.at] != quote {
		if m.in[m.at] != '&' {
			value.WriteByte(m.in[m.at])
			m.at++
			continue
		}
		r, err := m.reference()
		if err != nil {
			return "", err
		}
		value.WriteRune(r)
	}
	if m.at == len(m.in) {
		return "", m.fault(begin, "Unclosed start tag")
	}
	m.at++
	return value.String(), nil
}

// endTag reads a tag such as </b>, or </>, which closes whatever is open.
func (m *markup) endTag() error {
	begin := m.at
	if len(m.open) == 0 {
		return m.fault(begin, "Unexpected end tag")
	}
	m.at += 2
	name := strings.ToLower(m.until(func(b byte) bool { return isSpace(b) || b == '>' }))
	m.spaces()
	if m.at == len(m.in) || m.in[m.at] != '>' {
		return m.fault(begin, "Unclosed end tag")
	}
	m.at++
	last := m.open[len(m.open)-1]
	if name != "" && name != last.name {
		return m.fault(begin, "Unmatched end tag").expecting(last.name, name)
	}
	m.open = m.open[:len(m.open)-1]
	m.close(last.entity)
	return nil
}

// close finishes an entity at what has been written. Links without an address are
// none; a code that fills a pre only says its language.
func (m *markup) close(e Entity) {
	e.Length = m.units - e.Offset
	if e.Type == "text_link" && e.URL == "" {
		return
	}
	if n := len(m.entities); e.Type == "pre" && n > 0 {
		if inner := m.entities[n-1]; inner.Type == "code" && inner.Offset == e.Offset && inner.Length == e.Length {
			e.Language = inner.Language
			m.entities = m.entities[:n-1]
		}
	}
	inPre := len(m.open) > 0 && m.open[len(m.open)-1].name == "pre"
	if e.Type == "code" && !inPre {
		e.Language = ""
	}
	m.entities = append(m.entities, e)
}

// until reads up to the first byte at which stop says so.
func (m *markup) until(stop func(byte) bool) string {
	from := m.at
	for m.at < len(m.in) && !stop(m.in[m.at]) {
		m.at++
	}
	return m.in[from:m.at]
}

func (m *markup) spaces() { m.until(func(b byte) bool { return !isSpace(b) }) }

func isSpace(b byte) bool {
	return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '\v' || b == 0
}

// syntaxFault is what is wrong with a markup and where.
type syntaxFault struct {
	what   string
	at     int // byte
	detail string
}

// Error says it in the words of the service.
func (f *syntaxFault) Error() string {
	return f.what + " at byte offset " + strconv.Itoa(f.at) + f.detail
}

func (f *syntaxFault) expecting(want, got string) *syntaxFault {
	f.detail = fmt.Sprintf(", expected %q, found %q", "</"+want+">", "</"+got+">")
	return f
}

func (m *markup) fault(at int, pattern string, args ...any) *syntaxFault {
	return &syntaxFault{what: fmt.Errorf(pattern, args...).Error(), at: at}
}
