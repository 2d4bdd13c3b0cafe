package obligation

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Tally counts lines by state.
type Tally map[State]int

// Total is the number of lines counted.
func (t Tally) Total() int {
	sum := 0
	for _, n := range t {
		sum += n
	}
	return sum
}

// Answered is the number of lines that were answered, in time or late.
func (t Tally) Answered() int { return t[Met] + t[Late] }

// Imbalance is something that the book cannot explain.
type Imbalance struct {
	Terms  TermsID `json:"terms"`
	Owner  string  `json:"owner,omitempty"`
	Reason string  `json:"reason"` // one of the Unexplained constants
}

// What the self-audit can find unexplained.
const (
	UnexplainedState     = "unknown-state"
	UnexplainedNoReason  = "final-without-reason"
	UnexplainedNoNext    = "open-without-next-step"
	UnexplainedOverdue   = "open-after-closing"
	UnexplainedMembers   = "lines-differ-from-members"
	UnexplainedForgotten = "step-overdue" // the agenda should have acted an hour ago
)

// lag is how long the agenda may be behind before the audit speaks of it.
const lag = time.Hour

// AuditLine explains one line or says why it cannot: a closed line has one final
// state and a reason, an open one lies under terms with a next step.
func AuditLine(t Terms, o Obligation) (Imbalance, bool) {
	why := ""
	switch {
	case !slices.Contains(States(), o.State):
		why = UnexplainedState
	case o.State.Final() && o.Reason == "":
		why = UnexplainedNoReason
	case o.State == Open && t.Closed:
		why = UnexplainedOverdue
	case o.State == Open && t.Next().IsZero():
		why = UnexplainedNoNext
	default:
		return Imbalance{}, true
	}
	return Imbalance{Terms: t.ID, Owner: o.Owner.Subject(), Reason: why}, false
}

// AuditTerms explains the terms as a whole: as many lines as were opened, and no
// step left behind.
func AuditTerms(t Terms, counted Tally, now time.Time) []Imbalance {
	var found []Imbalance
	if counted.Total() != t.Members {
		found = append(found, Imbalance{Terms: t.ID, Reason: UnexplainedMembers})
	}
	if next := t.Next(); !next.IsZero() && now.Sub(next) > lag {
		found = append(found, Imbalance{Terms: t.ID, Reason: UnexplainedForgotten})
	}
	return found
}

// Count tallies the lines under the terms, all of them or those of one unit,
// and audits each.
func (d *Desk) Count(tx reminders.Tx, t Terms) (Tally, map[reminders.UnitID]Tally, []Imbalance, error) {
	all, byUnit := Tally{}, map[reminders.UnitID]Tally{}
	var found []Imbalance
	for cursor := ""; ; {
		page, next, err := d.store.ObligationsAfter(tx, t.ID, cursor, 1000)
		if err != nil {
			return nil, nil, nil, err
		}
		for _, line := range page {
			all[line.State]++
			if byUnit[line.Owner.Unit] == nil {
				byUnit[line.Owner.Unit] = Tally{}
			}
			byUnit[line.Owner.Unit][line.State]++
			if bad, ok := AuditLine(t, line); !ok {
				found = append(found, bad)
			}
		}
		if next == "" {
			return all, byUnit, append(found, AuditTerms(t, all, tx.Now())...), nil
		}
		cursor = next
	}
}
