package notice

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// The rules of completeness. Their texts are in the catalogue under
// "publication.problem." and the name.
const (
	RuleNoText       = "no-text"        // nothing is said
	RuleNoTitle      = "no-title"       // or it has no title
	RuleNoPattern    = "no-pattern"     // a prompt lacks pattern, rule or what to check
	RuleNoCases      = "no-cases"       // a case guidance names no case
	RuleNoAudience   = "no-audience"    // it is for nobody
	RuleNobody       = "nobody"         // no one in the register belongs to its audience
	RuleNoDeadline   = "no-deadline"    // an acknowledgement has no day
	RuleUnitsOnly    = "units-only"     // units acknowledge, and people are named
	RulePromptLength = "prompt-length"  // a prompt is longer than a page
	RulePromptQuota  = "prompt-quota"   // the quarter has had its prompts
	RuleNoNote       = "no-note"        // a material correction does not say what changed
	RuleNotPublished = "kind-not-known" // the office does not publish such a thing
)

// promptRunes is how many characters a work prompt has at most: one page.
const promptRunes = 800

// Problems lists everything that keeps a publication from being submitted: what is
// missing, and what the guard and the lint object to, each rule once. Soft hits that the
// head let pass are left out; hard ones never are.
func (p *Press) Problems(tx reminders.Tx, of Publication) ([]reminders.Hit, error) {
	hits := append(of.incomplete(), p.screen(of)...)
	if !of.Audience.Nobody() {
		someone, err := p.anyone(tx, of.Readers())
		if err != nil {
			return nil, err
		}
		if !someone {
			hits = append(hits, lacking(RuleNobody))
		}
	}
	if of.Kind.numbered() && of.Number == "" {
		used, limit, err := p.Prompts(tx)
		if err != nil {
			return nil, err
		}
		if used >= limit {
			hits = append(hits, reminders.Hit{Rule: RulePromptQuota, Say: reminders.Line("publication.problem.prompt-quota", reminders.Args{
				"Used": reminders.Number(used), "Limit": reminders.Number(limit),
			})})
		}
	}
	return of.remaining(hits), nil
}

// incomplete lists what is missing in a publication.
func (p Publication) incomplete() []reminders.Hit {
	var hits []reminders.Hit
	lack := func(is bool, rule string) {
		if is {
			hits = append(hits, lacking(rule))
		}
	}
	lack(!slices.Contains(published, p.Kind), RuleNotPublished)
	hits = append(hits, faults(p.Kind, p.Lead, p.Bodies)...)
	lack(p.Audience.Nobody(), RuleNoAudience)
	lack(p.Expects.Obliges() && p.Workdays < 1, RuleNoDeadline)
	lack(p.Expects == ExpectPerUnit && len(p.Audience.People) > 0, RuleUnitsOnly)
	return hits
}

// published are the kinds of what the office publishes.
var published = []Kind{Announcement, WorkPrompt, CaseGuidance, ThemeCard}

// faults lists what is wrong with what is said: all languages in which something is said
// are held to the same.
func faults(kind Kind, lead reminders.Language, bodies map[reminders.Language]Body) []reminders.Hit {
	if _, found := bodies[lead]; !found {
		return []reminders.Hit{lacking(RuleNoText)}
	}
	var hits []reminders.Hit
	for _, language := range slices.Sorted(maps.Keys(bodies)) {
		hits = append(hits, bodies[language].faults(kind)...)
	}
	return hits
}

// faults lists what is wrong with one body.
func (b Body) faults(kind Kind) (hits []reminders.Hit) {
	lack := func(is bool, rule string) {
		if is {
			hits = append(hits, lacking(rule))
		}
	}
	lack(strings.TrimSpace(b.Title) == "", RuleNoTitle)
	if !kind.numbered() {
		lack(strings.TrimSpace(untagged(b.Text)) == "", RuleNoText)
		return hits
	}
	prompt := b.Prompt
	if prompt == nil {
		return append(hits, lacking(RuleNoPattern))
	}
	lack(prompt.Pattern == "" || prompt.Rule == "" || prompt.Check == "", RuleNoPattern)
	lack(kind == CaseGuidance && len(prompt.Cases) == 0, RuleNoCases)
	if length := utf8.RuneCountInString(b.Plain()); length > promptRunes {
		hits = append(hits, reminders.Hit{Rule: RulePromptLength, Hard: true, Say: reminders.Line("publication.problem.prompt-length", reminders.Args{
			"Length": reminders.Number(length), "Limit": reminders.Number(promptRunes),
		})})
	}
	return hits
}

// lacking is the hit of a rule of completeness.
func lacking(rule string) reminders.Hit {
	return reminders.Hit{Rule: rule, Hard: true, Say: reminders.Line("publication.problem."+rule, nil)}
}

// screen lets the guard and the lint look at all that people wrote.
func (p *Press) screen(of Publication) (hits []reminders.Hit) {
	for _, text := range of.screened() {
		if text != "" {
			hits = append(hits, p.Screen(text)...)
		}
	}
	return hits
}

// screened is all that people wrote: why it is urgent, what is said in each language, and
// the names of the files.
func (p Publication) screened() []string {
	texts := []string{p.Urgent}
	for _, language := range slices.Sorted(maps.Keys(p.Bodies)) {
		texts = append(texts, p.Bodies[language].Plain())
	}
	for _, f := range p.Files {
		texts = append(texts, f.Name)
	}
	return texts
}

// remaining are the hits that nobody let pass, each rule once.
func (p Publication) remaining(hits []reminders.Hit) []reminders.Hit {
	var left []reminders.Hit
	for _, hit := range hits {
		same := func(h reminders.Hit) bool { return h.Rule == hit.Rule }
		passes := func(o reminders.Override) bool { return !hit.Hard && o.Rule == hit.Rule }
		if !slices.ContainsFunc(left, same) && !slices.ContainsFunc(p.Overrides, passes) {
			left = append(left, hit)
		}
	}
	return left
}

// errFound ends a search.
var errFound = errors.New("found")

// anyone reports whether somebody belongs to an audience.
func (p *Press) anyone(tx reminders.Tx, audience reminders.Audience) (bool, error) {
	err := p.each(tx, audience, func(reminders.Person) error { return errFound })
	if errors.Is(err, errFound) {
		return true, nil
	}
	return false, err
}

// Overrule lets a soft hit of a publication pass, for a reason that the summary of the
// month names; the caller has checked that by is the head of the office. It fails with
// Denied for a hard hit, with Invalid without a reason, and with Closed if there is no
// such hit.
func (p *Press) Overrule(tx reminders.Tx, handle, rule, reason string, by reminders.PersonID) error {
	of, err := p.Find(tx, handle)
	if err != nil {
		return err
	}
	hits, err := p.Problems(tx, of)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(hits, func(h reminders.Hit) bool { return h.Rule == rule })
	switch {
	case at < 0 || !of.Open():
		return reminders.Fail(reminders.Closed, "notice.overrule", "publication.nothing_to_overrule", nil)
	case hits[at].Hard:
		return reminders.Fail(reminders.Denied, "notice.overrule", "publication.hard", nil)
	case strings.TrimSpace(reason) == "":
		return reminders.Fail(reminders.Invalid, "notice.overrule", "publication.reason_missing", nil)
	}
	if found := p.Screen(reason); len(found) > 0 {
		return refused("notice.overrule", found[0])
	}
	of.Overrides = append(of.Overrides, reminders.Override{Rule: rule, By: by, Reason: reason})
	if err := p.Store.SavePublication(tx, of); err != nil {
		return err
	}
	return p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Overrode, Object: of.NoticeID(), Reason: reason, Attrs: map[string]string{"rule": rule},
	})
}

// refused is the error that says what the first hit says.
func refused(op string, hit reminders.Hit) error {
	return reminders.Fail(reminders.Invalid, op, hit.Say.Key, hit.Say.Args)
}
