package bot

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// noteIn begins the names under which a dialog keeps what was changed, in each language.
const noteIn = "note."

// notesIn reads what a dialog has noted of what was changed.
func notesIn(d Dialog) map[reminders.Language]string {
	notes := map[reminders.Language]string{}
	for name, note := range d.Noted {
		if lang, is := strings.CutPrefix(name, noteIn); is && note != "" {
			notes[reminders.Language(lang)] = note
		}
	}
	return notes
}

// askNote asks what was changed: in the language of the lead, and then in each other one
// in which there is a text, where it may be left out.
func (t *Turn) askNote(p notice.Publication, d Dialog, lang reminders.Language) (reminders.Message, error) {
	d = d.at(correctNote)
	d.Lang = lang
	if lang == p.Lead {
		return t.pressAsk(p, d, reminders.Line("noticechat.ask.note", reminders.Args{"Head": headOf(p)}))
	}
	m := reminders.Line("noticechat.ask.note_in", reminders.Args{
		"Head": headOf(p), "Language": reminders.Say("noticechat.language."+string(lang), nil), "Note": reminders.Text(d.Noted[noteIn+string(p.Lead)]),
	})
	m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.skip", "kn", p.Handle(), languageMark(lang))}}
	return t.pressAsk(p, d, m)
}

// nextNote asks for the note in the language after another, or shows the whole correction.
func (t *Turn) nextNote(p notice.Publication, d Dialog, lang reminders.Language) (reminders.Message, error) {
	all := notedLanguages(p)
	if next := slices.Index(all, lang) + 1; next < len(all) {
		return t.askNote(p, d, all[next])
	}
	return t.compare(p, d)
}

// notedLanguages are the languages of a publication with that of the lead before all others.
func notedLanguages(p notice.Publication) []reminders.Language {
	others := slices.DeleteFunc(languagesOf(p), func(lang reminders.Language) bool { return lang == p.Lead })
	return append([]reminders.Language{p.Lead}, others...)
}

// noteReply takes what was changed.
func (t *Turn) noteReply(d Dialog, p notice.Publication, text string) error {
	m, err := t.nextNote(p, d.with(noteIn+string(d.Lang), text), d.Lang)
	if err != nil {
		return err
	}
	return t.say(m)
}

// skipNote goes on without the note in a language: its readers see that of the lead.
func (t *Turn) skipNote(p notice.Publication, mark string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	lang := t.languageOfMark(p, mark)
	if lang == p.Lead || d.Step != correctNote {
		return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.press", "dialog.over", nil)
	}
	return t.nextNote(p, d.with(noteIn+string(lang), ""), lang)
}
