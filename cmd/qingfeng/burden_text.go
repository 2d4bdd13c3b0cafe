package main

import (
	"bytes"
	"context"
	"fmt"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/feedback"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// burdens tells the notices what was asked of people in a month.
type burdens struct{ *office }

// beyondShown is how many decisions the message names; the export of the ledger has all.
const beyondShown = 5

// Burden implements notice.Burdens. The spreadsheet that goes along has a row for each
// kind of message.
func (b burdens) Burden(ctx context.Context, month reminders.Window) (summary notice.Closing, err error) {
	counted, err := b.burdenOf(ctx, month)
	if err != nil || counted.nothing() {
		return summary, err
	}
	first := calendar.DateOf(month.From, b.years.Calendar().Location())
	summary.Lines = counted.lines(b.content.Catalogue().Has, first)
	var book bytes.Buffer
	var rows [][]string
	for _, row := range counted.rows(first) {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = fmt.Sprint(value)
		}
		rows = append(rows, cells)
	}
	if err := sheet.WriteXLSX(&book, "burden", burdenFields, rows); err != nil {
		return notice.Closing{}, err
	}
	file, err := b.files.Put(ctx, "burden-"+first.String()[:len("2026-09")]+".xlsx", &book)
	summary.Files = []reminders.File{file}
	return summary, err
}

// nothing reports whether nobody was asked for anything.
func (b *burden) nothing() bool {
	for _, part := range b.parts {
		if len(part.people) > 0 {
			return false
		}
	}
	return len(b.beyond) == 0 && b.feedback == (feedback.Tally{})
}

// lines are the summary in words. known says whether the catalogue has a name for a rule.
func (b *burden) lines(known func(key string) bool, month calendar.Date) []reminders.Message {
	lines := []reminders.Message{reminders.Line("burden.month", reminders.Args{
		"Year": reminders.Number(month.Year), "Month": reminders.Number(int(month.Month)),
	})}
	for _, part := range burdenParts {
		in := b.parts[part]
		if len(in.people) == 0 {
			continue
		}
		lines = append(lines, reminders.Line("burden.part", reminders.Args{
			"Part": reminders.Say("burden.part."+part, nil), "People": reminders.Number(len(in.people)),
			"Messages": reminders.Number(in.messages), "Taps": reminders.Number(in.taps), "Forms": reminders.Number(in.forms),
		}))
	}
	lines = append(lines, b.decisions(known)...)
	return append(lines, reminders.Line("burden.feedback", reminders.Args{
		"Received": reminders.Number(b.feedback.Received), "Answered": reminders.Number(b.feedback.Answered),
		"Waiting": reminders.Number(b.feedback.Waiting),
	}))
}

// decisions name what went beyond a rule or a budget, and why.
func (b *burden) decisions(known func(key string) bool) []reminders.Message {
	if len(b.beyond) == 0 {
		return []reminders.Message{reminders.Line("burden.within", nil)}
	}
	lines := []reminders.Message{reminders.Line("burden.beyond", reminders.Args{"Total": reminders.Number(len(b.beyond))})}
	for i, one := range b.beyond {
		if i == beyondShown {
			lines = append(lines, reminders.Line("burden.more", nil))
			break
		}
		rule := reminders.Text(one.rule)
		if key := "burden.rule." + one.rule; known(key) {
			rule = reminders.Say(key, nil)
		}
		lines = append(lines, reminders.Line("burden.decision", reminders.Args{
			"Rule": rule, "Reason": reminders.Text(one.reason), "At": reminders.Day(one.at),
			"By": reminders.PersonName(reminders.PersonID(one.by)),
		}))
	}
	return lines
}
