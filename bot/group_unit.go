package bot

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// placeGroup is the page of the unit's group, for its liaisons.
const placeGroup = "group"

// groupPlaces are the pages of the unit's group, by the word before the first '-'.
func groupPlaces() map[string]place { return map[string]place{placeGroup: (*Turn).groupPlace} }

// groupWay is the button by which a liaison comes to the page of the group.
func (t *Turn) groupWay() [][]reminders.Button {
	if !t.has(reminders.Liaison) {
		return nil
	}
	return [][]reminders.Button{{{Label: "button.group", Verb: "page", Object: placeGroup}}}
}

// groupPlace shows the page of the unit's group, or does what one of its buttons says.
func (t *Turn) groupPlace(step string) (reminders.Message, error) {
	if !t.has(reminders.Liaison) {
		return reminders.Message{}, reminders.Fail(reminders.Denied, "bot.group", "error.denied", nil)
	}
	switch step {
	case "":
		return t.groupPage()
	case "code":
		return t.newGroupCode()
	case "drop":
		m := reminders.Line("group.ask_drop", reminders.Args{"Unit": reminders.UnitName(t.person.Unit)})
		m.Buttons = [][]reminders.Button{{
			{Label: "button.group_gone", Verb: "page", Object: placeGroup + "-gone"},
			{Label: "button.back", Verb: "page", Object: placeGroup},
		}}
		return m, nil
	case "gone":
		return t.dropGroup()
	}
	return reminders.Message{}, reminders.Fail(reminders.NotFound, "bot.group", "error.not_found", nil)
}

// groupPage says whether the unit has a group, and what it is for.
func (t *Turn) groupPage() (reminders.Message, error) {
	group, found, err := t.Groups.Of(t.tx, t.person.Unit)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("group.none_yet", reminders.Args{"Unit": reminders.UnitName(t.person.Unit), "Use": reminders.Say("group.use", nil)})
	row := []reminders.Button{{Label: "button.group_bind", Verb: "page", Object: placeGroup + "-code"}}
	if found && group.Bound() {
		m.Key, m.Args["At"] = "group.bound", reminders.Instant(group.BoundAt)
		row[0].Label = "button.group_change"
		row = append(row, reminders.Button{Label: "button.group_drop", Verb: "page", Object: placeGroup + "-drop"})
	}
	m.Buttons = [][]reminders.Button{row, {{Label: "button.back", Verb: "page", Object: placeUnit}}}
	return m, nil
}

// newGroupCode makes a code and shows the line to type in the group.
func (t *Turn) newGroupCode() (reminders.Message, error) {
	code, err := t.Groups.Code(t.tx, t.person.Unit, t.person)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("group.code", reminders.Args{
		"Unit": reminders.UnitName(t.person.Unit), "Bot": reminders.Text(t.Username), "Code": reminders.Text(code),
		"Until": reminders.Instant(t.tx.Now().Add(people.GroupTTL)), "Use": reminders.Say("group.use", nil),
	})
	m.Buttons = [][]reminders.Button{{{Label: "button.back", Verb: "page", Object: placeGroup}}}
	return m, nil
}

// dropGroup ends the tie of the unit to its group.
func (t *Turn) dropGroup() (reminders.Message, error) {
	group, err := t.Groups.Unbind(t.tx, t.person.Unit, t.person)
	if err != nil {
		return reminders.Message{}, err
	}
	if err := t.tellGroup(group.Chat); err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("group.dropped", reminders.Args{"Unit": reminders.UnitName(t.person.Unit)})
	m.Buttons = [][]reminders.Button{{{Label: "button.back", Verb: "page", Object: placeGroup}}}
	return m, nil
}
