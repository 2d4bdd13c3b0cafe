package theme

import (
	"fmt"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// ID names a theme: its quarter, and from the second of a quarter on its number, such as
// "2026-Q3" and "2026-Q3-2". It has at most 10 characters of ASCII.
type ID string

// idOf makes the ID of the n-th theme of a quarter.
func idOf(q Quarter, n int) ID {
	if n < 2 {
		return ID(q)
	}
	return ID(fmt.Sprintf("%s-%d", q, n))
}

// Theme is the theme of a quarter (一季度一主题).
type Theme struct {
	ID      ID                 `json:"id"`
	Quarter Quarter            `json:"quarter"`
	State   State              `json:"state"`
	By      reminders.PersonID `json:"by"` // who drafted it
	At      time.Time          `json:"at"` // when that began

	// Lead is the language in which the office writes about the theme.
	Lead   reminders.Language `json:"lead"`
	Title  string             `json:"title"`
	Basis  string             `json:"basis"` // 依据: by what rule, plan or instruction
	Scope  string             `json:"scope"` // 范围: what is looked into
	Form   Form               `json:"form"`
	Units  []reminders.UnitID `json:"units,omitempty"` // in order; the tree below a unit was expanded
	From   calendar.Date      `json:"from,omitzero"`   // of the checks, within the quarter
	To     calendar.Date      `json:"to,omitzero"`     // included
	Points []Point            `json:"points,omitempty"`
	// Words are the texts in further languages.
	Words map[reminders.Language]Words `json:"words,omitempty"`
	// Acknowledge says that the card asks each unit for an acknowledgement.
	Acknowledge bool `json:"acknowledge,omitempty"`

	Card     string    `json:"card,omitempty"`     // by which the press knows the card; empty: never submitted
	Returned string    `json:"returned,omitempty"` // why the card was returned
	BegunAt  time.Time `json:"begun_at,omitzero"`  // when the card was approved

	// Findings is how many were recorded, and the number of the last one.
	Findings int       `json:"findings,omitempty"`
	Reminded time.Time `json:"reminded,omitzero"` // the staff, that it is still open

	ClosedBy reminders.PersonID `json:"closed_by,omitempty"`
	ClosedAt time.Time          `json:"closed_at,omitzero"`
}

// State is where a theme stands.
type State string

// The states of a theme.
const (
	Drafting  State = "drafting"
	Waiting   State = "waiting"   // for the approval of its card
	Returned  State = "returned"  // it can be changed and submitted again
	Running   State = "running"   // approved: units are checked
	Closed    State = "closed"    // every finding has its outcome
	Cancelled State = "cancelled" // given up before it was approved
)

// States lists the states in the order in which a theme takes them.
func States() []State { return []State{Drafting, Waiting, Returned, Running, Closed, Cancelled} }

// Over reports whether nothing is to be done about the theme any more.
func (t Theme) Over() bool { return t.State == Closed || t.State == Cancelled }

// Editable reports whether the theme can still be written.
func (t Theme) Editable() bool { return t.State == Drafting || t.State == Returned }

// Covers reports whether a unit is in scope.
func (t Theme) Covers(unit reminders.UnitID) bool { return slices.Contains(t.Units, unit) }

// Form is how the checks are made (方式).
type Form string

// The forms of a theme, from the practice of the field.
const (
	Led       Form = "led"       // 带队: a leader of the office leads the group
	Assigned  Form = "assigned"  // 指派: members of the office are sent
	Entrusted Form = "entrusted" // 委托: another body checks on its behalf
)

// Forms lists the forms in the order in which they are offered.
func Forms() []Form { return []Form{Led, Assigned, Entrusted} }

// Point is one thing that is looked at in each unit (检查要点).
type Point struct {
	Text string `json:"text"`
	Look string `json:"look,omitempty"` // what to look at
}

// Check is the record that a unit was checked (检查记录), or why it was not.
type Check struct {
	Theme ID                 `json:"theme"`
	Unit  reminders.UnitID   `json:"unit"`
	At    time.Time          `json:"at"`
	By    reminders.PersonID `json:"by"`
	// Results has for each point the numbers of what was found there; none means that
	// the point is in order.
	Results [][]int `json:"results,omitempty"`
	// Unchecked is why the unit was not checked; empty if it was.
	Unchecked string `json:"unchecked,omitempty"`
}

// Done reports whether the unit was checked.
func (c Check) Done() bool { return c.Unchecked == "" }

// Incomplete is the first field that a theme lacks before it can be submitted, by its
// name; empty for one that has everything.
func (t Theme) Incomplete() string {
	switch {
	case t.Title == "":
		return FieldTitle
	case t.Basis == "":
		return FieldBasis
	case t.Scope == "":
		return FieldScope
	case t.Form == "":
		return FieldForm
	case len(t.Units) == 0:
		return FieldUnits
	case t.From.IsZero():
		return FieldPeriod
	case len(t.Points) == 0:
		return FieldPoints
	}
	return ""
}

// The fields of a theme in the order in which they are asked for.
const (
	FieldTitle  = "title"
	FieldBasis  = "basis"
	FieldScope  = "scope"
	FieldForm   = "form"
	FieldUnits  = "units"
	FieldPeriod = "period"
	FieldPoints = "points"
)

// Fields lists the fields in that order.
func Fields() []string {
	return []string{FieldTitle, FieldBasis, FieldScope, FieldForm, FieldUnits, FieldPeriod, FieldPoints}
}

// Ref is the name under which the theme stands in the ledger and in messages.
func (t Theme) Ref() string { return "theme/" + string(t.ID) }
