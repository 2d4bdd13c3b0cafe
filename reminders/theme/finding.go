package theme

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Finding is something that was found in a unit (发现问题), without names and clues.
type Finding struct {
	Theme  ID               `json:"theme"`
	Number int              `json:"number"` // within the theme, from 1
	Unit   reminders.UnitID `json:"unit"`
	Point  int              `json:"point,omitempty"` // of the checklist, from 1; 0: outside of it
	Text   string           `json:"text"`
	State  FindingState     `json:"state"`
	Steps  []Step           `json:"steps"` // every one that it took, in order

	Suggestion string    `json:"suggestion,omitempty"` // 监督建议: what the unit is to put right
	Due        time.Time `json:"due,omitzero"`         // until when
	Round      int       `json:"round,omitempty"`      // how many times the unit was asked

	// Report is what was last reported as put right; nil before, and after a return.
	Report  *Report `json:"report,omitempty"`
	Outcome Outcome `json:"outcome,omitzero"`

	// Followup is the number of the follow-up item by which the finding is carried on;
	// empty as long as there are none.
	Followup string `json:"followup,omitempty"`
}

// FindingState is where a finding stands.
type FindingState string

// The states of a finding. The last three are outcomes.
const (
	Found          FindingState = "found"           // 已发现
	Suggested      FindingState = "suggested"       // 已提建议: the unit is asked to put it right
	InProgress     FindingState = "in-progress"     // 整改中: being put right; reported, or returned
	PutRight       FindingState = "closed"          // 已办结: put right, and confirmed
	Referred       FindingState = "referred"        // 已移送: another body has it
	NotEstablished FindingState = "not-established" // 不成立
)

// FindingStates lists the states in the order in which texts show them.
func FindingStates() []FindingState {
	return []FindingState{Found, Suggested, InProgress, PutRight, Referred, NotEstablished}
}

// Final reports whether the state is an outcome.
func (s FindingState) Final() bool {
	return s == PutRight || s == Referred || s == NotEstablished
}

// Step is one change of a finding.
type Step struct {
	Move Move               `json:"move"`
	By   reminders.PersonID `json:"by"`
	At   time.Time          `json:"at"`
	Text string             `json:"text,omitempty"` // what was said with it
}

// Report is what was put right, in the words of the unit (整改情况).
type Report struct {
	By   reminders.PersonID `json:"by"`
	At   time.Time          `json:"at"`
	Text string             `json:"text"`
}

// Outcome is how a finding ended: what was done, to whom it was referred, or why it is
// not established.
type Outcome struct {
	By       reminders.PersonID `json:"by,omitempty"`
	At       time.Time          `json:"at,omitzero"`
	Text     string             `json:"text,omitempty"` // what was done, or why not
	Referral Referral           `json:"referral,omitzero"`
}

// Referral is all that the service keeps of a referral (移送): the matter itself goes by
// the office network.
type Referral struct {
	Number string        `json:"number,omitempty"`
	Day    calendar.Date `json:"day,omitzero"`
	To     string        `json:"to,omitempty"` // the receiving unit
}

// Terms names what the unit is asked: one name for each time that it was.
func (f Finding) Terms() obligation.TermsID {
	id := fmt.Sprintf("theme/%s/%d", f.Theme, f.Number)
	if f.Round > 1 {
		id += "~" + strconv.Itoa(f.Round)
	}
	return obligation.TermsID(id)
}

// KindFinding is the kind of those obligations.
const KindFinding = "theme-finding"

// FindingIn reads from the name of an obligation which finding it is about.
func FindingIn(id obligation.TermsID) (theme ID, number int, ok bool) {
	parts := strings.Split(string(id), "/")
	if len(parts) != 3 || parts[0] != "theme" {
		return "", 0, false
	}
	text, _, _ := strings.Cut(parts[2], "~")
	number, err := strconv.Atoi(text)
	return ID(parts[1]), number, err == nil
}

// ShownToUnit reports whether the unit sees the finding: from the suggestion on, and not
// when it was referred, since a unit does not learn of a referral from here.
func (f Finding) ShownToUnit() bool {
	return f.State == Suggested || f.State == InProgress || f.State == PutRight && f.Round > 0
}

// ToConfirm reports whether somebody of the office has to look at what was reported.
func (f Finding) ToConfirm() bool { return f.State == InProgress && f.Report != nil }

// ReturnedFor is why the last report was returned; empty if it was not.
func (f Finding) ReturnedFor() string {
	if f.State != InProgress || f.Report != nil {
		return ""
	}
	for _, step := range slices.Backward(f.Steps) {
		if step.Move == Return {
			return step.Text
		}
	}
	return ""
}

// Late reports whether the unit has let its deadline pass without a report.
func (f Finding) Late(now time.Time) bool {
	return !f.State.Final() && f.Report == nil && !f.Due.IsZero() && now.After(f.Due)
}
