// Package duty keeps the duty roster of units over the holidays (值班): who is on
// duty when, who took over, who was responsible.
//
// A shift is known by its unit and its start. What is planned for it has a valid
// time, from start to end, and a record time, the instant at which the office knew
// it: every change is a new version, and nothing is overwritten. So "who is on duty
// now" and "who was responsible then, as the record stood at another instant" are
// the same question at two clocks.
//
// Read shift.go and roster.go (the nouns), desk.go (what the package needs of others),
// look.go (who is on duty, who answers) and cover.go (what needs cover).
package duty
