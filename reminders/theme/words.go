package theme

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Words are the texts of a theme in one more language (另一种文字). Its points are those of
// the theme, one for each and in the same order.
type Words struct {
	Title  string  `json:"title,omitempty"`
	Basis  string  `json:"basis,omitempty"`
	Scope  string  `json:"scope,omitempty"`
	Points []Point `json:"points,omitempty"`
}

// Texts in a second language may be longer, by this: letters need more room than characters.
const wordsLonger = 3

// WordFields lists the fields that have words, in the order in which they are asked for.
func WordFields() []string { return []string{FieldTitle, FieldBasis, FieldScope, FieldPoints} }

// lacking is the first field that is missing; empty if there is none.
func (w Words) lacking() string {
	switch {
	case w.Title == "":
		return FieldTitle
	case w.Basis == "":
		return FieldBasis
	case w.Scope == "":
		return FieldScope
	case len(w.Points) == 0:
		return FieldPoints
	}
	return ""
}

// Lacking is the first field without words in a language, by its name; empty if all have
// some. The language in which the theme is written has all.
func (t Theme) Lacking(language reminders.Language) string {
	if language == t.Lead {
		return ""
	}
	return t.Words[language].lacking()
}

// Half gives a language in which only some of the words are written, and the first field
// that is missing there; false if there is none.
func (t Theme) Half() (language reminders.Language, field string, half bool) {
	for _, language := range slices.Sorted(maps.Keys(t.Words)) {
		if field := t.Lacking(language); field != "" {
			return language, field, true
		}
	}
	return "", "", false
}

// Languages lists the languages in which the theme can be read, that of its drafter first.
func (t Theme) Languages() []reminders.Language {
	all := []reminders.Language{t.Lead}
	for _, language := range slices.Sorted(maps.Keys(t.Words)) {
		if t.Lacking(language) == "" {
			all = append(all, language)
		}
	}
	return all
}

// In is the theme as readers of a language see it: in their words if these are complete.
func (t Theme) In(language reminders.Language) Theme {
	words, found := t.Words[language]
	if !found || words.lacking() != "" {
		return t
	}
	t.Title, t.Basis, t.Scope, t.Points = words.Title, words.Basis, words.Scope, words.Points
	return t
}

// Named is the title for readers of every language.
func (t Theme) Named() reminders.Value {
	languages := t.Languages()
	if len(languages) < 2 {
		return reminders.Text(t.Title)
	}
	titles := map[reminders.Language]string{}
	for _, language := range languages {
		titles[language] = t.In(language).Title
	}
	return reminders.Each(titles, t.Lead)
}

// SetWords changes the words in a language; words that are empty are taken out.
func (t *Theme) SetWords(language reminders.Language, change func(*Words)) {
	words := t.Words[language]
	change(&words)
	all := maps.Clone(t.Words)
	if all == nil {
		all = map[reminders.Language]Words{}
	}
	if all[language] = words; words.Title+words.Basis+words.Scope == "" && len(words.Points) == 0 {
		delete(all, language)
	}
	t.Words = all
}

// outdate takes words out whose original has changed: they say what was written before.
func (t *Theme) outdate(before Theme) {
	for _, language := range slices.Sorted(maps.Keys(t.Words)) {
		t.SetWords(language, func(w *Words) {
			if t.Title != before.Title {
				w.Title = ""
			}
			if t.Basis != before.Basis {
				w.Basis = ""
			}
			if t.Scope != before.Scope {
				w.Scope = ""
			}
			if !slices.Equal(t.Points, before.Points) {
				w.Points = nil
			}
		})
	}
}

// properWords holds the words that were changed to the rules.
func (d *Desk) properWords(before Theme, t *Theme) error {
	const op = "theme.words"
	for _, language := range slices.Sorted(maps.Keys(t.Words)) {
		was, is := before.Words[language], t.Words[language]
		for _, field := range []struct {
			was   string
			is    *string
			limit int
		}{
			{was.Title, &is.Title, wordsLonger * longestTitle},
			{was.Basis, &is.Basis, wordsLonger * longestField},
			{was.Scope, &is.Scope, wordsLonger * longestField},
		} {
			if *field.is == field.was || *field.is == "" {
				continue
			}
			text, err := d.text(op, *field.is, field.limit)
			if err != nil {
				return err
			}
			*field.is = text
		}
		if err := d.properPoints(*t, was.Points, is.Points); err != nil {
			return err
		}
		t.SetWords(language, func(w *Words) { *w = is })
	}
	return nil
}

// properPoints holds points in a second language to the rules: there is one for each.
func (d *Desk) properPoints(t Theme, was, is []Point) error {
	const op = "theme.words"
	if len(is) == 0 || slices.Equal(was, is) {
		return nil
	}
	if len(is) != len(t.Points) {
		return reminders.Fail(reminders.Invalid, op, "theme.words.count", reminders.Args{"N": reminders.Number(len(t.Points))})
	}
	limit := wordsLonger * longestPoint
	for _, p := range is {
		if utf8.RuneCountInString(p.Text) > limit || utf8.RuneCountInString(p.Look) > limit {
			return reminders.Fail(reminders.Invalid, op, "theme.points.long", reminders.Args{"Limit": reminders.Number(limit)})
		}
		if _, err := d.text(op, p.Text+"\n"+p.Look, 2*limit+1); err != nil {
			return err
		}
	}
	return nil
}

// ParseWords reads the points of a checklist in a second language as ParsePoints does.
func ParseWords(text string) ([]Point, error) { return parsePoints(text, wordsLonger*longestPoint) }

// hash is that of what the words say.
func (w Words) hash() string {
	parts := []string{w.Title, w.Basis, w.Scope}
	for _, p := range w.Points {
		parts = append(parts, p.Text, p.Look)
	}
	return reminders.HashText(strings.Join(parts, "\n"))
}
