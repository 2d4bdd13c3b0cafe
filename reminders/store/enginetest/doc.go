// Package enginetest is the conformance suite of engines: the contract of package
// store in code. Every engine passes all of it, under the race detector too.
//
// Read suite.go (how it is run), reading.go (order, paging, snapshots), applying.go
// (conditions, atomicity, limits) and together.go (many at once, and reopening).
package enginetest
