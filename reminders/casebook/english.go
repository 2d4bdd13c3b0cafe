package casebook

import (
	"cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Words are the texts of a case in a second language (英文文本). What is empty is shown as
// it was made public.
type Words struct {
	Title  string `json:"title,omitempty"`
	Issuer string `json:"issuer,omitempty"`
	Body   string `json:"body,omitempty"`
}

// In is the content as a reader of a language sees it. A text with names is hidden in
// every language, so that nothing is put in its place.
func (c Content) In(language reminders.Language) Content {
	if language == reminders.English {
		c.Title = cmp.Or(c.English.Title, c.Title)
		c.Issuer = cmp.Or(c.English.Issuer, c.Issuer)
		c.Body = cmp.Or(c.English.Body, c.Body)
	}
	return c
}

// each is a text of the content for readers of every language.
func (c Content) each(text func(Content) string) reminders.Value {
	if c.English == (Words{}) {
		return reminders.Text(text(c))
	}
	return reminders.Each(map[reminders.Language]string{
		reminders.Chinese: text(c), reminders.English: text(c.In(reminders.English)),
	}, reminders.Chinese)
}

// title and issuer pick a text of a content.
func title(c Content) string  { return c.Title }
func issuer(c Content) string { return c.Issuer }
