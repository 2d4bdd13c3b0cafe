// Package theme is the quarterly theme (一季度一主题): what the office looks into in a
// quarter, unit by unit and point by point, what it finds, and what becomes of that.
//
// A theme is drafted, approved by a second person as a card of the press, and then runs:
// each unit in scope is checked or is marked as not checked with a reason, and each finding
// moves along one table until it has an outcome: closed, referred or not established. The
// loop closes only then, however the quarter ends. A finding for which something was
// suggested to the unit is an obligation of that unit in the book, so that its deadline is
// chased and its lateness is told like any other.
//
// What a unit, a person or a case did is never counted against another: there are outcomes
// and reasons here, no rates and no rankings. Texts are those of a public chat; they pass
// the input guard before they are kept.
//
// Finding.Followup is the seam to follow-up items: it stays empty until a finding is
// carried on under a number of its own.
//
// Read theme.go, words.go and quarter.go first (what a theme is), then finding.go and move.go (what
// a finding is, and how it moves), checklist.go (the points that are looked at) and gap.go
// (what keeps the loop from closing). desk.go joins the desk; draft.go, check.go, settle.go
// and right.go are what the office and the units do, close.go and summary.go how it ends.
// advance.go is what happens without a person, text.go keeps texts within their limits, and
// row.go is what is exported.
package theme
