package main

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// groups shows the notices which units have a group chat, and who is in them.
type groups struct {
	bound    *people.Groups
	register *people.Desk
}

// GroupChat gives the chat that is bound to a unit now.
func (g groups) GroupChat(tx reminders.Tx, unit reminders.UnitID) (reminders.ChatID, bool, error) {
	found, ok, err := g.bound.Of(tx, unit)
	return found.Chat, ok && found.Bound(), err
}

// has reports whether a unit has a group chat now.
func (g groups) has(tx reminders.Tx, unit reminders.UnitID) (bool, error) {
	_, found, err := g.GroupChat(tx, unit)
	return found, err
}

// Members lists the active people of a unit.
func (g groups) Members(tx reminders.Tx, unit reminders.UnitID) ([]reminders.Person, error) {
	records, err := g.register.Members(tx, unit)
	all := make([]reminders.Person, len(records))
	for i, r := range records {
		all[i] = r.Person
	}
	return all, err
}
