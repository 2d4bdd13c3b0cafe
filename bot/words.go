package bot

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// names tell what people and units are called, as the register has it now.
type names interface {
	UnitName(id reminders.UnitID) string
	PersonName(id reminders.PersonID) string
}

// noNames is for texts that name nobody.
type noNames struct{}

func (noNames) UnitName(id reminders.UnitID) string     { return string(id) }
func (noNames) PersonName(id reminders.PersonID) string { return string(id) }

// words puts messages into the words of a language.
type words struct {
	catalogue *content.Catalogue
	fallback  reminders.Language
	location  func() *time.Location
}

func newWords(c *content.Catalogue, fallback reminders.Language, location func() *time.Location) *words {
	return &words{catalogue: c, fallback: fallback, location: location}
}

// language maps a wish, such as the language of a phone, to one that we speak.
func (w *words) language(wish reminders.Language) reminders.Language {
	if wish == "" {
		return w.fallback
	}
	return reminders.Language(w.catalogue.Language(string(wish)))
}

// html puts m into words, as HTML of the chat service. Every argument is escaped.
// A line that consists of nothing but an empty argument is left out.
func (w *words) html(lang reminders.Language, m reminders.Message, who names) (string, error) {
	args := make(map[string]any, len(m.Args))
	for name, value := range m.Args {
		arg, err := w.argument(lang, name, value, who)
		if err != nil {
			return "", err
		}
		if arg == "" {
			arg = nothing
		}
		args[name] = arg
	}
	text, err := w.catalogue.Text(string(lang), m.Key, args)
	if err != nil {
		return "", reminders.Wrap("bot.words", err)
	}
	for _, gap := range []string{nothing + "\n", "\n" + nothing, nothing} {
		text = strings.ReplaceAll(text, gap, "")
	}
	return strings.TrimSpace(text), nil
}

// nothing stands for an empty argument until its line is left out.
const nothing = "\x00"

// plain is html without tags.
func (w *words) plain(lang reminders.Language, m reminders.Message, who names) (string, error) {
	text, err := w.html(lang, m, who)
	return Plain(text), err
}

// argument puts one argument into words. Numbers named Count stay numbers, since
// they choose the plural.
func (w *words) argument(lang reminders.Language, name string, v reminders.Value, who names) (any, error) {
	switch {
	case v.Text != nil:
		return Escape(strings.ReplaceAll(*v.Text, nothing, "")), nil
	case v.Each != nil:
		text, written := v.Each[lang]
		if !written {
			text = v.Each[""]
		}
		return Escape(strings.ReplaceAll(text, nothing, "")), nil
	case v.Markup != nil:
		return strings.ReplaceAll(*v.Markup, nothing, ""), nil
	case v.Number != nil:
		return *v.Number, nil
	case v.Instant != nil:
		return w.time(lang, "instant", *v.Instant)
	case v.Day != nil:
		return w.time(lang, "day", *v.Day)
	case v.Clock != nil:
		return w.time(lang, "clock", *v.Clock)
	case v.Unit != "":
		return Escape(who.UnitName(v.Unit)), nil
	case v.Person != "":
		return Escape(who.PersonName(v.Person)), nil
	case v.Say != nil:
		return w.html(lang, *v.Say, who)
	case v.Series != nil:
		separator, err := w.catalogue.Text(string(lang), "series.separator", nil)
		if err != nil {
			return "", reminders.Wrap("bot.words", err)
		}
		return w.join(lang, v.Series, separator, who)
	case v.Titles != nil:
		return w.titles(lang, v.Titles, who)
	}
	return w.join(lang, v.List, "\n", who)
}

// titles joins titles as the language sets them side by side.
func (w *words) titles(lang reminders.Language, parts []reminders.Message, who names) (string, error) {
	joined := ""
	for i, part := range parts {
		title, err := w.html(lang, part, who)
		if err != nil {
			return "", err
		}
		if i > 0 {
			pair := map[string]any{"First": joined, "Second": title}
			if title, err = w.catalogue.Text(string(lang), "series.titles", pair); err != nil {
				return "", reminders.Wrap("bot.words", err)
			}
		}
		joined = title
	}
	return joined, nil
}

// join puts several texts into words, with a separator between them.
func (w *words) join(lang reminders.Language, parts []reminders.Message, separator string, who names) (string, error) {
	texts := make([]string, len(parts))
	for i, part := range parts {
		text, err := w.html(lang, part, who)
		if err != nil {
			return "", err
		}
		texts[i] = text
	}
	return strings.Join(texts, separator), nil
}

// time writes an instant in the zone of the place, in a layout of the language.
func (w *words) time(lang reminders.Language, layout string, t time.Time) (string, error) {
	format, err := w.catalogue.Layout(string(lang), layout)
	if err != nil {
		return "", reminders.Wrap("bot.words", err)
	}
	return t.In(w.location()).Format(format), nil
}
