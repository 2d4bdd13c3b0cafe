package main

import (
	"context"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/bot/sandbox/page"
	"github.com/qingfeng-bot/qingfeng/reminders"
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
				Roles: roles, Language: string(d.languageOf(record.Language)), Bound: record.Bound(), Yours: a.visitor && !a.unbound,
			}
			if card.OnDuty, err = d.onShift(tx, record.ID); err != nil {
				return err
			}
			if !card.Bound {
				card.InviteCode = a.code
			}
			cards = append(cards, card)
		}
		return nil
	})
	for i := range cards {
		if !cards[i].Bound {
			continue
		}
		for _, s := range d.samples(d.cast.byChat[cards[i].Chat].record) {
			cards[i].Samples = append(cards[i].Samples, s.name)
		}
	}
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
	c := d.clock.state()
	state := page.ClockState{
		Now: c.now, Zone: d.years.Calendar().Location().String(), Running: c.running, Paused: c.paused, Speed: c.speed, Rate: c.rate,
	}
	if next, found := d.nextItem(c.now); found {
		state.NextAt, state.NextWhat = next.at, d.say(lang, next.what)
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
			recipients := item.people
			if recipients < 0 {
				var err error
				if recipients, err = d.reg.count(tx, reminders.Audience{Roles: item.audience}, item.kind); err != nil {
					return err
				}
			}
			rows = append(rows, page.PlanRow{
				At: item.at, Kind: item.kind, What: d.say(lang, item.what), Audience: d.audience(lang, item.audience),
				Recipients: recipients, Reason: d.say(lang, item.why), Provisional: item.provisional,
			})
		}
		return nil
	})
	return rows
}

// nextItem is the next event.
func (d *demo) nextItem(now time.Time) (event, bool) {
	if events := d.events(now); len(events) > 0 {
		return events[0], true
	}
	return event{}, false
}

// nextEvent is the instant of the next event.
func (d *demo) nextEvent(now time.Time) time.Time {
	item, _ := d.nextItem(now)
	return item.at
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

// audience names an audience in a language.
func (d *demo) audience(lang string, a []reminders.Role) string {
	roles := make([]string, len(a))
	for i, role := range a {
		name := reminders.Line("role."+string(role), nil)
		if role == reminders.DutyOfficer {
			name = reminders.Line("duty.place.officer", nil)
		}
		roles[i] = d.say(lang, name)
	}
	separator, err := d.content.Catalogue().Text(lang, "series.separator", nil)
	if err != nil {
		d.log.Error("page text", "key", "series.separator", "error", err)
	}
	return strings.Join(roles, separator)
}
