package obligation

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// State is where an obligation stands. All but Open are final.
type State string

// The states, from the product page.
const (
	Open      State = "open"
	Met       State = "met"       // answered until due plus grace
	Late      State = "late"      // answered after that, until closing
	Missed    State = "missed"    // not answered at closing
	Excused   State = "excused"   // nothing is expected any more, for a reason
	Withdrawn State = "withdrawn" // what asked for it was withdrawn
)

// States lists the states in the order in which tables show them.
func States() []State { return []State{Open, Met, Late, Missed, Excused, Withdrawn} }

// Final reports whether the state ends the obligation.
func (s State) Final() bool { return s != Open && s != "" }

// UndoWindow is how long an answer can be taken back.
const UndoWindow = 10 * time.Minute

// The reasons with which a line ends or changes. They go to the ledger and to
// exports; texts for people are in the catalogue under "reason.<name>".
const (
	ReasonAnswered    = "answered"
	ReasonNotAnswered = "not-answered"
	ReasonNotReached  = "not-reached" // missed, and no message ever arrived
	ReasonServiceDown = "service-down"
	ReasonRetired     = "retired"
	ReasonWaived      = "waived"
	ReasonLeave       = "leave"
	ReasonUndone      = "undone"

	ReasonAfterClosing = "after-closing" // an answer that came too late; the line stays as it is
	ReasonWithdrawn    = "withdrawn"
	ReasonStopped      = "stopped"    // sending was stopped before it reached the owner
	ReasonSuperseded   = "superseded" // a correction asks anew
)

// Owner is who owes: a person, or a unit as a whole through its liaisons.
type Owner struct {
	Person reminders.PersonID `json:"person,omitempty"`
	Unit   reminders.UnitID   `json:"unit"` // of the person when the line was opened
}

// ByUnit reports whether the unit as a whole owes.
func (o Owner) ByUnit() bool { return o.Person == "" }

// Obligation is one line of the book (应办事项).
type Obligation struct {
	Terms TermsID `json:"terms"`
	Owner Owner   `json:"owner"`
	State State   `json:"state"`

	OpenedAt   time.Time          `json:"opened_at"`
	AnsweredAt time.Time          `json:"answered_at,omitzero"`
	By         reminders.PersonID `json:"by,omitempty"`        // who answered
	TextHash   string             `json:"text_hash,omitempty"` // of the text that was answered
	SettledAt  time.Time          `json:"settled_at,omitzero"`
	Reason     string             `json:"reason,omitempty"`
	Chased     int                `json:"chased,omitempty"`
	Asked      string             `json:"asked,omitempty"` // the last chase that a person asked for, with its day

	// Copies are the deliveries through which the owner was asked, so that all
	// of them can show the answer.
	Copies []reminders.DeliveryKey `json:"copies,omitempty"`

	// SentAt is when the message that asks arrived at the chat service, and
	// Duplicate whether it may have arrived twice.
	SentAt    time.Time `json:"sent_at,omitzero"`
	Duplicate bool      `json:"duplicate,omitempty"`
}

// Ask names the line in a delivery.
func (o Obligation) Ask() reminders.Ask {
	return reminders.Ask{Terms: string(o.Terms), Person: o.Owner.Person, Unit: o.Owner.Unit}
}

// CanUndo reports whether the answer may still be taken back at now.
func (o Obligation) CanUndo(now time.Time) bool {
	return (o.State == Met || o.State == Late) && now.Before(o.AnsweredAt.Add(UndoWindow))
}
