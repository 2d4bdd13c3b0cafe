package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// The page of leaves, see places, and the dialog that enters one: for whom, which days,
// a look at it.
const (
	placeLeaves = "leaves"
	askedLeave  = "leave"
)

// The steps of the dialog, and what its buttons do.
const (
	leaveWho  = "who"
	leaveDays = "days"
	leaveMine = "mine" // for oneself
	leaveFor  = "for"  // for this person
	leaveList = "list" // another page of the people
	leaveSave = "save" // enters it
	leaveBack = "b"    // takes one back; short, since a staff number follows
	notedFrom = "from" // the days, as dates
	notedTo   = "to"   //
	notedWhy  = "reason"
)

// leave goes on with the leave that was begun, or shows what is entered. Days behind the
// command are a leave of one's own.
func (t *Turn) leave(args string) error {
	if args != "" {
		d := Dialog{Asked: askedLeave, Object: string(t.person.ID), Step: leaveDays}
		return t.takeDays(d, args)
	}
	if d, open := t.half(askedLeave); open {
		return t.showLeave(d)
	}
	page, err := t.leavesPlace("")
	if err != nil {
		return err
	}
	return t.say(page)
}

// leavesPlace lists the leaves that are not over: one's own, and for a liaison those of
// the unit.
func (t *Turn) leavesPlace(rest string) (reminders.Message, error) {
	all, err := t.knownLeaves()
	if err != nil {
		return reminders.Message{}, err
	}
	page, _ := strconv.Atoi(rest)
	shown, paging := pageOf(all, page, shownAtOnce, placeLeaves, "")
	var lines []reminders.Message
	var rows [][]reminders.Button
	for i, l := range shown {
		number := reminders.Number(page*shownAtOnce + i + 1)
		args := t.leaveArgs(l)
		args["Number"] = number
		lines = append(lines, reminders.Line("dutychat.leave.line", args))
		rows = append(rows, []reminders.Button{{
			Label: "dutychat.leave.take_back", Args: reminders.Args{"Number": number},
			Verb: "leave", Object: leaveBack + "." + string(l.Person) + "." + strconv.Itoa(l.Number),
		}})
	}
	m := reminders.Message{Key: "dutychat.leave.list", Args: reminders.Args{"Items": reminders.List(lines...)}}
	if len(lines) == 0 {
		m = reminders.Line("dutychat.leave.none", nil)
	}
	row := []reminders.Button{{Label: "button.leave_mine", Verb: "leave", Object: leaveMine}}
	if t.has(ofDuty...) {
		row = append(row, reminders.Button{Label: "button.leave_other", Verb: "leave", Object: leaveWho})
	}
	m.Buttons = append(rows, append(paging, row...))
	return m, nil
}

// leaveArgs are a leave as arguments of a text.
func (t *Turn) leaveArgs(l people.Leave) reminders.Args {
	zone := t.Years.Calendar().Location()
	days := reminders.Say("format.days", reminders.Args{"From": reminders.Day(l.From.At(0, 0, zone)), "To": reminders.Day(l.To.At(0, 0, zone))})
	if l.From == l.To {
		days = reminders.Day(l.From.At(0, 0, zone))
	}
	if l.Reason != "" {
		days = reminders.Say("dutychat.leave.reasoned", reminders.Args{"Days": days, "Reason": reminders.Text(l.Reason)})
	}
	return reminders.Args{"Name": reminders.PersonName(l.Person), "Days": days}
}

// knownLeaves lists the leaves that the person may see and are not over, by their first
// day.
func (t *Turn) knownLeaves() ([]people.Leave, error) {
	whose := []reminders.PersonID{t.person.ID}
	if t.has(reminders.Liaison) {
		members, err := t.colleagues()
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			if m.ID != t.person.ID {
				whose = append(whose, m.ID)
			}
		}
	}
	var all []people.Leave
	for _, p := range whose {
		leaves, err := t.Leaves.Of(t.tx, p, t.today())
		if err != nil {
			return nil, err
		}
		all = append(all, leaves...)
	}
	slices.SortStableFunc(all, func(a, b people.Leave) int { return a.From.Compare(b.From) })
	return all, nil
}

// today is the date at the place.
func (t *Turn) today() calendar.Date {
	return calendar.DateOf(t.tx.Now(), t.Years.Calendar().Location())
}

// colleagues lists the people of the own unit and of those below it.
func (t *Turn) colleagues() ([]people.Record, error) {
	units, err := t.People.Below(t.tx, t.person.Unit)
	if err != nil {
		return nil, err
	}
	var all []people.Record
	for _, unit := range units {
		members, err := t.People.Members(t.tx, unit)
		if err != nil {
			return nil, err
		}
		all = append(all, members...)
	}
	return all, nil
}

// speaksFor refuses those who may not enter or take back the leave of a person: it is for
// oneself, for the liaison of the unit, and for the office.
func (t *Turn) speaksFor(p reminders.PersonID) error {
	r, found, err := t.People.Person(t.tx, p)
	switch {
	case err != nil:
		return err
	case !found || !r.Enrolled():
		return reminders.Fail(reminders.NotFound, "bot.leave", "people.unknown", reminders.Args{"StaffNo": reminders.Text(string(p))})
	case p == t.person.ID, t.has(reminders.Staff), t.has(reminders.Liaison) && t.oversees(r.Unit):
		return nil
	}
	return reminders.Fail(reminders.Denied, "bot.leave", "people.leave_other", nil)
}

// leaveButton takes a step.
func (t *Turn) leaveButton(object string) error {
	word, rest, _ := strings.Cut(object, ".")
	switch word {
	case leaveMine:
		return t.showLeave(Dialog{Asked: askedLeave, Object: string(t.person.ID), Step: leaveDays})
	case leaveWho:
		if !t.has(ofDuty...) {
			return reminders.Fail(reminders.Denied, "bot.leave", "error.denied", nil)
		}
		return t.showLeave(Dialog{Asked: askedLeave, Step: leaveWho})
	case leaveFor, leaveList:
		d, err := t.within(askedLeave, leaveWho)
		switch {
		case err != nil:
			return err
		case word == leaveList:
			return t.showLeave(d.with(leaveList, rest))
		}
		return t.forPerson(d, reminders.PersonID(rest))
	case leaveSave:
		d, err := t.within(askedLeave, stepCheck)
		if err != nil {
			return err
		}
		return t.saveLeave(d)
	case leaveBack:
		return t.takeLeaveBack(rest)
	}
	return reminders.Fail(reminders.NotFound, "bot.leave", "error.not_found", nil)
}

// forPerson goes on to the days of a person's leave.
func (t *Turn) forPerson(d Dialog, p reminders.PersonID) error {
	if err := t.speaksFor(p); err != nil {
		return err
	}
	d.Object = string(p)
	return t.showLeave(d.at(leaveDays))
}

// takeLeaveBack takes a leave back and shows the others.
func (t *Turn) takeLeaveBack(rest string) error {
	cut := strings.LastIndexByte(rest, '.')
	if cut < 0 {
		return reminders.Fail(reminders.NotFound, "bot.leave", "people.leave_unknown", nil)
	}
	p, number := reminders.PersonID(rest[:cut]), rest[cut+1:]
	if err := t.speaksFor(p); err != nil {
		return err
	}
	n, _ := strconv.Atoi(number)
	if _, err := t.Leaves.TakeBack(t.tx, p, n, t.person.ID); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("dutychat.leave.back", nil), false); err != nil {
		return err
	}
	page, err := t.leavesPlace("")
	if err != nil {
		return err
	}
	return t.replace(page)
}
