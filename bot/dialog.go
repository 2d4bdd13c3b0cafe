package bot

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Dialog is a half-finished conversation: what the chat was asked last. It
// survives a restart and ends with the answer, with another command, or with
// [cancel].
type Dialog struct {
	At     time.Time          `json:"at,omitzero"` // when it was asked
	Asked  string             `json:"asked"`       // feedback, text, import
	Object string             `json:"object,omitempty"`
	Lang   reminders.Language `json:"lang,omitempty"`
	Name   string             `json:"name,omitempty"` // of a file
	File   []byte             `json:"file,omitempty"`
	// Files says that pictures and documents belong to the answer: those that come are
	// kept and handed to whoever takes the answer, as the files of the turn.
	Files bool `json:"files,omitempty"`
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
	return t.Memory.SaveDialog(t.tx, t.update.Chat, d)
}

// dialog gives what the chat was asked last.
func (t *Turn) dialog() (Dialog, bool, error) {
	var d Dialog
	found, err := t.Memory.Dialog(t.tx, t.update.Chat, &d)
	return d, found, err
}

// endDialog forgets what the chat was asked.
func (t *Turn) endDialog() error { return t.Memory.SaveDialog(t.tx, t.update.Chat, nil) }

// cancel ends a dialog without an answer.
func (t *Turn) cancel(string) error {
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
	if !found || d.Asked == askedImport || text == "" {
		return t.say(reminders.Line("dialog.none", nil))
	}
	if soft := t.Guard.Soft(text); len(soft) > 0 {
		return t.say(Refusal(soft[0]))
	}
	if d.Asked == askedFeedback {
		return t.takeFeedback(text)
	}
	return t.takeText(d, text)
}
