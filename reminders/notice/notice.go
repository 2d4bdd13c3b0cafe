package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// State is where a notice stands.
type State string

// The states of a notice.
const (
	Publishing State = "publishing" // being expanded to its audience
	Published  State = "published"  // everyone it is for has a delivery
	Stopped    State = "stopped"    // no further copy is made or sent; Ended says by whom
	Skipped    State = "skipped"    // will not be published; Why says why
)

// The reasons for which an item of the plan is skipped.
const (
	WhyTooLate     = "too-late"     // the instant at which it still made sense has passed
	WhySuperseded  = "superseded"   // a newer item of the same kind is due as well
	WhyProvisional = "provisional"  // nobody confirmed sending for a provisional year
	WhyNothing     = "nothing"      // there is nothing to say
	WhyNotApproved = "not-approved" // the office demands approval and nobody gave it
	WhyRestored    = "restored"     // it was due after the backup from which the store came
)

// Notice is one thing said to an audience (通知): an item of the plan on its way
// to people. Its ID is the key of the item.
type Notice struct {
	ID        string              `json:"id"`
	Kind      Kind                `json:"kind"`
	Block     string              `json:"block"`
	Festivals []calendar.Festival `json:"festivals,omitempty"`
	State     State               `json:"state"`
	Why       string              `json:"why,omitempty"`
	Audience  reminders.Audience  `json:"audience"`
	Expects   Expects             `json:"expects,omitempty"`
	At        time.Time           `json:"at"`
	Due       time.Time           `json:"due,omitzero"`
	Until     time.Time           `json:"until,omitzero"`
	First     calendar.Date       `json:"first,omitzero"` // first day off of the occasion
	Last      calendar.Date       `json:"last,omitzero"`
	Terms     *obligation.Terms   `json:"terms,omitempty"`
	Body      *reminders.Message  `json:"body,omitempty"`  // what was worked out when it was made, such as a summary
	Files     []reminders.File    `json:"files,omitempty"` // that go with each copy
	Own       map[string]OwnText  `json:"own,omitempty"`   // the office's text by language, approved when it was made
	Cases     []string            `json:"cases,omitempty"`
	Cursor    string              `json:"cursor,omitempty"` // the last person, or unit, that was dealt with
	Within    int                 `json:"within,omitempty"` // copies made for the unit behind the cursor
	// Moved is the new due instant of a notice that is published once more after
	// its block moved: now its copies are brought up to date instead of sent.
	Moved  string    `json:"moved,omitempty"`
	Copies int       `json:"copies"`          // deliveries made
	Began  time.Time `json:"began,omitzero"`  // when the notice was made
	Ended  *Halt     `json:"ended,omitempty"` // the decision to stop it

	// Publication is what the office itself says by this notice, by its id; the copies of
	// such a notice wait where the push budget is spent, unless it is Urgent.
	Publication string             `json:"publication,omitempty"`
	Urgent      bool               `json:"urgent,omitempty"`
	Subject     *reminders.Message `json:"subject,omitempty"` // what it is called in a list
	// Alone are the units whose group has its push of the day until it is too late: their
	// people are told one by one.
	Alone []reminders.UnitID `json:"alone,omitempty"`
}

// OwnText is a text that the office wrote in place of the shipped one.
type OwnText struct {
	Text       string             `json:"text"`
	By         reminders.PersonID `json:"by"`
	ApprovedBy reminders.PersonID `json:"approved_by"`
}

// Handle is the short name of the notice in button data.
func (n Notice) Handle() string { return string(obligation.HandleOf(obligation.TermsID(n.ID))) }

// fromItem makes the notice of an item of the plan.
func fromItem(item Item) Notice {
	n := Notice{
		ID: item.Key, Kind: item.Kind, Block: item.Block, State: Publishing,
		Audience: item.Audience, Expects: item.Expects, At: item.At, Due: item.Due, Until: item.Until,
	}
	if len(item.Occasion.Blocks) > 0 {
		n.Festivals, n.First, n.Last = item.Occasion.Festivals(), item.Occasion.First(), item.Occasion.Last()
	}
	if item.Expects.Obliges() {
		n.Terms = termsOf(item)
	}
	return n
}

// termsOf writes down what the item expects.
func termsOf(item Item) *obligation.Terms {
	t := &obligation.Terms{
		ID: obligation.TermsID(item.Key), Kind: string(item.Kind), Block: item.Block,
		Opens: item.At, Due: item.Due, Grace: item.Grace, Closes: item.Closes,
		Subject: reminders.Line("reminder.subject", reminders.Args{"Occasion": occasion(item.Occasion.Festivals())}),
	}
	if item.Expects == ExpectPerUnit {
		t.Subject.Key = "reminder.unit_subject"
	}
	t.Ladder = slices.Clone(item.Ladder)
	return t
}
