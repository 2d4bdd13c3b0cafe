package bot

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// settings shows what the person can choose: language and optional topics.
func (t *Turn) settings(string) error { return t.say(t.settingsPage()) }

// settingsPage is the choice with its buttons.
func (t *Turn) settingsPage() reminders.Message {
	m := reminders.Line("settings.body", reminders.Args{
		"Name": reminders.Text(t.person.Name), "Unit": reminders.UnitName(t.person.Unit),
		"Language": reminders.Say("settings.language."+string(t.lang), nil),
	})
	var languages []reminders.Button
	for _, lang := range t.Content.Catalogue().Languages() {
		languages = append(languages, reminders.Button{Label: "settings.language." + lang, Verb: "lang", Object: lang})
	}
	m.Buttons = [][]reminders.Button{languages}
	for _, topic := range people.OptionalTopics() {
		label := "settings.leave." + topic
		if slices.Contains(t.person.LeftTopics, topic) {
			label = "settings.join." + topic
		}
		m.Buttons = append(m.Buttons, []reminders.Button{{Label: label, Verb: "topic", Object: topic}})
	}
	return m
}

// chooseLanguage changes the language in which the person is addressed.
func (t *Turn) chooseLanguage(object string) error {
	if err := t.People.SetLanguage(t.tx, t.person.ID, reminders.Language(object)); err != nil {
		return err
	}
	return t.settled()
}

// chooseTopic leaves an optional topic, or joins it again.
func (t *Turn) chooseTopic(object string) error {
	change := t.People.LeaveTopic
	if slices.Contains(t.person.LeftTopics, object) {
		change = t.People.JoinTopic
	}
	if err := change(t.tx, t.person.ID, object); err != nil {
		return err
	}
	return t.settled()
}

// settled shows the settings as they are now.
func (t *Turn) settled() error {
	record, _, err := t.People.Person(t.tx, t.person.ID)
	if err != nil {
		return err
	}
	t.become(record)
	t.later(t.menuOf(record))
	return t.replace(t.settingsPage())
}
