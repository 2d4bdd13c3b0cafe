// Package duty keeps the duty roster of units over the holidays (值班): who is on
// duty when, who took over, who was responsible.
//
// A shift is known by its unit and its start. What is planned for it has a valid
// time, from start to end, and a record time, the instant at which the office knew
// it: every change is a new version, and nothing is overwritten. So "who is on duty
// now" and "who was responsible then, as the record stood at another instant" are
// the same question at two clocks.
//
// Files are read by rosterfile.go, layout.go, layoutrow.go and lookup.go; template.go
// makes the one that the bot hands out. validate.go with cover.go, problem.go and
// facts.go says what is wrong with a roster by the rules of rules.go, file.go makes it the
// one in force.
//
// Read shift.go and roster.go (the nouns), desk.go (what the package needs of others),
// look.go (who is on duty, who answers), record.go, change.go and replace.go (how a shift
// changes), errand.go, carry.go, first.go and rosterdue.go (what the desk does by itself),
// ladder.go, takeover.go, handover.go and matter.go (a shift as it is kept), gone.go (who
// cannot come), days.go, count.go, ics.go and feed.go.
//
// Swaps: swap.go (the noun), swap_step.go (who may take which step), swap_check.go (what
// forbids one), swap_desk.go, swap_decide.go, swap_follow.go and swap_lay.go (a shift that
// moves, a roster filed again), swap_tell.go.
//
// Spot checks: spot.go (the nouns), spot_derive.go (how the moment follows and why nobody
// can steer it), spot_window.go, spot_desk.go, spot_draw.go, spot_ask.go, spot_answer.go
// and spot_reveal.go.
package duty
