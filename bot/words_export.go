package bot

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Words puts messages into plain text outside the chat, as the command line does.
// People and units are shown by their identifiers.
type Words struct {
	words    *words
	language reminders.Language
}

// NewWords speaks a language of the catalogue, or its default for one that it does
// not know. Instants are shown in the zone of loc.
func NewWords(c *content.Catalogue, language reminders.Language, loc *time.Location) *Words {
	w := newWords(c, reminders.Language(content.DefaultLanguage), func() *time.Location { return loc })
	return &Words{words: w, language: w.language(language)}
}

// Plain puts m into words. A key without a text is an error of ours.
func (w *Words) Plain(m reminders.Message) (string, error) {
	return w.words.plain(w.language, m, noNames{})
}
