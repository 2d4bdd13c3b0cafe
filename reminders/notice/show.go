package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Show gives what the notice says to one reader. Where it stands and the buttons
// of what it asks are added by whoever shows it.
func (d *Desk) Show(tx reminders.Tx, id string, reader reminders.Person) (reminders.Message, error) {
	if followed, ok := progressOf(id); ok {
		return d.showProgress(tx, followed, reader)
	}
	if d.press != nil {
		if m, is, err := d.press.showDraft(tx, id, reader); err != nil || is {
			return m, err
		}
	}
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	if !found {
		return reminders.Message{}, reminders.Internalf("notice.show", "notice %s does not exist", id)
	}
	switch {
	case n.Publication != "" && d.press != nil:
		return d.press.show(tx, n, reader)
	case n.Body != nil:
		return *n.Body, nil
	case n.Kind == UnitNotice:
		return d.unitText(n, reader), nil
	case n.Kind == Review:
		return d.reviewText(tx, n)
	case n.Kind == CasePush && len(n.Cases) > 0:
		return d.Cases.Card(tx, n.Cases[0])
	}
	return d.personalText(tx, n, reader)
}

// personalText is the integrity reminder, addressed by name.
func (d *Desk) personalText(tx reminders.Tx, n Notice, reader reminders.Person) (reminders.Message, error) {
	args := reminders.Args{
		"Occasion": occasion(n.Festivals), "Name": reminders.Text(reader.Name), "Due": reminders.Instant(n.Due),
	}
	if own, found := n.Own[string(reader.Language)]; found {
		args["Text"] = reminders.Text(own.Text)
		return reminders.Line("reminder.own", args), nil
	}
	cases, err := d.Cases.Lines(tx, n.Cases)
	risks := d.Library.Risks(n.Festivals)
	args["Items"], args["Sources"] = points(risks), sources(risks)
	args["Hotline"] = reminders.Say("reminder.hotline", nil)
	args["Cases"] = reminders.List(cases...)
	return reminders.Line("reminder.personal", args), err
}

// unitText is the notice to liaisons and leaders.
func (d *Desk) unitText(n Notice, reader reminders.Person) reminders.Message {
	return reminders.Line("reminder.unit", reminders.Args{
		"Occasion": occasion(n.Festivals), "Unit": reminders.UnitName(reader.Unit), "Dates": d.days(n),
		"Items": points(d.Library.Risks(n.Festivals)), "Due": reminders.Instant(n.Due),
	})
}

// days names the days off of each block of the occasion: between merged blocks lie
// workdays.
func (d *Desk) days(n Notice) reminders.Value {
	cal := d.Calendar()
	var spans []reminders.Message
	for _, block := range cal.Blocks(n.First, n.Last.AddDays(1)) {
		spans = append(spans, reminders.Line("format.days", reminders.Args{
			"From": reminders.Day(block.First.At(0, 0, cal.Location())), "To": reminders.Day(block.Last.At(0, 0, cal.Location())),
		}))
	}
	return reminders.Series(spans...)
}

// reviewText asks the staff to look the texts of the block through.
func (d *Desk) reviewText(tx reminders.Tx, n Notice) (reminders.Message, error) {
	extent, err := d.extent(tx, n)
	if err != nil {
		return reminders.Message{}, err
	}
	fitting, err := d.Cases.Fitting(tx, n.Festivals, casesFor(n.Festivals))
	if err != nil {
		return reminders.Message{}, err
	}
	cases, err := d.Cases.Lines(tx, fitting)
	if err != nil {
		return reminders.Message{}, err
	}
	risks := d.Library.Risks(n.Festivals)
	m := reminders.Line("review.body", reminders.Args{
		"Occasion": occasion(n.Festivals), "Items": points(risks), "Sources": sources(risks),
		"Cases": reminders.List(cases...), "Extent": extent,
	})
	m.Buttons = [][]reminders.Button{{
		{Label: "button.keep", Verb: "keep", Object: n.Handle()},
		{Label: "button.change", Verb: "change", Object: n.Handle()},
	}}
	return m, nil
}

// extent says to how many the personal reminder of a block will go, when, and how long
// sending it will take; nothing if none will.
func (d *Desk) extent(tx reminders.Tx, n Notice) (reminders.Value, error) {
	key := d.keyOf(n.Block, HolidayReminder)
	items := d.items(tx.Now())
	at := slices.IndexFunc(items, func(item Item) bool { return item.Key == key })
	if at < 0 {
		return reminders.List(), nil
	}
	readers, err := d.readers(tx, items[at].Audience)
	if err != nil {
		return reminders.Value{}, err
	}
	takes, end := Estimate(d.Programme.Quiet, d.Calendar(), readers, d.Rate, items[at].At)
	begin := reminders.Args{"Count": reminders.Number(readers), "At": reminders.Instant(items[at].At)}
	if takes < time.Minute {
		return reminders.Say("review.extent_short", begin), nil
	}
	begin["Duration"], begin["End"] = Duration(takes), ending(end)
	return reminders.Say("review.extent", begin), nil
}

// readAtOnce is how many people are read together where all are counted.
const readAtOnce = 1000

// readers counts the people of an audience.
func (d *Desk) readers(tx reminders.Tx, audience reminders.Audience) (n int, err error) {
	for after := reminders.PersonID(""); ; {
		people, err := d.Register.PeopleAfter(tx, after, readAtOnce)
		if err != nil {
			return 0, err
		}
		for _, p := range people {
			if after = p.ID; audience.Includes(p) {
				n++
			}
		}
		if len(people) < readAtOnce {
			return n, nil
		}
	}
}

// points numbers the points of a reminder.
func points(risks []Risk) reminders.Value {
	lines := make([]reminders.Message, len(risks))
	for i, risk := range risks {
		lines[i] = reminders.Line("reminder.item", reminders.Args{
			"Number": reminders.Number(i + 1), "Item": reminders.Say(risk.Text, nil),
		})
	}
	return reminders.List(lines...)
}

// sources names each rule behind the points once.
func sources(risks []Risk) reminders.Value {
	var parts []reminders.Message
	seen := map[string]bool{}
	for _, risk := range risks {
		if !seen[risk.Source] {
			seen[risk.Source] = true
			parts = append(parts, reminders.Line(risk.Source, nil))
		}
	}
	return reminders.Titles(parts...)
}
