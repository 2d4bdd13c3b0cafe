package main

import (
	"log/slog"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/content"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
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

// categories is the taxonomy of public cases as content has it.
func categories(c *content.Content) []casebook.Category {
	var all []casebook.Category
	for _, k := range c.Categories() {
		all = append(all, casebook.Category{
			Code: k.Code, Group: k.Group, Verify: k.Verify,
			Labels: map[reminders.Language]string{reminders.Chinese: k.Chinese, reminders.English: k.English},
		})
	}
	return all
}

// libraryCases are the cases that come with the content.
func libraryCases(c *content.Content) []casebook.Case {
	var all []casebook.Case
	for _, k := range c.Cases() {
		one := casebook.Case{ID: k.ID, State: casebook.Published, Origin: casebook.Library, Content: casebook.Content{
			Title: k.Title, Category: k.Category, Level: casebook.Level(k.Level), Issuer: k.Issuer, SourceURL: k.SourceURL,
			Issued: calendar.DateOf(k.Issued, time.UTC), Expires: calendar.DateOf(k.Expires, time.UTC),
			Body: strings.TrimSpace(k.Body), Names: k.Names,
			English: casebook.Words{Title: k.TitleEN, Issuer: k.IssuerEN, Body: strings.TrimSpace(k.BodyEN)},
		}}
		for _, festival := range k.Festivals {
			one.Festivals = append(one.Festivals, calendar.Festival(festival))
		}
		all = append(all, one)
	}
	return all
}

// words gives the festivals as content names them.
func words(festivals []calendar.Festival) []string {
	names := make([]string, len(festivals))
	for i, festival := range festivals {
		names[i] = string(festival)
	}
	return names
}
