package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An expression of a rule is written as people write arithmetic:
//
//	clues <= problems and not nil
//	handled == educated + sanctioned
//	problems <= 3 * last_year.problems + 5
//
// A name stands for the number in the field of that name. files and incidents are the
// numbers of attached files and of incident reports of the unit on that day; nil says that
// there is nothing to report. In front of the name of a field, last_year is the same day
// of the festival a year ago, earlier the largest number of the unit's earlier days in
// the block, and dailies the sum of the unit's daily reports in the block.
//
// A number that was not given is unknown. In a sum, a field that was left out adds nothing
// if another part is known; whatever else rests on something unknown is unknown, and a rule
// whose outcome is unknown asks nothing.

// reservedNames are words of the expressions, which no field may have as its name.
var reservedNames = []string{"nil", "files", "incidents", "last_year", "earlier", "dailies", "and", "or", "not"}

// scopes are what may stand in front of a field with a dot.
var scopes = []string{"last_year", "earlier", "dailies"}

// expression is a node of a parsed expression.
type expression struct {
	op    string // "number", "name", or the operator
	n     float64
	name  string
	parts []*expression
	truth bool // it is true or false, not a number
}

// known is what an expression comes to: a number, or 1 and 0 for true and false.
type known struct {
	n    float64
	ok   bool
	left bool // unknown because a field of the form was left out
}

// scope gives the number behind a name.
type scope func(name string) (n float64, known bool)

// eval works the expression out.
func (e *expression) eval(in scope) known {
	switch e.op {
	case "number":
		return known{n: e.n, ok: true}
	case "name":
		n, ok := in(e.name)
		return known{n: n, ok: ok, left: !ok && !strings.Contains(e.name, ".")}
	}
	values := make([]known, len(e.parts))
	for i, part := range e.parts {
		values[i] = part.eval(in)
	}
	switch e.op {
	case "not":
		return known{n: 1 - values[0].n, ok: values[0].ok}
	case "and":
		return junction(values, 0)
	case "or":
		return junction(values, 1)
	case "+":
		return sum(values[0], values[1])
	}
	return known{n: arithmetic(e.op, values[0].n, values[1].n), ok: values[0].ok && values[1].ok}
}

// junction is and (deciding 0) or or (deciding 1): one part that decides is enough, even
// if the other is unknown.
func junction(values []known, deciding float64) known {
	ok := true
	for _, v := range values {
		if v.ok && v.n == deciding {
			return v
		}
		ok = ok && v.ok
	}
	return known{n: 1 - deciding, ok: ok}
}

// sum adds two parts; what was left out adds nothing.
func sum(a, b known) known {
	switch {
	case a.left:
		return b
	case b.left:
		return a
	}
	return known{n: a.n + b.n, ok: a.ok && b.ok}
}

// arithmetic works out what has two sides.
func arithmetic(op string, a, b float64) float64 {
	truth := false
	switch op {
	case "-":
		return a - b
	case "*":
		return a * b
	case "<":
		truth = a < b
	case "<=":
		truth = a <= b
	case ">":
		truth = a > b
	case ">=":
		truth = a >= b
	case "==":
		truth = a == b
	case "!=":
		truth = a != b
	}
	if truth {
		return 1
	}
	return 0
}

// names lists the names in the expression.
func (e *expression) names() []string {
	var names []string
	if e.op == "name" {
		names = append(names, e.name)
	}
	for _, part := range e.parts {
		names = append(names, part.names()...)
	}
	return names
}

var token = regexp.MustCompile(`^(?:[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?|\d{1,7}|<=|>=|==|!=|[-+*<>()])`)

// Longest and deepest that an expression may be.
const (
	longestExpression = 400
	deepestExpression = 20
)

// parseExpression reads an expression.
func parseExpression(text string) (*expression, error) {
	if len(text) > longestExpression {
		return nil, fmt.Errorf("longer than %d characters", longestExpression)
	}
	p := &expressionParser{}
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimLeft(rest, " \t\n") {
		word := token.FindString(rest)
		if word == "" {
			return nil, fmt.Errorf("%q is not understood", rest)
		}
		p.words, rest = append(p.words, word), rest[len(word):]
	}
	e, err := p.either()
	if err == nil && len(p.words) > 0 {
		err = fmt.Errorf("%q is left over", strings.Join(p.words, " "))
	}
	return e, err
}

// expressionParser reads words from the front: one method for each strength of binding.
type expressionParser struct {
	words []string
	deep  int
}

// take takes the next word if it is one of those wanted.
func (p *expressionParser) take(wanted ...string) (string, bool) {
	if len(p.words) == 0 || !slices.Contains(wanted, p.words[0]) {
		return "", false
	}
	word := p.words[0]
	p.words = p.words[1:]
	return word, true
}

// either reads: both or both ...
func (p *expressionParser) either() (*expression, error) {
	return p.chain(p.both, true, true, "or")
}

// both reads: comparison and comparison ...
func (p *expressionParser) both() (*expression, error) {
	return p.chain(p.negation, true, true, "and")
}

// negation reads: not comparison.
func (p *expressionParser) negation() (*expression, error) {
	if _, found := p.take("not"); !found {
		return p.comparison()
	}
	if p.deep++; p.deep > deepestExpression {
		return nil, errors.New("too deep")
	}
	part, err := p.negation()
	if err == nil && !part.truth {
		err = errors.New("not stands before something true or false")
	}
	return &expression{op: "not", parts: []*expression{part}, truth: true}, err
}

// comparison reads: total <= total.
func (p *expressionParser) comparison() (*expression, error) {
	left, err := p.total()
	if err != nil {
		return nil, err
	}
	op, found := p.take("<=", ">=", "==", "!=", "<", ">")
	if !found {
		return left, nil
	}
	right, err := p.total()
	if err == nil && (left.truth || right.truth) {
		err = fmt.Errorf("%s compares numbers", op)
	}
	return &expression{op: op, parts: []*expression{left, right}, truth: true}, err
}

// total reads: product + product ...
func (p *expressionParser) total() (*expression, error) {
	return p.chain(p.product, false, false, "+", "-")
}

// product reads: atom * atom ...
func (p *expressionParser) product() (*expression, error) {
	return p.chain(p.atom, false, false, "*")
}

// chain reads parts that operators join, from the left. from says whether the operators
// take what is true or false, and to whether they make it.
func (p *expressionParser) chain(part func() (*expression, error), from, to bool, ops ...string) (*expression, error) {
	left, err := part()
	for err == nil {
		op, found := p.take(ops...)
		if !found {
			break
		}
		var right *expression
		if right, err = part(); err != nil {
			break
		}
		if left.truth != from || right.truth != from {
			err = fmt.Errorf("%s does not join these", op)
		}
		left = &expression{op: op, parts: []*expression{left, right}, truth: to}
	}
	return left, err
}

// atom reads a number, a name or what stands in brackets.
func (p *expressionParser) atom() (*expression, error) {
	if len(p.words) == 0 {
		return nil, errors.New("it ends too early")
	}
	if _, found := p.take("("); found {
		if p.deep++; p.deep > deepestExpression {
			return nil, errors.New("too deep")
		}
		inner, err := p.either()
		if _, closed := p.take(")"); err == nil && !closed {
			err = errors.New("a bracket is not closed")
		}
		return inner, err
	}
	word := p.words[0]
	p.words = p.words[1:]
	if n, err := strconv.Atoi(word); err == nil {
		return &expression{op: "number", n: float64(n)}, nil
	}
	first, _, scoped := strings.Cut(word, ".")
	switch {
	case word[0] < 'a' || word[0] > 'z', slices.Contains([]string{"and", "or", "not"}, word):
		return nil, fmt.Errorf("%q stands where a number or a name should", word)
	case scoped != slices.Contains(scopes, first):
		return nil, fmt.Errorf("%q is not a name; before a dot stands one of %s", word, strings.Join(scopes, ", "))
	}
	return &expression{op: "name", name: word, truth: word == "nil"}, nil
}
