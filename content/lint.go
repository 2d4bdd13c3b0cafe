package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Finding is one over-strict wording in a text.
type Finding struct {
	Rule    string // id of the rule in lint.toml
	Match   string // the wording as it stands in the text
	Explain string // catalogue key that tells the author what to do; its placeholder is Match
}

// linter is lint.toml, compiled.
type linter struct {
	sources []*regexp.Regexp
	rules   []lintRule
}

// lintRule is one kind of wording.
type lintRule struct {
	id, explain string
	patterns    []*regexp.Regexp
	except      []string
}

// newLinter reads lint.toml.
func newLinter(c *Content) (*linter, error) {
	const name = "lint.toml"
	data, err := c.must(name)
	if err != nil {
		return nil, err
	}
	var file struct {
		Sources []string `toml:"sources"`
		Rules   []struct {
			ID       string   `toml:"id"`
			Explain  string   `toml:"explain"`
			Patterns []string `toml:"patterns"`
			Except   []string `toml:"except"`
		} `toml:"rule"`
	}
	if err := decode(name, data, &file); err != nil {
		return nil, err
	}
	l := &linter{}
	if l.sources, err = compile(file.Sources); err != nil {
		return nil, fmt.Errorf("%s: sources: %w", name, err)
	}
	for _, r := range file.Rules {
		if r.ID == "" || !c.catalogue.Has(r.Explain) {
			return nil, fmt.Errorf("%s: rule %q needs an id and a text for explain (%q)", name, r.ID, r.Explain)
		}
		rule := lintRule{id: r.ID, explain: r.Explain, except: r.Except}
		if rule.patterns, err = compile(r.Patterns); err != nil {
			return nil, fmt.Errorf("%s: rule %s: %w", name, r.ID, err)
		}
		l.rules = append(l.rules, rule)
	}
	return l, nil
}

// compile makes expressions that ignore case.
func compile(patterns []string) ([]*regexp.Regexp, error) {
	var all []*regexp.Regexp
	for _, p := range patterns {
		re, err := regexp.Compile("(?i)" + p)
		if err != nil {
			return nil, err
		}
		all = append(all, re)
	}
	return all, nil
}

// decode reads TOML and refuses keys that nobody knows, which are mistyped ones.
func decode(name string, data []byte, into any) error {
	meta, err := toml.Decode(string(data), into)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%s: %q is not known here", name, unknown[0].String())
	}
	return nil
}

// Lint finds wording that goes further than any rule (层层加码), in the order in
// which it stands in the text. A text that names its rule by title may say what
// the rule says: nothing is found in it.
func (c *Content) Lint(text string) []Finding {
	for _, source := range c.lint.sources {
		if source.MatchString(text) {
			return nil
		}
	}
	type found struct {
		at int
		Finding
	}
	var all []found
	for _, rule := range c.lint.rules {
		for _, span := range rule.find(text) {
			all = append(all, found{span[0], Finding{rule.id, text[span[0]:span[1]], rule.explain}})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.at, b.at) })
	var findings []Finding
	for _, f := range all {
		findings = append(findings, f.Finding)
	}
	return findings
}

// find gives the spans of text that the rule objects to; of overlapping ones the
// first.
func (r lintRule) find(text string) [][]int {
	masked := text
	for _, word := range r.except {
		// The same length in bytes, so that spans stay those of text.
		masked = strings.ReplaceAll(masked, word, strings.Repeat("\x00", len(word)))
	}
	var spans [][]int
	for _, p := range r.patterns {
		for _, span := range p.FindAllStringIndex(masked, -1) {
			overlaps := slices.ContainsFunc(spans, func(s []int) bool { return s[0] < span[1] && span[0] < s[1] })
			if !overlaps {
				spans = append(spans, span)
			}
		}
	}
	return spans
}
