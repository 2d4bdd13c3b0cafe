package bot

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// The steps of a correction, beside those of its dialog.
const (
	correctText = "correct"  // the new text, or a part of a prompt
	correctFile = "cor-file" // the file that takes the place of another
	correctNote = "cor-note" // what was changed
	correctEnd  = "cor-end"  // whether it is to be submitted
)

// correctButton begins the correction of what was sent.
func (t *Turn) correctButton(handle string) error {
	p, err := t.Press.Find(t.tx, handle)
	if err != nil {
		return err
	}
	if err := p.Correctable(); err != nil {
		return err
	}
	m, err := t.correctAgain(p)
	if err != nil {
		return err
	}
	return t.replace(m)
}

// correctAgain goes on with a correction that was returned: it shows why, and all that it
// has. Without one a correction begins.
func (t *Turn) correctAgain(p notice.Publication) (reminders.Message, error) {
	c := p.Correction
	if c == nil || c.State != notice.SentBack {
		return t.correctPart(p, Dialog{}, "")
	}
	d := Dialog{Replaced: map[int]reminders.File{}}.with(correctsVersion, versionOf(p))
	for place, f := range p.CorrectedFiles() {
		if f != p.Files[place] {
			d.Replaced[place] = f
		}
	}
	d = d.noting(c.Bodies).with("material", onOff(c.Material, "yes", ""))
	for lang, note := range p.Notes() {
		d = d.with(noteIn+string(lang), note)
	}
	m := reminders.Line("noticechat.correction_returned", reminders.Args{
		"Head": headOf(p), "By": reminders.PersonName(c.Decision.By), "Reason": reminders.Text(c.Decision.Reason), "Correction": correctionText(p, t.person.Person),
	})
	m.Buttons = [][]reminders.Button{
		{stepButton("noticechat.button.correct_more", "kl", p.Handle(), onOff(len(p.Bodies) > 1, "", languageMark(p.Lead)))},
		{stepButton("noticechat.button.correct_anew", "kr", p.Handle())},
		{stepButton("noticechat.button.submit", "kg", p.Handle())},
	}
	if c.Material {
		m.Buttons = slices.Insert(m.Buttons, 1, []reminders.Button{stepButton("noticechat.button.correct_note", "km", p.Handle(), "yes")})
	}
	return t.pressAsk(p, d.at(correctEnd), m)
}

// correctAnew begins a correction without what was returned.
func (t *Turn) correctAnew(p notice.Publication, _ string) (reminders.Message, error) {
	if _, err := t.correctionDialog(p); err != nil {
		return reminders.Message{}, err
	}
	return t.correctPart(p, Dialog{}, "")
}

// bodiesIn reads the new texts that a dialog has noted.
func bodiesIn(d Dialog, p notice.Publication) map[reminders.Language]notice.Body {
	var bodies map[reminders.Language]notice.Body
	if json.Unmarshal([]byte(d.Noted["bodies"]), &bodies) != nil || len(bodies) == 0 {
		return p.Bodies
	}
	return bodies
}

// changeIn reads the whole correction that a dialog has noted.
func changeIn(d Dialog, p notice.Publication) notice.Change {
	return notice.Change{
		Bodies: bodiesIn(d, p), Files: filesIn(d, p), Material: d.Noted["material"] != "", Notes: notesIn(d),
	}
}

// noting is the dialog of a correction that goes on with new texts and files.
func (d Dialog) noting(bodies map[reminders.Language]notice.Body) Dialog {
	text, _ := json.Marshal(bodies) // strings only
	return Dialog{Screened: true, Replaced: d.Replaced}.with("bodies", string(text)).with(correctsVersion, d.Noted[correctsVersion])
}

// correctsVersion is the name under which a dialog keeps which version it corrects. What a
// colleague has corrected meanwhile would be undone by it, unseen.
const correctsVersion = "version"

// versionOf is the number of the version of a publication that readers have.
func versionOf(p notice.Publication) string { return strconv.Itoa(len(p.Past)) }

// outpaced says why the correction of a dialog cannot go on: it was taken back, a colleague
// corrects it, or has done so since the dialog began.
func (d Dialog) outpaced(p notice.Publication) error {
	if err := p.Correctable(); err != nil {
		return err
	}
	if d.Noted[correctsVersion] != versionOf(p) {
		return reminders.Fail(reminders.Closed, "bot.press", "noticechat.outpaced", nil)
	}
	return nil
}

// correctionDialog gives the dialog of the correction to which a button belongs.
func (t *Turn) correctionDialog(p notice.Publication) (Dialog, error) {
	d, found, err := t.dialog()
	if err == nil && (!found || d.Asked != askedNotice || d.Object != p.Handle() || d.Noted["bodies"] == "") {
		err = reminders.Fail(reminders.Closed, "bot.press", "dialog.over", nil)
	}
	if err == nil {
		err = d.outpaced(p)
	}
	return d, err
}

// correctPart goes on with the correction of a dialog: it asks for the new text in a
// language, or which language or part is to be changed where there are several. Where
// there are files, they can be replaced.
func (t *Turn) correctPart(p notice.Publication, so Dialog, mark string) (reminders.Message, error) {
	lang, bodies := t.languageOfMark(p, mark), bodiesIn(so, p)
	if so.Noted[correctsVersion] == "" {
		so = so.with(correctsVersion, versionOf(p))
	}
	d := so.noting(bodies).at(correctText)
	d.Lang = lang
	var files [][]reminders.Button
	if len(p.Files) > 0 {
		files = [][]reminders.Button{{stepButton("noticechat.button.replace_file", "ka", p.Handle())}}
	}
	if mark == "" && len(bodies) > 1 {
		m := reminders.Line("noticechat.which_change", reminders.Args{"Head": headOf(p)})
		for _, lang := range languagesOf(p) {
			b := stepButton("noticechat.button.language", "kl", p.Handle(), languageMark(lang))
			b.Args = reminders.Args{"Language": reminders.Say("noticechat.language."+string(lang), nil)}
			m.Buttons = append(m.Buttons, []reminders.Button{b})
		}
		m.Buttons = append(m.Buttons, files...)
		return t.pressAsk(p, d.at(correctEnd), m)
	}
	if !isPrompt(p) {
		m := reminders.Line(onOff(len(files) > 0, "noticechat.ask.correct_or_file", "noticechat.ask.correct"), reminders.Args{
			"Head": headOf(p), "Language": reminders.Say("noticechat.language."+string(lang), nil),
		})
		m.Buttons = files
		return t.pressAsk(p, d, m)
	}
	m := reminders.Line("noticechat.which_field", reminders.Args{"Head": headOf(p)})
	for i, field := range promptFields {
		b := stepButton("noticechat.button.field", "kf", p.Handle(), strconv.Itoa(i), languageMark(lang))
		b.Args = reminders.Args{"Field": reminders.Say("noticechat.field."+field, nil)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	m.Buttons = append(m.Buttons, files...)
	return t.pressAsk(p, d.at(correctEnd), m)
}

// correctLanguage goes on with the text in another language.
func (t *Turn) correctLanguage(p notice.Publication, mark string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.correctPart(p, d, mark)
}

// correctField asks for a part of a prompt: FIELD.LANGUAGE.
func (t *Turn) correctField(p notice.Publication, rest string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	number, mark, _ := strings.Cut(rest, ".")
	field := promptFields[min(pageNumber(number), len(promptFields)-1)]
	bodies := bodiesIn(d, p)
	ask := d.noting(bodies).with("field", field).at(correctText)
	ask.Lang = t.languageOfMark(p, mark)
	body := bodies[ask.Lang]
	m := reminders.Line("noticechat.ask.correct_field", reminders.Args{
		"Head": headOf(p), "Label": reminders.Say("noticechat.field."+field, nil), "Text": reminders.Text(*fieldOf(&body, field)),
	})
	return t.pressAsk(p, ask, m)
}

// correctReply takes a new text and asks whether the correction is material.
func (t *Turn) correctReply(d Dialog, p notice.Publication, text string) error {
	bodies := maps.Clone(bodiesIn(d, p))
	title, html := Headed(t.update.Message.Text, t.update.Message.Entities)
	body := notice.Body{Title: title, Text: html}
	if field := d.Noted["field"]; field != "" {
		body = withField(bodies[d.Lang], field, text)
	}
	if n := len([]rune(body.Title)); n > maxTitle {
		return t.say(reminders.Line("noticechat.title_long", reminders.Args{"Length": reminders.Number(n), "Limit": reminders.Number(maxTitle)}))
	}
	bodies[d.Lang] = body
	return t.askMaterial(p, d.noting(bodies), d.Lang)
}

// askMaterial asks whether the correction is material, or whether more is to be changed.
func (t *Turn) askMaterial(p notice.Publication, d Dialog, lang reminders.Language) error {
	m := reminders.Line("noticechat.ask.material", reminders.Args{"Head": headOf(p)})
	h, minor := p.Handle(), onOff(len(d.Replaced) > 0, "noticechat.button.minor_files", "noticechat.button.minor")
	m.Buttons = [][]reminders.Button{
		{stepButton("noticechat.button.material", "km", h, "yes")},
		{stepButton(minor, "km", h, "no")},
		{stepButton("noticechat.button.correct_more", "kl", h, onOff(len(p.Bodies) > 1, "", languageMark(lang)))},
	}
	m, err := t.pressAsk(p, d.at(correctEnd), m)
	if err != nil {
		return err
	}
	return t.say(m)
}

// correctMaterial notes whether everyone is asked anew; if so, what was changed is asked.
func (t *Turn) correctMaterial(p notice.Publication, rest string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	if rest == "yes" {
		return t.askNote(p, d.with("material", "yes"), p.Lead)
	}
	return t.compare(p, d.with("material", ""))
}

// submitCorrection hands the correction to a second person.
func (t *Turn) submitCorrection(p notice.Publication, _ string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	if _, err := t.Press.Correct(t.tx, p.Handle(), t.person.ID, changeIn(d, p)); err != nil {
		return reminders.Message{}, err
	}
	if err := t.endDialog(); err != nil {
		return reminders.Message{}, err
	}
	return standingOfPublication(p.Handle()), t.toast(reminders.Line("noticechat.submitted", nil), false)
}
