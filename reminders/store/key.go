package store

import "strings"

// Keys are paths: a prefix that names the kind of record, a slash, and parts that
// sort the way they are read. Instants and numbers have a fixed width. Prefixes in
// use by the store itself are "schema", "chain", "ledger/" and "number/".

// Prefix gives the half-open range of all keys that begin with prefix, for List
// and Scan.
func Prefix(prefix string) (from, to string) {
	for end := len(prefix); end > 0; end-- {
		if last := prefix[end-1]; last < 0xFF {
			return prefix, prefix[:end-1] + string([]byte{last + 1})
		}
	}
	return prefix, ""
}

// After gives the smallest key that is greater than key: where the next page of
// a list begins.
func After(key string) string { return key + "\x00" }

// Digits writes n so that keys sort by number: 20 decimal digits.
func Digits(n uint64) string {
	var digits [20]byte
	for at := len(digits) - 1; at >= 0; at-- {
		digits[at] = byte('0' + n%10)
		n /= 10
	}
	return string(digits[:])
}

// kindOf is the prefix of a key, for errors: the rest may name a person.
func kindOf(key string) string {
	kind, _, _ := strings.Cut(key, "/")
	return kind
}
