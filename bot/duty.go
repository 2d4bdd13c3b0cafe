package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Who is on a roster has the commands of duty from a month before the shift until the
// day after it.
const (
	beforeShift = 30 * 24 * time.Hour
	afterShift  = 24 * time.Hour
)

// The pages of duty, see places.
const (
	placeShifts = "shifts" // the own shifts
	placeOnDuty = "onduty" // who is on duty now, unit by unit
)

// fromPage stands before the object of a button of the page of one's shifts, which shows
// what came of the tap.
const fromPage = "page."

// onRoster reports whether a person has, or had until it was changed, a place on a shift
// of these days, or takes part in a swap.
func (b *Bot) onRoster(tx reminders.Tx, person reminders.PersonID) (bool, error) {
	near := reminders.Window{From: tx.Now().Add(-afterShift), To: tx.Now().Add(beforeShift)}
	stints, err := b.Duty.Store.Stints(tx, person)
	if err != nil || slices.ContainsFunc(stints, func(s duty.Stint) bool { return s.Window.Overlaps(near) }) {
		return err == nil, err
	}
	live, err := b.Swaps.Live(tx, "")
	return slices.ContainsFunc(live, func(s duty.Swap) bool { return s.Giver == person || s.Taker == person }), err
}

// duty shows a person's shifts and who is on duty now; those who oversee all units and
// have no shift themselves see the units.
func (t *Turn) duty(string) error {
	page, err := t.shiftsPlace("")
	if err != nil {
		return err
	}
	return t.say(page)
}

// myShifts lists the shifts of the person that are not over, and those that ended within
// a day.
func (t *Turn) myShifts() ([]duty.Shift, error) {
	now := t.tx.Now()
	return t.Duty.ShiftsOf(t.tx, t.person.ID, reminders.Window{From: now.Add(-afterShift), To: now.Add(horizon)})
}

// shiftsPlace is the page of the own shifts.
func (t *Turn) shiftsPlace(string) (reminders.Message, error) {
	shifts, err := t.myShifts()
	if err != nil {
		return reminders.Message{}, err
	}
	if len(shifts) == 0 && t.has(readers...) {
		return t.onDutyPlace("")
	}
	var lines []reminders.Message
	for _, s := range shifts[:min(len(shifts), shownAtOnce)] {
		lines = append(lines, shiftLine(s, t.person.ID, t.tx.Now()))
	}
	if more := len(shifts) - len(lines); more > 0 {
		lines = append(lines, reminders.Line("dutychat.more", reminders.Args{"Count": reminders.Number(more)}))
	}
	if len(lines) == 0 {
		lines = append(lines, reminders.Line("dutychat.none", nil))
	}
	now, err := t.nowLines(shifts)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("dutychat.mine", reminders.Args{"Items": reminders.List(lines...), "Now": reminders.List(now...)})
	m.Buttons = t.shiftButtons(shifts)
	return m, nil
}

// shiftLine is one shift as somebody with a place on it sees it.
func shiftLine(s duty.Shift, p reminders.PersonID, now time.Time) reminders.Message {
	args := reminders.Args{
		"Start": reminders.Instant(s.Start), "End": reminders.Instant(s.End), "Unit": reminders.UnitName(s.Unit),
		"Place": duty.PlaceName(s.PlaceOf(p)),
	}
	state := shiftState(s, now)
	if state.Key == "" {
		return reminders.Line("dutychat.shift", args)
	}
	args["State"] = reminders.Say(state.Key, state.Args)
	return reminders.Line("dutychat.shift_state", args)
}

// shiftState says how far a shift is; nothing of one that has not begun.
func shiftState(s duty.Shift, now time.Time) reminders.Message {
	switch {
	case !s.HandedAt.IsZero():
		return reminders.Line("dutychat.state.handed", nil)
	case !s.TakenAt.IsZero() && s.TakenBy != s.Officer:
		return reminders.Line("dutychat.state.taken_for", reminders.Args{"Name": reminders.PersonName(s.TakenBy), "At": reminders.TimeOfDay(s.TakenAt)})
	case !s.TakenAt.IsZero():
		return reminders.Line("dutychat.state.taken", reminders.Args{"At": reminders.TimeOfDay(s.TakenAt)})
	case !now.Before(s.End):
		return reminders.Line("dutychat.state.missed", nil)
	case !now.Before(s.Start):
		return reminders.Line("dutychat.state.waiting", nil)
	}
	return reminders.Message{}
}

// shiftButtons are what can be done on the page of the own shifts at this instant.
func (t *Turn) shiftButtons(shifts []duty.Shift) [][]reminders.Button {
	var rows [][]reminders.Button
	ahead := false
	for _, s := range shifts {
		if t.canTakeOver(s) {
			rows = append(rows, []reminders.Button{{Label: "button.takeover", Verb: "takeover", Object: fromPage + string(s.ID)}})
		}
		if t.canHandOver(s) {
			rows = append(rows, []reminders.Button{{Label: "button.handover", Verb: "handover", Object: stepBegin + "." + string(s.ID)}})
		}
		ahead = ahead || s.Start.After(t.tx.Now())
	}
	var row []reminders.Button
	if ahead {
		row = append(row, reminders.Button{Label: "button.swap", Verb: "open", Object: placeSwaps})
	}
	if len(shifts) > 0 {
		row = append(row, reminders.Button{Label: "button.calendar", Verb: "calendar"})
	}
	if t.has(readers...) {
		row = append(row, reminders.Button{Label: "button.all_units", Verb: "page", Object: placeOnDuty})
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	return rows
}

// canTakeOver reports whether the page offers to take a shift over: to the officer as
// soon as it is open, to backup and leader when the officer's grace is over.
func (t *Turn) canTakeOver(s duty.Shift) bool {
	opens := s.Start.Add(-takeOverEarly)
	if s.Officer != t.person.ID {
		opens = s.Start.Add(t.Duty.Rules.Grace)
	}
	return s.TakenAt.IsZero() && !t.tx.Now().Before(opens) && t.tx.Now().Before(s.End)
}

// takeOverEarly is how long before its start a shift may be taken over.
const takeOverEarly = 30 * time.Minute

// takeover takes a shift over. The message that asked shows it by itself; another one is
// brought up to date here.
func (t *Turn) takeover(object string) error {
	id, onPage := strings.CutPrefix(object, fromPage)
	taken, err := t.Duty.TakeOver(t.tx, duty.ShiftID(id), t.person.ID)
	if err != nil {
		return err
	}
	key := "dutychat.taken"
	switch {
	case taken.Again:
		key = "dutychat.taken_again"
	case taken.Late:
		key = "dutychat.taken_late"
	}
	args := reminders.Args{"At": reminders.Instant(taken.Shift.TakenAt), "End": reminders.Instant(taken.Shift.End)}
	if err := t.toast(reminders.Line(key, args), false); err != nil {
		return err
	}
	asked, err := t.askedHere(taken.Shift.TakeOverTerms(), taken.Shift.Unit)
	switch {
	case err != nil:
		return err
	case onPage:
		page, err := t.shiftsPlace("")
		if err != nil {
			return err
		}
		return t.replace(page)
	case asked:
		return nil
	}
	m := reminders.Line("dutychat.took_over", reminders.Args{
		"Unit": reminders.UnitName(taken.Shift.Unit), "At": args["At"], "End": args["End"], "Left": reminders.List(leftLines(taken.Left)...),
	})
	return t.replace(m)
}

// askedHere reports whether the message that was tapped is one by which a unit was asked.
func (t *Turn) askedHere(id obligation.TermsID, unit reminders.UnitID) (bool, error) {
	_, line, err := t.Book.Standing(t.tx, reminders.Ask{Terms: string(id), Unit: unit})
	if err != nil || t.update.Callback == nil {
		return false, err
	}
	shown, err := t.shown(line)
	return shown.MessageID == t.update.Callback.MessageID, err
}

// leftLines say what the shift before has left.
func leftLines(left duty.Left) []reminders.Message {
	var lines []reminders.Message
	if left.From.Note != "" {
		lines = append(lines, reminders.Line("duty.left.note", reminders.Args{
			"Name": reminders.PersonName(left.From.HandedBy), "Note": reminders.Text(left.From.Note),
		}))
	}
	return append(lines, matterLines(left.Matters)...)
}

// matterLines list open matters.
func matterLines(matters []duty.Matter) []reminders.Message {
	var lines []reminders.Message
	for _, m := range matters[:min(len(matters), shownAtOnce)] {
		lines = append(lines, reminders.Line("duty.left.matter", reminders.Args{
			"Number": reminders.Number(m.Number), "Text": reminders.Text(m.Text),
		}))
	}
	return lines
}
