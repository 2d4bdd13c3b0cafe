package bot

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Names tell what people and units are called.
type Names interface {
	UnitName(id reminders.UnitID) string
	PersonName(id reminders.PersonID) string
}

// Words puts messages into plain text outside the chat, as the command line does.
type Words struct {
	words    *words
	language reminders.Language
	who      Names
}

// NewWords speaks a language of the catalogue, or its default for one that it does
// not know. Instants are shown in the zone of loc, people and units by their
// identifiers.
func NewWords(c *content.Catalogue, language reminders.Language, loc *time.Location) *Words {
	w := newWords(c, reminders.Language(content.DefaultLanguage), func() *time.Location { return loc })
	return &Words{words: w, language: w.language(language), who: noNames{}}
}

// Naming gives the same words with what people and units are called.
func (w *Words) Naming(who Names) *Words {
	named := *w
	named.who = who
	return &named
}

// Plain puts m into words. A key without a text is an error of ours.
func (w *Words) Plain(m reminders.Message) (string, error) {
	return w.words.plain(w.language, m, w.who)
}
