package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// peopleCommand shows the register in numbers, or one person.
func (t *Turn) peopleCommand(args string) error {
	if id := strings.TrimSpace(args); id != "" {
		return t.personPage(reminders.PersonID(id))
	}
	total, bound, lost := 0, 0, 0
	for record, err := range t.People.All(t.tx) {
		if err != nil {
			return err
		}
		if !record.Enrolled() {
			continue
		}
		total++
		if record.Bound() {
			bound++
		}
		if record.Unreachable.Reason != "" {
			lost++
		}
	}
	units, err := t.Tree.Units(t.tx)
	if err != nil {
		return err
	}
	return t.say(reminders.Line("people.body", reminders.Args{
		"Total": reminders.Number(total), "Bound": reminders.Number(bound), "Lost": reminders.Number(lost),
		"Units": reminders.Number(len(units)),
	}))
}

// personPage shows one person of the register, with the button to let them go.
func (t *Turn) personPage(id reminders.PersonID) error {
	record, found, err := t.People.Person(t.tx, id)
	if err != nil {
		return err
	}
	if !found {
		return t.say(reminders.Line("people.unknown", reminders.Args{"StaffNo": reminders.Text(string(id))}))
	}
	var roles []reminders.Message
	for _, role := range append(reminders.Roles{reminders.Official}, record.Roles...) {
		roles = append(roles, reminders.Line("role."+string(role), nil))
	}
	standing := "people.standing.bound"
	switch {
	case !record.Active():
		standing = "people.standing.retired"
	case !record.Bound():
		standing = "people.standing.unbound"
	case record.Unreachable.Reason != "":
		standing = "people.standing.unreachable"
	}
	m := reminders.Line("people.person", reminders.Args{
		"StaffNo": reminders.Text(string(id)), "Name": reminders.Text(record.Name), "Unit": reminders.UnitName(record.Unit),
		"Roles": reminders.Series(roles...), "Standing": reminders.Say(standing, reminders.Args{"StaffNo": reminders.Text(string(id))}),
	})
	if record.Active() {
		m.Buttons = [][]reminders.Button{{{Label: "button.retire", Verb: "confirm", Object: "leave." + string(id)}}}
	}
	return t.say(m)
}

// leaving asks once more before a person is taken out of service.
func (t *Turn) leaving(id reminders.PersonID) error {
	record, found, err := t.People.Person(t.tx, id)
	if err != nil {
		return err
	}
	if !found || !record.Active() {
		return t.replace(reminders.Line("people.unknown", reminders.Args{"StaffNo": reminders.Text(string(id))}))
	}
	m := reminders.Line("people.leaving", reminders.Args{"Name": reminders.Text(record.Name), "StaffNo": reminders.Text(string(id))})
	m.Buttons = [][]reminders.Button{{
		{Label: "button.retire_now", Verb: "confirm", Object: "retire." + string(id)},
		{Label: "button.cancel", Verb: "cancel", Object: "retire"},
	}}
	return t.replace(m)
}

// retire takes a person out of service. What was still expected of them is
// excused with the reason, and the liaisons hear which shifts need somebody else.
func (t *Turn) retire(id reminders.PersonID) error {
	record, _, err := t.People.Person(t.tx, id)
	if err != nil {
		return err
	}
	chat, err := t.People.Retire(t.tx, id, obligation.ReasonRetired, string(t.person.ID))
	if err != nil {
		return err
	}
	excused, err := t.Book.ExcuseAll(t.tx, id, obligation.ReasonRetired, t.person.ID)
	if err != nil {
		return err
	}
	shifts, err := t.Duty.PersonGone(t.tx, id)
	if err != nil {
		return err
	}
	if chat != 0 {
		d := t.outgoing(reminders.ActSend)
		d.Person, d.Chat, d.Language = "", chat, t.languageOf(record.Person)
		d.Lines = []reminders.Message{reminders.Line("people.farewell", nil)}
		if err := t.Outbox.Enqueue(t.tx, d); err != nil {
			return err
		}
	}
	m := reminders.Line("people.retired", reminders.Args{"Name": reminders.PersonName(id), "Count": reminders.Number(excused)})
	if len(shifts) > 0 {
		m.Key, m.Args["Shifts"] = "people.retired_shifts", reminders.Number(len(shifts))
	}
	return t.replace(m)
}
