package report

import (
	"fmt"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Forms are the forms in force and the rules over them.
type Forms struct {
	Daily, Incident, Closing Form
	Rules                    []Rule
}

// Load reads the forms and the rules of plausibility out of the content: read gives a
// file by its path, such as forms/daily.toml. It is an Invalid error if a file has a
// fault, or if the closing form wants a sum that the daily form does not give.
func Load(read func(path string) ([]byte, error)) (*Forms, error) {
	const op = "report.load"
	forms := &Forms{}
	for _, one := range []struct {
		path string
		kind Kind
		form *Form
	}{
		{"forms/daily.toml", Daily, &forms.Daily}, {"forms/incident.toml", Incident, &forms.Incident}, {"forms/closing.toml", Closing, &forms.Closing},
	} {
		file, err := read(one.path)
		if err != nil {
			return nil, reminders.Wrap(op, err)
		}
		if *one.form, err = ParseForm(file); err == nil && one.form.Kind != one.kind {
			err = invalid(op, fmt.Errorf("it is the form %s", one.form.Kind))
		}
		if err != nil {
			return nil, &reminders.Error{Kind: reminders.Invalid, Op: one.path, Err: err}
		}
	}
	for _, field := range forms.Closing.Fields {
		summed, found := forms.Daily.Field(field.Name)
		if field.From == FromDailies && (!found || !summed.Sum) {
			return nil, invalid(op, fmt.Errorf("forms/closing.toml: field %s: the daily form has no sum of this name", field.Name))
		}
	}
	file, err := read("forms/plausibility.toml")
	if err != nil {
		return nil, reminders.Wrap(op, err)
	}
	if forms.Rules, err = ParseRules(file, forms.Daily, forms.Incident, forms.Closing); err != nil {
		return nil, &reminders.Error{Kind: reminders.Invalid, Op: "forms/plausibility.toml", Err: err}
	}
	return forms, nil
}

// Of gives the form of a kind.
func (f *Forms) Of(kind Kind) Form {
	switch kind {
	case Incident:
		return f.Incident
	case Closing:
		return f.Closing
	}
	return f.Daily
}

// Texts lists the catalogue keys that forms and rules want, each with the names of its
// arguments, sorted: whoever checks the content holds the catalogue against them.
func (f *Forms) Texts() map[string][]string {
	texts := map[string][]string{}
	add := func(key string, args ...string) {
		if key != "" {
			texts[key] = args
		}
	}
	for _, kind := range Kinds() {
		form := f.Of(kind)
		add(form.Title)
		for _, field := range form.Fields {
			add(field.Label)
			add(field.Help)
			add(field.Group)
			add(field.Unit, "Count")
			for _, option := range field.Choices {
				add(option.Label)
			}
		}
	}
	for _, rule := range f.Rules {
		args := make([]string, 0, len(rule.args))
		for name := range rule.args {
			args = append(args, name)
		}
		slices.Sort(args)
		add(rule.Ask, args...)
	}
	return texts
}
