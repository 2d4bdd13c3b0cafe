package wire

import (
	"bytes"
	"encoding/json"
	"strings"
)

// personText says which fields hold words that somebody typed, a name that somebody
// gave to a file, a chat or themselves, or what a contact, a poll or a place says, at
// any depth: also in the message that was replied to, in a quote and in an edited
// message. The data of a button is ours unless it was forged. Numbers by which the
// service calls things are none of them.
func personText(field string) bool {
	switch strings.ToLower(field) {
	case "text", "caption", "file_name", "url", "data",
		"first_name", "last_name", "title", "sender_user_name", "sender_name", "author_signature",
		"phone_number", "vcard", "question", "explanation", "description", "performer", "address", "name":
		return true
	}
	return false
}

// anyText takes every string for such words: for bytes whose form is unknown.
func anyText(string) bool { return true }

// sieve gives the texts of a JSON value to the guard. A value in which nothing
// was found is returned byte for byte. Where a text was replaced, the lists that
// count its units go too, since they no longer fit.
func sieve(raw json.RawMessage, guard Guard, isText func(field string) bool) json.RawMessage {
	if guard == nil {
		return raw
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // chat ids have more digits than a float holds
	var value any
	if decoder.Decode(&value) != nil {
		clean, hits := guard(string(raw))
		if len(hits) == 0 {
			return raw
		}
		return quote(clean)
	}
	s := sifter{guard: guard, isText: isText}
	value = s.sift("", value)
	if !s.replaced {
		return raw
	}
	return quote(value)
}

// quote writes a decoded value again, which cannot fail.
func quote(value any) json.RawMessage {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes())
}

type sifter struct {
	guard    Guard
	isText   func(field string) bool
	replaced bool
}

func (s *sifter) sift(field string, value any) any {
	switch v := value.(type) {
	case string:
		if !s.isText(field) {
			return v
		}
		clean, hits := s.guard(v)
		if len(hits) == 0 {
			return v
		}
		s.replaced = true
		return clean
	case []any:
		for i := range v {
			v[i] = s.sift(field, v[i])
		}
	case map[string]any:
		s.object(v)
	}
	return value
}

// object sifts the fields, and drops the lists that belong to a replaced text.
func (s *sifter) object(fields map[string]any) {
	for name, value := range fields {
		before := s.replaced
		s.replaced = false
		fields[name] = s.sift(name, value)
		if _, text := value.(string); text && s.replaced {
			switch strings.ToLower(name) {
			case "text":
				delete(fields, "entities")
			case "caption":
				delete(fields, "caption_entities")
			}
		}
		s.replaced = s.replaced || before
	}
}
