package ledger

// Verb says what was done. The list is closed: a verb is added here, with a
// sentence, before it is used, and is never renamed or removed, since entries
// that carry it live for years.
type Verb string

// System is the actor of what the service does on its own.
const System = "system"

// The verbs of saying and sending.
const (
	Published  Verb = "published"   // a notice was expanded to its audience
	Sent       Verb = "sent"        // a message reached the chat service
	SendFailed Verb = "send-failed" // a message will not be sent any more
	Skipped    Verb = "skipped"     // something due was left out, with the reason
	Corrected  Verb = "corrected"   // the text of something sent was replaced
	Withdrawn  Verb = "withdrawn"   // something said or expected was taken back
	Approved   Verb = "approved"    // a second person released a text
	Rejected   Verb = "rejected"    // a second person refused a text
	Kept       Verb = "kept"        // a text was looked through and kept as it is
	Drafted    Verb = "drafted"     // somebody wrote or changed a text
	Paused     Verb = "paused"      // sending was halted
	Resumed    Verb = "resumed"     // sending goes on
	Stopped    Verb = "stopped"     // sending was ended for good
	Submitted  Verb = "submitted"   // a draft was handed to a second person
	Tested     Verb = "tested"      // a draft was sent to reviewers, marked as a test
	TakenOver  Verb = "taken-over"  // somebody of the office became the drafter of what another system brought; Reason names the system
	Cancelled  Verb = "cancelled"   // a draft was given up
	Scheduled  Verb = "scheduled"   // what was approved waits for its instant
	Overrode   Verb = "overrode"    // the head let a soft rule or a budget pass, with the reason
	Refused    Verb = "refused"     // the guard refused a text; Reason names the rule, the text is not kept
)

// The verbs of public cases, themes, groups and other systems.
const (
	CaseChanged  Verb = "case"         // a public case was drafted, approved, published, corrected, withdrawn or expired; Reason names the step
	ThemeChanged Verb = "theme"        // a quarterly theme took a step; Reason names it
	Finding      Verb = "finding"      // a finding of a theme got a state; Reason names it
	GroupBound   Verb = "group-bound"  // a group chat was tied to a unit
	GroupLost    Verb = "group-lost"   // the tie ended; Reason says how
	GroupMoved   Verb = "group-moved"  // a group became a supergroup
	Answered     Verb = "answered"     // the staff answered what a person told them
	TokenMade    Verb = "token"        // a token for another system was made
	TokenRevoked Verb = "token-revoke" // and revoked
)

// The verbs of expecting and answering.
const (
	Expected     Verb = "expected"     // an obligation was opened
	Acknowledged Verb = "acknowledged" // a person confirmed having seen a text
	Undone       Verb = "undone"       // a person took an answer back
	Declined     Verb = "declined"     // a person answered that they cannot
	Asked        Verb = "asked"        // the owner was told for the first time what is expected
	Chased       Verb = "chased"       // the owner was reminded
	Escalated    Verb = "escalated"    // the next level was told
	Settled      Verb = "settled"      // an obligation reached its final state
	Excused      Verb = "excused"      // an obligation ended without fault
	Redated      Verb = "redated"      // an obligation moved to another instant
	Reopened     Verb = "reopened"     // an obligation is open again
)

// The verbs of duty.
const (
	Filed      Verb = "filed"       // a roster was filed, or replaced by a newer one
	TookOver   Verb = "took-over"   // somebody took a shift over
	HandedOver Verb = "handed-over" // somebody handed a shift over
	OnLeave    Verb = "on-leave"    // a leave was entered or taken back
	Swap       Verb = "swap"        // a swap of shifts took a step; Reason names it
	Committed  Verb = "committed"   // the hash of a secret was fixed before the draw
	Drawn      Verb = "drawn"       // the moment of a spot check followed from secret and roster
	Revealed   Verb = "revealed"    // the secret of a draw was published
	Matter     Verb = "matter"      // an open matter was noted or closed
)

// The verbs of reports.
const (
	Reported   Verb = "reported"   // a report, or a new version of one, was submitted
	Accepted   Verb = "accepted"   // a report was accepted
	Returned   Verb = "returned"   // a report was returned, with the reason
	Overturned Verb = "overturned" // a nil report was contradicted later
	Questioned Verb = "questioned" // a plausibility check asked, and was answered
)

// The verbs of the people register.
const (
	Invited     Verb = "invited"     // a one-time code was made
	Bound       Verb = "bound"       // a chat was tied to a person
	Rebound     Verb = "rebound"     // another chat replaced the one bound
	Unbound     Verb = "unbound"     // a chat was untied
	Imported    Verb = "imported"    // a file was taken over
	Changed     Verb = "changed"     // a record was changed by hand
	Retired     Verb = "retired"     // a person left the register
	Unreachable Verb = "unreachable" // messages do not arrive any more
	Reachable   Verb = "reachable"   // messages arrive again
	Feedback    Verb = "feedback"    // a person told the staff something
)

// The verbs of operating the service.
const (
	Setting     Verb = "setting"     // a setting got another value
	Confirmed   Verb = "confirmed"   // an admin confirmed what waited for it
	Audit       Verb = "audit"       // the self-audit ran
	Outage      Verb = "outage"      // the service was down for a while
	Quarantined Verb = "quarantined" // an update could not be handled
	Exported    Verb = "export"      // somebody took data out
	Purged      Verb = "purged"      // records were deleted after their time
	Migrated    Verb = "migrated"    // the store was brought to a newer form
	Restored    Verb = "restored"    // a backup took the place of the store
)
