package report

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Rule is one check of plausibility (数据审核): what usually holds between the numbers of
// a report. Where it does not, the sender is asked; nothing is ever refused. Make rules
// with ParseRules.
type Rule struct {
	Name  string
	Kinds []Kind
	Ask   string // catalogue key of the question
	// args are the numbers in the question, by the names of their placeholders.
	args  map[string]*expression
	when  *expression // nil: always
	holds *expression
}

// Question is what a rule asks about one report.
type Question struct {
	Rule string            `json:"rule"`
	Text reminders.Message `json:"text"`
}

// Questioned is a question with what was answered (核实说明). Why is empty if the sender
// did not say.
type Questioned struct {
	Question

	Why string             `json:"why,omitempty"`
	By  reminders.PersonID `json:"by"`
	At  time.Time          `json:"at"`
}

// Context is what else is known when a report is looked at.
type Context struct {
	Incidents int            // reports of incidents by the unit on that day
	LastYear  map[string]int // the same day of the festival a year ago
	Earlier   map[string]int // the largest of the unit's earlier days in the block
	Dailies   map[string]int // sums of the unit's daily reports in the block
}

// Evaluate asks what the rules ask about a version of a report. It is pure.
func Evaluate(rules []Rule, kind Kind, v Version, c Context) []Question {
	in := func(name string) (float64, bool) { return c.lookUp(v, name) }
	var questions []Question
	for _, r := range rules {
		if !slices.Contains(r.Kinds, kind) {
			continue
		}
		if r.when != nil {
			if when := r.when.eval(in); !when.ok || when.n == 0 {
				continue
			}
		}
		if holds := r.holds.eval(in); !holds.ok || holds.n != 0 {
			continue
		}
		args := reminders.Args{}
		for name, e := range r.args {
			args[name] = reminders.Number(int(e.eval(in).n))
		}
		questions = append(questions, Question{Rule: r.Name, Text: reminders.Line(r.Ask, args)})
	}
	return questions
}

// lookUp gives the number behind a name of an expression.
func (c Context) lookUp(v Version, name string) (float64, bool) {
	switch name {
	case "nil":
		if v.Nil {
			return 1, true
		}
		return 0, true
	case "files":
		return float64(len(v.Files)), true
	case "incidents":
		return float64(c.Incidents), true
	}
	first, field, scoped := strings.Cut(name, ".")
	if !scoped {
		n, found := v.Values.Count(name)
		return float64(n), found
	}
	n, found := map[string]map[string]int{"last_year": c.LastYear, "earlier": c.Earlier, "dailies": c.Dailies}[first][field]
	return float64(n), found
}

// ruleFile is the file as it is written; content/forms/plausibility.toml explains it.
type ruleFile struct {
	Rule []ruleTable
}

type ruleTable struct {
	Name, When, Holds, Ask string
	Forms                  []string
	Args                   map[string]string
}

// ParseRules reads rules in the format of content/forms/plausibility.toml for the given
// forms. A file that does not hold together is an Invalid error that names every rule with
// a fault; nothing is then returned.
func ParseRules(file []byte, forms ...Form) ([]Rule, error) {
	const op = "report.rules"
	var raw ruleFile
	meta, err := toml.Decode(string(file), &raw)
	if err != nil {
		return nil, invalid(op, err)
	}
	var rules []Rule
	var faults []error
	seen := map[string]bool{}
	for i, table := range raw.Rule {
		rule, wrong := table.rule(forms)
		if seen[table.Name] {
			wrong = append(wrong, errors.New("the name is there twice"))
		}
		seen[table.Name] = true
		for _, err := range wrong {
			faults = append(faults, fmt.Errorf("rule %d (%s): %w", i+1, table.Name, err))
		}
		rules = append(rules, rule)
	}
	for _, key := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("unknown field %q", key.String()))
	}
	if len(faults) > 0 {
		return nil, invalid(op, errors.Join(faults...))
	}
	return rules, nil
}

// rule makes sense of a table and lists what makes none.
func (t ruleTable) rule(forms []Form) (Rule, []error) {
	r := Rule{Name: t.Name, Ask: t.Ask, args: map[string]*expression{}}
	var faults []error
	parse := func(where, text string, truth bool) *expression {
		e, err := parseExpression(text)
		if err == nil && e.truth != truth {
			err = fmt.Errorf("%q is not what belongs here", text)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", where, err))
			return nil
		}
		return e
	}
	if !fieldName.MatchString(t.Name) {
		faults = append(faults, errors.New("name: lower-case letters, digits and _ are wanted"))
	}
	if !textKey.MatchString(t.Ask) {
		faults = append(faults, fmt.Errorf("ask: %q is not a key of a text", t.Ask))
	}
	if t.When != "" {
		r.when = parse("when", t.When, true)
	}
	r.holds = parse("holds", t.Holds, true)
	for _, name := range slices.Sorted(maps.Keys(t.Args)) {
		r.args[name] = parse("args."+name, t.Args[name], false)
	}
	if len(t.Forms) == 0 {
		faults = append(faults, errors.New("forms: at least one is wanted"))
	}
	for _, kind := range t.Forms {
		r.Kinds = append(r.Kinds, Kind(kind))
		faults = append(faults, r.strange(Kind(kind), forms)...)
	}
	return r, faults
}

// strange says which names of the rule a form does not have.
func (r Rule) strange(kind Kind, forms []Form) []error {
	n := slices.IndexFunc(forms, func(f Form) bool { return f.Kind == kind })
	if n < 0 {
		return []error{fmt.Errorf("forms: there is no form %q", kind)}
	}
	var faults []error
	for _, e := range slices.Concat([]*expression{r.when, r.holds}, slices.Collect(maps.Values(r.args))) {
		if e == nil {
			continue
		}
		for _, name := range e.names() {
			field := name
			if _, behind, scoped := strings.Cut(name, "."); scoped {
				field = behind
			}
			if f, found := forms[n].Field(field); !slices.Contains(reservedNames, name) && (!found || f.Type != TypeNumber) {
				faults = append(faults, fmt.Errorf("the form %s has no number %q", kind, field))
			}
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return faults
}
