package obligation

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// KeptUpdates is how long the chat service keeps updates for us. Answers given
// during a longer outage of ours are lost without anybody's fault.
const KeptUpdates = 24 * time.Hour

// Decision is what is to be done about one line at one instant, and why.
type Decision struct {
	Do     Do
	Step   Step   // for DoStep
	State  State  // for DoSettle
	Reason string // named reason for ledger, plan and tests
}

// Do is the kind of a decision.
type Do string

// The decisions.
const (
	DoNothing Do = "nothing"
	DoStep    Do = "step"
	DoSettle  Do = "settle"
)

// The reasons for doing nothing.
const (
	ReasonSettled    = "settled"      // the line has its final state
	ReasonNothingDue = "nothing-due"  // no step and no closing yet
	ReasonPastDue    = "past-due"     // a chase after the due instant is not sent
	ReasonNeverSent  = "not-yet-sent" // nobody is chased for what has not reached them
	ReasonSameDay    = "same-day"     // the reminder itself came today: one message a day
	ReasonAsked      = "asked"        // it reached the owner before
)

// Next decides what is to be done about o at now. It is pure: the same line,
// terms and instant give the same decision. After an outage only the newest of
// several due steps is taken; steps of one instant are taken one after the other.
// outages are the spans in which the service was down; a closing that follows one
// of more than KeptUpdates within the answering window excuses instead of counting
// as missed.
func Next(t Terms, o Obligation, now time.Time, outages []reminders.Window) Decision {
	if o.State.Final() {
		return Decision{Do: DoNothing, Reason: ReasonSettled}
	}
	if !now.Before(t.Closes) {
		return closing(t, o, outages)
	}
	due := t.stepDue(now)
	if due == t.Taken {
		return Decision{Do: DoNothing, Reason: ReasonNothingDue}
	}
	step := t.Ladder[due-1]
	switch {
	case step.Action == Ask && !o.SentAt.IsZero():
		return Decision{Do: DoNothing, Reason: ReasonAsked}
	case step.Action == Chase && !now.Before(t.Due.Add(t.Grace)):
		return Decision{Do: DoNothing, Reason: ReasonPastDue}
	case step.Action == Chase && t.Duty: // who is on duty is reminded on the day itself, reached before or not
	case step.Action == Chase && o.SentAt.IsZero():
		return Decision{Do: DoNothing, Reason: ReasonNeverSent}
	case step.Action == Chase && sameDay(o.SentAt, step.At):
		return Decision{Do: DoNothing, Reason: ReasonSameDay}
	}
	return Decision{Do: DoStep, Step: step, Reason: step.Name}
}

// sameDay reports whether sent lies on the day of the step, on the clock of the
// place whose offset the step carries.
func sameDay(sent, step time.Time) bool {
	y, m, d := sent.In(step.Location()).Date()
	year, month, day := step.Date()
	return y == year && m == month && d == day
}

// closing gives the final state of a line that nobody answered. A line that we
// opened only when it was too late for an answer is our own fault.
func closing(t Terms, o Obligation, outages []reminders.Window) Decision {
	if !o.OpenedAt.Before(t.Closes) {
		return Decision{Do: DoSettle, State: Excused, Reason: ReasonServiceDown}
	}
	window := reminders.Window{From: t.Opens, To: t.Closes}
	for _, down := range outages {
		if down.Length() > KeptUpdates && down.Overlaps(window) {
			return Decision{Do: DoSettle, State: Excused, Reason: ReasonServiceDown}
		}
	}
	if o.SentAt.IsZero() {
		return Decision{Do: DoSettle, State: Missed, Reason: ReasonNotReached}
	}
	return Decision{Do: DoSettle, State: Missed, Reason: ReasonNotAnswered}
}

// Answered gives the state of a line answered at the instant at: met until due
// plus grace, that instant included; late until closing; and a Closed error from
// the closing instant on, at which Next settles what is open.
func Answered(t Terms, at time.Time) (State, error) {
	switch {
	case !at.Before(t.Closes):
		return "", reminders.Fail(reminders.Closed, "obligation.answer", "obligation.closed", nil)
	case at.After(t.Due.Add(t.Grace)):
		return Late, nil
	}
	return Met, nil
}
