package bot

import (
	"context"
	"strconv"
	"time"

	"golang.org/x/text/width"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// mostWorkdays is the longest deadline that can be chosen, and quickWorkdays are those of
// one tap.
const mostWorkdays = 30

var quickWorkdays = []int{1, 3, 5}

// expects shows what readers are asked to do, or changes it: "none", "person", "unit", or
// a number of workdays.
func (t *Turn) expects(p notice.Publication, rest string) (reminders.Message, error) {
	change := map[string]func(p *notice.Publication){
		"none":   func(p *notice.Publication) { p.Expects, p.Workdays = notice.ExpectNothing, 0 },
		"person": func(p *notice.Publication) { p.Expects = notice.ExpectPerPerson },
		"unit":   func(p *notice.Publication) { p.Expects = notice.ExpectPerUnit },
	}[rest]
	if days, err := strconv.Atoi(rest); err == nil && days > 0 && days <= mostWorkdays {
		return t.edit(p, func(p *notice.Publication) { p.Workdays = days })
	}
	if change != nil {
		changed, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, change)
		if err != nil || !changed.Expects.Obliges() {
			return standingOfPublication(p.Handle()), err
		}
		return t.askWorkdays(changed)
	}
	h := p.Handle()
	m := reminders.Line("noticechat.ask.expects", reminders.Args{"Head": headOf(p)})
	m.Buttons = [][]reminders.Button{
		{stepButton("noticechat.button.expect_none", "e", h, "none")},
		{stepButton("noticechat.button.expect_person", "e", h, "person"), stepButton("noticechat.button.expect_unit", "e", h, "unit")},
		{stepButton("button.back", pressShow, h)},
	}
	return m, nil
}

// askWorkdays asks how long there is to acknowledge.
func (t *Turn) askWorkdays(p notice.Publication) (reminders.Message, error) {
	m := reminders.Line("noticechat.ask.workdays", reminders.Args{"Head": headOf(p), "Limit": reminders.Number(mostWorkdays)})
	var row []reminders.Button
	for _, days := range quickWorkdays {
		b := stepButton("noticechat.button.workdays", "e", p.Handle(), strconv.Itoa(days))
		b.Args = reminders.Args{"N": reminders.Number(days)}
		row = append(row, b)
	}
	m.Buttons = [][]reminders.Button{row}
	return t.pressAsk(p, Dialog{Step: "workdays"}, m)
}

// workdaysReply takes a number of workdays that was typed.
func (t *Turn) workdaysReply(_ Dialog, p notice.Publication, text string) error {
	days, err := strconv.Atoi(width.Fold.String(text))
	if err != nil || days < 1 || days > mostWorkdays {
		return t.say(reminders.Line("noticechat.workdays_wrong", reminders.Args{"Limit": reminders.Number(mostWorkdays)}))
	}
	if _, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) { p.Workdays = days }); err != nil {
		return err
	}
	return t.pressDone(p)
}

// when shows when a draft goes, or changes it: "soon", "calm", or an instant.
func (t *Turn) when(p notice.Publication, rest string) (reminders.Message, error) {
	switch unix, err := strconv.ParseInt(rest, 36, 64); {
	case rest == "soon":
		return t.edit(p, func(p *notice.Publication) { p.Wanted = time.Time{} })
	case rest == "calm":
		return t.edit(p, func(p *notice.Publication) { p.Urgent = "" })
	case rest == "urgent":
		return t.pressAsk(p, Dialog{Step: "urgent"}, reminders.Line("noticechat.ask.urgent", reminders.Args{"Head": headOf(p)}))
	case err == nil && rest != "":
		return t.edit(p, func(p *notice.Publication) { p.Wanted = time.Unix(unix, 0).UTC() })
	}
	var text reminders.Value
	err := t.Units.View(context.Background(), func(tx reminders.Tx) (err error) {
		text, err = t.whenText(tx, p) // over the whole register
		return err
	})
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("noticechat.ask.when", reminders.Args{"Head": headOf(p), "When": text})
	h := p.Handle()
	m.Buttons = [][]reminders.Button{{stepButton("noticechat.button.soon", "w", h, "soon")}}
	for _, at := range t.usualTimes() {
		b := stepButton("noticechat.button.at", "w", h, strconv.FormatInt(at.Unix(), 36))
		b.Args = reminders.Args{"At": reminders.Instant(at)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	urgent := stepButton("noticechat.button.urgent", "w", h, "urgent")
	if p.Urgent != "" {
		urgent = stepButton("noticechat.button.calm", "w", h, "calm")
	}
	m.Buttons = append(m.Buttons, []reminders.Button{urgent})
	return t.pressAsk(p, Dialog{Step: "when"}, m)
}

// usualTimes are the instants that a tap chooses: this afternoon, and the mornings of the
// next two workdays.
func (t *Turn) usualTimes() []time.Time {
	cal, now := t.Years.Calendar(), t.tx.Now()
	today := calendar.DateOf(now, cal.Location())
	var times []time.Time
	if at := today.At(15, 0, cal.Location()); cal.IsWorkday(today) && at.After(now) {
		times = append(times, at)
	}
	for day := today.AddDays(1); len(times) < 3; day = day.AddDays(1) {
		if cal.IsWorkday(day) {
			times = append(times, day.At(9, 0, cal.Location()))
		}
	}
	return times
}

// whenReply takes an instant that was typed.
func (t *Turn) whenReply(_ Dialog, p notice.Publication, text string) error {
	at, err := ParseWhen(text, t.tx.Now(), t.zone())
	if err != nil {
		return err
	}
	if _, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) { p.Wanted = at.UTC() }); err != nil {
		return err
	}
	return t.pressDone(p)
}

// urgentReply takes the reason why a draft goes at any hour.
func (t *Turn) urgentReply(_ Dialog, p notice.Publication, text string) error {
	if _, err := t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) { p.Urgent = text }); err != nil {
		return err
	}
	return t.pressDone(p)
}
