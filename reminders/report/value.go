package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Values are what a report says, by the names of fields.
type Values map[string]Value

// Value is the answer to one field (填报值). Which member is set follows from the type
// of the field.
type Value struct {
	Number *int      `json:"number,omitempty"`
	Choice string    `json:"choice,omitempty"`
	Text   string    `json:"text,omitempty"`
	At     time.Time `json:"at,omitzero"`

	// From says where the value came from and Refs from which records; a person who
	// changes it makes it Given.
	From Source   `json:"from,omitempty"`
	Refs []string `json:"refs,omitempty"`
}

// NumberOf is a number as a value.
func NumberOf(n int) Value { return Value{Number: &n} }

// same reports whether two values say the same, wherever they came from.
func (v Value) same(o Value) bool {
	number := v.Number == nil && o.Number == nil || v.Number != nil && o.Number != nil && *v.Number == *o.Number
	return number && v.Choice == o.Choice && v.Text == o.Text && v.At.Equal(o.At)
}

// Count gives the number of a field, and whether there is one.
func (v Values) Count(name string) (int, bool) {
	if value, found := v[name]; found && value.Number != nil {
		return *value.Number, true
	}
	return 0, false
}

// Read makes a value of what a person typed for the field: numbers with or without
// their unit, in any digits; an instant as people write it; a choice by its number in
// the list. The error says what would be understood. now and zone complete a date
// without its year, or a time without its date.
func (f Field) Read(text string, now time.Time, zone *time.Location) (Value, error) {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	switch f.Type {
	case TypeNumber:
		n, err := ReadNumber(text)
		if err != nil {
			return Value{}, err
		}
		return f.checked(NumberOf(n), now)
	case TypeChoice:
		n, err := ReadNumber(text)
		if err != nil || n < 1 || n > len(f.Choices) {
			return Value{}, reminders.Fail(reminders.Invalid, "report.read", "report.value.choice", reminders.Args{"Count": reminders.Number(len(f.Choices))})
		}
		return Value{Choice: f.Choices[n-1].Name}, nil
	case TypeDatetime:
		at, err := ReadInstant(text, now, zone)
		if err != nil {
			return Value{}, err
		}
		return f.checked(Value{At: at.UTC()}, now)
	case TypeText:
		return f.checked(Value{Text: text}, now)
	}
	return Value{}, reminders.Fail(reminders.Invalid, "report.read", "report.value.attachment", nil)
}

// checked gives the value if the field takes it.
func (f Field) checked(v Value, now time.Time) (Value, error) {
	if err := f.Check(v, now); err != nil {
		return Value{}, err
	}
	return v, nil
}

// slack is how far in the future an instant may lie that should be past: clocks differ.
const slack = 5 * time.Minute

// Check tells why the field does not take a value.
func (f Field) Check(v Value, now time.Time) error {
	const op = "report.check"
	label := f.label()
	switch f.Type {
	case TypeNumber:
		if v.Number == nil || *v.Number < f.Min || *v.Number > f.Max {
			return reminders.Fail(reminders.Invalid, op, "report.value.range", reminders.Args{
				"Label": label, "Min": reminders.Number(f.Min), "Max": reminders.Number(f.Max),
			})
		}
	case TypeChoice:
		if !slices.ContainsFunc(f.Choices, func(o Option) bool { return o.Name == v.Choice }) {
			return reminders.Fail(reminders.Invalid, op, "report.value.choice", reminders.Args{"Count": reminders.Number(len(f.Choices))})
		}
	case TypeText:
		switch n := utf8.RuneCountInString(v.Text); {
		case strings.TrimSpace(v.Text) == "":
			return reminders.Fail(reminders.Invalid, op, "report.value.empty", reminders.Args{"Label": label})
		case n > f.Max:
			return reminders.Fail(reminders.Invalid, op, "report.value.long", reminders.Args{
				"Label": label, "Limit": reminders.Number(f.Max), "Length": reminders.Number(n),
			})
		}
	case TypeDatetime:
		switch {
		case v.At.IsZero():
			return reminders.Fail(reminders.Invalid, op, "report.value.instant", nil)
		case f.Past && v.At.After(now.Add(slack)):
			return reminders.Fail(reminders.Invalid, op, "report.value.future", reminders.Args{"Label": label})
		}
	case TypeAttachment:
		return reminders.Fail(reminders.Invalid, op, "report.value.attachment", nil)
	}
	return nil
}

// Show is one line of a report for people: what was asked and what was answered.
func (f Field) Show(v Value) reminders.Message {
	shown := reminders.Text(v.Text)
	switch {
	case f.Type == TypeNumber && v.Number != nil && f.Unit != "":
		shown = reminders.Say(f.Unit, reminders.Args{"Count": reminders.Number(*v.Number)})
	case f.Type == TypeNumber && v.Number != nil:
		shown = reminders.Number(*v.Number)
	case f.Type == TypeDatetime:
		shown = reminders.Instant(v.At)
	case f.Type == TypeChoice:
		for _, o := range f.Choices {
			if o.Name == v.Choice {
				shown = reminders.Say(o.Label, nil)
			}
		}
	}
	return reminders.Line("report.line", reminders.Args{"Label": f.label(), "Value": shown})
}

// Lines shows a version in the order of its form: what was answered, and how many files
// there are.
func (f Form) Lines(v Version) []reminders.Message {
	var lines []reminders.Message
	if v.Nil {
		lines = append(lines, reminders.Line("report.nil", nil))
	}
	for _, field := range f.Fields {
		if value, found := v.Values[field.Name]; found {
			lines = append(lines, field.Show(value))
		}
	}
	if n := len(v.Files); n > 0 {
		lines = append(lines, reminders.Line("report.files", reminders.Args{"Count": reminders.Number(n)}))
	}
	return lines
}

// Hash is the SHA-256, in hex, of what the version says: the receipt of its sender. Who
// submitted it, when and why does not change it.
func (v Version) Hash() string {
	said := struct {
		Nil    bool
		Values map[string]any
		Files  []string
	}{v.Nil, map[string]any{}, nil}
	for name, value := range v.Values {
		value.From, value.Refs, value.At = "", nil, value.At.UTC()
		said.Values[name] = value
	}
	for _, file := range v.Files {
		said.Files = append(said.Files, file.Hash)
	}
	text, err := json.Marshal(said)
	if err != nil {
		return "" // an instant after the year 9999, which no field takes
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// clone copies the values, so that a draft and a version never share them.
func (v Values) clone() Values {
	if len(v) == 0 {
		return nil
	}
	return maps.Clone(v)
}
