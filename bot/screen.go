package bot

import (
	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Screen joins the input guard and the wording lint: what it gives for a text says
// everything to which they object, hard hits first. Nobody lets a hard hit pass; a soft
// one the head of the office may, with a reason.
func Screen(guard *Guard, texts *content.Content) func(text string) []reminders.Hit {
	return func(text string) []reminders.Hit {
		var hits []reminders.Hit
		_, hard := guard.Redact(text)
		for _, rule := range hard {
			hits = append(hits, reminders.Hit{Rule: rule, Hard: true, Say: Refusal(rule)})
		}
		for _, rule := range guard.Soft(text) {
			hits = append(hits, reminders.Hit{Rule: rule, Say: Refusal(rule)})
		}
		for _, finding := range texts.Lint(text) {
			hits = append(hits, reminders.Hit{
				Rule: finding.Rule, Say: reminders.Line(finding.Explain, reminders.Args{"Match": reminders.Text(finding.Match)}),
			})
		}
		return hits
	}
}
