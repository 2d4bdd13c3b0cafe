package theme

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Checklist is a checklist as a form (检查清单表): the points by the keys of their texts,
// so that a theme takes them over in the language in which it is written.
type Checklist struct {
	Title  string           `toml:"title"`
	Points []ChecklistPoint `toml:"point"`
}

// ChecklistPoint is one line of the form: keys of the catalogue.
type ChecklistPoint struct {
	Text string `toml:"text"`
	Look string `toml:"look"`
}

// MostPoints is how many points a checklist may have: more would not be one theme.
const MostPoints = 12

var textKey = regexp.MustCompile(`^[a-z]+(?:\.[a-z0-9_-]+)+$`)

// ParseChecklist reads a checklist in the format of content/forms/theme.toml. A file that
// does not hold together is an Invalid error that names every fault; nothing is returned
// then.
func ParseChecklist(file []byte) (Checklist, error) {
	var list Checklist
	meta, err := toml.Decode(string(file), &list)
	if err != nil {
		return Checklist{}, checklistFault(err)
	}
	var faults []error
	for _, key := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("unknown field %q", key.String()))
	}
	if !textKey.MatchString(list.Title) {
		faults = append(faults, fmt.Errorf("title: %q is not a key of a text", list.Title))
	}
	if n := len(list.Points); n == 0 || n > MostPoints {
		faults = append(faults, fmt.Errorf("a checklist has 1 to %d points, not %d", MostPoints, n))
	}
	for i, p := range list.Points {
		for _, key := range []string{p.Text, p.Look} {
			if !textKey.MatchString(key) {
				faults = append(faults, fmt.Errorf("point %d: %q is not a key of a text", i+1, key))
			}
		}
	}
	if len(faults) > 0 {
		return Checklist{}, checklistFault(errors.Join(faults...))
	}
	return list, nil
}

// checklistFault is an error for whoever edits the file.
func checklistFault(err error) error {
	return &reminders.Error{Kind: reminders.Invalid, Op: "theme.checklist", Err: err}
}

// Texts lists the keys that the checklist names.
func (c Checklist) Texts() []string {
	keys := []string{c.Title}
	for _, p := range c.Points {
		keys = append(keys, p.Text, p.Look)
	}
	return keys
}
