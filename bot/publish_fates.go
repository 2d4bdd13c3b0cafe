package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// remaining is what a list of messages of which something remains is about.
type remaining struct {
	mark   string // in the object of its buttons
	result notice.FateResult
	said   string // the key that counts them on the board
	listed string // the key of the list
}

// What was withdrawn and is not gone, and what was corrected and does not show it.
var (
	keptCopies     = remaining{"k", notice.FateKept, "fate.kept", "fate.list_kept"}
	outdatedCopies = remaining{"o", notice.FateOutdated, "fate.outdated", "fate.list_outdated"}
)

// counted says of how many messages something remains, by the ground, with a button for
// each that leads to the names; nothing if nothing does.
func (r remaining) counted(p notice.Publication, grounds map[string]int) (said reminders.Value, rows [][]reminders.Button) {
	var lines []reminders.Message
	all := 0
	for i, ground := range notice.Grounds() {
		n := grounds[ground]
		if n == 0 {
			continue
		}
		all += n
		lines = append(lines, reminders.Line("fate.count", reminders.Args{"Why": reminders.Say("fate.why."+ground, nil), "N": reminders.Number(n)}))
		b := stepButton("fate.label."+ground, "r", p.Handle(), r.mark, strconv.Itoa(i))
		b.Args = reminders.Args{"N": reminders.Number(n)}
		rows = append(rows, []reminders.Button{b})
	}
	if all == 0 {
		return reminders.List(), nil
	}
	return reminders.Say(r.said, reminders.Args{"N": reminders.Number(all), "Items": reminders.List(lines...)}), rows
}

// recalledPage says what became of the copies of what was taken back.
func recalledPage(s notice.Standing) reminders.Message {
	p := s.Publication
	kept, rows := keptCopies.counted(p, s.Recalled.Kept)
	args := reminders.Args{
		"Head": headOf(p), "By": reminders.PersonName(p.Recall.By), "At": reminders.Instant(p.Recall.At), "Reason": reminders.Text(p.Recall.Reason),
		"Deleted": reminders.Number(s.Recalled.Deleted), "Replaced": reminders.Number(s.Recalled.Replaced), "Kept": kept,
		"Stage": reminders.Say("noticechat.recall.going", nil),
	}
	last := []reminders.Button{refreshButton(p)}
	if !p.Recall.Ended.IsZero() {
		args["Stage"], last = reminders.Say("noticechat.recall.done", nil), nil
	}
	m := reminders.Line("noticechat.recalled", args)
	m.Buttons = append(rows, append(last, exportButtons(p)...))
	return m
}

// refreshButton shows how a publication stands by now.
func refreshButton(p notice.Publication) reminders.Button {
	return stepButton("button.refresh", pressShow, p.Handle())
}

// remainingPage names the messages of which something remains on one ground:
// MARK.GROUND.PAGE.
func (t *Turn) remainingPage(p notice.Publication, rest string) (reminders.Message, error) {
	parts := append(strings.Split(rest, "."), "", "", "")
	r := keptCopies
	if parts[0] == outdatedCopies.mark {
		r = outdatedCopies
	}
	grounds := notice.Grounds()
	at, page := pageNumber(parts[1]), pageNumber(parts[2])
	ground := grounds[min(at, len(grounds)-1)]
	found, all, err := t.Press.Remaining(t.tx, p, r.result, ground, page*shownAtOnce, shownAtOnce)
	if err != nil {
		return reminders.Message{}, err
	}
	lines := make([]reminders.Message, len(found))
	for i, f := range found {
		if lines[i], err = t.readerOf(f); err != nil {
			return reminders.Message{}, err
		}
	}
	m := reminders.Line(r.listed, reminders.Args{
		"Head": headOf(p), "Why": reminders.Say("fate.why."+ground, nil), "N": reminders.Number(all), "Items": reminders.List(lines...),
	})
	_, paging := paged(slices.Repeat([]struct{}{{}}, all), page, func(label string, page int) reminders.Button {
		return stepButton(label, "r", p.Handle(), r.mark, strconv.Itoa(at), strconv.Itoa(page))
	})
	m.Buttons = [][]reminders.Button{append(paging, stepButton("button.back", pressShow, p.Handle()))}
	return m, nil
}

// readerOf names who has a message: a person with the unit, or the group of a unit.
func (t *Turn) readerOf(f notice.Fate) (reminders.Message, error) {
	switch {
	case f.Person == "" && f.Unit == "":
		return reminders.Line("fate.chat", nil), nil
	case f.Person == "":
		return reminders.Line("fate.group", reminders.Args{"Unit": reminders.UnitName(f.Unit)}), nil
	}
	record, _, err := t.People.Person(t.tx, f.Person)
	return reminders.Line("fate.person", reminders.Args{"Name": reminders.PersonName(f.Person), "Unit": reminders.UnitName(record.Unit)}), err
}
