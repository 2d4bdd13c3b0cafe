package main

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// tallyColumns are the counts of a tally in the order of the spreadsheet.
var tallyColumns = []string{
	"closing.column.expected", "closing.column.ontime", "closing.column.late", "closing.column.missed", "closing.column.excused",
	"closing.column.open", "closing.column.filed", "closing.column.nil", "closing.column.returned", "closing.column.overturned",
	"closing.column.incidents",
}

// tallyCounts are the counts of those columns.
func tallyCounts(t report.Tally) []int {
	return []int{t.Expected, t.OnTime, t.Late, t.Missed, t.Excused, t.Open, t.Filed, t.Nil, t.Returned, t.Overturned, t.Incidents}
}

// bilingual says a text in every language, one beside the other: one file is for all
// readers.
type bilingual []*bot.Words

// bilingual speaks the languages of the catalogue, the default one first.
func (f *office) bilingual() bilingual {
	var words bilingual
	for _, lang := range languages(f.content) {
		words = append(words, bot.NewWords(f.content.Catalogue(), lang, f.years.Calendar().Location()))
	}
	return words
}

// all gives the texts of some keys.
func (b bilingual) all(keys ...string) ([]string, error) {
	texts := make([]string, len(keys))
	for i, key := range keys {
		var said []string
		for _, words := range b {
			text, err := words.Plain(reminders.Line(key, nil))
			if err != nil {
				return nil, err
			}
			said = append(said, text)
		}
		texts[i] = strings.Join(said, " / ")
	}
	return texts, nil
}

// closingBook writes the spreadsheet of a closing summary: totals, units by name, days,
// incidents. Equal records give equal bytes.
func (c closings) closingBook(r closingRecord) ([]byte, error) {
	words := c.bilingual()
	titles, err := words.all("closing.sheet.summary", "closing.sheet.units", "closing.sheet.days", "closing.sheet.incidents")
	if err != nil {
		return nil, err
	}
	pages := make([]sheet.Page, len(titles))
	for i, fill := range []func(closingRecord, bilingual) (sheet.Page, error){totalPage, unitsPage, daysPage, c.incidentsPage} {
		if pages[i], err = fill(r, words); err != nil {
			return nil, err
		}
		pages[i].Title = strings.ReplaceAll(titles[i], "/", "") // Excel allows none there
	}
	var out bytes.Buffer
	err = sheet.WriteBook(&out, pages...)
	return out.Bytes(), err
}

// totalPage has one row for each total.
func totalPage(r closingRecord, words bilingual) (page sheet.Page, err error) {
	if page.Headers, err = words.all("closing.column.item", "closing.column.count"); err != nil {
		return page, err
	}
	days, covered := 0, 0
	for _, u := range r.units {
		days, covered = days+u.days, covered+u.covered
	}
	keys := append([]string{"closing.column.unit", "closing.column.days", "closing.column.covered"}, tallyColumns...)
	counts := append([]int{len(r.units), days, covered}, tallyCounts(r.Total)...)
	for _, field := range r.Fields {
		keys, counts = append(keys, field.Label), append(counts, r.Total.Sums[field.Name])
	}
	labels, err := words.all(keys...)
	for i, label := range labels {
		page.Rows = append(page.Rows, []string{label, strconv.Itoa(counts[i])})
	}
	page.Counts = 1
	return page, err
}

// unitsPage has one row for each unit, by name.
func unitsPage(r closingRecord, words bilingual) (page sheet.Page, err error) {
	keys := append([]string{"closing.column.unit", "closing.column.days", "closing.column.covered"}, tallyColumns...)
	if page.Headers, err = words.all(append(keys, sumLabels(r)...)...); err != nil {
		return page, err
	}
	for _, u := range r.units {
		counts := append([]int{u.days, u.covered}, tallyCounts(u.Tally)...)
		page.Rows = append(page.Rows, countRow(u.name, append(counts, sumCounts(r, u.Tally)...)))
	}
	page.Counts = len(page.Headers) - 1
	return page, nil
}

// daysPage has one row for each day.
func daysPage(r closingRecord, words bilingual) (page sheet.Page, err error) {
	keys := append([]string{"closing.column.day"}, tallyColumns...)
	if page.Headers, err = words.all(append(keys, sumLabels(r)...)...); err != nil {
		return page, err
	}
	for _, d := range r.Days {
		page.Rows = append(page.Rows, countRow(d.Day.String(), append(tallyCounts(d.Tally), sumCounts(r, d.Tally)...)))
	}
	page.Counts = len(page.Headers) - 1
	return page, nil
}

// incidentsPage has one row for each incident: which, not what.
func (c closings) incidentsPage(r closingRecord, words bilingual) (page sheet.Page, err error) {
	page.Headers, err = words.all("closing.column.number", "closing.column.unit", "closing.column.day", "closing.column.at",
		"closing.column.stage", "closing.column.parts")
	zone := c.years.Calendar().Location()
	for _, i := range r.incidents {
		if err != nil {
			break
		}
		stage := "watch.not_final"
		if i.last == report.Final {
			stage = "watch.final"
		}
		var said []string
		said, err = words.all(stage)
		page.Rows = append(page.Rows, append([]string{
			i.first.Number.String(), i.unit, i.first.Day.String(), i.submittedAt(zone).Format("2006-01-02 15:04"),
		}, append(said, strconv.Itoa(i.parts))...))
	}
	page.Counts = 1
	return page, err
}

// sumLabels are the labels of the fields that are added up.
func sumLabels(r closingRecord) []string {
	labels := make([]string, len(r.Fields))
	for i, field := range r.Fields {
		labels[i] = field.Label
	}
	return labels
}

// sumCounts are their sums in a tally.
func sumCounts(r closingRecord, t report.Tally) []int {
	counts := make([]int, len(r.Fields))
	for i, field := range r.Fields {
		counts[i] = t.Sums[field.Name]
	}
	return counts
}

// countRow is a name with its counts.
func countRow(name string, counts []int) []string {
	row := []string{name}
	for _, n := range counts {
		row = append(row, strconv.Itoa(n))
	}
	return row
}
