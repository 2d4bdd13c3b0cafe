package bot

import (
	"reflect"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// shownOfText is how much of an old and a new text one message compares, in UTF-16 units.
const shownOfText = 600

// compare shows old and new before the correction is submitted.
func (t *Turn) compare(p notice.Publication, d Dialog) (reminders.Message, error) {
	c := changeIn(d, p)
	p.Correction = &notice.Correction{By: t.person.ID, Bodies: c.Bodies, Files: c.Files, Material: c.Material, Notes: c.Notes}
	m := reminders.Line("noticechat.correction_ready", reminders.Args{"Head": headOf(p), "Correction": correctionText(p, t.person.Person)})
	m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.submit", "kg", p.Handle())}}
	return t.pressAsk(p, d.at(correctEnd), m)
}

// correctionText says what a correction changes: old and new, and what follows from it.
func correctionText(p notice.Publication, _ reminders.Person) reminders.Value {
	c := p.Correction
	var lines []reminders.Message
	for _, lang := range languagesOf(p) {
		before, after := p.Bodies[lang], c.Bodies[lang]
		if reflect.DeepEqual(before, after) {
			continue
		}
		lines = append(lines, reminders.Line("noticechat.correction.change", reminders.Args{
			"Language": reminders.Say("noticechat.language."+string(lang), nil),
			"Before":   reminders.Text(fromChange(before.Plain(), after.Plain())), "After": reminders.Text(fromChange(after.Plain(), before.Plain())),
		}))
	}
	files := fileLines(p.Files, p.CorrectedFiles())
	args := reminders.Args{"By": reminders.PersonName(c.By), "Changes": reminders.List(append(lines, files...)...)}
	switch {
	case !c.Material && len(files) > 0:
		return reminders.Say("noticechat.correction.minor_files", args)
	case !c.Material:
		return reminders.Say("noticechat.correction.minor", args)
	}
	args["Note"] = reminders.List(noteLines(p, p.Notes())...)
	return reminders.Say(onOff(p.Expects.Obliges(), "noticechat.correction.material", "noticechat.correction.told"), args)
}

// fileLines say which file is replaced by which.
func fileLines(before, after []reminders.File) (lines []reminders.Message) {
	for i, f := range before {
		if i < len(after) && (f.Hash != after[i].Hash || f.Name != after[i].Name) {
			lines = append(lines, reminders.Line("noticechat.correction.file", reminders.Args{
				"Before": reminders.Text(f.Name), "After": reminders.Text(after[i].Name),
			}))
		}
	}
	return lines
}

// noteLines say what readers will see of what was changed: the language of each note is
// named where there are several.
func noteLines(p notice.Publication, notes map[reminders.Language]string) (lines []reminders.Message) {
	for _, lang := range languagesOf(p) {
		note := notes[lang]
		if note == "" {
			continue
		}
		lines = append(lines, reminders.Line(onOff(len(notes) > 1, "noticechat.correction.note_in", "noticechat.correction.note"), reminders.Args{
			"Language": reminders.Say("noticechat.language."+string(lang), nil), "Note": reminders.Text(note),
		}))
	}
	return lines
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
	for _, lang := range languagesOf(p) {
		reader := t.person.Person
		reader.Language = lang
		d := t.outgoing(reminders.ActSend)
		d.Kind, d.Language, d.Files = kindPreview, lang, p.CorrectedFiles()
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
