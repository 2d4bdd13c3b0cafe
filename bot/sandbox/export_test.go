package sandbox

// Param is one parameter of a method of the sandbox, for the test that holds the
// table of methods against the official description.
type Param struct {
	Kind     string
	Required bool
}

// Methods gives the table of methods.
func Methods() map[string]map[string]Param {
	all := map[string]map[string]Param{}
	for _, m := range methods {
		all[m.name] = map[string]Param{}
		for _, p := range m.params {
			all[m.name][p.name] = Param{Kind: string(p.kind), Required: p.required}
		}
	}
	return all
}

// ParseHTML and Render are reached by their fuzz test.
func ParseHTML(in string) (string, []Entity, error) {
	f, err := parseHTML(in)
	return f.text, f.entities, err
}

// Render writes a text with entities as HTML.
func Render(text string, entities []Entity) string { return render(text, entities) }
