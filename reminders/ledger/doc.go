// Package ledger is the register of what happened (台账): append-only and
// hash-chained, so that nobody can change, drop or insert an entry without
// breaking every later one.
//
// Read verb.go (what can happen), entry.go (one entry and its normal form),
// chain.go (how entries are chained and proved), draft.go (the same in two steps,
// for the store) and export.go (the file in which they travel), in that order.
//
// # The chain
//
// Entries are numbered from 1 without a gap. Each carries in Prev the Sum of its
// predecessor; the first one carries an empty Prev. Sum is the SHA-256, in
// lower-case hexadecimal, of the following fields in this order:
//
//  1. the word "qingfeng-ledger-1"
//  2. seq, in decimal
//  3. at, in UTC as 2006-01-02T15:04:05.000Z, always with three decimals
//  4. actor, verb, object, subject, reason, text_hash
//  5. the number of attributes, in decimal
//  6. each attribute's name and value, in the byte order of the names
//  7. prev
//
// Each field is written as a netstring: its length in bytes in decimal, a colon,
// its bytes in UTF-8, a comma. No two different entries have the same encoding.
//
// # The export
//
// An export is one JSON array of entries in the order of their numbers, in UTF-8.
// Each element is an object with these members; those marked * are left out when
// empty, and any other member makes the file invalid, since no hash covers it:
//
//	seq        number of the entry, from 1
//	at         RFC 3339 with offset, to the millisecond at most
//	actor      staff_no of who did it, or "system"
//	verb       what was done, one of the constants in verb.go
//	object*    what it was done to: "notice/2026-national-day", "obligation/..."
//	subject*   whom it concerns: a staff_no or the id of a unit
//	reason*    the named reason, or why somebody did it
//	text_hash* SHA-256 in hexadecimal of the exact text that was shown
//	attrs*     object of short strings
//	prev       sum of the entry before, empty for the first
//	sum        sum of this entry
//
// An export may begin in the middle of the chain. Then its first entry is taken
// at its word for what came before, and the proof says from where on it holds.
package ledger
