package bot

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// The steps of a correction, beside those of its dialog.
const (
	correctText = "correct"  // the new text, or a part of a prompt
	correctNote = "cor-note" // what was changed
	correctEnd  = "cor-end"  // whether it is to be submitted
)

// shownOfText is how much of an old and a new text one message compares, in UTF-16 units.
const shownOfText = 600

// correctButton begins the correction of what was sent.
func (t *Turn) correctButton(handle string) error {
	p, err := t.Press.Find(t.tx, handle)
	if err != nil {
		return err
	}
	if p.State != notice.Released {
		return reminders.Fail(reminders.Closed, "bot.press", "publication.not_sent", nil)
	}
	m, err := t.correctPart(p, p.Bodies, "")
	if err != nil {
		return err
	}
	return t.replace(m)
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
		Bodies: bodiesIn(d, p), Files: p.Files, Material: d.Noted["material"] != "",
		Notes: map[reminders.Language]string{p.Lead: d.Noted["note"]},
	}
}

// noting is a dialog that keeps new texts.
func noting(bodies map[reminders.Language]notice.Body) Dialog {
	text, _ := json.Marshal(bodies) // strings only
	return Dialog{Screened: true}.with("bodies", string(text))
}

// correctionDialog gives the dialog of the correction to which a button belongs.
func (t *Turn) correctionDialog(p notice.Publication) (Dialog, error) {
	d, found, err := t.dialog()
	if err == nil && (!found || d.Asked != askedNotice || d.Object != p.Handle() || d.Noted["bodies"] == "") {
		err = reminders.Fail(reminders.Closed, "bot.press", "dialog.over", nil)
	}
	return d, err
}

// correctPart asks for the new text in a language, or which language or part is to be
// changed where there are several.
func (t *Turn) correctPart(p notice.Publication, bodies map[reminders.Language]notice.Body, mark string) (reminders.Message, error) {
	lang := t.languageOfMark(p, mark)
	d := noting(bodies).at(correctText)
	d.Lang = lang
	if mark == "" && len(bodies) > 1 {
		m := reminders.Line("noticechat.which_language", reminders.Args{"Head": headOf(p)})
		for _, lang := range languagesOf(p) {
			b := stepButton("noticechat.button.language", "kl", p.Handle(), languageMark(lang))
			b.Args = reminders.Args{"Language": reminders.Say("noticechat.language."+string(lang), nil)}
			m.Buttons = append(m.Buttons, []reminders.Button{b})
		}
		return t.pressAsk(p, d.at(correctEnd), m)
	}
	if !isPrompt(p) {
		return t.pressAsk(p, d, reminders.Line("noticechat.ask.correct", reminders.Args{
			"Head": headOf(p), "Language": reminders.Say("noticechat.language."+string(lang), nil),
		}))
	}
	m := reminders.Line("noticechat.which_field", reminders.Args{"Head": headOf(p)})
	for i, field := range promptFields {
		b := stepButton("noticechat.button.field", "kf", p.Handle(), strconv.Itoa(i), languageMark(lang))
		b.Args = reminders.Args{"Field": reminders.Say("noticechat.field."+field, nil)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	return t.pressAsk(p, d.at(correctEnd), m)
}

// correctLanguage goes on with the text in another language.
func (t *Turn) correctLanguage(p notice.Publication, mark string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.correctPart(p, bodiesIn(d, p), mark)
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
	ask := noting(bodies).with("field", field).at(correctText)
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
	m := reminders.Line("noticechat.ask.material", reminders.Args{"Head": headOf(p)})
	h := p.Handle()
	m.Buttons = [][]reminders.Button{
		{stepButton("noticechat.button.material", "km", h, "yes")},
		{stepButton("noticechat.button.minor", "km", h, "no")},
		{stepButton("noticechat.button.correct_more", "kl", h, onOff(len(bodies) > 1, "", languageMark(d.Lang)))},
	}
	m, err := t.pressAsk(p, noting(bodies).at(correctEnd), m)
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
		return t.pressAsk(p, d.with("material", "yes").at(correctNote), reminders.Line("noticechat.ask.note", reminders.Args{"Head": headOf(p)}))
	}
	return t.compare(p, d.with("material", "").with("note", ""))
}

// noteReply takes what was changed.
func (t *Turn) noteReply(d Dialog, p notice.Publication, text string) error {
	m, err := t.compare(p, d.with("note", text))
	if err != nil {
		return err
	}
	return t.say(m)
}

// compare shows old and new before the correction is submitted.
func (t *Turn) compare(p notice.Publication, d Dialog) (reminders.Message, error) {
	c := changeIn(d, p)
	p.Correction = &notice.Correction{By: t.person.ID, Bodies: c.Bodies, Files: c.Files, Material: c.Material, Notes: c.Notes}
	m := reminders.Line("noticechat.correction_ready", reminders.Args{"Head": headOf(p), "Correction": correctionText(p, t.person.Person)})
	m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.submit", "kg", p.Handle())}}
	return t.pressAsk(p, d.at(correctEnd), m)
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

// correctionText says what a correction changes: old and new, and what follows from it.
func correctionText(p notice.Publication, _ reminders.Person) reminders.Value {
	c := p.Correction
	var lines []reminders.Message
	for _, lang := range slices.Sorted(maps.Keys(c.Bodies)) {
		before, after := p.Bodies[lang], c.Bodies[lang]
		if reflect.DeepEqual(before, after) {
			continue
		}
		lines = append(lines, reminders.Line("noticechat.correction.change", reminders.Args{
			"Language": reminders.Say("noticechat.language."+string(lang), nil),
			"Before":   reminders.Text(fromChange(before.Plain(), after.Plain())), "After": reminders.Text(fromChange(after.Plain(), before.Plain())),
		}))
	}
	args := reminders.Args{"By": reminders.PersonName(c.By), "Changes": reminders.List(lines...)}
	switch {
	case !c.Material:
		return reminders.Say("noticechat.correction.minor", args)
	case p.Expects.Obliges():
		args["Note"] = reminders.Each(c.Notes, p.Lead)
		return reminders.Say("noticechat.correction.material", args)
	}
	args["Note"] = reminders.Each(c.Notes, p.Lead)
	return reminders.Say("noticechat.correction.told", args)
}

// beforeChange is how many characters before a change stand for its place.
const beforeChange = 40

// fromChange is a text from a little before the place at which it differs from another.
func fromChange(text, other string) string {
	runes, others := []rune(text), []rune(other)
	same := 0
	for same < len(runes) && same < len(others) && runes[same] == others[same] {
		same++
	}
	if same <= 2*beforeChange {
		return Truncate(text, shownOfText)
	}
	return "…" + Truncate(string(runes[same-beforeChange:]), shownOfText)
}

// previewCorrection sends the corrected text exactly as readers will see it.
func (t *Turn) previewCorrection(p notice.Publication, _ string) (reminders.Message, error) {
	if p.Correction == nil {
		return standingOfPublication(p.Handle()), nil
	}
	for _, lang := range slices.Sorted(maps.Keys(p.Correction.Bodies)) {
		reader := t.person.Person
		reader.Language = lang
		d := t.outgoing(reminders.ActSend)
		d.Kind, d.Language = kindPreview, lang
		shown, err := t.Press.Preview(t.tx, p, p.Correction.Bodies, reader)
		if err != nil {
			return reminders.Message{}, err
		}
		d.Lines = []reminders.Message{shown}
		if err := t.Outbox.Enqueue(t.tx, d); err != nil {
			return reminders.Message{}, err
		}
	}
	return reminders.Line("noticechat.preview_sent", reminders.Args{"Head": headOf(p), "N": reminders.Number(len(p.Correction.Bodies))}), nil
}
