package duty

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// The reasons for which the service ends a swap.
const (
	SwapExpired   = "expired"         // a shift begins
	SwapCancelled = "shift-cancelled" // a shift is not on the roster any more
	SwapNotHeld   = "not-held"        // somebody else was put there
	SwapOvertaken = "overtaken"       // another swap was imposed
)

// Accept is the other one's agreement: one tap. Liaisons are asked to approve; if the
// swap was asked for by somebody who may approve, it is applied at once.
func (d *SwapDesk) Accept(tx reminders.Tx, id SwapID, by reminders.PersonID) (Swap, error) {
	s, err := d.Swap(tx, id)
	if err != nil {
		return s, err
	}
	if s, err = d.step(tx, s, StepAccept, by, ""); err != nil {
		return s, err
	}
	if s.By != s.Giver && s.By != s.Taker {
		if may, err := d.supervises(tx, s.Unit, s.By); err != nil {
			return s, err
		} else if may {
			return d.approve(tx, s, s.By)
		}
	}
	return s, d.tellApprovers(tx, s)
}

// Decline is the other one's refusal, also after having accepted, until it is approved.
func (d *SwapDesk) Decline(tx reminders.Tx, id SwapID, by reminders.PersonID) (Swap, error) {
	return d.close(tx, id, StepDecline, by, "")
}

// Refuse ends an open swap: a liaison or staff does not allow it. why may be empty.
func (d *SwapDesk) Refuse(tx reminders.Tx, id SwapID, by reminders.PersonID, why string) (Swap, error) {
	return d.close(tx, id, StepRefuse, by, why)
}

// Withdraw takes an open swap back: who asked does not want it any more.
func (d *SwapDesk) Withdraw(tx reminders.Tx, id SwapID, by reminders.PersonID) (Swap, error) {
	return d.close(tx, id, StepWithdraw, by, "")
}

// close ends an open swap and tells the others.
func (d *SwapDesk) close(tx reminders.Tx, id SwapID, step SwapStep, by reminders.PersonID, why string) (Swap, error) {
	s, err := d.Swap(tx, id)
	if err != nil {
		return s, err
	}
	was := s.State
	if s, err = d.step(tx, s, step, by, why); err != nil {
		return s, err
	}
	return s, d.tellClosed(tx, s, was)
}

// Approve allows a swap to which both agree, and applies it in the same unit of work.
func (d *SwapDesk) Approve(tx reminders.Tx, id SwapID, by reminders.PersonID) (Swap, error) {
	s, err := d.Swap(tx, id)
	if err != nil {
		return s, err
	}
	return d.approve(tx, s, by)
}

func (d *SwapDesk) approve(tx reminders.Tx, s Swap, by reminders.PersonID) (Swap, error) {
	s, err := d.step(tx, s, StepApprove, by, "")
	if err != nil {
		return s, err
	}
	return d.apply(tx, s, by)
}

// apply changes the roster: both shifts in one unit of work. Those whose shifts change are
// told the difference by the roster itself, leaders and liaisons here.
func (d *SwapDesk) apply(tx reminders.Tx, s Swap, by reminders.PersonID) (Swap, error) {
	why := WhySwap
	if s.Imposed() {
		why = WhyImposed
	}
	sides, err := d.put(tx, s, true, why, by)
	if err != nil {
		return s, err
	}
	before, err := d.applied(tx, s.Unit)
	if err != nil {
		return s, err
	}
	for _, b := range before {
		s.Order = max(s.Order, b.Order)
	}
	s.Order++
	s.Settled = sides.begun(tx.Now())
	if s, err = d.step(tx, s, StepApply, "", ""); err != nil {
		return s, err
	}
	return s, d.tellApplied(tx, s, sides, by)
}

// put writes who holds the places after the swap, or as before it, into the roster, where
// those hold them who did before.
func (d *SwapDesk) put(tx reminders.Tx, s Swap, applied bool, why string, by reminders.PersonID) (swapSides, error) {
	sides, err := d.sides(tx, s)
	if err != nil {
		return sides, err
	}
	var shifts []Shift
	for _, shift := range sides.list() {
		if shift.InPlace(s.Place) == s.holds(shift.ID, !applied) {
			shifts = append(shifts, shift.with(s.Place, s.holds(shift.ID, applied)))
		}
	}
	if len(shifts) == 0 {
		return sides, nil
	}
	return sides, d.duty.ReplaceAll(tx, shifts, why, by)
}

// Reverse takes an applied swap back, until the first of the shifts begins. It asks
// nobody; only liaison and staff may. Both are told.
func (d *SwapDesk) Reverse(tx reminders.Tx, id SwapID, by reminders.PersonID, why string) (Swap, error) {
	s, err := d.Swap(tx, id)
	if err != nil {
		return s, err
	}
	if s.State == SwapApplied && !tx.Now().Before(s.Expires) {
		return s, reminders.Fail(reminders.Closed, "duty.swap_reverse", "swap.begun", nil)
	}
	if s, err = d.step(tx, s, StepReverse, by, why); err != nil {
		return s, err
	}
	sides, err := d.put(tx, s, false, WhyCorrected, by)
	if err != nil {
		return s, err
	}
	return s, d.tellReversed(tx, s, sides, by)
}

// end ends a swap that cannot be any more, and tells both.
func (d *SwapDesk) end(tx reminders.Tx, id SwapID, why string) error {
	s, err := d.Swap(tx, id)
	if err != nil {
		return err
	}
	step := StepEnd
	if why == SwapExpired {
		step = StepExpire
	}
	was := s.State
	s, err = d.step(tx, s, step, "", why)
	if err != nil {
		return err
	}
	return d.tellClosed(tx, s, was)
}
