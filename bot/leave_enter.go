package bot

import (
	"context"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// showLeave asks what the step of the dialog asks.
func (t *Turn) showLeave(d Dialog) error {
	name := reminders.PersonName(reminders.PersonID(d.Object))
	switch d.Step {
	case leaveWho:
		m, err := t.whoseLeave(d)
		if err != nil {
			return err
		}
		return t.next(d, m)
	case stepCheck:
		l, err := leaveOf(d)
		if err != nil {
			return err
		}
		m := reminders.Line("dutychat.leave.check", t.leaveArgs(l))
		m.Buttons = [][]reminders.Button{{{Label: "button.leave_save", Verb: "leave", Object: leaveSave}}}
		return t.next(d, m)
	}
	if d.Object == string(t.person.ID) {
		return t.next(d, reminders.Line("dutychat.leave.days_mine", nil))
	}
	return t.next(d, reminders.Line("dutychat.leave.days", reminders.Args{"Name": name}))
}

// whoseLeave asks for whom: a tap for the people of the unit, or a staff number.
func (t *Turn) whoseLeave(d Dialog) (reminders.Message, error) {
	colleagues, err := t.colleagues()
	m := reminders.Line("dutychat.leave.who", nil)
	page, _ := strconv.Atoi(d.Noted[leaveList])
	for _, c := range cut(colleagues, page) {
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "dutychat.swap.person", Args: reminders.Args{"Name": reminders.PersonName(c.ID)}, Verb: "leave", Object: leaveFor + "." + string(c.ID),
		}})
	}
	if row := turning(len(colleagues), page, "leave", leaveList+"."); len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	return m, err
}

// leaveText takes for whom the leave is, its days, and its reason.
func (t *Turn) leaveText(d Dialog, text string) error {
	switch d.Step {
	case leaveWho:
		return t.forPerson(d, reminders.PersonID(strings.TrimSpace(text)))
	case leaveDays:
		return t.takeDays(d, text)
	}
	return t.showLeave(d.with(notedWhy, text))
}

// takeDays reads the days of a leave; what it cannot read is asked again.
func (t *Turn) takeDays(d Dialog, text string) error {
	from, to, err := ParseDays(text, t.today())
	if err != nil {
		if err := t.saveDialog(d); err != nil {
			return err
		}
		return t.excuse(err)
	}
	return t.showLeave(d.with(notedFrom, from.String()).with(notedTo, to.String()).at(stepCheck))
}

// leaveOf is the leave of a dialog.
func leaveOf(d Dialog) (people.Leave, error) {
	from, err := calendar.ParseDate(d.Noted[notedFrom])
	if err != nil {
		return people.Leave{}, err
	}
	to, err := calendar.ParseDate(d.Noted[notedTo])
	return people.Leave{Person: reminders.PersonID(d.Object), From: from, To: to, Reason: d.Noted[notedWhy]}, err
}

// saveLeave enters the leave of a dialog and says which shifts need somebody else.
func (t *Turn) saveLeave(d Dialog) error {
	l, err := leaveOf(d)
	if err != nil {
		return err
	}
	if err := t.speaksFor(l.Person); err != nil {
		return err
	}
	if l, err = t.Leaves.Enter(t.tx, l, t.person.ID); err != nil {
		return err
	}
	shifts, err := t.Duty.LeaveEntered(t.tx, l.Person, l.Window(t.Years.Calendar().Location()), t.person.ID)
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	args := t.leaveArgs(l)
	if len(shifts) == 0 {
		return t.replace(reminders.Line("dutychat.leave.done", args))
	}
	var lines []reminders.Message
	for _, s := range shifts[:min(len(shifts), shownAtOnce)] {
		lines = append(lines, shiftLine(s, l.Person, t.tx.Now()))
	}
	args["Items"] = reminders.List(lines...)
	m := reminders.Line("dutychat.leave.done_shifts", args)
	m.Buttons = [][]reminders.Button{{{Label: "button.swap", Verb: "open", Object: placeSwaps}}}
	return t.replace(m)
}

// previewLeaves says what a file of leaves would enter.
func (t *Turn) previewLeaves(name string, list people.LeaveList, wrong []sheet.RowError) (preview, error) {
	p := preview{sort: sortLeave, wrong: wrong}
	if len(wrong) > 0 || !t.has(ofDuty...) {
		return p, nil
	}
	diff, wrong, err := t.Leaves.Preview(t.tx, list, func(r people.Record) bool { return t.speaksFor(r.ID) == nil })
	if p.wrong = wrong; err != nil || len(wrong) > 0 {
		return p, err
	}
	m := reminders.Line("dutychat.leave.file", reminders.Args{
		"Name": reminders.Text(name), "New": reminders.Number(len(diff.New)), "Same": reminders.Number(diff.Unchanged),
	})
	if len(diff.New) == 0 {
		m = reminders.Line("dutychat.leave.file_same", reminders.Args{"Name": reminders.Text(name)})
	} else {
		m.Buttons = [][]reminders.Button{importButtons("button.import")}
	}
	p.said = &m
	return p, nil
}

// enterLeaves enters the leaves of a file. Done twice it has the effect of once.
func (b *Bot) enterLeaves(ctx context.Context, c Chore) (reminders.Message, error) {
	list, wrong, err := people.ReadLeaves(c.Name, c.File)
	if err == nil && len(wrong) > 0 {
		err = reminders.Fail(reminders.Conflict, "bot.leave", "file.gone", nil)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	var concerned []duty.Shift
	done, err := b.Leaves.Apply(ctx, b.Units, list, c.Person, func(tx reminders.Tx, l people.Leave) error {
		shifts, err := b.Duty.LeaveEntered(tx, l.Person, l.Window(b.Years.Calendar().Location()), c.Person)
		concerned = append(concerned, shifts...)
		return err
	})
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("dutychat.leave.file_done", reminders.Args{"Count": reminders.Number(len(done))})
	if len(concerned) > 0 {
		m.Key, m.Args["Shifts"] = "dutychat.leave.file_done_shifts", reminders.Number(len(concerned))
	}
	return m, nil
}
