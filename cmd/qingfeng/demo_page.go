package main

import (
	"context"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// demoHorizon is how far ahead the page shows the plan.
const demoHorizon = 120 * 24 * time.Hour

var _ page.Office = (*demo)(nil)

// People lists the phones that the visitor can choose.
func (d *demo) People() []page.Card {
	cards := make([]page.Card, 0, len(d.cast.actors))
	_ = d.store.View(context.Background(), func(tx reminders.Tx) error {
		for _, a := range d.cast.actors {
			record, found, err := d.people.Person(tx, a.record.ID)
			if err != nil || !found {
				return err
			}
			unit, _, err := d.store.People().Unit(tx, record.Unit)
			if err != nil {
				return err
			}
			roles := []string{string(reminders.Official)}
			for _, role := range record.Roles {
				roles = append(roles, string(role))
			}
			card := page.Card{
				Chat: a.phone.ID(), StaffNo: string(record.ID), Name: record.Name, Title: record.Title, Unit: unit.Name,
				Roles: roles, Language: string(d.languageOf(record.Language)), Bound: record.Bound(),
			}
			if !card.Bound {
				card.InviteCode = a.code
			}
			cards = append(cards, card)
		}
		return nil
	})
	return cards
}

// languageOf is the language of a person's messages.
func (d *demo) languageOf(l reminders.Language) reminders.Language {
	if l == "" {
		return d.lang
	}
	return l
}

// Clock tells how the clock stands.
func (d *demo) Clock(lang string) page.ClockState {
	now, running, paused, speed := d.clock.state()
	state := page.ClockState{
		Now: now, Zone: d.years.Calendar().Location().String(), Running: running, Paused: paused, Speed: speed,
	}
	if next, found := d.nextItem(now); found {
		state.NextAt, state.NextWhat = next.At, d.what(lang, next)
	}
	return state
}

// Play runs to the next event.
func (d *demo) Play() { d.clock.Play() }

// Pause stops the clock.
func (d *demo) Pause() { d.clock.Pause() }

// SetSpeed sets how quickly the clock runs.
func (d *demo) SetSpeed(n int) { d.clock.SetSpeed(n) }

// Upcoming gives the next rows of the plan.
func (d *demo) Upcoming(lang string, n int) []page.PlanRow {
	now := d.clock.Now()
	var rows []page.PlanRow
	_ = d.store.View(context.Background(), func(tx reminders.Tx) error {
		for _, item := range d.events(now) {
			if len(rows) == n {
				return nil
			}
			recipients, err := d.reg.count(tx, item.Audience)
			if err != nil {
				return err
			}
			rows = append(rows, page.PlanRow{
				At: item.At, Kind: string(item.Kind), What: d.what(lang, item), Audience: d.audience(lang, item.Audience),
				Recipients: recipients, Reason: d.say(lang, item.Why), Provisional: item.Provisional,
			})
		}
		return nil
	})
	return rows
}

// events are the items of the plan that the demo stops at: all but the daily
// digest, which says something only when something is overdue.
func (d *demo) events(now time.Time) []notice.Item {
	var events []notice.Item
	for _, item := range d.notices.Upcoming(reminders.Window{From: now.Add(time.Millisecond), To: now.Add(demoHorizon)}) {
		if item.Kind != notice.Digest {
			events = append(events, item)
		}
	}
	return events
}

// nextItem is the next event.
func (d *demo) nextItem(now time.Time) (notice.Item, bool) {
	if events := d.events(now); len(events) > 0 {
		return events[0], true
	}
	return notice.Item{}, false
}

// nextEvent is the instant of the next event.
func (d *demo) nextEvent(now time.Time) time.Time {
	item, _ := d.nextItem(now)
	return item.At
}

// say puts a message into the words of a language; one without words is shown by
// its key.
func (d *demo) say(lang string, m reminders.Message) string {
	words := bot.NewWords(d.content.Catalogue(), reminders.Language(lang), d.years.Calendar().Location())
	text, err := words.Plain(m)
	if err != nil {
		d.log.Error("page text", "key", m.Key, "error", err)
		return m.Key
	}
	return text
}

// what names an item in a language.
func (d *demo) what(lang string, item notice.Item) string {
	return d.say(lang, reminders.Line("kind."+string(item.Kind), nil))
}

// audience names an audience in a language.
func (d *demo) audience(lang string, a reminders.Audience) string {
	roles := make([]string, len(a.Roles))
	for i, role := range a.Roles {
		roles[i] = d.say(lang, reminders.Line("role."+string(role), nil))
	}
	return strings.Join(roles, d.say(lang, reminders.Line("series.separator", nil)))
}
