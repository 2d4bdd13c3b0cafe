package casebook

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// readYAML reads a list of cases. Lines take the place of rows. Anchors and aliases are
// not followed, so that a small file cannot stand for a large one.
func readYAML(file []byte) (records []record, wrong []sheet.RowError, err error) {
	if len(file) > sheet.MaxBytes {
		return nil, nil, reminders.Fail(reminders.Invalid, "casebook.yaml", "sheet.too_big", reminders.Args{
			"Megabytes": reminders.Number(sheet.MaxBytes >> 20),
		})
	}
	var document yaml.Node
	if yaml.Unmarshal(file, &document) != nil {
		return nil, nil, notAList()
	}
	if len(document.Content) == 0 {
		return nil, nil, nil
	}
	list := document.Content[0]
	if list.Kind != yaml.SequenceNode {
		return nil, nil, notAList()
	}
	for _, item := range list.Content {
		if item.Kind != yaml.MappingNode {
			return nil, nil, notAList()
		}
		r, faults := recordOf(item)
		records, wrong = append(records, r), append(wrong, faults...)
	}
	return records, wrong, nil
}

// notAList says that a file is no list of cases.
func notAList() error { return reminders.Fail(reminders.Invalid, "casebook.yaml", "case.no_list", nil) }

// recordOf reads one case of a list.
func recordOf(item *yaml.Node) (record, []sheet.RowError) {
	var wrong []sheet.RowError
	r := record{row: item.Line, text: map[string]string{}}
	lines := map[string]int{}
	known := func(field string) bool {
		return slices.ContainsFunc(columns(), func(c sheet.Column) bool { return c.Name == field })
	}
	for i := 0; i+1 < len(item.Content); i += 2 {
		key, value := item.Content[i], item.Content[i+1]
		lines[key.Value] = key.Line
		text, ok := textOf(key.Value, value)
		fault := ""
		switch {
		case !known(key.Value):
			fault = "case.unknown_field"
		case !ok && key.Value == fieldFestivals:
			fault = "case.not_a_list"
		case !ok:
			fault = "case.not_a_word"
		}
		if fault != "" {
			var args reminders.Args
			if fault == "case.unknown_field" {
				args = reminders.Args{"Field": reminders.Text(key.Value)}
			}
			wrong = append(wrong, sheet.RowError{Row: key.Line, Column: key.Value, Message: reminders.Line(fault, args)})
		}
		r.text[key.Value] = text
	}
	r.day = func(field string) (time.Time, error) {
		day, err := calendar.ParseDate(strings.TrimSpace(r.text[field]))
		if err != nil {
			return time.Time{}, reminders.Fail(reminders.Invalid, "casebook.yaml", "sheet.date_wrong", nil)
		}
		return day.At(0, 0, utc), nil
	}
	r.where = func(field string) (int, string) {
		if line, there := lines[field]; there {
			return line, field
		}
		return item.Line, field
	}
	return r, wrong
}

// textOf gives the text of a field; false for what is no text, nor a list of them where
// one belongs.
func textOf(field string, value *yaml.Node) (string, bool) {
	switch {
	case value.Kind == yaml.ScalarNode && value.Tag == "!!null":
		return "", true
	case value.Kind == yaml.ScalarNode:
		return value.Value, true
	case value.Kind == yaml.SequenceNode && field == fieldFestivals:
		var words []string
		for _, word := range value.Content {
			if word.Kind != yaml.ScalarNode {
				return "", false
			}
			words = append(words, word.Value)
		}
		return strings.Join(words, ","), true
	}
	return "", false
}
