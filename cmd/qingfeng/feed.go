package main

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// errNoFeed ends the search for a calendar that there is none of.
var errNoFeed = errors.New("no such calendar")

// takeCalendar gives the calendar of a person or a unit to whoever knows its address
// (日历订阅). An address that is unknown, was replaced or belongs to somebody who has left
// answers like one that never was.
func (s *server) takeCalendar(w http.ResponseWriter, r *http.Request) {
	token, named := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !named || token == "" {
		http.NotFound(w, r)
		return
	}
	var text string
	err := s.office.store.View(r.Context(), func(tx reminders.Tx) (err error) {
		text, err = s.office.calendarOf(tx, token)
		return err
	})
	switch {
	case errors.Is(err, errNoFeed):
		http.NotFound(w, r)
		return
	case err != nil:
		s.log.ErrorContext(r.Context(), "no calendar", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	head := w.Header()
	head.Set("Content-Type", "text/calendar; charset=utf-8")
	head.Set("Content-Disposition", `inline; filename="duty.ics"`)
	head.Set("Cache-Control", "private, no-cache")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("X-Robots-Tag", "noindex")
	_, _ = io.WriteString(w, text)
}

// calendarOf writes the calendar that a token opens, in the language of its person, or
// that of the office for a unit.
func (f *office) calendarOf(tx reminders.Tx, token string) (string, error) {
	whose, found, err := f.duty.FeedOf(tx, token)
	if err != nil {
		return "", err
	}
	if !found {
		return "", errNoFeed
	}
	language := f.lang
	if whose.Person != "" {
		record, _, err := f.people.Person(tx, whose.Person)
		if err != nil {
			return "", err
		}
		if record.Language != "" {
			language = record.Language
		}
	}
	events, err := f.duty.Events(tx, whose, tx.Now())
	if err != nil {
		return "", err
	}
	zone := f.years.Calendar().Location()
	words := bot.NewWords(f.content.Catalogue(), language, zone).Naming(readNames{f.store.People(), tx})
	say := func(m reminders.Message) string {
		text, worded := words.Plain(m)
		err = errors.Join(err, worded)
		return text
	}
	text := duty.ICS(events, duty.CalendarTitle(whose), zone, say)
	return text, err
}

// readNames reads what people and units are called one by one, for texts that name few.
type readNames struct {
	store people.Store
	tx    reminders.Tx
}

// UnitName and PersonName implement bot.Names.
func (r readNames) UnitName(id reminders.UnitID) string {
	unit, _, _ := r.store.Unit(r.tx, id)
	return cmp.Or(unit.Name, string(id))
}

func (r readNames) PersonName(id reminders.PersonID) string {
	record, _, _ := r.store.Person(r.tx, id)
	return cmp.Or(record.Name, string(id))
}
