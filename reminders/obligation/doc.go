// Package obligation keeps the book of what is expected of whom by when.
//
// Everything expected is written down before it is due. Terms say what is
// expected, until when, and which steps are taken while it is outstanding (the
// ladder); they are shared by everyone of whom the same thing is expected. An
// Obligation is the line of one owner under those terms and ends in exactly one
// final state. Because the ladder belongs to the terms, the agenda has one row
// for a notice to a million people: a sweep with nothing due reads one row.
//
// Read terms.go, obligation.go, next.go, desk.go, step.go, ask.go, group.go,
// withdraw.go, unsent.go, supersede.go, passover.go, balance.go and audit.go.
package obligation
