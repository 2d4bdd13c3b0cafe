package obligation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Terms want attention at their next step or at their closing, whichever comes
// first, and never once they are closed.
func TestTermsNext(t *testing.T) {
	tests := []struct {
		name  string
		terms func(*obligation.Terms)
		want  time.Time
	}{
		{"the first step", func(*obligation.Terms) {}, on(24, 10, 0)},
		{"the second step", func(t *obligation.Terms) { t.Taken = 1 }, on(25, 9, 0)},
		{"then the closing", func(t *obligation.Terms) { t.Taken = 2 }, on(28, 10, 0)},
		{"a step at the closing never comes", func(t *obligation.Terms) { t.Closes = on(24, 10, 0) }, on(24, 10, 0)},
		{"a step after the closing never comes", func(t *obligation.Terms) { t.Closes = on(24, 9, 0) }, on(24, 9, 0)},
		{"no ladder", func(t *obligation.Terms) { t.Ladder = nil }, on(28, 10, 0)},
		{"closed", func(t *obligation.Terms) { t.Closed = true }, time.Time{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms := integrity()
			tt.terms(&terms)
			if got := terms.Next(); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// A handle is 13 characters that button data can carry, always the same for the
// same terms and another for others.
func TestHandleOf(t *testing.T) {
	const id, want = "2026-mid-autumn/holiday-reminder", "vlmien2iwch2u"
	if got := obligation.HandleOf(id); got != want {
		t.Errorf("got %q, want %q: handles stand in messages that were delivered", got, want)
	}
	seen := map[obligation.Handle]int{}
	for n := range 10000 {
		h := obligation.HandleOf(obligation.TermsID(fmt.Sprintf("terms/%d", n)))
		if other, twice := seen[h]; twice || len(h) != 13 {
			t.Fatalf("handle %q of %d: 13 characters, and not that of %d", h, n, other)
		}
		seen[h] = n
	}
}

// The self-audit explains every line or names what is unexplained about it.
func TestAuditLine(t *testing.T) {
	tests := []struct {
		name  string
		terms func(*obligation.Terms)
		line  func(*obligation.Obligation)
		want  string // empty: explained
	}{
		{name: "open with a next step"},
		{name: "settled with a reason", line: func(o *obligation.Obligation) { o.State, o.Reason = obligation.Met, obligation.ReasonAnswered }},
		{
			name: "settled under closed terms", terms: func(t *obligation.Terms) { t.Closed = true },
			line: func(o *obligation.Obligation) { o.State, o.Reason = obligation.Missed, obligation.ReasonNotAnswered },
		},
		{name: "settled without a reason", line: func(o *obligation.Obligation) { o.State = obligation.Excused }, want: obligation.UnexplainedNoReason},
		{name: "open under closed terms", terms: func(t *obligation.Terms) { t.Closed = true }, want: obligation.UnexplainedOverdue},
		{
			name:  "open and never looked at again",
			terms: func(t *obligation.Terms) { t.Ladder, t.Closes = nil, time.Time{} },
			want:  obligation.UnexplainedNoNext,
		},
		{name: "in no state", line: func(o *obligation.Obligation) { o.State = "" }, want: obligation.UnexplainedState},
		{name: "in a state that there is not", line: func(o *obligation.Obligation) { o.State, o.Reason = "lost", "x" }, want: obligation.UnexplainedState},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms, line := integrity(), asked()
			if tt.terms != nil {
				tt.terms(&terms)
			}
			if tt.line != nil {
				tt.line(&line)
			}
			got, ok := obligation.AuditLine(terms, line)
			if got.Reason != tt.want || ok != (tt.want == "") {
				t.Errorf("got %+v and %t, want %q", got, ok, tt.want)
			}
			if tt.want != "" && (got.Terms != terms.ID || got.Owner != "G001") {
				t.Errorf("the finding %+v does not name the line", got)
			}
		})
	}
}

// Terms are explained by as many lines as were opened and by steps that are not
// overdue by more than an hour.
func TestAuditTerms(t *testing.T) {
	tests := []struct {
		name    string
		members int
		counted obligation.Tally
		at      time.Time
		want    []string
	}{
		{"nothing yet", 0, obligation.Tally{}, on(22, 9, 0), nil},
		{"all lines are there", 3, obligation.Tally{obligation.Open: 2, obligation.Met: 1}, on(22, 9, 0), nil},
		{"one is missing", 3, obligation.Tally{obligation.Open: 2}, on(22, 9, 0), []string{obligation.UnexplainedMembers}},
		{"one too many", 1, obligation.Tally{obligation.Met: 1, obligation.Late: 1}, on(22, 9, 0), []string{obligation.UnexplainedMembers}},
		{"an hour behind", 1, obligation.Tally{obligation.Open: 1}, on(24, 11, 0), nil},
		{"more than an hour behind", 1, obligation.Tally{obligation.Open: 1}, on(24, 11, 0).Add(nano), []string{obligation.UnexplainedForgotten}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			terms := integrity()
			terms.Members = tt.members
			var got []string
			for _, found := range obligation.AuditTerms(terms, tt.counted, tt.at) {
				got = append(got, found.Reason)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
