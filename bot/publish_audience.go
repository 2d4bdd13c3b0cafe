package bot

import (
	"context"
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// namedAtOnce is how many units or people a description of an audience names.
const namedAtOnce = 3

// audienceRoles are the roles by which an audience is chosen.
var audienceRoles = []reminders.Role{reminders.Liaison, reminders.Leader, reminders.Staff, reminders.Head, reminders.Admin, reminders.Auditor}

// audience shows for whom a publication is, with the live count, and how to change it.
func (t *Turn) audience(p notice.Publication, _ string) (reminders.Message, error) {
	reach, err := t.reach(p.Audience)
	if err != nil {
		return reminders.Message{}, err
	}
	h, a := p.Handle(), p.Audience
	m := reminders.Line("noticechat.audience.body", reminders.Args{
		"Head": headOf(p), "Audience": audienceText(a), "Reach": reminders.Say(reachLine(reach).Key, reachLine(reach).Args),
	})
	if a.Nobody() {
		m = reminders.Line("noticechat.audience.empty", reminders.Args{"Head": headOf(p)})
	}
	m.Buttons = [][]reminders.Button{
		{stepButton(onOff(a.Everyone, "noticechat.button.everyone_on", "noticechat.button.everyone"), "aa", h), stepButton("noticechat.button.saved", "as", h)},
		{stepButton("noticechat.button.units", "u", h), stepButton("noticechat.button.roles", "ar", h)},
		{stepButton("noticechat.button.people", "an", h), stepButton("noticechat.button.except", "ax", h)},
		{stepButton(onOff(a.Groups, "noticechat.button.groups_on", "noticechat.button.groups"), "ag", h)},
	}
	last := []reminders.Button{stepButton("noticechat.button.done", pressShow, h)}
	if !a.Nobody() || len(a.Except) > 0 {
		last = append([]reminders.Button{stepButton("noticechat.button.save", "ak", h), stepButton("noticechat.button.clear", "ac", h)}, last...)
	}
	m.Buttons = append(m.Buttons, last)
	return m, nil
}

// onOff is the label of a button that turns something on or off.
func onOff(on bool, ifOn, ifOff string) string {
	if on {
		return ifOn
	}
	return ifOff
}

// reach counts an audience in a view: the unit of work would remember each of the people
// and begin anew with every change that comes meanwhile.
func (t *Turn) reach(a reminders.Audience) (r notice.Reach, err error) {
	err = t.Units.View(context.Background(), func(tx reminders.Tx) (err error) {
		r, err = t.Press.Reach(tx, a)
		return err
	})
	return r, err
}

// setAudience changes for whom a draft is and shows that.
func (t *Turn) setAudience(p notice.Publication, change func(a *reminders.Audience)) (reminders.Message, error) {
	p, err := t.changeAudience(p, change)
	if err != nil {
		return reminders.Message{}, err
	}
	return t.audience(p, "")
}

func (t *Turn) changeAudience(p notice.Publication, change func(a *reminders.Audience)) (notice.Publication, error) {
	return t.Press.Edit(t.tx, p.Handle(), t.person.ID, func(p *notice.Publication) { change(&p.Audience) })
}

// toggleEveryone means all who are enrolled, or no longer.
func (t *Turn) toggleEveryone(p notice.Publication, _ string) (reminders.Message, error) {
	return t.setAudience(p, func(a *reminders.Audience) { a.Everyone = !a.Everyone })
}

// toggleGroups lets units be told in their group chats, or no longer.
func (t *Turn) toggleGroups(p notice.Publication, _ string) (reminders.Message, error) {
	return t.setAudience(p, func(a *reminders.Audience) { a.Groups = !a.Groups })
}

// clearAudience begins anew.
func (t *Turn) clearAudience(p notice.Publication, _ string) (reminders.Message, error) {
	return t.setAudience(p, func(a *reminders.Audience) { *a = reminders.Audience{} })
}

// roles lists the roles; with the number of one, it is taken in or out.
func (t *Turn) roles(p notice.Publication, rest string) (reminders.Message, error) {
	if i, err := strconv.Atoi(rest); err == nil && i >= 0 && i < len(audienceRoles) {
		p, err = t.changeAudience(p, func(a *reminders.Audience) { a.Roles = flipped(a.Roles, audienceRoles[i]) })
		if err != nil {
			return reminders.Message{}, err
		}
	}
	m := reminders.Line("noticechat.audience.roles", reminders.Args{"Head": headOf(p)})
	var row []reminders.Button
	for i, role := range audienceRoles {
		b := stepButton(onOff(slices.Contains(p.Audience.Roles, role), "noticechat.button.chosen", "noticechat.button.plain"), "ar", p.Handle(), strconv.Itoa(i))
		b.Args = reminders.Args{"Title": reminders.Say("role."+string(role), nil)}
		if row = append(row, b); len(row) == 2 {
			m.Buttons, row = append(m.Buttons, row), nil
		}
	}
	m.Buttons = append(m.Buttons, []reminders.Button{stepButton("button.back", "a", p.Handle())})
	return m, nil
}

// audienceText describes an audience in one line.
func audienceText(a reminders.Audience) reminders.Value {
	args := reminders.Args{"Base": reminders.List(), "People": reminders.List(), "Except": reminders.List(), "Groups": reminders.List()}
	units, roles := unitNames(a.Units), roleNames(a.Roles)
	switch {
	case a.Everyone:
		args["Base"] = reminders.Say("noticechat.audience.everyone", nil)
	case len(a.Units) > 0 && len(a.Roles) > 0:
		args["Base"] = reminders.Say("noticechat.audience.roles_of", reminders.Args{"Units": units, "Roles": roles})
	case len(a.Units) > 0:
		args["Base"] = units
	case len(a.Roles) > 0:
		args["Base"] = reminders.Say("noticechat.audience.all_of", reminders.Args{"Roles": roles})
	}
	if names := personNames(a.People); len(a.People) > 0 && !a.Everyone {
		key := "noticechat.audience.and_people"
		if len(a.Units)+len(a.Roles) == 0 {
			key = "noticechat.audience.people"
		}
		args["People"] = reminders.Say(key, reminders.Args{"Names": names})
	}
	if len(a.Except) > 0 {
		args["Except"] = reminders.Say("noticechat.audience.except", reminders.Args{"Names": personNames(a.Except)})
	}
	if a.Groups {
		args["Groups"] = reminders.Say("noticechat.audience.by_group", nil)
	}
	return reminders.Say("noticechat.audience.line", args)
}

// shortList names the first of many, and how many there are.
func shortList[T any](list []T, name func(T) reminders.Value) reminders.Value {
	var names []reminders.Message
	for _, one := range list[:min(len(list), namedAtOnce)] {
		names = append(names, reminders.Line("noticechat.audience.name", reminders.Args{"Name": name(one)}))
	}
	if len(list) > namedAtOnce {
		return reminders.Say("noticechat.audience.more", reminders.Args{"Names": reminders.Series(names...), "N": reminders.Number(len(list))})
	}
	return reminders.Series(names...)
}

func unitNames(units []reminders.UnitID) reminders.Value { return shortList(units, reminders.UnitName) }

func personNames(people []reminders.PersonID) reminders.Value {
	return shortList(people, reminders.PersonName)
}

func roleNames(roles []reminders.Role) reminders.Value {
	return shortList(roles, func(r reminders.Role) reminders.Value { return reminders.Say("role."+string(r), nil) })
}
