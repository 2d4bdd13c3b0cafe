package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Dialog is a half-finished conversation: what the chat was asked last. It
// survives a restart and ends with the answer, with another command, or with
// [cancel].
type Dialog struct {
	At     time.Time          `json:"at,omitzero"` // when it was asked
	Asked  string             `json:"asked"`       // one of the words below, or of a file of dialogs
	Step   string             `json:"step,omitempty"`
	Noted  map[string]string  `json:"noted,omitempty"` // what was said so far
	Object string             `json:"object,omitempty"`
	Lang   reminders.Language `json:"lang,omitempty"`
	Name   string             `json:"name,omitempty"` // of a file
	File   []byte             `json:"file,omitempty"`
	// Files says that pictures and documents belong to the answer: those that come are
	// kept and handed to whoever takes the answer, as the files of the turn.
	Files bool `json:"files,omitempty"`
	// Replaced are the files that take the places of others in a correction, by the number
	// of their place.
	Replaced map[int]reminders.File `json:"replaced,omitempty"`
	// Screened says that whoever takes the answer screens it: a soft hit may pass there,
	// with the reason of the head of the office. Elsewhere it is a refusal.
	Screened bool `json:"screened,omitempty"`
	// Forms are the half-finished reports of the chat, the last one first. They outlive
	// other conversations.
	Forms []form `json:"forms,omitempty"`
}

// What a dialog can have asked for.
const (
	askedFeedback = "feedback" // what the person wants to tell the staff
	askedText     = "text"     // an own text for a block's reminder
	askedImport   = "import"   // whether to import a file
)

// ask begins a dialog: the next text is its answer.
func (t *Turn) ask(d Dialog, m reminders.Message) error {
	if err := t.saveDialog(d); err != nil {
		return err
	}
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: d.Asked}})
	return t.say(m)
}

// saveDialog remembers what the chat was asked, and when.
func (t *Turn) saveDialog(d Dialog) error {
	d.At = t.tx.Now()
	if d.Forms == nil {
		var err error
		if d.Forms, err = t.forms(); err != nil {
			return err
		}
	}
	return t.Memory.SaveDialog(t.tx, t.update.Chat, d)
}

// dialog gives what the chat was asked last.
func (t *Turn) dialog() (Dialog, bool, error) {
	var d Dialog
	found, err := t.Memory.Dialog(t.tx, t.update.Chat, &d)
	return d, found && d.Asked != "", err
}

// endDialog forgets what the chat was asked.
func (t *Turn) endDialog() error {
	forms, err := t.forms()
	if err != nil {
		return err
	}
	return t.Memory.SaveDialog(t.tx, t.update.Chat, onlyForms(forms))
}

// cancel ends a dialog without an answer.
func (t *Turn) cancel(object string) error {
	if tag, ofForm := strings.CutPrefix(object, askedForm+"."); ofForm {
		return t.cancelForm(tag)
	}
	if handle, ofNotice := strings.CutPrefix(object, askedNotice+"."); ofNotice {
		return t.cancelNotice(handle)
	}
	if object == askedCase {
		if err := t.forgetEntry(); err != nil {
			return err
		}
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.replace(reminders.Line("dialog.cancelled", nil))
}

// reply takes a text as the answer of the dialog. Outside of a dialog a text is
// not stored: the bot is no tip line.
func (t *Turn) reply(text string) error {
	d, found, err := t.dialog()
	if err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if !found || d.Asked == askedImport || text == "" && len(t.files) == 0 {
		return t.say(reminders.Line("dialog.none", nil))
	}
	if soft := t.Guard.Soft(text); len(soft) > 0 && !d.Screened {
		return t.refuse("text", soft)
	}
	take, known := t.replies[d.Asked]
	if !known {
		return t.say(reminders.Line("dialog.none", nil))
	}
	return take(t, d, text)
}

// half gives the half-finished dialog that the command which is being run goes on with.
func (t *Turn) half(asked string) (Dialog, bool) { return t.was, t.was.Asked == asked }

// next goes on with a dialog: what it asks now takes the place of the message that was
// tapped, or follows the text that was typed. There is a way out of each step.
func (t *Turn) next(d Dialog, m reminders.Message) error {
	if err := t.saveDialog(d); err != nil {
		return err
	}
	m.Buttons = append(m.Buttons, []reminders.Button{{Label: "button.cancel", Verb: "cancel", Object: d.Asked}})
	return t.replace(m)
}

// within gives the dialog to which a button belongs: Asked, and one of the steps. It is a
// Closed error for the button of a step that is over.
func (t *Turn) within(asked string, steps ...string) (Dialog, error) {
	d, found, err := t.dialog()
	if err == nil && (!found || d.Asked != asked || !slices.Contains(steps, d.Step)) {
		err = reminders.Fail(reminders.Closed, "bot.dialog", "dialog.over", nil)
	}
	return d, err
}

// with notes something in a dialog.
func (d Dialog) with(name, value string) Dialog {
	d.Noted = maps.Clone(d.Noted)
	if d.Noted == nil {
		d.Noted = map[string]string{}
	}
	d.Noted[name] = value
	return d
}

// at is the dialog at another step.
func (d Dialog) at(step string) Dialog {
	d.Step = step
	return d
}
