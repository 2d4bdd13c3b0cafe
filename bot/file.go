package bot

import (
	"context"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// maxFile is how large a file sent to the bot may be; larger registers are
// imported at the command line.
const maxFile = 2 << 20

// rowsShown is how many wrong rows an answer names.
const rowsShown = 10

// The sorts of files that can be imported.
const (
	sortRegister = "register" // people, units, or a yearly arrangement
	sortRoster   = "roster"
	sortLeave    = "leave"
)

// preview is what the import of a file would do.
type preview struct {
	sort  string
	lines []reminders.Message // what changes
	wrong []sheet.RowError    // what must be put right first
	// said is the message where a sort has one of its own; its buttons decide.
	said *reminders.Message
}

// document starts the import of a file: first what it would do, then the decision.
func (t *Turn) document() error {
	if !t.has(importers...) {
		return t.say(reminders.Line("file.not_yours", nil))
	}
	file := t.update.Message.Document
	if wrong := t.Guard.InFile(file.Name, t.sheet); len(wrong) > 0 {
		if err := t.note("file", []string{wrong[0].Rule}); err != nil {
			return err
		}
		return t.say(rowsWrong(file.Name, RowErrors(wrong)))
	}
	p, err := t.preview(file.Name, t.sheet)
	if err != nil {
		return err
	}
	if len(p.wrong) > 0 {
		return t.say(rowsWrong(file.Name, p.wrong))
	}
	m := p.message(file.Name)
	if len(m.Buttons) == 0 {
		return t.say(m)
	}
	if err := t.saveDialog(Dialog{Asked: askedImport, Step: p.sort, Name: file.Name, File: t.sheet}); err != nil {
		return err
	}
	return t.say(m)
}

// message is the preview in words, with the decision.
func (p preview) message(name string) reminders.Message {
	if p.said != nil {
		return *p.said
	}
	if len(p.lines) == 0 {
		p.lines = []reminders.Message{reminders.Line("file.empty", nil)}
	}
	m := reminders.Line("file.preview", reminders.Args{"Name": reminders.Text(name), "Items": reminders.List(p.lines...)})
	m.Buttons = [][]reminders.Button{importButtons("button.import")}
	return m
}

// importButtons decide about a file.
func importButtons(label string) []reminders.Button {
	return []reminders.Button{
		{Label: label, Verb: "import", Object: "file"},
		{Label: "button.cancel", Verb: "cancel", Object: "file"},
	}
}

// rowsWrong names the rows of a file that must be put right.
func rowsWrong(name string, wrong []sheet.RowError) reminders.Message {
	var lines []reminders.Message
	for _, row := range wrong[:min(len(wrong), rowsShown)] {
		lines = append(lines, row.Line())
	}
	if more := len(wrong) - rowsShown; more > 0 {
		lines = append(lines, reminders.Line("file.more_rows", reminders.Args{"Count": reminders.Number(more)}))
	}
	return reminders.Line("file.wrong", reminders.Args{
		"Name": reminders.Text(name), "Count": reminders.Number(len(wrong)), "Items": reminders.List(lines...),
	})
}

// preview says what the import of a file would do. What sort of file it is
// follows from its columns, and who may import it from its sort. Cases,
// rosters and leaves come first: a roster names units too, and would pass for a list of
// them.
func (t *Turn) preview(name string, file []byte) (preview, error) {
	if p, known, err := t.previewCases(name, file); known {
		return p, err
	}
	p, known, err := t.previewDuty(name, file)
	if known {
		return p, err
	}
	p, known, cause := t.previewRegister(name, file)
	switch {
	case t.has(admins...): // what an admin sends is meant for the register
		return p, cause
	case known:
		return p, reminders.Fail(reminders.Denied, "bot.file", "file.not_yours", nil)
	}
	return p, err
}

// previewRegister looks at people, units and yearly arrangements; known is false for
// what is none of them.
func (t *Turn) previewRegister(name string, file []byte) (p preview, known bool, err error) {
	p.sort = sortRegister
	list, wrong, peopleErr := t.People.ReadPeople(name, file)
	if peopleErr == nil {
		if p.wrong = wrong; len(wrong) == 0 {
			p.lines, err = t.previewPeople(list)
		}
		return p, true, err
	}
	units, wrong, err := t.People.ReadUnits(name, file)
	if err == nil {
		if p.wrong = wrong; len(wrong) > 0 {
			return p, true, nil
		}
		diff, wrong, err := t.People.PreviewUnits(t.tx, units)
		p.lines, p.wrong = diff.Lines(), wrong
		return p, true, err
	}
	arrangement, wrong, calendarErr := calendar.Parse(name, file)
	if calendarErr == nil {
		if p.wrong = wrong; len(wrong) == 0 {
			p.lines, err = t.previewYear(arrangement)
			return p, true, err
		}
		return p, true, nil
	}
	if ending := strings.ToLower(path.Ext(name)); ending == ".json" || ending == ".ics" {
		return p, false, calendarErr // people and units are never written so
	}
	return p, false, peopleErr
}

// previewPeople says what a list of people changes, naming the first rows that
// change somebody who is there already.
func (t *Turn) previewPeople(list people.List) ([]reminders.Message, error) {
	diff, err := t.People.Preview(t.tx, list)
	if err != nil {
		return nil, err
	}
	lines := diff.Lines()
	for _, change := range diff.Changed[:min(len(diff.Changed), rowsShown)] {
		lines = append(lines, diff.Line(change))
	}
	return lines, nil
}

// previewYear says what a yearly arrangement changes in calendar and plan.
func (t *Turn) previewYear(a calendar.Arrangement) ([]reminders.Message, error) {
	before := t.Years.Calendar()
	after, err := t.Years.With(a)
	if err != nil {
		return nil, err
	}
	var lines []reminders.Message
	from, to := calendar.Date{Year: a.Year - 1, Month: time.December, Day: 1}, calendar.Date{Year: a.Year + 1, Month: time.February, Day: 1}
	for _, difference := range calendar.Compare(before, after, from, to) {
		lines = append(lines, difference.Message(before.Location()))
	}
	window := reminders.Window{From: t.tx.Now(), To: to.At(0, 0, before.Location())}
	shifts := notice.Shifts(
		notice.PlanAll(t.Notices.Programme, before, window), notice.PlanAll(t.Notices.Programme, after, window))
	if len(lines) > rowsShown {
		lines = append(lines[:rowsShown], reminders.Line("file.more", reminders.Args{"Count": reminders.Number(len(lines) - rowsShown)}))
	}
	return append(lines, reminders.Line("file.plan", reminders.Args{"Count": reminders.Number(len(shifts))})), nil
}

// importFile imports the file that was previewed.
func (t *Turn) importFile(string) error {
	d, found, err := t.dialog()
	if err != nil {
		return err
	}
	if !found || d.Asked != askedImport {
		return reminders.Fail(reminders.Closed, "bot.import", "file.gone", nil)
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	switch {
	case d.Step == sortRoster && t.has(ofDuty...):
		return t.importRoster(d)
	case d.Step == sortCases && t.has(reminders.Staff):
		return t.importLater(d)
	case d.Step == sortLeave && t.has(ofDuty...):
		return t.importLater(d)
	case !t.has(admins...):
		return reminders.Fail(reminders.Denied, "bot.import", "error.denied", nil)
	}
	if a, wrong, err := calendar.Parse(d.Name, d.File); err == nil && len(wrong) == 0 && !t.isSheetOfPeople(d) {
		if err := t.Years.Adopt(t.tx, a, string(t.person.ID)); err != nil {
			return err
		}
		t.later(t.reload)
		return t.replace(reminders.Line("file.done_year", reminders.Args{"Year": reminders.Text(strconv.Itoa(a.Year))}))
	}
	return t.importLater(d)
}

// importLater lets the file of a dialog be imported by a chore.
func (t *Turn) importLater(d Dialog) error {
	if err := t.chore(Chore{Name: d.Name, File: d.File, Sort: d.Step}); err != nil {
		return err
	}
	return t.replace(reminders.Line("file.importing", reminders.Args{"Name": reminders.Text(d.Name)}))
}

// isSheetOfPeople reports whether the file of the dialog is a list of people or
// of units.
func (t *Turn) isSheetOfPeople(d Dialog) bool {
	if _, _, err := t.People.ReadPeople(d.Name, d.File); err == nil {
		return true
	}
	_, _, err := t.People.ReadUnits(d.Name, d.File)
	return err == nil
}

// takeOver imports people or units. Doing it twice has the effect of once.
func (b *Bot) takeOver(ctx context.Context, c Chore) error {
	by := string(c.Person)
	if list, wrong, err := b.People.ReadPeople(c.Name, c.File); err == nil && len(wrong) == 0 {
		_, err := b.People.Apply(ctx, b.Units, list, by, nil)
		return err
	}
	units, _, err := b.People.ReadUnits(c.Name, c.File)
	if err != nil {
		return err
	}
	_, err = b.People.ApplyUnits(ctx, b.Units, units, by, nil)
	return err
}

// reload brings the calendar up to what was adopted.
func (t *Turn) reload(ctx context.Context) {
	if err := t.Years.Reload(ctx); err != nil {
		t.Log.ErrorContext(ctx, "calendar not reloaded", "error", err)
	}
}
