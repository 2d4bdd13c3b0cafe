package duty_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

var (
	allSwapStates = []duty.SwapState{
		duty.SwapNew, duty.SwapAsked, duty.SwapAccepted, duty.SwapApproved, duty.SwapApplied,
		duty.SwapRefused, duty.SwapWithdrawn, duty.SwapReversed,
	}
	allSwapActors = []duty.SwapActor{duty.ActorAsking, duty.ActorAsked, duty.ActorSupervisor, duty.ActorService}
	allSwapSteps  = []duty.SwapStep{
		duty.StepAsk, duty.StepImpose, duty.StepAccept, duty.StepDecline, duty.StepApprove, duty.StepRefuse,
		duty.StepApply, duty.StepWithdraw, duty.StepReverse, duty.StepExpire, duty.StepEnd, duty.StepFollow,
	}
)

// The table of the product: who may take which step in which state, and nothing else.
func TestSwapSteps(t *testing.T) {
	allowed := map[duty.SwapState]map[duty.SwapActor][]duty.SwapStep{
		duty.SwapNew: {
			duty.ActorAsking:     {duty.StepAsk},
			duty.ActorSupervisor: {duty.StepAsk, duty.StepImpose},
		},
		duty.SwapAsked: {
			duty.ActorAsking:     {duty.StepWithdraw},
			duty.ActorAsked:      {duty.StepAccept, duty.StepDecline},
			duty.ActorSupervisor: {duty.StepRefuse},
			duty.ActorService:    {duty.StepExpire, duty.StepEnd, duty.StepFollow},
		},
		duty.SwapAccepted: {
			duty.ActorAsking:     {duty.StepWithdraw},
			duty.ActorAsked:      {duty.StepDecline},
			duty.ActorSupervisor: {duty.StepApprove, duty.StepRefuse},
			duty.ActorService:    {duty.StepExpire, duty.StepEnd, duty.StepFollow},
		},
		duty.SwapApproved: {duty.ActorService: {duty.StepApply}},
		duty.SwapApplied: {
			duty.ActorSupervisor: {duty.StepReverse},
			duty.ActorService:    {duty.StepEnd, duty.StepFollow},
		},
	}
	for _, state := range allSwapStates {
		for _, actor := range allSwapActors {
			if diff := cmp.Diff(allowed[state][actor], duty.SwapSteps(state, actor)); diff != "" {
				t.Errorf("%q by %s:\n%s", state, actor, diff)
			}
			for _, step := range allSwapSteps {
				_, err := state.After(step, actor)
				if may := slices.Contains(allowed[state][actor], step); may != (err == nil) {
					t.Errorf("%q, %s by %s: %v", state, step, actor, err)
				}
			}
		}
	}
}

// Where a step leads.
func TestSwapAfter(t *testing.T) {
	tests := []struct {
		name string
		from duty.SwapState
		step duty.SwapStep
		by   []duty.SwapActor
		want duty.SwapState
	}{
		{"asking", duty.SwapNew, duty.StepAsk, []duty.SwapActor{duty.ActorAsking}, duty.SwapAsked},
		{"imposing skips asking", duty.SwapNew, duty.StepImpose, []duty.SwapActor{duty.ActorSupervisor}, duty.SwapApproved},
		{"agreeing is not yet allowing", duty.SwapAsked, duty.StepAccept, []duty.SwapActor{duty.ActorAsked}, duty.SwapAccepted},
		{"a second thought", duty.SwapAccepted, duty.StepDecline, []duty.SwapActor{duty.ActorAsked}, duty.SwapRefused},
		{"a shift that moves asks again", duty.SwapAccepted, duty.StepFollow, []duty.SwapActor{duty.ActorService}, duty.SwapAsked},
		{"several capacities: one suffices", duty.SwapAccepted, duty.StepApprove, []duty.SwapActor{duty.ActorAsking, duty.ActorSupervisor}, duty.SwapApproved},
		{"taking back", duty.SwapApplied, duty.StepReverse, []duty.SwapActor{duty.ActorSupervisor}, duty.SwapReversed},
	}
	for _, test := range tests {
		if got, err := test.from.After(test.step, test.by...); got != test.want || err != nil {
			t.Errorf("%s: %q, %v", test.name, got, err)
		}
	}
}

// A step of somebody else is denied, one that is over is closed: the texts differ.
func TestSwapAfterRefused(t *testing.T) {
	tests := []struct {
		name string
		from duty.SwapState
		step duty.SwapStep
		by   duty.SwapActor
		want reminders.Kind
	}{
		{"nobody accepts their own request", duty.SwapAsked, duty.StepAccept, duty.ActorAsking, reminders.Denied},
		{"nobody approves their own swap", duty.SwapAccepted, duty.StepApprove, duty.ActorAsked, reminders.Denied},
		{"nobody imposes without office", duty.SwapNew, duty.StepImpose, duty.ActorAsking, reminders.Denied},
		{"what is refused stays refused", duty.SwapRefused, duty.StepAccept, duty.ActorAsked, reminders.Closed},
		{"what is applied is not withdrawn", duty.SwapApplied, duty.StepWithdraw, duty.ActorAsking, reminders.Closed},
		{"approving before the other one agreed", duty.SwapAsked, duty.StepApprove, duty.ActorSupervisor, reminders.Closed},
	}
	for _, test := range tests {
		if _, err := test.from.After(test.step, test.by); reminders.KindOf(err) != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}
