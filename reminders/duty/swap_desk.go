package duty

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// SwapStore keeps swaps. Its methods work within the unit of work tx.
type SwapStore interface {
	Swap(tx reminders.Tx, id SwapID) (Swap, bool, error)
	// SaveSwap also moves the swap in the lists below.
	SaveSwap(tx reminders.Tx, s Swap) error
	// OpenSwapOn gives the open swap in which a shift takes part.
	OpenSwapOn(tx reminders.Tx, shift ShiftID) (SwapID, bool, error)
	// LiveSwaps pages through the live swaps of a unit, or of all for an empty one. The
	// cursor is opaque and empty at the start and after the end.
	LiveSwaps(tx reminders.Tx, unit reminders.UnitID, cursor string, limit int) (page []Swap, next string, err error)
	// DueSwap gives a live swap whose Next is not after now (empty if none), and the
	// instant of what comes next (zero if nothing).
	DueSwap(tx reminders.Tx, now time.Time) (due SwapID, next time.Time, err error)
}

// SwapDesk lets people swap their shifts.
type SwapDesk struct {
	store SwapStore
	duty  *Desk

	swept time.Time // when all live swaps were last held against the roster; used by Advance alone
}

// NewSwapDesk joins the desk to the rosters.
func NewSwapDesk(duty *Desk, store SwapStore) *SwapDesk {
	return &SwapDesk{store: store, duty: duty}
}

// SwapRequest says who shall swap what.
type SwapRequest struct {
	By    reminders.PersonID
	Given ShiftID            // from whoever has it
	Taker reminders.PersonID // to this person
	Back  ShiftID            // in return; empty for a cover
	// Place is on both shifts; empty: the officer's.
	Place reminders.Role
	Why   string // for Impose: the reason, in words that are kept
}

// Ask asks for a swap: the holder of a shift asks somebody to take it, somebody offers to
// take it, or liaison or staff ask on behalf of the holder. The other one is asked with
// two buttons. It fails with Conflict while another swap of one of the shifts is open.
func (d *SwapDesk) Ask(tx reminders.Tx, r SwapRequest) (Swap, error) {
	s, err := d.draft(tx, r)
	if err != nil {
		return Swap{}, err
	}
	for _, id := range s.shifts() {
		if _, busy, err := d.store.OpenSwapOn(tx, id); err != nil {
			return Swap{}, err
		} else if busy {
			return Swap{}, reminders.Fail(reminders.Conflict, "duty.swap_ask", "swap.busy", nil)
		}
	}
	if s, err = d.step(tx, s, StepAsk, r.By, ""); err != nil {
		return Swap{}, err
	}
	return s, d.tellAsked(tx, s)
}

// Impose puts a swap into the roster at once, without asking anybody: a person has fallen
// ill, or cannot be found. Only liaison and staff may, with a reason. A cover may begin
// while the shift runs; from then on the taker is responsible. Open swaps of the shifts
// end by it.
func (d *SwapDesk) Impose(tx reminders.Tx, r SwapRequest) (Swap, error) {
	r.Why = strings.TrimSpace(r.Why)
	if r.Why == "" {
		return Swap{}, reminders.Fail(reminders.Invalid, "duty.swap_impose", "swap.why", nil)
	}
	s, err := d.draft(tx, r)
	if err != nil {
		return Swap{}, err
	}
	if s, err = d.step(tx, s, StepImpose, r.By, r.Why); err != nil {
		return Swap{}, err
	}
	for _, id := range s.shifts() {
		open, busy, err := d.store.OpenSwapOn(tx, id)
		if err != nil {
			return Swap{}, err
		}
		if busy {
			if err := d.end(tx, open, SwapOvertaken); err != nil {
				return Swap{}, err
			}
		}
	}
	return d.apply(tx, s, r.By)
}

// draft makes a swap of what is asked, before any step.
func (d *SwapDesk) draft(tx reminders.Tx, r SwapRequest) (Swap, error) {
	const op = "duty.swap_draft"
	given, err := d.shift(tx, r.Given)
	if err != nil {
		return Swap{}, err
	}
	s := Swap{
		ID: newSwapID(r.Given, r.Taker, tx.Now()), Unit: given.Unit, Place: r.Place,
		Given: r.Given, Back: r.Back, Taker: r.Taker, By: r.By, Expires: given.Start,
	}
	if s.Place == "" {
		s.Place = reminders.DutyOfficer
	}
	switch s.Giver = given.InPlace(s.Place); {
	case s.Giver == "":
		return Swap{}, reminders.Fail(reminders.NotFound, op, "swap.gone", nil)
	case s.Taker == "" || s.Taker == s.Giver || s.Given == s.Back:
		return Swap{}, reminders.Fail(reminders.Invalid, op, "swap.same", nil)
	}
	if r.Back != "" {
		back, err := d.shift(tx, r.Back)
		if err != nil {
			return Swap{}, err
		}
		s.Expires = earlierOf(s.Expires, back.Start)
	}
	return s, nil
}

// actors lists in which capacities somebody stands to a swap. Who takes part supervises
// nothing.
func (d *SwapDesk) actors(tx reminders.Tx, s Swap, by reminders.PersonID) ([]SwapActor, error) {
	switch by {
	case "":
		return []SwapActor{ActorService}, nil
	case s.Asked():
		return []SwapActor{ActorAsked}, nil
	case s.Asking():
		return []SwapActor{ActorAsking}, nil
	}
	supervises, err := d.supervises(tx, s.Unit, by)
	if err != nil || !supervises {
		return nil, err
	}
	if by == s.By && s.State != SwapNew {
		return []SwapActor{ActorSupervisor, ActorAsking}, nil
	}
	return []SwapActor{ActorSupervisor}, nil
}

// supervises reports whether a person may decide about swaps of a unit: its liaisons, and
// staff.
func (d *SwapDesk) supervises(tx reminders.Tx, unit reminders.UnitID, by reminders.PersonID) (bool, error) {
	member, found, err := d.duty.Register.Member(tx, by)
	if err != nil || !found || !member.Active {
		return false, err
	}
	if member.Roles.Has(reminders.Staff) {
		return true, nil
	}
	liaisons, err := d.duty.Register.InUnit(tx, unit, reminders.Liaison)
	return slices.Contains(liaisons, by), err
}

// checked names the steps before which the swap is held against the roster as it is at
// this instant.
var checked = []SwapStep{StepAsk, StepImpose, StepAccept, StepApprove, StepReverse}

// step takes one step, if it is allowed and still possible, and writes it down.
func (d *SwapDesk) step(tx reminders.Tx, s Swap, step SwapStep, by reminders.PersonID, why string) (Swap, error) {
	actors, err := d.actors(tx, s, by)
	if err != nil {
		return s, err
	}
	state, err := s.State.After(step, actors...)
	if err != nil {
		return s, err
	}
	if slices.Contains(checked, step) {
		_, warnings, err := d.check(tx, s, step == StepReverse, step == StepImpose)
		if err != nil {
			return s, err
		}
		s.Warnings = warnings
	}
	s.State = state
	s.Steps = append(slices.Clone(s.Steps), SwapTaken{Step: step, By: by, At: tx.Now(), Why: why})
	if err := d.store.SaveSwap(tx, s); err != nil {
		return s, err
	}
	return s, d.note(tx, s, step, by, why)
}

// note writes the entry of a step.
func (d *SwapDesk) note(tx reminders.Tx, s Swap, step SwapStep, by reminders.PersonID, why string) error {
	attrs := map[string]string{
		"state": string(s.State), "given": string(s.Given), "giver": string(s.Giver), "taker": string(s.Taker), "place": string(s.Place),
	}
	if s.Back != "" {
		attrs["back"] = string(s.Back)
	}
	if why != "" {
		attrs["why"] = why
	}
	for _, w := range s.Warnings {
		attrs["warning/"+string(w.Reason)+"/"+string(w.Person)] = itoa(w.Count)
	}
	return d.duty.Ledger.Append(tx, ledger.Entry{
		Actor: actor(by), Verb: ledger.Swap, Object: "swap/" + string(s.ID), Subject: string(s.Unit), Reason: string(step), Attrs: attrs,
	})
}

// Swap gives a swap; NotFound if there is none of that name.
func (d *SwapDesk) Swap(tx reminders.Tx, id SwapID) (Swap, error) {
	s, found, err := d.store.Swap(tx, id)
	if err == nil && !found {
		err = reminders.Fail(reminders.NotFound, "duty.swap", "swap.unknown", nil)
	}
	return s, err
}

// Live lists the swaps of a unit that are open, or applied and not begun.
func (d *SwapDesk) Live(tx reminders.Tx, unit reminders.UnitID) ([]Swap, error) {
	live, _, err := d.store.LiveSwaps(tx, unit, "", 0)
	return live, err
}

// Offers lists the steps that a person may take with a swap now, for its buttons.
func (d *SwapDesk) Offers(tx reminders.Tx, s Swap, by reminders.PersonID) ([]SwapStep, error) {
	actors, err := d.actors(tx, s, by)
	if err != nil || s.State == SwapApplied && !tx.Now().Before(s.Expires) {
		return nil, err
	}
	return SwapSteps(s.State, actors...), nil
}

// Check says what would forbid a swap, without asking for it, and what it would be warned
// about.
func (d *SwapDesk) Check(tx reminders.Tx, r SwapRequest) ([]SwapWarning, error) {
	s, err := d.draft(tx, r)
	if err != nil {
		return nil, err
	}
	_, warnings, err := d.check(tx, s, false, false)
	return warnings, err
}
