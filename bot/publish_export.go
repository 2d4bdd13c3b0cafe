package bot

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// placeExport begins the objects of the buttons of /export: "export-KIND", and of one
// publication "export-n.HANDLE" for the acknowledgements, "export-c.HANDLE" for the copies.
const placeExport = "export"

// exportsOfOne are what is exported of one publication, by the mark in its button.
var exportsOfOne = map[string]string{"n": "acknowledgements", "c": "copies"}

// makeExport is a chore that makes a spreadsheet of what is recorded.
const makeExport = "export"

// Exports make spreadsheets of what the office has recorded, as the command line does.
type Exports interface {
	// Kinds lists what can be exported.
	Kinds() []string
	// Export makes the file of a kind, with the ending of its name, and notes in the
	// ledger who has it. of, if it is not empty, is the one notice of which the
	// acknowledgements or the copies are wanted.
	Export(ctx context.Context, kind, of string, by reminders.PersonID) (file []byte, ending string, err error)
}

// exportCommand offers what can be exported.
func (t *Turn) exportCommand(string) error {
	m := reminders.Line("noticechat.export.body", nil)
	var row []reminders.Button
	for _, kind := range t.Exports.Kinds() {
		row = append(row, reminders.Button{Label: "noticechat.export." + kind, Verb: "open", Object: placeExport + "-" + kind})
		if len(row) == 2 {
			m.Buttons, row = append(m.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	return t.say(m)
}

// exportPlace lets a spreadsheet be made.
func (t *Turn) exportPlace(rest string) (reminders.Message, error) {
	if !t.has(readers...) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.export", "error.denied", nil)
	}
	kind, of := rest, ""
	if mark, handle, one := strings.Cut(rest, "."); one {
		p, err := t.Press.Find(t.tx, handle)
		if err != nil {
			return reminders.Message{}, err
		}
		if p.Notice == "" {
			return reminders.Message{}, reminders.Fail(reminders.Closed, "bot.export", "publication.not_sent", nil)
		}
		kind, of = exportsOfOne[mark], p.Notice
	}
	if !slices.Contains(t.Exports.Kinds(), kind) {
		return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.export", "error.not_found", nil)
	}
	err := t.chore(Chore{Make: makeExport, Sort: kind, Name: of})
	return reminders.Line("noticechat.export.making", reminders.Args{"Kind": reminders.Say("noticechat.export."+kind, nil)}), err
}

// exportButtons make the spreadsheets that fit what was sent: of what was corrected or
// withdrawn, what became of each copy.
func exportButtons(p notice.Publication) (row []reminders.Button) {
	button := func(label, mark string) {
		row = append(row, reminders.Button{Label: label, Verb: "open", Object: placeExport + "-" + mark + "." + p.Handle()})
	}
	if len(p.Past) == 0 && p.Recall == nil {
		button("noticechat.button.export", "n")
		return row
	}
	if p.Expects.Obliges() {
		button("noticechat.export.acknowledgements", "n")
	}
	button("noticechat.export.copies", "c")
	return row
}

// exported makes the spreadsheet of a chore.
func (b *Bot) exported(ctx context.Context, c Chore) (reminders.Message, []reminders.File, error) {
	table, ending, err := b.Exports.Export(ctx, c.Sort, c.Name, c.Person)
	if err != nil {
		return reminders.Message{}, nil, err
	}
	kind := reminders.Say("noticechat.export."+c.Sort, nil)
	at := b.Clock.Now()
	name, err := b.words.plain(c.Language, reminders.Line("noticechat.export.file", reminders.Args{
		"Kind": kind, "Ending": reminders.Text(ending), "Day": reminders.Text(at.In(b.Years.Calendar().Location()).Format("20060102-1504")),
	}), noNames{})
	if err != nil {
		return reminders.Message{}, nil, err
	}
	file, err := b.Files.Put(ctx, name, bytes.NewReader(table))
	said := reminders.Line("noticechat.export.done", reminders.Args{"Kind": kind, "At": reminders.Instant(at)})
	return said, []reminders.File{file}, err
}
