package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Guard finds what does not belong into a chat (输入把关). Hard rules are about
// things that must not even be written to disk; soft rules about things that
// must not be stored as content or sent. It is immutable and safe for concurrent
// use.
//
// A guard sees words, not meaning: it keeps slips out and is no defence against
// someone who wants to deceive it.
type Guard struct {
	hard, soft []rule
}

// rule is one compiled rule.
type rule struct {
	name     string
	patterns []*regexp.Regexp
	check    func(match string) bool
	except   []string
}

// ruleFile is the form of content/guard.toml.
type ruleFile struct {
	Part map[string]string `toml:"part"`
	Hard []ruleText        `toml:"hard"`
	Soft []ruleText        `toml:"soft"`
}

type ruleText struct {
	Name     string   `toml:"name"`
	Patterns []string `toml:"patterns"`
	Check    string   `toml:"check"`
	Except   []string `toml:"except"`
}

// checks are what a pattern alone cannot say.
var checks = map[string]func(match string) bool{
	"":                    func(string) bool { return true },
	"identity-number":     identityNumber,
	"old-identity-number": oldIdentityNumber,
	"luhn":                luhn,
}

var ruleName = regexp.MustCompile(`^[a-z]+(?:-[a-z]+)*$`)

// Compile reads the rules from the bytes of content/guard.toml, whose head
// describes the form. An unknown key, check or part, a pattern that does not
// compile and a file without hard rules are Invalid errors that name the rule.
func Compile(file []byte) (*Guard, error) {
	var rules ruleFile
	meta, err := toml.Decode(string(file), &rules)
	if err != nil {
		return nil, guardError(err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, guardError(fmt.Errorf("unknown key %s", unknown[0]))
	}
	var g Guard
	if g.hard, err = compileRules(rules.Hard, rules.Part); err != nil {
		return nil, guardError(err)
	}
	if g.soft, err = compileRules(rules.Soft, rules.Part); err != nil {
		return nil, guardError(err)
	}
	if len(g.hard) == 0 {
		return nil, guardError(fmt.Errorf("no hard rules"))
	}
	return &g, nil
}

func guardError(err error) error {
	return &reminders.Error{
		Kind: reminders.Invalid, Op: "guard.compile",
		Message: reminders.Line("guard.file", nil), Err: err,
	}
}

func compileRules(texts []ruleText, parts map[string]string) ([]rule, error) {
	var rules []rule
	for _, text := range texts {
		check, known := checks[text.Check]
		if !ruleName.MatchString(text.Name) || !known || len(text.Patterns) == 0 {
			return nil, fmt.Errorf("rule %q has no proper name, check or patterns", text.Name)
		}
		r := rule{name: text.Name, check: check, except: text.Except}
		for _, pattern := range text.Patterns {
			expanded, err := expand(pattern, parts)
			if err != nil {
				return nil, fmt.Errorf("rule %q: %w", text.Name, err)
			}
			compiled, err := regexp.Compile(expanded)
			if err != nil {
				return nil, fmt.Errorf("rule %q: %w", text.Name, err)
			}
			r.patterns = append(r.patterns, compiled)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

var partName = regexp.MustCompile(`\{\{[a-z]+\}\}`)

// expand puts the named parts of the file into a pattern.
func expand(pattern string, parts map[string]string) (string, error) {
	var missing string
	out := partName.ReplaceAllStringFunc(pattern, func(name string) string {
		part, ok := parts[strings.Trim(name, "{}")]
		if !ok {
			missing = name
		}
		return "(?:" + part + ")"
	})
	if missing != "" {
		return "", fmt.Errorf("unknown part %s", missing)
	}
	return out, nil
}

// The brackets around the names of rules that stand in place of a text. Nobody
// types them by accident.
const (
	tokenOpen  = "⟦guard:"
	tokenClose = "⟧"
)

// Redact looks for hard hits. With any, the whole text is replaced by a token
// that names the rules, such as "⟦guard:identity-number⟧", and hits lists them;
// otherwise the text comes back as it is. The method is a wire.Guard.
func (g *Guard) Redact(text string) (clean string, hits []string) {
	if hits = find(g.hard, text); len(hits) == 0 {
		return text, nil
	}
	return tokenOpen + strings.Join(hits, ",") + tokenClose, hits
}

// Soft names the soft rules that a text hits, in the order of the file.
func (g *Guard) Soft(text string) []string { return find(g.soft, text) }

// Rules names all rules, hard ones first. Each has a text "guard." + name in the
// catalogue.
func (g *Guard) Rules() []string {
	var names []string
	for _, r := range slices.Concat(g.hard, g.soft) {
		names = append(names, r.name)
	}
	return names
}

// Redacted reads the token that Redact put in place of a text, and reports
// whether the text is one.
func Redacted(text string) (hits []string, ok bool) {
	inner, found := strings.CutPrefix(text, tokenOpen)
	names, closed := strings.CutSuffix(inner, tokenClose)
	if !found || !closed {
		return nil, false
	}
	for name := range strings.SplitSeq(names, ",") {
		if !ruleName.MatchString(name) {
			return nil, false
		}
		hits = append(hits, name)
	}
	return hits, true
}

// Refusal is the text with which a hit of a rule is answered: what was found,
// that it was not kept, and the way that works.
func Refusal(rule string) reminders.Message { return reminders.Line("guard."+rule, nil) }

// find names the rules that hit.
func find(rules []rule, text string) []string {
	text = "\n" + plainForms(text) + "\n" // a rule sees line ends on both sides
	var hits []string
	for _, r := range rules {
		if !slices.Contains(hits, r.name) && r.hits(text) {
			hits = append(hits, r.name)
		}
	}
	return hits
}

// hits reports whether a rule finds anything. Matches may overlap: every place
// where a number can begin is tried.
func (r rule) hits(text string) bool {
	for _, pattern := range r.patterns {
		for from := 0; from < len(text); {
			loc := pattern.FindStringSubmatchIndex(text[from:])
			if loc == nil {
				break
			}
			begin, end := from+loc[0], from+loc[1]
			match := text[begin:end]
			if len(loc) > 3 && loc[2] >= 0 {
				match = text[from+loc[2] : from+loc[3]] // the pattern says what of it counts
			}
			if whole(text, begin, end) && r.check(match) && !r.excepted(match) {
				return true
			}
			from = begin + max(1, runeSize(text[begin:]))
		}
	}
	return false
}

func runeSize(text string) int {
	for i := range text {
		if i > 0 {
			return i
		}
	}
	return len(text)
}

func (r rule) excepted(match string) bool {
	return slices.ContainsFunc(r.except, func(word string) bool { return strings.HasPrefix(match, word) })
}

// whole reports that a match does not begin or end inside a longer number.
func whole(text string, begin, end int) bool {
	return !(begin > 0 && digit(text[begin-1]) && digit(text[begin])) &&
		!(end < len(text) && end > 0 && digit(text[end]) && digit(text[end-1]))
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

// plainForms writes full-width letters, digits and signs as ASCII, blanks and dashes of
// every width as one, and drops what cannot be seen, so that no rule has to know about them.
func plainForms(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '！' <= r && r <= '～':
			return r - '！' + '!'
		case r == '\r':
			return -1
		case r == '\u3000', r == '\u00a0', '\u2000' <= r && r <= '\u200a', r == '\t':
			return ' '
		case '\u2010' <= r && r <= '\u2015', r == '\u2212':
			return '-'
		case '\u200b' <= r && r <= '\u200f', r == '\u2060', r == '\ufeff', r == '\u00ad':
			return -1
		}
		return r
	}, text)
}

// identityWeights are the weights of GB 11643-1999 (ISO 7064, MOD 11-2).
var identityWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// identityNumber reports whether 17 digits and a check character are a resident
// identity number: date of birth and check character must be right.
func identityNumber(match string) bool {
	number := bare(match)
	if len(number) != 18 || number[0] == '0' {
		return false
	}
	born, err := time.Parse("20060102", number[6:14])
	if err != nil || born.Year() < 1900 || born.Year() > 2099 {
		return false
	}
	sum := 0
	for i, weight := range identityWeights {
		sum += weight * int(number[i]-'0')
	}
	return "10X98765432"[sum%11] == strings.ToUpper(number)[17]
}

// oldIdentityNumber reports whether 15 digits can be a resident identity number of
// before 1999: the date of birth must be one.
func oldIdentityNumber(match string) bool {
	number := bare(match)
	if len(number) != 15 || number[0] == '0' {
		return false
	}
	_, err := time.Parse("20060102", "19"+number[6:12])
	return err == nil
}

// luhn reports whether the digits are a card number by its check digit.
func luhn(match string) bool {
	number := bare(match)
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return len(number) >= 16 && len(number) <= 19 && sum%10 == 0
}

// bare drops the blanks and hyphens between groups of digits.
func bare(number string) string { return blanks.Replace(number) }

var blanks = strings.NewReplacer(" ", "", "-", "")
