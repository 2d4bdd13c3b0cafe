package content

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// MaxText is the length of one message at the chat service in UTF-16 units.
const MaxText = 4096

// Problem is one thing that is wrong with a text.
type Problem struct {
	Lang, Key string
	File      string // where the text is defined; empty if it is missing
	Rule      string // missing, placeholders, plural, length, html, tone, emoji, unfinished, wording
	Detail    string
}

// String gives the problem on one line, for operators.
func (p Problem) String() string {
	return fmt.Sprintf("%s [%s] %s: %s: %s", p.File, p.Lang, p.Key, p.Rule, p.Detail)
}

// Check holds every text to the rules of the house: the same keys and
// placeholders in every language, all plural forms, a length that fits into one
// message, HTML that the chat service accepts, a calm tone, and no wording that
// goes further than the rules. Nothing found means fit to be sent.
func (c *Content) Check() []Problem {
	k := c.catalogue
	all := map[string]bool{}
	for _, tag := range k.tags {
		for key := range k.locales[tag].entries {
			all[key] = true
		}
	}
	var problems []Problem
	for _, key := range slices.Sorted(maps.Keys(all)) {
		for _, tag := range k.tags {
			e := k.locales[tag].entries[key]
			if e == nil {
				problems = append(problems, Problem{Lang: tag, Key: key, Rule: "missing", Detail: "other languages have a text"})
				continue
			}
			for _, p := range c.checkEntry(tag, key, e) {
				p.Lang, p.Key, p.File = tag, key, e.file
				problems = append(problems, p)
			}
		}
	}
	return problems
}

// checkEntry checks one text in one language.
func (c *Content) checkEntry(tag, key string, e *entry) []Problem {
	var problems []Problem
	if first := c.catalogue.locales[DefaultLanguage].entries[key]; first != nil && !slices.Equal(first.placeholders, e.placeholders) {
		detail := fmt.Sprintf("%v, but %v in %s", e.placeholders, first.placeholders, DefaultLanguage)
		problems = append(problems, Problem{Rule: "placeholders", Detail: detail})
	}
	if slices.Contains(e.placeholders, countName) {
		for _, form := range pluralForms(tag) {
			if e.forms[form] == "" {
				problems = append(problems, Problem{Rule: "plural", Detail: "there is no form " + form})
			}
		}
	}
	for _, form := range slices.Sorted(maps.Keys(e.forms)) {
		problems = append(problems, c.checkText(e.forms[form])...)
	}
	return problems
}

// marks are what no text contains. A colleague is not addressed as 亲; 亲友 and
// its like are no address.
var marks = []struct {
	rule string
	re   *regexp.Regexp
}{
	{"tone", regexp.MustCompile(`[!！]`)},
	{"tone", regexp.MustCompile(`(?:^|[\s，。：；、])亲(?:[\s，。：、,~～]|们|爱|$)`)},
	{"emoji", regexp.MustCompile(`[\x{1F000}-\x{1FAFF}\x{FE0F}]`)},
	{"unfinished", regexp.MustCompile(`(?i)\b(?:TODO|FIXME|TBD)\b|<no value>`)},
}

// checkText checks one form of one text.
func (c *Content) checkText(text string) []Problem {
	var problems []Problem
	add := func(rule, detail string) { problems = append(problems, Problem{Rule: rule, Detail: detail}) }
	if n := len(utf16.Encode([]rune(text))); n > MaxText {
		add("length", fmt.Sprintf("%d UTF-16 units, at most %d", n, MaxText))
	}
	if strings.TrimSpace(text) == "" {
		add("unfinished", "nothing but space")
	}
	for _, mark := range marks {
		if m := mark.re.FindString(text); m != "" {
			add(mark.rule, m)
		}
	}
	if err := checkHTML(text); err != nil {
		add("html", err.Error())
	}
	for _, f := range c.Lint(text) {
		add("wording", f.Match)
	}
	return problems
}

// pluralNames are the plural categories under the names of the locale files.
var pluralNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two",
	plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// pluralForms lists the forms that counts from 0 to 200 need in a language.
func pluralForms(tag string) []string {
	needed := map[string]bool{}
	for n := range 201 {
		needed[pluralNames[plural.Cardinal.MatchPlural(language.Make(tag), n, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(needed))
}
