// Package calendar knows which days are workdays and where the public holidays
// lie. It speaks in civil dates: a day is a year, a month and a day of the
// month, and becomes an instant only in the zone of the place.
//
// The yearly arrangement of the State Council (放假安排) is data. It lists days
// off and make-up workdays; weekends that merely adjoin a holiday are not
// listed. A year without an official arrangement works with the statutory days,
// marked provisional. Lunar dates are never computed here: they come from a
// table that tests hold against independent data.
//
// A holiday Block is the contiguous run of rest days around listed days off. An
// Occasion is one or more blocks so close to each other that people are
// reminded of them once.
//
// Read date.go, festival.go, arrangement.go, block.go, calendar.go, workday.go,
// runs.go and difference.go in that order; then the import of files: parse.go,
// gather.go, encoding.go, json.go, csv.go, ics.go and builtin.go.
package calendar
