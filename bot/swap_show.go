package bot

import (
	"slices"
	"strconv"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// showSwap asks what the step of the dialog asks.
func (t *Turn) showSwap(d Dialog) error {
	if d.Step == string(duty.StepRefuse) || d.Step == string(duty.StepReverse) {
		return t.askSwapWhy(duty.SwapID(d.Object), d.Step)
	}
	s, found, err := t.Duty.ShiftOf(t.tx, duty.ShiftID(d.Object))
	if err == nil && (!found || s.Cancelled) {
		err = reminders.Fail(reminders.NotFound, "bot.swap", "swap.gone", nil)
	}
	if err != nil {
		return err
	}
	var m reminders.Message
	switch d.Step {
	case pickPlace:
		m = t.showPlaces(s)
	case pickMode:
		m = reminders.Line("dutychat.swap.mode", reminders.Args{"Start": reminders.Instant(s.Start), "Place": duty.PlaceName(d.place())})
		m.Buttons = [][]reminders.Button{{pick("button.cover", pickMode, modeCover), pick("button.exchange", pickMode, modeExchange)}}
	case pickTaker:
		m, err = t.showTakers(d, s)
	case pickBack:
		m, err = t.showReturns(d)
	case stepWhy:
		m = reminders.Line("dutychat.swap.impose_why", nil)
	default:
		m, err = t.showRequest(d, s)
	}
	if err != nil {
		return err
	}
	return t.next(d, m)
}

// pick is a button of the dialog.
func pick(label, word, object string) reminders.Button {
	if object != "" {
		word += "." + object
	}
	return reminders.Button{Label: label, Verb: "swap", Object: word}
}

// showPlaces asks whose place on a shift changes hands.
func (t *Turn) showPlaces(s duty.Shift) reminders.Message {
	m := reminders.Line("dutychat.swap.whose", reminders.Args{"Start": reminders.Instant(s.Start)})
	for _, p := range s.People() {
		b := pick("dutychat.swap.place", pickPlace, string(s.PlaceOf(p)))
		b.Args = reminders.Args{"Name": reminders.PersonName(p), "Place": duty.PlaceName(s.PlaceOf(p))}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	return m
}

// showTakers lists those who can take the place.
func (t *Turn) showTakers(d Dialog, s duty.Shift) (reminders.Message, error) {
	takers, err := t.takers(d, s)
	if err != nil {
		return reminders.Message{}, err
	}
	m := reminders.Line("dutychat.swap.taker", reminders.Args{"Start": reminders.Instant(s.Start)})
	if d.Noted[pickMode] == modeExchange {
		m.Key = "dutychat.swap.partner"
	}
	if len(takers) == 0 {
		return reminders.Line("dutychat.swap.nobody", nil), nil
	}
	page, _ := strconv.Atoi(d.Noted[pickPage])
	for _, p := range cut(takers, page) {
		b := pick("dutychat.swap.person", pickTaker, string(p))
		b.Args = reminders.Args{"Name": reminders.PersonName(p)}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	if row := turning(len(takers), page, "swap", pickPage+"."); len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	return m, nil
}

// takers lists those with whom the swap is possible as things stand: for a cover the
// people of the unit and of its roster, for an exchange those who have a shift for it.
func (t *Turn) takers(d Dialog, s duty.Shift) ([]reminders.PersonID, error) {
	var found []reminders.PersonID
	add := func(p reminders.PersonID) {
		if p != "" && p != s.InPlace(d.place()) && !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	if d.Noted[pickMode] == modeExchange {
		backs, err := t.returns(d)
		for _, back := range backs {
			add(back.InPlace(d.place()))
		}
		return found, err
	}
	others, err := t.others(s)
	if err != nil {
		return nil, err
	}
	units, err := t.People.Below(t.tx, s.Unit)
	if err != nil {
		return nil, err
	}
	for _, unit := range units {
		members, err := t.People.Members(t.tx, unit)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			add(m.ID)
		}
	}
	for _, other := range others {
		add(other.InPlace(d.place()))
	}
	if !s.Start.After(t.tx.Now()) {
		return slices.DeleteFunc(found, s.Has), nil // covered while it runs: Impose says what forbids it
	}
	return t.possible(found, func(p reminders.PersonID) duty.SwapRequest {
		return t.request(d.with(pickTaker, string(p)).with(pickBack, ""))
	})
}

// possible keeps those with whom nothing forbids the swap.
func (t *Turn) possible(people []reminders.PersonID, request func(reminders.PersonID) duty.SwapRequest) ([]reminders.PersonID, error) {
	var kept []reminders.PersonID
	for _, p := range people {
		switch _, err := t.Swaps.Check(t.tx, request(p)); {
		case err == nil:
			kept = append(kept, p)
		case reminders.KindOf(err) == reminders.Internal:
			return nil, err
		}
	}
	return kept, nil
}

// others lists the other shifts of the unit that have not begun.
func (t *Turn) others(s duty.Shift) ([]duty.Shift, error) {
	now := t.tx.Now()
	shifts, err := t.Duty.Shifts(t.tx, s.Unit, reminders.Window{From: now, To: now.Add(horizon)})
	return slices.DeleteFunc(shifts, func(o duty.Shift) bool { return o.ID == s.ID || !o.Start.After(now) }), err
}

// returns lists the shifts that can be had in return, as things stand.
func (t *Turn) returns(d Dialog) ([]duty.Shift, error) {
	s, _, err := t.Duty.ShiftOf(t.tx, duty.ShiftID(d.Object))
	if err != nil {
		return nil, err
	}
	others, err := t.others(s)
	if err != nil {
		return nil, err
	}
	var kept []duty.Shift
	for _, o := range others {
		holder := o.InPlace(d.place())
		if holder == "" || holder == s.InPlace(d.place()) {
			continue
		}
		switch _, err := t.Swaps.Check(t.tx, t.request(d.with(pickTaker, string(holder)).with(pickBack, string(o.ID)))); {
		case err == nil:
			kept = append(kept, o)
		case reminders.KindOf(err) == reminders.Internal:
			return nil, err
		}
	}
	return kept, nil
}

// showReturns asks for the shift in return.
func (t *Turn) showReturns(d Dialog) (reminders.Message, error) {
	backs, err := t.returns(d)
	if err != nil {
		return reminders.Message{}, err
	}
	taker := reminders.PersonID(d.Noted[pickTaker])
	backs = heldBy(backs, d.place(), taker)
	if len(backs) == 0 {
		return reminders.Line("dutychat.swap.nobody", nil), nil
	}
	page, _ := strconv.Atoi(d.Noted[pickPage])
	m := reminders.Line("dutychat.swap.back", reminders.Args{"Name": reminders.PersonName(taker)})
	for _, s := range cut(backs, page) {
		b := pick("dutychat.swap.shift", pickBack, string(s.ID))
		b.Args = reminders.Args{"Start": reminders.Instant(s.Start), "Place": duty.PlaceName(d.place())}
		m.Buttons = append(m.Buttons, []reminders.Button{b})
	}
	if row := turning(len(backs), page, "swap", pickPage+"."); len(row) > 0 {
		m.Buttons = append(m.Buttons, row)
	}
	return m, nil
}

// showRequest shows the swap before it is asked for: what speaks against it, and to those
// who arrange the roster also the way without asking.
func (t *Turn) showRequest(d Dialog, s duty.Shift) (reminders.Message, error) {
	r := t.request(d)
	running := !s.Start.After(t.tx.Now())
	var warnings []duty.SwapWarning
	if !running {
		var err error
		if warnings, err = t.Swaps.Check(t.tx, r); err != nil {
			return reminders.Message{}, err
		}
	}
	draft := duty.Swap{Unit: s.Unit, Place: d.place(), Given: r.Given, Back: r.Back, Giver: s.InPlace(d.place()), Taker: r.Taker}
	said := t.Swaps.Said(draft)
	m := reminders.Line("dutychat.swap.check", reminders.Args{
		"Unit": reminders.UnitName(s.Unit), "Swap": reminders.Say(said.Key, said.Args), "Warnings": reminders.List(warningLines(warnings)...),
	})
	var row []reminders.Button
	if !running {
		row = append(row, pick("button.swap_ask", pickAsk, ""))
	}
	if d.Noted[pickShift] != "" && t.person.ID != draft.Giver && t.person.ID != draft.Taker {
		row = append(row, pick("button.swap_impose", pickImpose, ""))
		m.Key = "dutychat.swap.check_arranged"
	}
	if running {
		m.Key = "dutychat.swap.check_running"
	}
	m.Buttons = [][]reminders.Button{row}
	return m, nil
}
