// Package people keeps the register of people and units (花名册): who is enrolled,
// in which unit, with which roles, through which chat they can be reached, and
// why some cannot.
//
// The register comes from the office's own lists. An import says what it would
// do before it does it, takes the file as a whole or not at all, and never
// touches what people did themselves: their binding, the topics they left, the
// language they chose. Nobody is removed by being missing from a file.
//
// A chat is bound to a person with a one-time code (邀请). Only the hash of a code
// is stored; guessing is slowed down per chat. A group chat is bound to a unit in the same
// way, by a liaison who types the code there.
//
// Read record.go (one person), tree.go (units), desk.go (the Desk and the Store
// it needs), file.go, peoplefile.go and unitfile.go (what a file says), merge.go,
// diff.go, apply.go and applyunits.go (what becomes of it), code.go, guess.go,
// invite.go and bind.go (how a chat is bound), standing.go (leaving and reach),
// group.go and groupbind.go (the group chat of a unit), leave.go and leavefile.go (who is
// away when), wish.go (what people choose) and find.go (questions) in that order.
package people
