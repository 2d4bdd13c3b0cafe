package people

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// OptionalTopics are the kinds of notice that a person may leave (可退订主题), by
// their names in the plan. All others are part of the work and cannot be left.
func OptionalTopics() []string { return []string{"case-push", "theme"} }

// SetLanguage notes the language that a person chose; imports leave it alone
// from then on. A language without texts is an Invalid error.
func (d *Desk) SetLanguage(tx reminders.Tx, id reminders.PersonID, language reminders.Language) error {
	if !slices.Contains(d.languages, language) {
		return reminders.Fail(reminders.Invalid, "people.language", "people.language_unknown",
			reminders.Args{"Word": reminders.Text(string(language))})
	}
	r, err := d.find(tx, "people.language", id)
	if err != nil || (r.Language == language && r.LanguageChosen) {
		return err
	}
	r.Language, r.LanguageChosen = language, true
	return d.change(tx, r, ledger.Changed, "language", string(id))
}

// LeaveTopic notes that a person does not want a topic. It fails with Denied for
// a topic that is not optional. Leaving twice changes nothing.
func (d *Desk) LeaveTopic(tx reminders.Tx, id reminders.PersonID, topic string) error {
	if !slices.Contains(OptionalTopics(), topic) {
		return reminders.Fail(reminders.Denied, "people.topic", "people.topic_mandatory", nil)
	}
	r, err := d.find(tx, "people.topic", id)
	if err != nil || !r.Wants(topic) {
		return err
	}
	left := append(slices.Clone(r.LeftTopics), topic)
	slices.Sort(left)
	r.LeftTopics = left
	return d.change(tx, r, ledger.Changed, "topic-left", string(id))
}

// JoinTopic notes that a person wants a topic again.
func (d *Desk) JoinTopic(tx reminders.Tx, id reminders.PersonID, topic string) error {
	r, err := d.find(tx, "people.topic", id)
	if err != nil || r.Wants(topic) {
		return err
	}
	r.LeftTopics = slices.DeleteFunc(slices.Clone(r.LeftTopics), func(t string) bool { return t == topic })
	return d.change(tx, r, ledger.Changed, "topic-joined", string(id))
}
