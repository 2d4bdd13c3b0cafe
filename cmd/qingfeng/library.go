package main

import (
	"log/slog"
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// library hands out what content holds for a holiday.
type library struct {
	content *content.Content
	log     *slog.Logger
}

// Risks are the points of a reminder.
func (l library) Risks(festivals []calendar.Festival) []notice.Risk {
	items, err := l.content.Reminder(words(festivals))
	if err != nil {
		l.log.Error("no points for a reminder", "error", err)
		return nil
	}
	risks := make([]notice.Risk, len(items))
	for i, item := range items {
		risks[i] = notice.Risk{Text: item.Key, Source: item.SourceKey}
	}
	return risks
}

// Cases are lines with public cases that fit and have not expired on the day.
func (l library) Cases(festivals []calendar.Festival, day time.Time, n int) []reminders.Message {
	var lines []reminders.Message
	for _, c := range l.content.FittingCases(words(festivals), day, n) {
		lines = append(lines, reminders.Line("reminder.case", reminders.Args{
			"Title": reminders.Text(c.Title), "Issuer": reminders.Text(c.Issuer), "Date": reminders.Day(c.Issued),
		}))
	}
	return lines
}

// words gives the festivals as content names them.
func words(festivals []calendar.Festival) []string {
	names := make([]string, len(festivals))
	for i, festival := range festivals {
		names[i] = string(festival)
	}
	return names
}
