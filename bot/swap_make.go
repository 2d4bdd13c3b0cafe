package bot

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// askedSwap is the dialog that makes a swap: which shift, whose place on it, covered or
// exchanged, with whom, for which shift, a look at it. It is also the one that asks for a
// reason; its step is then that of the swap.
const askedSwap = "swap"

// What the buttons of the dialog pick. The object of a button is one of these words, a
// dot and what was picked.
const (
	pickGive   = "give"  // an own shift
	pickUnit   = "unit"  // the shifts of a unit
	pickShift  = "shift" // somebody's shift
	pickPlace  = "place"
	pickMode   = "mode"
	pickTaker  = "taker"
	pickBack   = "back"
	pickPage   = "list" // another page of the list
	pickAsk    = "ask"
	pickImpose = "impose"
)

// The ways in which a shift changes hands.
const (
	modeCover    = "cover"
	modeExchange = "exchange"
)

// The steps of the dialog are what is picked next; stepCheck shows the swap, stepWhy asks
// why it is imposed.
const stepWhy = "why"

// pickFrom lists the shifts of a unit for those who arrange them.
func (t *Turn) pickFrom(unit reminders.UnitID, page int) error {
	if err := t.mustFile(unit); err != nil {
		return err
	}
	now := t.tx.Now()
	shifts, err := t.Duty.Shifts(t.tx, unit, reminders.Window{From: now, To: now.Add(horizon)})
	if err != nil {
		return err
	}
	if len(shifts) == 0 {
		return t.toast(reminders.Line("dutychat.swap.no_shifts", nil), true)
	}
	m := reminders.Line("dutychat.swap.pick", reminders.Args{"Unit": reminders.UnitName(unit)})
	for _, s := range cut(shifts, page) {
		m.Buttons = append(m.Buttons, []reminders.Button{{
			Label: "dutychat.swap.held", Verb: "swap", Object: pickShift + "." + string(s.ID),
			Args: reminders.Args{"Start": reminders.Instant(s.Start), "Name": reminders.PersonName(s.Officer)},
		}})
	}
	m.Buttons = append(m.Buttons, append(turning(len(shifts), page, "swap", pickUnit+"."+string(unit)+"."),
		reminders.Button{Label: "button.back", Verb: "page", Object: placeSwaps}))
	return t.replace(m)
}

// cut gives one page of a list.
func cut[T any](list []T, page int) []T {
	from := max(0, min(page*shownAtOnce, len(list)))
	return list[from:min(from+shownAtOnce, len(list))]
}

// turning are the buttons that turn the pages of a list which a verb shows.
func turning(length, page int, verb, before string) []reminders.Button {
	var row []reminders.Button
	if page > 0 {
		row = append(row, reminders.Button{Label: "button.previous", Verb: verb, Object: before + strconv.Itoa(page-1)})
	}
	if (page+1)*shownAtOnce < length {
		row = append(row, reminders.Button{Label: "button.next", Verb: verb, Object: before + strconv.Itoa(page+1)})
	}
	return row
}

// beginSwap begins a swap of a shift: of the own place on it, or for those who arrange
// the roster of any.
func (t *Turn) beginSwap(id duty.ShiftID, arranged bool) error {
	s, found, err := t.Duty.ShiftOf(t.tx, id)
	if err == nil && (!found || s.Cancelled) {
		err = reminders.Fail(reminders.NotFound, "bot.swap", "swap.gone", nil)
	}
	if err != nil {
		return err
	}
	d := Dialog{Asked: askedSwap, Object: string(id)}
	if arranged {
		if err := t.mustFile(s.Unit); err != nil {
			return err
		}
		if d = d.at(pickPlace); len(s.People()) == 1 {
			d = d.with(pickPlace, string(reminders.DutyOfficer)).at(t.modeStep(s))
		}
		return t.showSwap(d.with(pickShift, "yes"))
	}
	switch place := s.PlaceOf(t.person.ID); {
	case place == "":
		return reminders.Fail(reminders.Conflict, "bot.swap", "swap.not_held", reminders.Args{
			"Name": reminders.PersonName(t.person.ID), "Start": reminders.Instant(s.Start),
		})
	case !s.Start.After(t.tx.Now()):
		return reminders.Fail(reminders.Closed, "bot.swap", "swap.begun", nil)
	default:
		return t.showSwap(d.with(pickPlace, string(place)).at(pickMode))
	}
}

// modeStep is the step after the place was picked: a shift that runs can only be covered.
func (t *Turn) modeStep(s duty.Shift) string {
	if s.Start.After(t.tx.Now()) {
		return pickMode
	}
	return pickTaker
}

// chooseSwap takes what was picked in a step of the dialog.
func (t *Turn) chooseSwap(word, picked string) error {
	if word == pickPage {
		d, err := t.within(askedSwap, pickTaker, pickBack)
		if err != nil {
			return err
		}
		return t.showSwap(d.with(pickPage, picked))
	}
	step := word
	if word == pickAsk || word == pickImpose {
		step = stepCheck
	}
	d, err := t.within(askedSwap, step)
	if err != nil {
		return err
	}
	d = d.with(word, picked).with(pickPage, "0")
	switch word {
	case pickPlace:
		s, _, err := t.Duty.ShiftOf(t.tx, duty.ShiftID(d.Object))
		if err != nil {
			return err
		}
		return t.showSwap(d.at(t.modeStep(s)))
	case pickMode:
		return t.showSwap(d.with(pickBack, "").at(pickTaker))
	case pickTaker:
		return t.afterTaker(d)
	case pickBack:
		return t.showSwap(d.at(stepCheck))
	case pickImpose:
		return t.showSwap(d.at(stepWhy))
	}
	return t.askSwap(d)
}

// afterTaker goes on to the shift in return, unless there is none or only one to pick.
func (t *Turn) afterTaker(d Dialog) error {
	if d.Noted[pickMode] != modeExchange {
		return t.showSwap(d.at(stepCheck))
	}
	backs, err := t.returns(d)
	if err != nil {
		return err
	}
	backs = heldBy(backs, d.place(), reminders.PersonID(d.Noted[pickTaker]))
	if len(backs) == 1 {
		return t.showSwap(d.with(pickBack, string(backs[0].ID)).at(stepCheck))
	}
	return t.showSwap(d.at(pickBack))
}

// place is the place on the shift that is swapped.
func (d Dialog) place() reminders.Role { return reminders.Role(d.Noted[pickPlace]) }

// heldBy keeps the shifts on which a person holds a place.
func heldBy(shifts []duty.Shift, place reminders.Role, p reminders.PersonID) []duty.Shift {
	return slices.DeleteFunc(slices.Clone(shifts), func(s duty.Shift) bool { return s.InPlace(place) != p })
}

// request is the swap of a dialog.
func (t *Turn) request(d Dialog) duty.SwapRequest {
	return duty.SwapRequest{
		By: t.person.ID, Given: duty.ShiftID(d.Object), Taker: reminders.PersonID(d.Noted[pickTaker]),
		Back: duty.ShiftID(d.Noted[pickBack]), Place: d.place(), Why: d.Noted[stepWhy],
	}
}

// askSwap asks for the swap of a dialog.
func (t *Turn) askSwap(d Dialog) error {
	s, err := t.Swaps.Ask(t.tx, t.request(d))
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.showDecided(s)
}

// swapText takes the reason for which a swap is imposed, refused or reversed.
func (t *Turn) swapText(d Dialog, text string) error {
	var s duty.Swap
	var err error
	switch step := duty.SwapStep(d.Step); step {
	case stepWhy:
		s, err = t.Swaps.Impose(t.tx, t.request(d.with(stepWhy, text)))
	case duty.StepRefuse, duty.StepReverse:
		s, err = t.stepSwap(duty.SwapID(d.Object), step, text)
	default:
		return t.say(reminders.Line("dialog.tap", nil))
	}
	if err != nil {
		return err
	}
	if err := t.endDialog(); err != nil {
		return err
	}
	return t.showDecided(s)
}
