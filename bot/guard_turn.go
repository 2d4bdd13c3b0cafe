package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// refuse answers what does not belong into a chat: what was found, that it was not kept,
// and the way that works. what is "text" or "file".
func (t *Turn) refuse(what string, rules []string) error {
	if err := t.note(what, rules); err != nil {
		return err
	}
	return t.say(Refusal(rules[0]))
}

// refused is refuse after a look that may have failed.
func (t *Turn) refused(what string, rules []string, err error) error {
	if err != nil {
		return err
	}
	return t.refuse(what, rules)
}

// note records that something was refused: who sent it and which rules objected, never
// what it said. Whom nobody knows writes nothing into the ledger.
func (t *Turn) note(what string, rules []string) error {
	t.later(func(ctx context.Context) {
		t.Log.InfoContext(ctx, "refused by the guard", "update", t.update.ID, "what", what, "rule", rules[0])
	})
	if !t.enrolled {
		return nil
	}
	return t.Ledger.Append(t.tx, RefusedEntry(string(t.person.ID), what, rules))
}

// RefusedEntry is the line of the ledger about something that the guard refused.
func RefusedEntry(actor, what string, rules []string) ledger.Entry {
	return ledger.Entry{Actor: actor, Verb: ledger.Refused, Object: "guard/" + what, Reason: strings.Join(rules, ",")}
}

// redacted names the rules for which words of a message were taken out before it was
// written down. Brackets that a person typed around other words are ordinary text.
func (b *Bot) redacted(m *wire.Incoming) []string {
	for _, text := range wordsOf(m) {
		if hits, found := Redacted(text); found && b.Guard.knows(hits) {
			return hits
		}
	}
	return nil
}

// softOf names the soft rules that the caption and the name of a file hit.
func (b *Bot) softOf(m *wire.Incoming) []string {
	return b.Guard.Soft(strings.Join(wordsOf(m)[1:], "\n"))
}

// softBeside is softOf for what came with a file that somebody was asked for or may import:
// not where a dialog screens what it takes. A picture that nobody asked for is not kept.
func (t *Turn) softBeside(m *wire.Incoming) ([]string, error) {
	if m.Document == nil && m.Photo == nil {
		return nil, nil
	}
	d, asked, err := t.dialog()
	if err != nil || d.Screened || m.Document == nil && !asked {
		return nil, err
	}
	return t.softOf(m), nil
}

// wordsOf are the words of a message, its text first.
func wordsOf(m *wire.Incoming) []string {
	words := []string{m.Text, m.Caption}
	if m.Document != nil {
		words = append(words, m.Document.Name)
	}
	return words
}

// knows reports whether all are names of rules.
func (g *Guard) knows(names []string) bool {
	rules := g.Rules()
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(rules, name) })
}

// Blank is what may be kept of a raw update that failed, for an operator to look at: all
// of it, or only its number where a soft rule objects. Hard rules have been over it.
func (g *Guard) Blank(id int64, raw string) string {
	if soft := g.Soft(raw); len(soft) > 0 {
		return `{"update_id":` + strconv.FormatInt(id, 10) + `,"guard":"` + strings.Join(soft, ",") + `"}`
	}
	return raw
}
