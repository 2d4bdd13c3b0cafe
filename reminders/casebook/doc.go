// Package casebook keeps the public cases of the office (案例库): typical cases that an
// issuing organ has made public already, as drafts, approved by a second person,
// published, corrected and withdrawn.
//
// A case without issuer, date and public address is refused, the text is not enriched,
// nobody can search it for words, and it expires. What a reader sees is worked out when it
// is shown, so that a withdrawal reaches what was delivered.
//
// Read case.go, english.go, rules.go, desk.go, decide.go, withdraw.go, browse.go, push.go,
// show.go, advance.go, read.go, read_yaml.go and import.go in that order.
package casebook
