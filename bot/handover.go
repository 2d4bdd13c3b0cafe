package bot

import (
	"regexp"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// askedHandover is the dialog of a handover: one tap where there is nothing to say, else
// a note, the matters that stay open, and a look at both.
const askedHandover = "handover"

// The steps of a handover, and what its buttons do. The object of a button is one of
// these words, a dot and the shift.
const (
	stepBegin   = "begin"
	stepNote    = "note"    // asks for the note
	stepMatters = "matters" // asks for what stays open
	stepCheck   = "check"   // shows both
	stepPlain   = "plain"   // hands over without a word
	stepNone    = "none"    // nothing stays open
	stepSend    = "send"
)

// When a shift can be handed over, see duty.HandOver.
const (
	handOverEarly = time.Hour
	handOverLate  = 24 * time.Hour
)

// canHandOver reports whether the person can hand a shift over now.
func (t *Turn) canHandOver(s duty.Shift) bool {
	now := t.tx.Now()
	return !s.TakenAt.IsZero() && s.HandedAt.IsZero() &&
		!now.Before(s.End.Add(-handOverEarly)) && now.Before(s.End.Add(handOverLate))
}

// handoverCommand begins the handover that is open, goes on with one that was begun, or
// shows what is open in the unit.
func (t *Turn) handoverCommand(string) error {
	if d, open := t.half(askedHandover); open {
		return t.showHandover(d)
	}
	shifts, err := t.myShifts()
	if err != nil {
		return err
	}
	for _, s := range shifts {
		if t.canHandOver(s) {
			return t.beginHandover(s.ID)
		}
	}
	page, err := t.mattersPage(shifts)
	if err != nil {
		return err
	}
	return t.say(page)
}

// handover takes a step of a handover.
func (t *Turn) handover(object string) error {
	step, rest, _ := strings.Cut(object, ".")
	id := duty.ShiftID(rest)
	switch step {
	case stepBegin:
		return t.beginHandover(id)
	case stepMatter:
		return t.askMatter(reminders.UnitID(rest))
	case stepPlain, stepNone, stepSend:
	default:
		return reminders.Fail(reminders.NotFound, "bot.handover", "error.not_found", nil)
	}
	d, err := t.within(askedHandover, map[string]string{stepPlain: stepNote, stepNone: stepMatters, stepSend: stepCheck}[step])
	if err == nil && d.Object != rest {
		err = reminders.Fail(reminders.Closed, "bot.handover", "dialog.over", nil)
	}
	switch {
	case err != nil:
		return err
	case step == stepNone:
		return t.showHandover(d.at(stepCheck))
	}
	return t.handOver(id, d.Noted[stepNote], linesIn(d.Noted[stepMatters]))
}

// beginHandover asks for the note of a shift that can be handed over.
func (t *Turn) beginHandover(id duty.ShiftID) error {
	s, found, err := t.Duty.ShiftOf(t.tx, id)
	switch {
	case err != nil:
		return err
	case !found || s.Cancelled:
		return reminders.Fail(reminders.NotFound, "bot.handover", "duty.shift_gone", nil)
	case !t.canHandOver(s) || !s.Has(t.person.ID) && s.TakenBy != t.person.ID:
		_, _, err := t.Duty.HandOver(t.tx, id, t.person.ID, "", nil) // says why it cannot be
		return err
	}
	return t.showHandover(Dialog{Asked: askedHandover, Object: string(id), Step: stepNote})
}

// showHandover asks what the step of a handover asks.
func (t *Turn) showHandover(d Dialog) error {
	s, _, err := t.Duty.ShiftOf(t.tx, duty.ShiftID(d.Object))
	if err != nil {
		return err
	}
	args := reminders.Args{"Unit": reminders.UnitName(s.Unit), "Start": reminders.Instant(s.Start)}
	button := func(label, step string) reminders.Button {
		return reminders.Button{Label: label, Verb: "handover", Object: step + "." + d.Object}
	}
	var m reminders.Message
	switch d.Step {
	case stepMatters:
		m = reminders.Line("dutychat.handover.matters", args)
		m.Buttons = [][]reminders.Button{{button("button.no_matters", stepNone)}}
	case stepCheck:
		args["Note"] = reminders.Text(d.Noted[stepNote])
		args["Matters"] = reminders.List(newMatters(d.Noted[stepMatters])...)
		m = reminders.Line("dutychat.handover.check", args)
		m.Buttons = [][]reminders.Button{{button("button.handover", stepSend), button("button.again", stepBegin)}}
	default:
		matters, err := t.Duty.Matters(t.tx, s.Unit)
		if err != nil {
			return err
		}
		lines := matterLines(matters)
		if len(lines) > 0 {
			lines = append(lines, reminders.Line("dutychat.handover.hint", nil))
		}
		args["Matters"] = reminders.List(lines...)
		m = reminders.Line("dutychat.handover.note", args)
		m.Buttons = append(closeButtons(matters), []reminders.Button{button("button.plain_handover", stepPlain)})
	}
	return t.next(d, m)
}

// newMatters list what was written, one a line.
func newMatters(text string) []reminders.Message {
	lines := linesIn(text)
	if len(lines) == 0 {
		return []reminders.Message{reminders.Line("dutychat.handover.no_matters", nil)}
	}
	var listed []reminders.Message
	for i, line := range lines {
		listed = append(listed, reminders.Line("dutychat.handover.item", reminders.Args{"Number": reminders.Number(i + 1), "Text": reminders.Text(line)}))
	}
	return listed
}

// numbering is what people put before the lines of a list.
var numbering = regexp.MustCompile(`^\s*(?:\d{1,2}[.、)）．]|[-•·*])\s*`)

// linesIn gives the lines of a text that say something, without their numbering.
func linesIn(text string) []string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(numbering.ReplaceAllString(line, "")); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// handoverText takes the note, and then the matters.
func (t *Turn) handoverText(d Dialog, text string) error {
	switch d.Step {
	case stepNote:
		if len([]rune(text)) > duty.MaxNote {
			return t.say(reminders.Line("duty.note_long", reminders.Args{"Limit": reminders.Number(duty.MaxNote)}))
		}
		return t.showHandover(d.with(stepNote, text).at(stepMatters))
	case stepMatters:
		for _, line := range linesIn(text) {
			if len([]rune(line)) > duty.MaxNote {
				return t.say(reminders.Line("duty.note_long", reminders.Args{"Limit": reminders.Number(duty.MaxNote)}))
			}
		}
		if n := len(linesIn(text)); n > mostMatters {
			return t.say(reminders.Line("duty.handover.many", reminders.Args{"Limit": reminders.Number(mostMatters)}))
		}
		return t.showHandover(d.with(stepMatters, text).at(stepCheck))
	}
	return t.say(reminders.Line("dialog.tap", nil))
}

// mostMatters is how many matters one handover may leave.
const mostMatters = 10

// handOver hands a shift over and says so in the place of what was tapped.
func (t *Turn) handOver(id duty.ShiftID, note string, matters []string) error {
	s, left, err := t.Duty.HandOver(t.tx, id, t.person.ID, note, matters)
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	key := "dutychat.handover.done"
	if len(left) > 0 {
		key = "dutychat.handover.done_left"
	}
	return t.replace(reminders.Line(key, reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "Start": reminders.Instant(s.Start), "At": reminders.Instant(s.HandedAt),
		"Count": reminders.Number(len(left)),
	}))
}
