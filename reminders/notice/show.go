package notice

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Show gives what the notice says to one reader. Where it stands and the buttons
// of what it asks are added by whoever shows it.
func (d *Desk) Show(tx reminders.Tx, id string, reader reminders.Person) (reminders.Message, error) {
	n, found, err := d.Store.Notice(tx, id)
	if err != nil {
		return reminders.Message{}, err
	}
	if !found {
		return reminders.Message{}, reminders.Internalf("notice.show", "notice %s does not exist", id)
	}
	return d.show(n, reader), nil
}

// show gives what the notice says to one reader.
func (d *Desk) show(n Notice, reader reminders.Person) reminders.Message {
	if n.Body != nil {
		return *n.Body
	}
	switch n.Kind {
	case UnitNotice:
		return d.unitText(n, reader)
	case Review:
		return d.reviewText(n)
	}
	return d.personalText(n, reader)
}

// personalText is the integrity reminder, addressed by name.
func (d *Desk) personalText(n Notice, reader reminders.Person) reminders.Message {
	args := reminders.Args{
		"Occasion": occasion(n.Festivals), "Name": reminders.Text(reader.Name), "Due": reminders.Instant(n.Due),
	}
	if own, found := n.Own[string(reader.Language)]; found {
		args["Text"] = reminders.Text(own.Text)
		return reminders.Line("reminder.own", args)
	}
	risks := d.Library.Risks(n.Festivals)
	args["Items"], args["Sources"] = points(risks), sources(risks)
	args["Hotline"] = reminders.Say("reminder.hotline", nil)
	args["Cases"] = reminders.List(d.Library.Cases(n.Festivals, n.At, casesShown)...)
	return reminders.Line("reminder.personal", args)
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
func (d *Desk) reviewText(n Notice) reminders.Message {
	risks := d.Library.Risks(n.Festivals)
	m := reminders.Line("review.body", reminders.Args{
		"Occasion": occasion(n.Festivals), "Items": points(risks), "Sources": sources(risks),
		"Cases": reminders.List(d.Library.Cases(n.Festivals, n.At, casesShown)...),
	})
	m.Buttons = [][]reminders.Button{{
		{Label: "button.keep", Verb: "keep", Object: n.Handle()},
		{Label: "button.change", Verb: "change", Object: n.Handle()},
	}}
	return m
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
