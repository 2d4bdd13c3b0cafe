package reminders

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"time"
)

// Message is meaning without wording: a key of the text catalogue, the arguments
// of that text, and the buttons below it. The same message becomes Chinese for
// one reader and English for the next.
//
// A message with a Ref stands for what the named notice says at the moment of
// showing it: a million copies of one notice carry its name, not its text, and
// a correction reaches those that are still waiting.
type Message struct {
	Key     string     `json:"key,omitempty"`
	Args    Args       `json:"args,omitempty"`
	Ref     string     `json:"ref,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"` // rows, top to bottom
}

// Line returns a message without buttons.
func Line(key string, args Args) Message { return Message{Key: key, Args: args} }

// Copy returns a message that shows what the notice says to its reader.
func Copy(notice string) Message { return Message{Ref: notice} }

// Button is one thing that a reader can do with a tap. Verb is one of the verbs
// of the contract page; Object says what it is done to and stays under 32 bytes
// of ASCII without ':', so that it fits into button data together with its seal.
// A button with a URL opens that address and has no verb.
type Button struct {
	Label  string `json:"label"` // key of the text catalogue
	Args   Args   `json:"args,omitempty"`
	Verb   string `json:"verb,omitempty"`
	Object string `json:"object,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Args are the arguments of a text, by the name of their placeholder. A text
// that names a placeholder without an argument is an error, never a gap.
type Args map[string]Value

// Value is one argument. Exactly one field is set; the constructors below are
// the way to make one.
type Value struct {
	Text   *string `json:"t,omitempty"` // as it stands; escaped when shown
	Markup *string `json:"h,omitempty"` // text with the tags of the chat service, made by us from what somebody formatted
	// Each is a text in several languages, as it stands; that under no language is for
	// readers of all others.
	Each    map[Language]string `json:"e,omitempty"`
	Number  *int                `json:"n,omitempty"`
	Instant *time.Time          `json:"i,omitempty"` // shown as date and time in the place's zone
	Day     *time.Time          `json:"d,omitempty"` // shown as date without time
	Clock   *time.Time          `json:"c,omitempty"` // shown as time without date
	Unit    UnitID              `json:"u,omitempty"` // shown as the name of the unit
	Person  PersonID            `json:"p,omitempty"` // shown as the name of the person
	Say     *Message            `json:"m,omitempty"` // a text of the catalogue inside the text
	List    []Message           `json:"l,omitempty"` // texts of the catalogue, one a line
	Series  []Message           `json:"s,omitempty"` // texts of the catalogue, in one line
	Titles  []Message           `json:"b,omitempty"` // titles of rules, in one line
}

// Text is an argument that stands as it is: a name, a title, a number of a case.
func Text(s string) Value { return Value{Text: &s} }

// Markup is an argument with the tags of the chat service in it. Only what this
// program has made from a formatted text may go here: it is shown as it stands.
func Markup(html string) Value { return Value{Markup: &html} }

// Each is a text that somebody wrote in several languages, as it stands; readers of
// others see that of lead.
func Each(texts map[Language]string, lead Language) Value {
	all := maps.Clone(texts)
	if all == nil {
		all = map[Language]string{}
	}
	all[""] = texts[lead]
	return Value{Each: all}
}

// Number is a count. An argument named Count also chooses the plural form.
func Number(n int) Value { return Value{Number: &n} }

// Instant is shown as date and time of day.
func Instant(t time.Time) Value { return Value{Instant: &t} }

// Day is shown as a date.
func Day(t time.Time) Value { return Value{Day: &t} }

// TimeOfDay is shown as hours and minutes.
func TimeOfDay(t time.Time) Value { return Value{Clock: &t} }

// UnitName is shown as the name of a unit as the register has it then.
func UnitName(id UnitID) Value { return Value{Unit: id} }

// PersonName is shown as the name of a person as the register has it then.
func PersonName(id PersonID) Value { return Value{Person: id} }

// Say puts a text of the catalogue into a text.
func Say(key string, args Args) Value { return Value{Say: &Message{Key: key, Args: args}} }

// List puts texts of the catalogue into a text, one on each line.
func List(lines ...Message) Value { return Value{List: lines} }

// Titles puts titles of rules into a text, in one line: Chinese sets nothing
// between titles in book-title marks (GB/T 15834).
func Titles(parts ...Message) Value { return Value{Titles: parts} }

// Series puts texts of the catalogue into a text, in one line with the separator
// of the language.
func Series(parts ...Message) Value { return Value{Series: parts} }

// HashText is the SHA-256 of a text in hex: what receipts and the ledger keep
// of it.
func HashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
