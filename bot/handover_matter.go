package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// askedMatter is the dialog in which a matter is noted outside of a handover.
const (
	askedMatter = "matter"
	stepMatter  = "matter" // the button that begins it, with the unit
)

// mattersPage shows what is open in the unit of somebody who cannot hand over now, and
// why not.
func (t *Turn) mattersPage(shifts []duty.Shift) (reminders.Message, error) {
	unit, why := t.person.Unit, reminders.Line("dutychat.handover.nothing", nil)
	if s, found := t.nearest(shifts); found {
		unit, why = s.Unit, t.whyNoHandover(s)
	}
	return t.mattersOf(unit, why)
}

// mattersOf is the page of the open matters of a unit.
func (t *Turn) mattersOf(unit reminders.UnitID, why reminders.Message) (reminders.Message, error) {
	matters, err := t.Duty.Matters(t.tx, unit)
	if err != nil {
		return reminders.Message{}, err
	}
	lines := matterLines(matters)
	if len(lines) == 0 {
		lines = append(lines, reminders.Line("dutychat.handover.all_closed", nil))
	}
	m := reminders.Line("dutychat.handover.page", reminders.Args{
		"Unit": reminders.UnitName(unit), "Why": reminders.Say(why.Key, why.Args), "Matters": reminders.List(lines...),
	})
	may, err := t.keepsMatters(unit)
	if err != nil || !may {
		return m, err
	}
	m.Buttons = append(closeButtons(matters), []reminders.Button{{Label: "button.matter", Verb: "handover", Object: stepMatter + "." + string(unit)}})
	return m, nil
}

// nearest is the shift that runs or ran last, else the one that comes next.
func (t *Turn) nearest(shifts []duty.Shift) (duty.Shift, bool) {
	for _, s := range slices.Backward(shifts) {
		if !s.Start.After(t.tx.Now()) {
			return s, true
		}
	}
	if len(shifts) == 0 {
		return duty.Shift{}, false
	}
	return shifts[0], true
}

// whyNoHandover says when the shift can be handed over, or that it was.
func (t *Turn) whyNoHandover(s duty.Shift) reminders.Message {
	switch {
	case !s.HandedAt.IsZero():
		return reminders.Line("duty.handover.done", reminders.Args{"Name": reminders.PersonName(s.HandedBy), "At": reminders.Instant(s.HandedAt)})
	case t.tx.Now().Before(s.End.Add(-handOverEarly)):
		return reminders.Line("duty.handover.early", reminders.Args{
			"End": reminders.Instant(s.End), "Opens": reminders.Instant(s.End.Add(-handOverEarly)),
		})
	case s.TakenAt.IsZero():
		return reminders.Line("duty.handover.not_taken", nil)
	}
	return reminders.Line("duty.handover.over", reminders.Args{"End": reminders.Instant(s.End)})
}

// keepsMatters reports whether the person may note and close matters of a unit: its
// liaison, the office, and whoever has a shift there that runs or ended within a day.
func (t *Turn) keepsMatters(unit reminders.UnitID) (bool, error) {
	if t.has(reminders.Staff) || t.has(reminders.Liaison) && t.oversees(unit) {
		return true, nil
	}
	shifts, err := t.myShifts()
	return slices.ContainsFunc(shifts, func(s duty.Shift) bool {
		return s.Unit == unit && !t.tx.Now().Before(s.Start.Add(-takeOverEarly))
	}), err
}

// closeButtons close matters, several in a row.
func closeButtons(matters []duty.Matter) [][]reminders.Button {
	var buttons []reminders.Button
	for _, m := range matters[:min(len(matters), shownAtOnce)] {
		buttons = append(buttons, reminders.Button{
			Label: "button.close_matter", Args: reminders.Args{"Number": reminders.Number(m.Number)},
			Verb: "close", Object: string(m.Unit) + "-" + strconv.Itoa(m.Number),
		})
	}
	return slices.Collect(slices.Chunk(buttons, 4))
}

// closeMatter closes a matter and shows those that are left.
func (t *Turn) closeMatter(object string) error {
	unit, text, _ := strings.Cut(object, "-")
	number, _ := strconv.Atoi(text)
	if err := t.mustKeepMatters(reminders.UnitID(unit)); err != nil {
		return err
	}
	if _, err := t.Duty.CloseMatter(t.tx, reminders.UnitID(unit), number, "", t.person.ID); err != nil {
		return err
	}
	if err := t.toast(reminders.Line("dutychat.matter_closed", reminders.Args{"Number": reminders.Number(number)}), false); err != nil {
		return err
	}
	if d, err := t.within(askedHandover, stepNote); err == nil {
		return t.showHandover(d)
	}
	page, err := t.mattersOf(reminders.UnitID(unit), reminders.Line("dutychat.matter_closed", reminders.Args{"Number": reminders.Number(number)}))
	if err != nil {
		return err
	}
	return t.replace(page)
}

// mustKeepMatters refuses those who may not.
func (t *Turn) mustKeepMatters(unit reminders.UnitID) error {
	may, err := t.keepsMatters(unit)
	if err == nil && !may {
		err = reminders.Fail(reminders.Denied, "bot.matter", "error.denied", nil)
	}
	return err
}

// askMatter asks for a matter to be noted.
func (t *Turn) askMatter(unit reminders.UnitID) error {
	if err := t.mustKeepMatters(unit); err != nil {
		return err
	}
	return t.next(Dialog{Asked: askedMatter, Object: string(unit)}, reminders.Line("dutychat.matter_ask", nil))
}

// matterText notes a matter.
func (t *Turn) matterText(d Dialog, text string) error {
	unit := reminders.UnitID(d.Object)
	if err := t.mustKeepMatters(unit); err != nil {
		return err
	}
	m, err := t.Duty.OpenMatter(t.tx, unit, "", text, t.person.ID)
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	page, err := t.mattersOf(unit, reminders.Line("dutychat.matter_noted", reminders.Args{"Number": reminders.Number(m.Number)}))
	if err != nil {
		return err
	}
	return t.say(page)
}
