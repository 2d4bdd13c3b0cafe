package bot

import (
	"slices"
	"strconv"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// The pages of swaps, see places: what can be swapped, and one swap.
const (
	placeSwaps = "swaps"
	placeSwap  = "swap"
)

// swapCommand goes on with the swap that was begun, or shows what can be swapped.
func (t *Turn) swapCommand(string) error {
	if d, open := t.half(askedSwap); open {
		return t.showSwap(d)
	}
	page, err := t.swapsPlace("")
	if err != nil {
		return err
	}
	return t.say(page)
}

// swapsPlace lists the swaps in which the person has something to decide, and the own
// shifts to swap; liaisons and staff also choose from all shifts of a unit.
func (t *Turn) swapsPlace(string) (reminders.Message, error) {
	live, err := t.liveSwaps()
	if err != nil {
		return reminders.Message{}, err
	}
	var lines []reminders.Message
	var rows [][]reminders.Button
	for i, s := range live[:min(len(live), shownAtOnce)] {
		said, state := t.Swaps.Said(s), swapState(s)
		lines = append(lines, reminders.Line("dutychat.swap.line", reminders.Args{
			"Number": reminders.Number(i + 1), "Swap": reminders.Say(said.Key, said.Args), "State": reminders.Say(state.Key, state.Args),
		}))
		rows = append(rows, []reminders.Button{{
			Label: "dutychat.swap.open", Args: reminders.Args{"Number": reminders.Number(i + 1)},
			Verb: "page", Object: placeSwap + "-" + string(s.ID),
		}})
	}
	own, err := t.swappable()
	if err != nil {
		return reminders.Message{}, err
	}
	for _, s := range own[:min(len(own), shownAtOnce)] {
		rows = append(rows, []reminders.Button{{
			Label: "dutychat.swap.shift", Verb: "swap", Object: pickGive + "." + string(s.ID),
			Args: reminders.Args{"Start": reminders.Instant(s.Start), "Place": duty.PlaceName(s.PlaceOf(t.person.ID))},
		}})
	}
	units, err := t.arrangeButtons()
	if err != nil {
		return reminders.Message{}, err
	}
	rows = append(rows, units...)
	m := reminders.Message{Key: "dutychat.swap.list", Buttons: rows, Args: reminders.Args{"Items": reminders.List(lines...)}}
	switch {
	case len(rows) == 0:
		m.Key = "dutychat.swap.none"
		delete(m.Args, "Items")
	case len(own) == 0:
		m.Key = "dutychat.swap.others"
	}
	return m, nil
}

// arrangeButtons lead liaisons and staff to the shifts of the units whose rosters they
// keep.
func (t *Turn) arrangeButtons() ([][]reminders.Button, error) {
	if !t.has(ofDuty...) {
		return nil, nil
	}
	units, err := t.filingUnits()
	var rows [][]reminders.Button
	for _, u := range units[:min(len(units), shownAtOnce)] {
		rows = append(rows, []reminders.Button{{
			Label: "dutychat.swap.unit", Args: reminders.Args{"Unit": reminders.UnitName(u.ID)},
			Verb: "swap", Object: pickUnit + "." + string(u.ID) + ".0",
		}})
	}
	return rows, err
}

// liveSwaps lists the swaps with which the person can do something now, or takes part in.
func (t *Turn) liveSwaps() ([]duty.Swap, error) {
	all, err := t.Swaps.Live(t.tx, "")
	if err != nil {
		return nil, err
	}
	var mine []duty.Swap
	for _, s := range all {
		offers, err := t.Swaps.Offers(t.tx, s, t.person.ID)
		if err != nil {
			return nil, err
		}
		if len(offers) > 0 || s.Open() && (s.Giver == t.person.ID || s.Taker == t.person.ID) {
			mine = append(mine, s)
		}
	}
	return mine, nil
}

// swappable lists the own shifts that have not begun.
func (t *Turn) swappable() ([]duty.Shift, error) {
	shifts, err := t.myShifts()
	return slices.DeleteFunc(shifts, func(s duty.Shift) bool { return !s.Start.After(t.tx.Now()) }), err
}

// swapState says where a swap stands.
func swapState(s duty.Swap) reminders.Message {
	expires := reminders.Instant(s.Expires)
	var last duty.SwapTaken
	if len(s.Steps) > 0 {
		last = s.Steps[len(s.Steps)-1]
	}
	by := reminders.Args{"Name": reminders.PersonName(last.By)}
	switch last.Step {
	case duty.StepDecline:
		return reminders.Line("dutychat.swap.declined", by)
	case duty.StepWithdraw:
		return reminders.Line("dutychat.swap.taken_back", by)
	}
	switch s.State {
	case duty.SwapAsked:
		return reminders.Line("dutychat.swap.asked", reminders.Args{"Name": reminders.PersonName(s.Asked()), "Expires": expires})
	case duty.SwapAccepted:
		return reminders.Line("dutychat.swap.accepted", reminders.Args{"Expires": expires})
	case duty.SwapApplied:
		return reminders.Line("dutychat.swap.applied", nil)
	case duty.SwapRefused:
		return reminders.Line("dutychat.swap.refused", nil)
	case duty.SwapReversed:
		return reminders.Line("dutychat.swap.reversed", nil)
	}
	return reminders.Line("dutychat.swap.withdrawn", nil)
}

// swapPlace is the page of one swap, for those who take part in it or decide about it.
func (t *Turn) swapPlace(rest string) (reminders.Message, error) {
	s, err := t.Swaps.Swap(t.tx, duty.SwapID(rest))
	if err != nil {
		return reminders.Message{}, err
	}
	offers, err := t.Swaps.Offers(t.tx, s, t.person.ID)
	if err == nil && len(offers) == 0 && !slices.Contains([]reminders.PersonID{s.Giver, s.Taker, s.By}, t.person.ID) && !t.keepsRoster(s.Unit) {
		err = reminders.Fail(reminders.Denied, "bot.swap", "error.denied", nil)
	}
	if err != nil {
		return reminders.Message{}, err
	}
	return t.swapPage(s, offers), nil
}

// keepsRoster reports whether the person keeps the roster of a unit.
func (t *Turn) keepsRoster(unit reminders.UnitID) bool { return t.mustFile(unit) == nil }

// swapPage says what a swap is and how it stands, with what the person may do.
func (t *Turn) swapPage(s duty.Swap, offers []duty.SwapStep) reminders.Message {
	said, state := t.Swaps.Said(s), swapState(s)
	var warnings []reminders.Message
	if s.Open() {
		warnings = warningLines(s.Warnings)
	}
	m := reminders.Line("dutychat.swap.page", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "Swap": reminders.Say(said.Key, said.Args), "State": reminders.Say(state.Key, state.Args),
		"Warnings": reminders.List(warnings...),
	})
	var row []reminders.Button
	for _, step := range offers {
		if label := swapLabels[step]; label != "" {
			row = append(row, reminders.Button{Label: label, Verb: "swap", Object: string(s.ID) + "." + string(step)})
		}
	}
	if len(row) > 0 {
		m.Buttons = [][]reminders.Button{row}
	}
	return m
}

// swapLabels name the steps that people take.
var swapLabels = map[duty.SwapStep]string{
	duty.StepAccept: "swap.button.accept", duty.StepDecline: "swap.button.decline",
	duty.StepApprove: "swap.button.approve", duty.StepRefuse: "swap.button.refuse",
	duty.StepWithdraw: "button.swap_withdraw", duty.StepReverse: "button.swap_reverse",
}

// warningLines put what speaks against a swap into words.
func warningLines(warnings []duty.SwapWarning) []reminders.Message {
	var lines []reminders.Message
	for _, w := range warnings {
		lines = append(lines, w.Message())
	}
	return lines
}

// swap takes a step of a swap that is there, or of the dialog that makes one.
func (t *Turn) swap(object string) error {
	word, rest, _ := strings.Cut(object, ".")
	switch word {
	case pickGive, pickShift:
		return t.beginSwap(duty.ShiftID(rest), word == pickShift)
	case pickUnit:
		unit, page, _ := strings.Cut(rest, ".")
		number, _ := strconv.Atoi(page)
		return t.pickFrom(reminders.UnitID(unit), number)
	case pickPlace, pickMode, pickTaker, pickBack, pickPage, pickAsk, pickImpose:
		return t.chooseSwap(word, rest)
	}
	return t.decideSwap(duty.SwapID(word), rest)
}

// decideSwap takes a step of a swap; a refusal and a reversal may give a reason first.
func (t *Turn) decideSwap(id duty.SwapID, step string) error {
	step, now := strings.CutSuffix(step, "-now")
	reasoned := step == string(duty.StepRefuse) || step == string(duty.StepReverse)
	if reasoned && !now {
		return t.askSwapWhy(id, step)
	}
	s, err := t.stepSwap(id, duty.SwapStep(step), "")
	if err != nil {
		return err
	}
	if now {
		if err := t.endDialog(); err != nil {
			return err
		}
	}
	return t.showDecided(s)
}

// stepSwap takes one step of a swap.
func (t *Turn) stepSwap(id duty.SwapID, step duty.SwapStep, why string) (duty.Swap, error) {
	by := t.person.ID
	switch step {
	case duty.StepAccept:
		return t.Swaps.Accept(t.tx, id, by)
	case duty.StepDecline:
		return t.Swaps.Decline(t.tx, id, by)
	case duty.StepApprove:
		return t.Swaps.Approve(t.tx, id, by)
	case duty.StepRefuse:
		return t.Swaps.Refuse(t.tx, id, by, why)
	case duty.StepWithdraw:
		return t.Swaps.Withdraw(t.tx, id, by)
	case duty.StepReverse:
		return t.Swaps.Reverse(t.tx, id, by, why)
	}
	return duty.Swap{}, reminders.Fail(reminders.NotFound, "bot.swap", "error.not_found", nil)
}

// showDecided shows a swap as it stands now in the place of what was tapped.
func (t *Turn) showDecided(s duty.Swap) error {
	offers, err := t.Swaps.Offers(t.tx, s, t.person.ID)
	if err != nil {
		return err
	}
	return t.replace(t.swapPage(s, offers))
}

// askSwapWhy asks for the reason of a refusal or a reversal, which need not be given.
func (t *Turn) askSwapWhy(id duty.SwapID, step string) error {
	s, err := t.Swaps.Swap(t.tx, id)
	if err != nil {
		return err
	}
	offers, err := t.Swaps.Offers(t.tx, s, t.person.ID)
	switch {
	case err != nil:
		return err
	case len(offers) == 0 || !slices.Contains(offers, duty.SwapStep(step)):
		_, err := t.stepSwap(id, duty.SwapStep(step), "") // says why it cannot be
		return err
	}
	said := t.Swaps.Said(s)
	m := reminders.Line("dutychat.swap.why", reminders.Args{"Swap": reminders.Say(said.Key, said.Args)})
	m.Buttons = [][]reminders.Button{{{Label: "button.no_reason", Verb: "swap", Object: string(id) + "." + step + "-now"}}}
	return t.next(Dialog{Asked: askedSwap, Step: step, Object: string(id)}, m)
}
