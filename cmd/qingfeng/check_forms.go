package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// checkForms holds the texts that the forms of reports and the rules of plausibility
// name against the catalogue: an office may replace either.
func (f *office) checkForms(c *console) []finding {
	k := f.content.Catalogue()
	texts := f.reports.Forms.Texts()
	var findings []finding
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		for _, language := range k.Languages() {
			where := key + " [" + language + "]"
			if _, found := slices.BinarySearch(k.Keys(language), key); !found {
				findings = append(findings, finding{"forms", where, c.word("cli.check.form_text")})
			} else if wants := k.Placeholders(language, key); !slices.Equal(wants, texts[key]) {
				findings = append(findings, finding{"forms", where, c.say(reminders.Line("cli.check.form_args", reminders.Args{
					"Wants": reminders.Text(strings.Join(wants, ", ")), "Gets": reminders.Text(strings.Join(texts[key], ", ")),
				}))})
			}
		}
	}
	for _, key := range f.themes.Checklist.Texts() {
		for _, language := range k.Languages() {
			if _, found := slices.BinarySearch(k.Keys(language), key); !found {
				findings = append(findings, finding{"forms", key + " [" + language + "]", c.word("cli.check.form_text")})
			}
		}
	}
	return findings
}
