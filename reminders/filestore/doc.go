// Package filestore keeps pictures and documents by their content (附件存储): a file
// is found by the SHA-256 of its bytes, and the same bytes are kept once, whoever
// sent them. The records of the store name files by that hash; the bytes lie beside
// it, since a database is a poor place for them (docs/adr/0013).
//
// Bytes are written before the unit of work that names them, and taken away by Purge
// when nothing names them and nobody has brought them for a while: at no instant does
// a record name bytes that are not on the disk.
//
// Read store.go (keeping and opening), media.go (what a file is), disk.go and
// memory.go (where the bytes lie), then check.go (what is wrong, what is not needed
// any more) and copy.go (backups).
//
// The package imports the root only.
package filestore
