package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// formFile is a form as it is written; content/forms/daily.toml explains each field.
type formFile struct {
	Kind       string
	Version    int
	Title      string
	Daily      *dailyTable
	Limits     *limitsTable
	Closing    *closingTable
	Correction *correctionTable
	Field      []fieldTable
}

type fieldTable struct {
	Name, Type, Label, Help, Unit, Group, Required, From string
	Min, Max                                             int
	More, Sum, Past                                      bool
	Choice                                               []choiceTable
}

type choiceTable struct{ Name, Label string }

// What a form may be at most: more would not fit into a conversation.
const (
	mostFields  = 40
	mostChoices = 12
	longestText = 1000
	mostFiles   = 10
	largest     = 1_000_000 // a number, where the form sets no limit
	usualText   = 300       // characters, where the form sets no limit
)

var (
	fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
	textKey   = regexp.MustCompile(`^[a-z]+(?:\.[a-z0-9_-]+)+$`)
)

// ParseForm reads a form in the format of content/forms/daily.toml. A file that does not
// hold together is an Invalid error that names every field with a fault, also one that
// does not exist; nothing is then returned.
func ParseForm(file []byte) (Form, error) {
	const op = "report.form"
	var raw formFile
	meta, err := toml.Decode(string(file), &raw)
	if err != nil {
		return Form{}, invalid(op, err)
	}
	form, faults := raw.form()
	for _, key := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("unknown field %q", key.String()))
	}
	if len(faults) > 0 {
		return Form{}, invalid(op, errors.Join(faults...))
	}
	return form, nil
}

// invalid is an error for whoever edits the file; it names tables and fields.
func invalid(op string, err error) error {
	return &reminders.Error{Kind: reminders.Invalid, Op: op, Err: err}
}

// form makes sense of the tables and lists what makes none.
func (raw formFile) form() (Form, []error) {
	form := Form{Kind: Kind(raw.Kind), Version: raw.Version, Title: raw.Title}
	var faults []error
	if !slices.Contains(Kinds(), form.Kind) {
		faults = append(faults, fmt.Errorf("kind: %q is none of daily, incident, closing", raw.Kind))
	}
	if raw.Version < 1 {
		faults = append(faults, errors.New("version: it is a number from 1"))
	}
	if !textKey.MatchString(raw.Title) {
		faults = append(faults, fmt.Errorf("title: %q is not a key of a text", raw.Title))
	}
	faults = append(faults, raw.expected(&form)...)
	if len(raw.Field) == 0 || len(raw.Field) > mostFields {
		faults = append(faults, fmt.Errorf("a form has 1 to %d fields", mostFields))
	}
	known := map[string]bool{}
	for i, table := range raw.Field {
		where := fmt.Sprintf("field %d", i+1)
		if table.Name != "" {
			where = fmt.Sprintf("field %d (%s)", i+1, table.Name)
		}
		field := table.field()
		for _, err := range slices.Concat(table.faults(form.Kind), field.oddities()) {
			faults = append(faults, fmt.Errorf("%s: %w", where, err))
		}
		if known[field.Name] {
			faults = append(faults, fmt.Errorf("%s: the name is there twice", where))
		}
		known[field.Name] = true
		form.Fields = append(form.Fields, field)
	}
	attachments := 0
	for _, field := range form.Fields {
		if field.Type == TypeAttachment {
			attachments++
		}
	}
	if attachments > 1 {
		faults = append(faults, errors.New("a form has one field for photos and documents at most"))
	}
	return form, faults
}

// field takes the table over.
func (t fieldTable) field() Field {
	field := Field{
		Name: t.Name, Type: Type(t.Type), Label: t.Label, Help: t.Help, Unit: t.Unit, Group: t.Group, Min: t.Min, Max: t.Max,
		Required: Need(t.Required), More: t.More, Sum: t.Sum, From: Source(t.From), Past: t.Past,
	}
	switch {
	case field.Type == TypeNumber && field.Max == 0:
		field.Max = largest
	case field.Type == TypeText && field.Max == 0:
		field.Max = usualText
	}
	for _, c := range t.Choice {
		field.Choices = append(field.Choices, Option(c))
	}
	return field
}

// faults says what a table has that its form or its type does not.
func (t fieldTable) faults(kind Kind) []error {
	var faults []error
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	add(!fieldName.MatchString(t.Name) || slices.Contains(reservedNames, t.Name),
		"name: %q is not a name of lower-case letters, digits and _, or it is a word of the rules", t.Name)
	add(!textKey.MatchString(t.Label), "label: %q is not a key of a text", t.Label)
	for name, key := range map[string]string{"help": t.Help, "unit": t.Unit, "group": t.Group} {
		add(key != "" && !textKey.MatchString(key), "%s: %q is not a key of a text", name, key)
	}
	types := []Type{TypeNumber, TypeChoice, TypeText, TypeDatetime, TypeAttachment}
	add(!slices.Contains(types, Type(t.Type)), "type: %q is none of number, choice, text, datetime, attachment", t.Type)
	add(!slices.Contains([]Need{Optional, Always, AtTheEnd}, Need(t.Required)), "required: %q is neither always nor final", t.Required)
	add(Need(t.Required) == AtTheEnd && kind != Incident, "required: only an incident has a final report")
	sources := map[Source]Kind{FromIncidents: Daily, FromHandover: Daily, FromDailies: Closing}
	add(t.From != "" && sources[Source(t.From)] != kind, "from: %q does not fill in a %s form", t.From, kind)
	add(t.Sum && kind != Daily, "sum: only the daily form is added up")
	return faults
}

// oddities says what does not fit together within a field.
func (f Field) oddities() []error {
	var odd []error
	add := func(wrong bool, text string) {
		if wrong {
			odd = append(odd, errors.New(text))
		}
	}
	number := f.Type == TypeNumber
	add(!number && (f.Unit != "" || f.Sum || f.Min != 0), "unit, sum and min are for numbers")
	add(number && (f.Min < 0 || f.Max < f.Min || f.Max > largest), fmt.Sprintf("min and max: 0 <= min <= max <= %d", largest))
	add(f.Type == TypeText && (f.Max < 1 || f.Max > longestText), fmt.Sprintf("max: a text has 1 to %d characters", longestText))
	add(f.Type != TypeText && !number && f.Max != 0, "max is for numbers and texts")
	add(f.Past && f.Type != TypeDatetime, "past is for datetime")
	add(f.Type == TypeAttachment && f.Required != Optional, "photos and documents are never required")
	add(f.More && f.Required == Always, "what is required stands on the first screen")
	add((f.From == FromIncidents || f.From == FromDailies) && !number, "what is counted is a number")
	add(f.From == FromHandover && f.Type != TypeText, "what is handed over is a text")
	add((f.Type == TypeChoice) != (len(f.Choices) > 0) || len(f.Choices) > mostChoices, fmt.Sprintf("a choice, and nothing else, has 1 to %d choices", mostChoices))
	seen := map[string]bool{}
	for _, c := range f.Choices {
		add(!fieldName.MatchString(c.Name) || !textKey.MatchString(c.Label) || seen[c.Name], "a choice has a name of its own and a label")
		seen[c.Name] = true
	}
	return odd
}

// hour reads "16:00".
func hour(text string) (Hour, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(strings.TrimSpace(text)) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of day such as 16:00", text)
	}
	return Hour(t.Hour()*60 + t.Minute()), nil
}
