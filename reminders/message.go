package reminders

import "time"

// Message is meaning without wording: a key of the text catalogue, the arguments
// of that text, and the buttons below it. The same message becomes Chinese for
// one reader and English for the next.
type Message struct {
	Key     string     `json:"key"`
	Args    Args       `json:"args,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"` // rows, top to bottom
}

// Line returns a message without buttons.
func Line(key string, args Args) Message { return Message{Key: key, Args: args} }

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
	Text    *string    `json:"t,omitempty"` // as it stands; escaped when shown
	Number  *int       `json:"n,omitempty"`
	Instant *time.Time `json:"i,omitempty"` // shown as date and time in the place's zone
	Day     *time.Time `json:"d,omitempty"` // shown as date without time
	Clock   *time.Time `json:"c,omitempty"` // shown as time without date
	Say     *Message   `json:"m,omitempty"` // a text of the catalogue inside the text
	List    []Message  `json:"l,omitempty"` // texts of the catalogue, one a line
}

// Text is an argument that stands as it is: a name, a title, a number of a case.
func Text(s string) Value { return Value{Text: &s} }

// Number is a count. An argument named Count also chooses the plural form.
func Number(n int) Value { return Value{Number: &n} }

// Instant is shown as date and time of day.
func Instant(t time.Time) Value { return Value{Instant: &t} }

// Day is shown as a date.
func Day(t time.Time) Value { return Value{Day: &t} }

// TimeOfDay is shown as hours and minutes.
func TimeOfDay(t time.Time) Value { return Value{Clock: &t} }

// Say puts a text of the catalogue into a text.
func Say(key string, args Args) Value { return Value{Say: &Message{Key: key, Args: args}} }

// List puts texts of the catalogue into a text, one on each line.
func List(lines ...Message) Value { return Value{List: lines} }
