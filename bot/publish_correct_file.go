package bot

import (
	"maps"
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// filesIn are the files of a publication with those that a dialog has replaced.
func filesIn(d Dialog, p notice.Publication) []reminders.File {
	files := slices.Clone(p.Files)
	for place, f := range d.Replaced {
		if place < len(files) {
			files[place] = f
		}
	}
	return files
}

// correctFile asks for the file that takes the place of another, or first for which one.
func (t *Turn) correctFile(p notice.Publication, number string) (reminders.Message, error) {
	d, err := t.correctionDialog(p)
	if err != nil || len(p.Files) == 0 {
		return standingOfPublication(p.Handle()), err
	}
	files := filesIn(d, p)
	if number == "" && len(files) > 1 {
		m := reminders.Line("noticechat.which_file", reminders.Args{"Head": headOf(p)})
		for i, f := range files {
			b := stepButton("noticechat.button.file", "ka", p.Handle(), strconv.Itoa(i))
			b.Args = reminders.Args{"N": reminders.Number(i + 1), "Name": reminders.Text(Truncate(f.Name, titleOnButton))}
			m.Buttons = append(m.Buttons, []reminders.Button{b})
		}
		return t.pressAsk(p, d.noting(bodiesIn(d, p)).at(correctEnd), m)
	}
	place := min(pageNumber(number), len(files)-1)
	ask := d.noting(bodiesIn(d, p)).with("place", strconv.Itoa(place)).at(correctFile)
	ask.Files = true
	return t.pressAsk(p, ask, reminders.Line("noticechat.ask.file", reminders.Args{
		"Head": headOf(p), "File": reminders.Text(files[place].Name), "Kind": reminders.Say(kindOfPlace(p, place), nil),
	}))
}

// kindOfPlace says what may stand in a place: of several files what stood there.
func kindOfPlace(p notice.Publication, place int) string {
	switch {
	case len(p.Files) == 1:
		return "noticechat.file_kind.any"
	case p.Files[place].Picture():
		return "noticechat.file_kind.picture"
	}
	return "noticechat.file_kind.document"
}

// fileReply takes the file that takes the place of another.
func (t *Turn) fileReply(d Dialog, p notice.Publication, _ string) error {
	if len(t.files) == 0 {
		return t.say(reminders.Line("noticechat.file_only", nil))
	}
	place := pageNumber(d.Noted["place"])
	if err := p.Replaceable(place, t.files[0]); err != nil {
		return err
	}
	next := d.noting(bodiesIn(d, p))
	next.Replaced = maps.Clone(next.Replaced)
	if next.Replaced == nil {
		next.Replaced = map[int]reminders.File{}
	}
	next.Replaced[place] = t.files[0]
	return t.askMaterial(p, next, p.Lead)
}
