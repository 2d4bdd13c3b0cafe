package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// askedNotice is the dialog of /notice: its object is the handle of the publication.
const askedNotice = "notice"

// The limits of what a publication carries: characters of a title, and files.
const (
	maxTitle = 60
	maxFiles = 10
)

// albumWait is for how long the answer to pictures that are sent together waits: then it
// shows all of them.
const albumWait = 3 * time.Second

// pressReply takes a text or a file as the answer of a step of the dialog.
type pressReply func(t *Turn, d Dialog, p notice.Publication, text string) error

// noticeReply takes an answer for the publication that the dialog is about.
func (t *Turn) noticeReply(d Dialog, text string) error {
	if !t.has(office...) {
		return reminders.Fail(reminders.Denied, "bot.press", "error.denied", nil)
	}
	p, err := t.Press.Find(t.tx, d.Object)
	if err != nil {
		return err
	}
	if d.Noted[correctsVersion] != "" {
		if err := d.outpaced(p); err != nil {
			return err
		}
	}
	if n, limit := len([]rune(text)), sentences[d.Step]; limit > 0 && n > limit {
		return t.say(reminders.Line("noticechat.sentence_long", reminders.Args{"Length": reminders.Number(n), "Limit": reminders.Number(limit)}))
	}
	return pressReplies[d.Step](t, d, p, text)
}

// sentences are how many characters a reason, or a note for readers, may have: they stand
// in a message beside other things.
var sentences = map[string]int{"urgent": 200, "override": 200, "withdraw": 200, correctNote: 200, "return": 500}

// pressAsk begins a dialog about a publication, with a way out that leads back to it.
func (t *Turn) pressAsk(p notice.Publication, d Dialog, m reminders.Message) (reminders.Message, error) {
	d.Asked, d.Object = askedNotice, p.Handle()
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: askedNotice + "." + p.Handle()}})
	return m, t.saveDialog(d)
}

// cancelNotice ends the dialog about a publication, which stays as it is. The button of
// another one ends nothing.
func (t *Turn) cancelNotice(handle string) error {
	if err := t.endAbout(handle); err != nil {
		return err
	}
	return t.replace(standingOfPublication(handle))
}

// pressDone ends the dialog and shows how the publication stands.
func (t *Turn) pressDone(p notice.Publication, notes ...reminders.Message) error {
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.answer(append(notes, standingOfPublication(p.Handle())), nil)
}

// content asks for what a draft says, or which part of it is to be changed.
func (t *Turn) content(p notice.Publication, lang string) (reminders.Message, error) {
	known := slices.Contains(t.Content.Catalogue().Languages(), lang)
	switch {
	case known && isPrompt(p):
		return t.promptFields(p, reminders.Language(lang))
	case known:
		return t.askContent(p, lang)
	case len(p.Bodies) == 0:
		return t.askContent(p, string(p.Lead))
	case isPrompt(p) && len(p.Bodies) == 1:
		return t.promptFields(p, languagesOf(p)[0])
	}
	m := reminders.Line("noticechat.which_language", reminders.Args{"Head": headOf(p)})
	for _, tag := range t.Content.Catalogue().Languages() {
		m.Buttons = append(m.Buttons, []reminders.Button{languageButton(p, reminders.Language(tag))})
	}
	for _, lang := range languagesOf(p) {
		if lang == p.Lead {
			continue
		}
		b := stepButton("noticechat.button.drop_language", "cd", p.Handle(), string(lang))
		b.Args = reminders.Args{"Language": reminders.Say("noticechat.language."+string(lang), nil)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	m.Buttons = append(m.Buttons, []reminders.Button{stepButton("button.back", pressShow, p.Handle())})
	return m, nil
}

// dropLanguage takes the text in a language out of a draft, but for the first one.
func (t *Turn) dropLanguage(p notice.Publication, lang string) (reminders.Message, error) {
	return t.edit(p, func(p *notice.Publication) {
		if reminders.Language(lang) != p.Lead {
			delete(p.Bodies, reminders.Language(lang))
		}
	})
}

// languageButton leads to the text in one language: to write it, or to write it anew.
func languageButton(p notice.Publication, lang reminders.Language) reminders.Button {
	label := "noticechat.button.add_language"
	if _, found := p.Bodies[lang]; found {
		label = "noticechat.button.language"
	}
	b := stepButton(label, "c", p.Handle(), string(lang))
	b.Args = reminders.Args{"Language": reminders.Say("noticechat.language."+string(lang), nil)}
	return b
}

// missingLanguages are buttons for the languages without a text.
func (b *Bot) missingLanguages(p notice.Publication) []reminders.Button {
	var row []reminders.Button
	for _, tag := range b.Content.Catalogue().Languages() {
		if _, found := p.Bodies[reminders.Language(tag)]; !found && len(p.Bodies) > 0 {
			row = append(row, languageButton(p, reminders.Language(tag)))
		}
	}
	return row
}

// askContent asks for the text in one language.
func (t *Turn) askContent(p notice.Publication, lang string) (reminders.Message, error) {
	if isPrompt(p) {
		return t.askPart(p, reminders.Language(lang), promptFields[0], false)
	}
	m := reminders.Line("noticechat.ask.content", reminders.Args{"Head": headOf(p), "Language": reminders.Say("noticechat.language."+lang, nil)})
	return t.pressAsk(p, Dialog{Step: "content", Lang: reminders.Language(lang), Files: true, Screened: true}, m)
}

// contentReply takes the text of a draft, its pictures and documents, or a post that was
// forwarded. Of pictures that were sent together only the first is answered.
func (t *Turn) contentReply(d Dialog, p notice.Publication, text string) error {
	if text == "" {
		return t.filesReply(d, p, "")
	}
	raw := t.update.Message.Text
	if raw == "" {
		raw = t.update.Message.Caption
	}
	title, html := Headed(raw, t.update.Message.Entities)
	if n := len([]rune(title)); n > maxTitle {
		return t.say(reminders.Line("noticechat.title_long", reminders.Args{"Length": reminders.Number(n), "Limit": reminders.Number(maxTitle)}))
	}
	if from := t.update.Message.Forward; from != nil {
		source, err := t.words.html(d.Lang, reminders.Line("noticechat.source", reminders.Args{
			"Title": reminders.Text(from.Title), "URL": reminders.Text(from.URL()),
		}), noNames{})
		if err != nil {
			return err
		}
		html = strings.TrimSpace(html + "\n\n" + source)
	}
	_, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) {
		setBody(p, d.Lang, notice.Body{Title: title, Text: html})
	})
	if err != nil {
		return err
	}
	if len(t.files) > 0 {
		return t.filesReply(d, p, "")
	}
	return t.pressDone(p)
}

// setBody gives a draft its text in a language. The first language is what readers see
// who have none of their own.
func setBody(p *notice.Publication, lang reminders.Language, body notice.Body) {
	p.Bodies = maps.Clone(p.Bodies)
	if p.Bodies == nil {
		p.Bodies = map[reminders.Language]notice.Body{}
		p.Lead = lang
	}
	p.Bodies[lang] = body
}

// files asks for pictures and documents.
func (t *Turn) attachments(p notice.Publication, rest string) (reminders.Message, error) {
	if rest == "clear" {
		_, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) { p.Files = nil })
		if err != nil {
			return reminders.Message{}, err
		}
		p.Files = nil
	}
	m := reminders.Line("noticechat.ask.files", reminders.Args{"Head": headOf(p), "Files": filesOf(p.Files), "Limit": reminders.Number(maxFiles)})
	if len(p.Files) > 0 {
		m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.clear_files", "f", p.Handle(), "clear")}}
	}
	return t.pressAsk(p, Dialog{Step: "files", Files: true, Screened: true}, m)
}

// filesReply takes pictures and documents. The dialog goes on: there may be more of them.
func (t *Turn) filesReply(d Dialog, p notice.Publication, text string) error {
	if text != "" && len(t.files) == 0 {
		return t.say(reminders.Line("noticechat.files.only", nil))
	}
	album := t.update.Message.Album
	more := album != "" && album == d.Noted["album"]
	if len(p.Files)+len(t.files) > maxFiles {
		if more {
			return nil
		}
		return t.say(reminders.Line("noticechat.files.full", reminders.Args{"Limit": reminders.Number(maxFiles)}))
	}
	_, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) {
		p.Files = slices.Concat(p.Files, t.files)
	})
	if err != nil {
		return err
	}
	if len(p.Bodies) > 0 || text != "" {
		d.Step = "files"
	}
	if err := t.saveDialog(d.with("album", album)); err != nil || more {
		return err
	}
	answer := t.outgoing(reminders.ActSend)
	answer.Lines = []reminders.Message{standingOfPublication(p.Handle())}
	if album != "" {
		answer.NotBefore = answer.NotBefore.Add(albumWait)
	}
	return t.Outbox.Enqueue(t.tx, answer)
}
