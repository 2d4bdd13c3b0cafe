package bot

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// stepWords begins the steps of the dialog that asks for the words of a theme in a second
// language: the field follows.
const stepWords = "words-"

// What can be done with the words in a language, beside writing one field.
const (
	wordsDrop  = "drop"
	wordsUsual = "usual"
)

// wordsButton leads to the words of a theme in a language: w.MARK, or w.MARK.WHAT.
func wordsButton(label string, th theme.Theme, lang reminders.Language, what ...string) reminders.Button {
	return reminders.Button{
		Label: label, Args: reminders.Args{"Language": languageName(lang)}, Verb: "page",
		Object: themeObject(th.ID, append([]string{"w", languageMark(lang)}, what...)...),
	}
}

// languageName is a language in words.
func languageName(lang reminders.Language) reminders.Value {
	return reminders.Say("noticechat.language."+string(lang), nil)
}

// otherLanguages are the languages in which a theme can have words beside its own.
func (t *Turn) otherLanguages(th theme.Theme) []reminders.Language {
	var others []reminders.Language
	for _, tag := range t.Content.Catalogue().Languages() {
		if lang := reminders.Language(tag); lang != th.Lead {
			others = append(others, lang)
		}
	}
	return others
}

// wordsRow leads to the words in each further language: to write them, or to change them.
func (t *Turn) wordsRow(th theme.Theme) []reminders.Button {
	var row []reminders.Button
	for _, lang := range t.otherLanguages(th) {
		row = append(row, wordsButton(onOff(th.Lacking(lang) == "", "noticechat.button.language", "noticechat.button.add_language"), th, lang))
	}
	return row
}

// themeWords asks for the words of a theme in a language, field by field, or lists the
// fields once all are written.
func (t *Turn) themeWords(id theme.ID, more string) (reminders.Message, error) {
	mark, what, _ := strings.Cut(more, ".")
	th, err := t.Themes.Edit(t.tx, id, t.person.ID, func(*theme.Theme) {}) // who may, and while it may be
	if err != nil {
		return reminders.Message{}, err
	}
	others := t.otherLanguages(th)
	n := slices.IndexFunc(others, func(lang reminders.Language) bool { return languageMark(lang) == mark })
	if n < 0 {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.theme", "theme.not_found", nil)
	}
	lang := others[n]
	switch {
	case what == wordsDrop:
		_, err := t.Themes.Edit(t.tx, id, t.person.ID, func(th *theme.Theme) {
			th.SetWords(lang, func(w *theme.Words) { *w = theme.Words{} })
		})
		if err != nil {
			return reminders.Message{}, err
		}
		return t.previewTheme(id, "")
	case what == wordsUsual:
		points, err := t.usual(lang)
		if err != nil {
			return reminders.Message{}, err
		}
		return t.furtherWords(th, lang, func(w *theme.Words) { w.Points = points })
	case slices.Contains(theme.WordFields(), what):
		return t.askWords(th, lang, what)
	case th.Lacking(lang) != "":
		return t.askWords(th, lang, th.Lacking(lang))
	}
	m := reminders.Line("theme.draft.change", reminders.Args{"Title": reminders.Text(th.In(lang).Title)})
	var row []reminders.Button
	for _, field := range theme.WordFields() {
		row = append(row, wordsButton("theme.field."+field, th, lang, field))
	}
	m.Buttons = [][]reminders.Button{
		row, {wordsButton("noticechat.button.drop_language", th, lang, wordsDrop), {Label: "button.back", Verb: "page", Object: themeObject(id, "v")}},
	}
	return m, nil
}

// askWords asks for one field in a language, with the original.
func (t *Turn) askWords(th theme.Theme, lang reminders.Language, field string) (reminders.Message, error) {
	original := map[string]string{theme.FieldTitle: th.Title, theme.FieldBasis: th.Basis, theme.FieldScope: th.Scope}
	fields := theme.WordFields()
	m := reminders.Line("theme.words.ask", reminders.Args{
		"Language": languageName(lang), "Nth": reminders.Number(slices.Index(fields, field) + 1), "Of": reminders.Number(len(fields)),
		"Field": reminders.Say("theme.field."+field, nil), "Original": reminders.Text(original[field]),
	})
	if field == theme.FieldPoints {
		m.Key, m.Args["N"], m.Args["Original"] = "theme.words.ask_points", reminders.Number(len(th.Points)), reminders.List(pointLines(th.Points)...)
		delete(m.Args, "Field")
		usual, err := t.usual(th.Lead)
		if err != nil {
			return m, err
		}
		if slices.Equal(usual, th.Points) {
			m.Buttons = [][]reminders.Button{{wordsButton("theme.button.usual", th, lang, wordsUsual)}}
		}
	}
	if _, begun := th.Words[lang]; begun {
		m.Buttons = append(m.Buttons, []reminders.Button{wordsButton("noticechat.button.drop_language", th, lang, wordsDrop)})
	}
	return t.asks(Dialog{Asked: askedTheme, Object: string(th.ID), Step: stepWords + field, Lang: lang}, m)
}

// wordsText takes what somebody wrote for a field in a second language.
func (t *Turn) wordsText(d Dialog, field, text string) error {
	th, err := t.Themes.Find(t.tx, theme.ID(d.Object))
	if err != nil {
		return err
	}
	var points []theme.Point
	if field == theme.FieldPoints {
		if points, err = theme.ParseWords(text); err != nil {
			return t.askAgain(d, err)
		}
	}
	page, err := t.furtherWords(th, d.Lang, func(w *theme.Words) {
		switch field {
		case theme.FieldTitle:
			w.Title = text
		case theme.FieldBasis:
			w.Basis = text
		case theme.FieldScope:
			w.Scope = text
		default:
			w.Points = points
		}
	})
	if err != nil {
		return t.askAgain(d, err)
	}
	return t.say(page)
}

// furtherWords changes the words in a language and asks for the next field, or shows the
// whole.
func (t *Turn) furtherWords(th theme.Theme, lang reminders.Language, change func(*theme.Words)) (reminders.Message, error) {
	th, err := t.Themes.Edit(t.tx, th.ID, t.person.ID, func(th *theme.Theme) { th.SetWords(lang, change) })
	if err != nil {
		return reminders.Message{}, err
	}
	if field := th.Lacking(lang); field != "" {
		return t.askWords(th, lang, field)
	}
	return t.previewTheme(th.ID, "")
}

// cardsOf are the cards of a theme, one for each language in which it can be read.
func (t *Turn) cardsOf(th theme.Theme) (map[reminders.Language]theme.Card, error) {
	cards := map[reminders.Language]theme.Card{}
	for _, lang := range th.Languages() {
		card, err := t.cardIn(th, lang)
		if err != nil {
			return nil, err
		}
		cards[lang] = card
	}
	return cards, nil
}

// cardIn is the card of a theme in one language.
func (t *Turn) cardIn(th theme.Theme, lang reminders.Language) (theme.Card, error) {
	args := t.themeArgs(th.In(lang))
	title, err := t.words.plain(lang, reminders.Line("theme.card.title", reminders.Args{"Quarter": args["Quarter"], "Title": args["Title"]}), t.names(t.tx))
	if err != nil {
		return theme.Card{}, err
	}
	for _, left := range []string{"Quarter", "Title", "Units", "Points"} {
		delete(args, left)
	}
	args["Items"] = reminders.List(pointLines(th.In(lang).Points)...)
	text, err := t.words.html(lang, reminders.Line("theme.card", args), t.names(t.tx))
	return theme.Card{Title: title, Text: text}, err
}

// otherCards shows the card in the further languages, and what is missing there.
func (t *Turn) otherCards(th theme.Theme, cards map[reminders.Language]theme.Card) []reminders.Message {
	var lines []reminders.Message
	for _, lang := range th.Languages()[1:] {
		lines = append(lines, reminders.Line("theme.draft.preview_other", reminders.Args{
			"Language": languageName(lang), "Title": reminders.Text(cards[lang].Title), "Card": reminders.Markup(cards[lang].Text),
		}))
	}
	if lang, field, half := th.Half(); half {
		lines = append(lines, reminders.Line("theme.words.incomplete", reminders.Args{
			"Language": languageName(lang), "Field": reminders.Say("theme.field."+field, nil),
		}))
	}
	return lines
}
