package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"text/template"
	"text/template/parse"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// countName is the argument that chooses the plural form of a text.
const countName = "Count"

// placeholderName is what a placeholder may be called.
var placeholderName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)

// entry is one text in one language.
type entry struct {
	file         string            // where it is defined
	forms        map[string]string // by plural category: one, other, ...
	placeholders []string          // of all forms together, sorted
}

// newEntry takes a message apart. Texts are plain: the only thing between
// braces is {{.Name}}, so that the placeholders of a text are known for certain
// and no sentence is assembled by conditions.
func newEntry(file string, m *i18n.Message) (*entry, error) {
	e := &entry{file: file, forms: map[string]string{}}
	for form, text := range map[string]string{
		"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other,
	} {
		if text != "" {
			e.forms[form] = text
		}
	}
	if e.forms["other"] == "" {
		return nil, fmt.Errorf("%s: %q has no text", file, m.ID)
	}
	names := map[string]bool{}
	for _, text := range e.forms {
		if err := addPlaceholders(names, text); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", file, m.ID, err)
		}
	}
	if e.plural() {
		names[countName] = true
	}
	e.placeholders = slices.Sorted(maps.Keys(names))
	return e, nil
}

// plural reports whether Count chooses the form.
func (e *entry) plural() bool { return len(e.forms) > 1 }

// addPlaceholders collects the placeholders of one form.
func addPlaceholders(names map[string]bool, text string) error {
	t, err := template.New("text").Parse(text)
	if err != nil {
		return err
	}
	if t.Tree == nil || t.Root == nil {
		return nil
	}
	for _, node := range t.Root.Nodes {
		if node.Type() == parse.NodeText {
			continue
		}
		name := fieldOf(node)
		if !placeholderName.MatchString(name) {
			return fmt.Errorf("%s is not a placeholder such as {{.Name}}", node)
		}
		names[name] = true
	}
	return nil
}

// fieldOf gives the name in {{.Name}}, and "" for every other node.
func fieldOf(node parse.Node) string {
	action, ok := node.(*parse.ActionNode)
	if !ok || len(action.Pipe.Decl) > 0 || len(action.Pipe.Cmds) != 1 || len(action.Pipe.Cmds[0].Args) != 1 {
		return ""
	}
	field, ok := action.Pipe.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(field.Ident) != 1 {
		return ""
	}
	return field.Ident[0]
}
