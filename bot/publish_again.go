package bot

import (
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// pressDropped lists what was given up: n-dropped.PAGE.
const pressDropped = "dropped"

// For how long what was given up is listed, and how many publications are looked through
// for it: many times what an office writes in that time.
const (
	droppedShown   = 30 * 24 * time.Hour
	droppedAmongst = 400
)

// dropped gives what this person gave up in the last days, and what was called off after a
// second person had approved it, the newest first.
func (t *Turn) dropped() ([]notice.Publication, error) {
	recent, err := t.Press.Store.RecentPublications(t.tx, droppedAmongst)
	if err != nil {
		return nil, err
	}
	since := t.tx.Now().Add(-droppedShown)
	var listed []notice.Publication
	for _, p := range recent {
		mine := p.By == t.person.ID || !p.Decision.At.IsZero()
		if p.State == notice.Abandoned && p.CanRedraft() && mine && p.GivenUp.After(since) {
			listed = append(listed, p)
		}
	}
	return listed, nil
}

// droppedButton leads to what was given up; none if nothing was.
func (t *Turn) droppedButton() ([]reminders.Button, error) {
	dropped, err := t.dropped()
	if err != nil || len(dropped) == 0 {
		return nil, err
	}
	return []reminders.Button{{
		Label: "noticechat.button.dropped", Args: reminders.Args{"N": reminders.Number(len(dropped))}, Verb: "page",
		Object: placePress + "-" + pressDropped + ".0",
	}}, nil
}

// droppedPage is a page of what was given up.
func (t *Turn) droppedPage(rest string) (reminders.Message, error) {
	dropped, err := t.dropped()
	if err != nil {
		return reminders.Message{}, err
	}
	page := pageNumber(rest)
	shown, paging := paged(dropped, page, func(label string, page int) reminders.Button {
		return reminders.Button{Label: label, Verb: "page", Object: placePress + "-" + pressDropped + "." + strconv.Itoa(page)}
	})
	var lines []reminders.Message
	var rows [][]reminders.Button
	for i, p := range shown {
		n := reminders.Number(page*shownAtOnce + i + 1)
		lines = append(lines, reminders.Line("noticechat.dropped.item", reminders.Args{
			"Number": n, "What": headOf(p), "At": reminders.Instant(p.GivenUp),
		}))
		b := stepButton("noticechat.button.item", pressShow, p.Handle())
		b.Args = reminders.Args{"Number": n, "Title": shortTitle(p)}
		rows = append(rows, []reminders.Button{b})
	}
	if len(lines) == 0 {
		lines = []reminders.Message{reminders.Line("noticechat.dropped.nothing", nil)}
	}
	m := reminders.Line("noticechat.dropped.body", reminders.Args{"Items": reminders.List(lines...)})
	m.Buttons = append(rows, append(paging, reminders.Button{Label: "button.back", Verb: "page", Object: placePress + "-" + pressList}))
	return m, nil
}

// againButton makes a new draft of what is over; none where that cannot be.
func againButton(p notice.Publication) [][]reminders.Button {
	if !p.CanRedraft() {
		return nil
	}
	return [][]reminders.Button{{stepButton("noticechat.button.again", "re", p.Handle())}}
}

// again makes a new draft of what was given up or taken back, and shows it.
func (t *Turn) again(p notice.Publication, _ string) (reminders.Message, error) {
	draft, err := t.Press.Redraft(t.tx, p.Handle(), t.person.ID)
	if err != nil {
		return reminders.Message{}, err
	}
	return standingOfPublication(draft.Handle()), nil
}
