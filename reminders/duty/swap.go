package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// SwapID names a swap for ever: 13 characters of lower-case base32, short enough for the
// data of a button.
type SwapID string

// Swap is an exchange of places on two shifts of a unit (换班), or with Back empty the
// cover of one (替班). Rules of the field keep it within the unit and want the office to
// know beforehand (research: "A swap must be within the unit and told to the office").
//
// It belongs to its shifts and not to their times: when a shift moves, the swap goes with
// it, see follow.
type Swap struct {
	ID    SwapID           `json:"id"`
	Unit  reminders.UnitID `json:"unit"`
	Place reminders.Role   `json:"place"` // on both shifts: DutyOfficer, DutyLeader or DutyBackup

	Given ShiftID            `json:"given"`          // from Giver to Taker
	Back  ShiftID            `json:"back,omitempty"` // in return from Taker to Giver; empty for a cover
	Giver reminders.PersonID `json:"giver"`
	Taker reminders.PersonID `json:"taker"`

	// By is who asked or imposed: one of the two, or somebody above them on behalf of
	// Giver.
	By    reminders.PersonID `json:"by"`
	State SwapState          `json:"state"`
	Steps []SwapTaken        `json:"steps"` // how it came there, oldest first

	// Expires is the start of the earlier shift: what is open ends then, what was
	// applied cannot be reversed any more.
	Expires time.Time `json:"expires"`
	// Warnings are what speaks against it without forbidding it.
	Warnings []SwapWarning `json:"warnings,omitempty"`
	// Order numbers the swaps of a unit that are followed in the order in which they were
	// applied: on one shift, each builds on those before it.
	Order int `json:"order,omitempty"`
	// Settled says that an applied swap is not followed any more: a shift has begun, or
	// a newer roster put somebody else there.
	Settled bool `json:"settled,omitempty"`
}

// SwapTaken is one step that was taken.
type SwapTaken struct {
	Step  SwapStep           `json:"step"`
	By    reminders.PersonID `json:"by,omitempty"` // empty: the service
	At    time.Time          `json:"at"`
	Why   string             `json:"why,omitempty"`   // in the words of who refused, imposed or reversed, or a reason of the service
	Given ShiftID            `json:"given,omitempty"` // for StepFollow: the shift as it was named before
	Back  ShiftID            `json:"back,omitempty"`
}

// SwapWarning is a rule that a swap stretches for one person. It is recorded and shown to
// whoever approves.
type SwapWarning struct {
	Person reminders.PersonID `json:"person"`
	Reason Reason             `json:"reason"` // ShortRest or TooManyDays
	Start  time.Time          `json:"start"`  // of the shift that the person gets
	Count  int                `json:"count"`  // hours of rest, or days in a row, that it leads to
	Limit  int                `json:"limit"`  // what the rules want
}

// Message is the warning in words.
func (w SwapWarning) Message() reminders.Message {
	return Problem{
		People: []reminders.PersonID{w.Person}, Reason: w.Reason, Window: reminders.Window{From: w.Start},
		Count: w.Count, Limit: w.Limit,
	}.Message()
}

// newSwapID derives the name from what is asked and when: the same unit of work, run
// again, gives the same name.
func newSwapID(given ShiftID, taker reminders.PersonID, at time.Time) SwapID {
	return SwapID(obligation.HandleOf(obligation.TermsID("swap/" + string(given) + "/" + string(taker) + "/" + at.UTC().Format(time.RFC3339Nano))))
}

// Asked is who must agree: the one of the two who did not ask; the taker if somebody else
// did.
func (s Swap) Asked() reminders.PersonID {
	if s.By == s.Taker {
		return s.Giver
	}
	return s.Taker
}

// Asking is the other one of the two.
func (s Swap) Asking() reminders.PersonID {
	if s.By == s.Taker {
		return s.Taker
	}
	return s.Giver
}

// Open reports whether the swap waits for somebody.
func (s Swap) Open() bool { return s.State == SwapAsked || s.State == SwapAccepted }

// Live reports whether the service still follows the swap: it waits for somebody, or it
// was applied and no shift has begun.
func (s Swap) Live() bool { return s.Open() || s.State == SwapApplied && !s.Settled }

// Next is the instant at which the service must deal with it; zero if never again.
func (s Swap) Next() time.Time {
	if !s.Live() {
		return time.Time{}
	}
	return s.Expires
}

// Imposed reports whether nobody was asked.
func (s Swap) Imposed() bool { return len(s.Steps) > 0 && s.Steps[0].Step == StepImpose }

// shifts lists the one or two shifts.
func (s Swap) shifts() []ShiftID {
	if s.Back == "" {
		return []ShiftID{s.Given}
	}
	return []ShiftID{s.Given, s.Back}
}

// holds gives who has, or after the swap will have, the place on one of its shifts.
func (s Swap) holds(id ShiftID, applied bool) reminders.PersonID {
	if (id == s.Given) != applied {
		return s.Giver
	}
	return s.Taker
}

// with gives the shift with p in a place.
func (s Shift) with(place reminders.Role, p reminders.PersonID) Shift {
	switch place {
	case reminders.DutyOfficer:
		s.Officer = p
	case reminders.DutyLeader:
		s.Leader = p
	case reminders.DutyBackup:
		s.Backup = p
	}
	return s
}
