package duty

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// SwapState is where a swap stands.
type SwapState string

// The states of a swap. The last four but applied are final, and so is applied once a
// shift has begun.
const (
	SwapNew       SwapState = ""          // nobody has asked
	SwapAsked     SwapState = "asked"     // the other one has not answered
	SwapAccepted  SwapState = "accepted"  // both agree; liaison or staff have not approved
	SwapApproved  SwapState = "approved"  // allowed; applied in the same unit of work
	SwapApplied   SwapState = "applied"   // the roster says so
	SwapRefused   SwapState = "refused"   // by the other one, or by liaison or staff
	SwapWithdrawn SwapState = "withdrawn" // by who asked, or since it cannot be any more
	SwapReversed  SwapState = "reversed"  // taken back by liaison or staff
)

// SwapActor is in which capacity somebody takes a step.
type SwapActor string

// The actors. A person may be several; who takes part in a swap never supervises it.
const (
	ActorAsking     SwapActor = "asking"     // who asked, or on whose behalf
	ActorAsked      SwapActor = "asked"      // who must agree
	ActorSupervisor SwapActor = "supervisor" // a liaison of the unit, or staff
	ActorService    SwapActor = "service"
)

// SwapStep is what somebody does about a swap.
type SwapStep string

// The steps.
const (
	StepAsk      SwapStep = "ask"
	StepImpose   SwapStep = "impose" // without asking anybody
	StepAccept   SwapStep = "accept"
	StepDecline  SwapStep = "decline" // also after having accepted, until it is approved
	StepApprove  SwapStep = "approve"
	StepRefuse   SwapStep = "refuse"
	StepApply    SwapStep = "apply"
	StepWithdraw SwapStep = "withdraw"
	StepReverse  SwapStep = "reverse"
	StepExpire   SwapStep = "expire" // a shift begins and it is still open
	StepEnd      SwapStep = "end"    // it cannot be any more: a shift is cancelled, or held by somebody else
	StepFollow   SwapStep = "follow" // a shift has moved
)

// swapRow allows one step.
type swapRow struct {
	from SwapState
	step SwapStep
	by   SwapActor
	to   SwapState
}

// swapRows is the table of allowed steps: state x actor x step. What it does not list is
// refused.
var swapRows = []swapRow{
	{SwapNew, StepAsk, ActorAsking, SwapAsked},
	{SwapNew, StepAsk, ActorSupervisor, SwapAsked},
	{SwapNew, StepImpose, ActorSupervisor, SwapApproved},

	{SwapAsked, StepAccept, ActorAsked, SwapAccepted},
	{SwapAsked, StepDecline, ActorAsked, SwapRefused},
	{SwapAsked, StepWithdraw, ActorAsking, SwapWithdrawn},
	{SwapAsked, StepRefuse, ActorSupervisor, SwapRefused},
	{SwapAsked, StepExpire, ActorService, SwapWithdrawn},
	{SwapAsked, StepEnd, ActorService, SwapWithdrawn},
	{SwapAsked, StepFollow, ActorService, SwapAsked},

	{SwapAccepted, StepDecline, ActorAsked, SwapRefused},
	{SwapAccepted, StepWithdraw, ActorAsking, SwapWithdrawn},
	{SwapAccepted, StepApprove, ActorSupervisor, SwapApproved},
	{SwapAccepted, StepRefuse, ActorSupervisor, SwapRefused},
	{SwapAccepted, StepExpire, ActorService, SwapWithdrawn},
	{SwapAccepted, StepEnd, ActorService, SwapWithdrawn},
	{SwapAccepted, StepFollow, ActorService, SwapAsked}, // they agreed to another time

	{SwapApproved, StepApply, ActorService, SwapApplied},

	{SwapApplied, StepReverse, ActorSupervisor, SwapReversed},
	{SwapApplied, StepEnd, ActorService, SwapWithdrawn},
	{SwapApplied, StepFollow, ActorService, SwapApplied},
}

// SwapSteps lists the steps that an actor may take in a state, for menus.
func SwapSteps(state SwapState, by ...SwapActor) []SwapStep {
	var steps []SwapStep
	for _, row := range swapRows {
		if row.from == state && slices.Contains(by, row.by) && !slices.Contains(steps, row.step) {
			steps = append(steps, row.step)
		}
	}
	return steps
}

// After gives the state that a step by somebody in the capacities by leads to. It is a
// Closed error if nobody can take that step in this state, and a Denied one if somebody
// else can.
func (s SwapState) After(step SwapStep, by ...SwapActor) (SwapState, error) {
	const op = "duty.swap_step"
	possible := false
	for _, row := range swapRows {
		if row.from != s || row.step != step {
			continue
		}
		if slices.Contains(by, row.by) {
			return row.to, nil
		}
		possible = true
	}
	if possible {
		return s, reminders.Fail(reminders.Denied, op, "swap.denied", nil)
	}
	return s, reminders.Fail(reminders.Closed, op, "swap.over", nil)
}
