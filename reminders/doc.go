// Package reminders holds the words that the whole domain shares: person, unit,
// role, audience, message, delivery, window, error, and the two seams through
// which the outside reaches it, the unit of work (Tx) and the Clock.
//
// The system has six verbs. Something is said (a notice), delivered (one message
// for one person), expected (an obligation), answered, settled and remembered
// (the ledger). Each noun has a package below this one; all of them speak the
// words of this package and none of them imports another noun.
//
// Read person.go, audience.go, message.go, hit.go, file.go, delivery.go, midway.go, window.go, error.go
// and tx.go in that order; then calendar, obligation, ledger, people, notice,
// dispatch and store.
//
// The package imports the standard library only.
package reminders
