package wire

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// step is one call: files with or without a caption, or a text.
type step struct {
	files []Attachment // at most an album
	html  string       // caption or text
	keys  any          // markup; nil: no buttons
}

// messages is how many messages the step makes.
func (s step) messages() int { return max(1, len(s.files)) }

// steps plans the calls that make a message: files first, in albums; the text as
// caption of the first where it may be one, otherwise after them, in parts; buttons
// below the last part. The same Outgoing has the same steps every time, and the steps
// of files do not depend on the text.
//
// A text is no caption if it is too long or wanted apart, and where there are buttons
// below several files, since an album has none.
func (o Outgoing) steps() []step {
	steps, keys := o.albums(), keyboard(o.Keyboard)
	if len(steps) > 0 && !o.Apart && Length(Plain(o.HTML)) <= CaptionLimit && (keys == nil || len(o.Files) == 1) {
		steps[0].keys = keys
		if strings.TrimSpace(Plain(o.HTML)) != "" {
			steps[0].html = strings.ToValidUTF8(strings.TrimSpace(o.HTML), "\ufffd")
		}
		return steps
	}
	texts := Split(o.HTML)
	if len(texts) == 0 && keys != nil {
		return nil // buttons below nothing
	}
	for _, text := range texts {
		steps = append(steps, step{html: text})
	}
	if len(texts) > 0 {
		steps[len(steps)-1].keys = keys
	}
	return steps
}

// albums groups the files as reminders.Albums does.
func (o Outgoing) albums() []step {
	files := make([]reminders.File, len(o.Files))
	for i, a := range o.Files {
		files[i] = a.File
	}
	rest := slices.Clone(o.Files)
	slices.SortStableFunc(rest, func(a, b Attachment) int {
		switch {
		case a.Picture() == b.Picture():
			return 0
		case a.Picture():
			return -1
		}
		return 1
	})
	var steps []step
	for _, album := range reminders.Albums(files) {
		steps = append(steps, step{files: rest[:len(album)]})
		rest = rest[len(album):]
	}
	return steps
}
