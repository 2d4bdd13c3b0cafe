package obligation

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// TermsID names terms for ever. It is the key of the plan item or of the thing
// from which the expectation follows, such as
// "2026-mid-autumn+national-day/holiday-reminder".
type TermsID string

// Handle is the short name of the terms in button data: 13 characters of
// lower-case base32.
type Handle string

// HandleOf derives the handle. 64 bits of SHA-256 are unique for any number of
// terms that an office will ever have.
func HandleOf(id TermsID) Handle {
	sum := sha256.Sum256([]byte(id))
	return Handle(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:8])))
}

// Action is what a step of the ladder does.
type Action string

// The actions of a ladder (催办与升级). Ask says for the first time what is expected,
// where no notice does; Chase speaks to the owner again, Tell to the next level.
const (
	Ask   Action = "ask"
	Chase Action = "chase"
	Tell  Action = "tell"
)

// Step is one rung of the ladder: at an instant, something is done about every
// line that is still open.
type Step struct {
	Name   string         `json:"name"` // "chase", "tell-leader": goes to the ledger and to message keys
	At     time.Time      `json:"at"`
	Action Action         `json:"action"`
	To     reminders.Role `json:"to,omitempty"` // for Tell: this role, or place on a shift, in the owner's unit
	// Say is what Tell says; nil: that the thing is still open.
	Say *reminders.Message `json:"say,omitempty"`
}

// Terms are what is expected (应办事项的要求): of many owners alike, until one
// instant, with one ladder.
type Terms struct {
	ID     TermsID `json:"id"`
	Handle Handle  `json:"handle"`
	Kind   string  `json:"kind"`  // the plan's kind of what asks for it
	Block  string  `json:"block"` // holiday block or merged blocks; empty if none

	Opens  time.Time     `json:"opens"`
	Due    time.Time     `json:"due"`
	Grace  time.Duration `json:"grace,omitempty"`
	Closes time.Time     `json:"closes"`
	Ladder []Step        `json:"ladder,omitempty"` // in order of At

	// Answers is who answers for a unit that owes: a role in it or a place on its
	// shift; empty: its liaisons.
	Answers reminders.Role `json:"answers,omitempty"`
	// Duty says that only people on duty are concerned: at any hour, outside of every
	// budget, more than once a day if need be.
	Duty bool `json:"duty,omitempty"`
	// Asking is what an Ask says.
	Asking *reminders.Message `json:"asking,omitempty"`

	// Subject is what the thing is called in a list: "holiday integrity reminder".
	Subject reminders.Message `json:"subject"`

	// Taken counts the steps of the ladder that are done. Aim is what the pass
	// over the lines that is in progress carries out (see aim), and Cursor how far
	// it has come, so that it goes on there after a crash.
	Taken  int    `json:"taken,omitempty"`
	Aim    int    `json:"aim,omitempty"`
	Cursor string `json:"cursor,omitempty"`
	Closed bool   `json:"closed,omitempty"` // every line has its final state

	// Members is the number of lines opened under the terms; the balance is
	// held against it.
	Members int `json:"members"`
}

// lane is that of what the terms say to people.
func (t Terms) lane() reminders.Lane {
	if t.Duty {
		return reminders.LaneDuty
	}
	return reminders.LanePersonal
}

// AnsweredBy is the role, or the place on a shift, that answers for a unit.
func (t Terms) AnsweredBy() reminders.Role {
	if t.Answers == "" {
		return reminders.Liaison
	}
	return t.Answers
}

// asks gives the step of the ladder, not after at, that asks for the first time.
func (t Terms) asks(at time.Time) (Step, bool) {
	n := slices.IndexFunc(t.Ladder, func(s Step) bool { return s.Action == Ask && !s.At.After(at) })
	if n < 0 {
		return Step{}, false
	}
	return t.Ladder[n], true
}

// Next is the instant at which the terms want attention again: the next step of
// the ladder or the closing. It is zero when they are closed.
func (t Terms) Next() time.Time {
	switch {
	case t.Closed:
		return time.Time{}
	case t.Taken < len(t.Ladder):
		if at := t.Ladder[t.Taken].At; at.Before(t.Closes) {
			return at
		}
	}
	return t.Closes
}

// stepDue is how many steps of the ladder are taken once the one that is due at
// now has been carried out; Taken if none is due. Of several instants that have
// come it is the newest, and of several steps at that instant the first: those
// behind it follow one after the other.
func (t Terms) stepDue(now time.Time) int {
	n := t.Taken
	for n < len(t.Ladder) && !t.Ladder[n].At.After(now) {
		n++
	}
	for n-1 > t.Taken && t.Ladder[n-2].At.Equal(t.Ladder[n-1].At) {
		n--
	}
	return n
}

// aim numbers what a pass over the lines carries out at now: the step that is
// due, or past the end of the ladder the closing.
func (t Terms) aim(now time.Time) int {
	if !now.Before(t.Closes) {
		return len(t.Ladder) + 1
	}
	return t.stepDue(now)
}

// redated gives the terms with the instants of moved. Steps are known by their
// names: what was taken is not taken again, whatever became of the others.
func (t Terms) redated(moved Terms) Terms {
	taken := t.Ladder[:t.Taken:t.Taken]
	ladder := slices.Clone(taken)
	for _, step := range moved.Ladder {
		if !slices.ContainsFunc(taken, func(s Step) bool { return s.Name == step.Name }) {
			ladder = append(ladder, step)
		}
	}
	t.Opens, t.Due, t.Grace, t.Closes, t.Ladder = moved.Opens, moved.Due, moved.Grace, moved.Closes, ladder
	t.Asking, t.Subject = moved.Asking, moved.Subject
	t.Aim, t.Cursor = 0, "" // a pass in progress begins again
	return t
}
