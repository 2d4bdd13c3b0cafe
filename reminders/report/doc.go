// Package report receives what units on duty report (报告): the daily report, most often
// with nothing to report, incidents at any time, and the closing report after a block.
//
// What a report asks for is data: forms of fields, and rules of plausibility over them.
// Filling one in is a conversation without any state but its own, which can stop and go on
// at any time. What was submitted never changes: a correction is another version, a return
// is a step of the review, and a nil report that turns out to be wrong is overturned and
// stays. A number that is known already, from an incident, a handover or the daily reports
// of a block, is filled in with its provenance and not asked for again.
//
// Every report that is expected is an obligation of the unit. A submission answers it, a
// return expects a correction, and both end as obligations do: in time, late or missed.
//
// Read form.go, form_file.go, form_hours.go and forms.go (what is asked); value.go,
// number.go and instant.go (what an answer is, and how people write it); draft.go and
// dialog.go (filling a form in); expression.go and rule.go (plausibility); report.go (what
// is kept); desk.go, expect.go, advance.go, submit.go, undo.go, review.go, incident.go and
// prefill.go (receiving and reviewing); look.go, plan.go, closing.go and export.go
// (knowing where things stand); file.go (photos and documents).
package report
