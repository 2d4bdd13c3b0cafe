// Package bolt is the embedded engine: one bbolt file in the data directory.
//
// Read bolt.go (the engine), open.go (creating and opening the file), survey.go
// (looking over a file before it is trusted, which map_unix.go or map_other.go hands
// to it), space.go (how full it is) and fault.go (what can go wrong with a disk, in
// words), in that order.
//
// All records live in one bucket, whose sequence number counts the revisions; a
// value in the file is its revision in eight bytes, big-endian, and then the
// value. One bucket and not one per prefix, because List may cross prefixes and
// because most records are appended at the end of a prefix, where one tree splits
// as well as many.
package bolt
