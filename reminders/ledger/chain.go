package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"
)

// encodingName opens the hashed form of every entry. A change of the encoding
// gets a new name, so that old exports stay provable.
const encodingName = "qingfeng-ledger-1"

// instantForm is how an instant is hashed: UTC, always three decimals.
const instantForm = "2006-01-02T15:04:05.000Z"

// Seal gives e its place: number seq, after the entry whose sum is prev. It
// returns the normal form of e with Seq, Prev and Sum set and leaves e alone.
func Seal(prev string, seq uint64, e Entry) Entry {
	e = normal(e)
	e.Prev, e.Seq = prev, seq
	e.Sum = sum(prev, seq, body(e))
	return e
}

// sum hashes an entry, whose body is written already, as the package comment lays
// down.
func sum(prev string, seq uint64, body []byte) string {
	b := make([]byte, 0, 256+len(body))
	b = field(b, encodingName)
	b = field(b, strconv.FormatUint(seq, 10))
	b = append(b, body...)
	hash := sha256.Sum256(field(b, prev))
	return hex.EncodeToString(hash[:])
}

// body writes the fields of an entry that do not depend on its place.
func body(e Entry) []byte {
	b := make([]byte, 0, 256)
	b = field(b, e.At.UTC().Format(instantForm))
	for _, s := range [...]string{e.Actor, string(e.Verb), e.Object, e.Subject, e.Reason, e.TextHash} {
		b = field(b, s)
	}
	b = field(b, strconv.Itoa(len(e.Attrs)))
	for _, name := range slices.Sorted(maps.Keys(e.Attrs)) {
		b = field(field(b, name), e.Attrs[name])
	}
	return b
}

// field appends s as a netstring.
func field(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, ',')
}

// Fault names why an entry does not hold.
type Fault string

// The faults, in the order in which they are looked for.
const (
	FaultGap  Fault = "gap"  // its number does not follow the one before
	FaultLink Fault = "link" // its Prev is not the Sum of the one before
	FaultSum  Fault = "sum"  // its Sum does not fit what it says
)

// Break is the first place at which a chain does not hold.
type Break struct {
	Position uint64 // of the entry among those read, from 1
	Seq      uint64 // the number that the entry claims
	Fault    Fault
}

// Proof is what a walk along a chain has shown.
type Proof struct {
	Count uint64 // entries that hold, from the first one read
	First uint64 // number of the first entry read; 0 if there was none
	Last  uint64 // number of the last entry that holds
	Since string // Prev of the first entry: what the proof takes at its word
	Head  string // Sum of the last entry that holds
	Break *Break // nil: all of them hold
}

// Verify walks along entries until the first one that does not hold. The error
// is that of reading them; a broken chain is not an error but a Break.
func Verify(entries iter.Seq2[Entry, error]) (Proof, error) {
	var proof Proof
	for e, err := range entries {
		if err != nil {
			return proof, err
		}
		if fault := proof.examine(e); fault != "" {
			proof.Break = &Break{Position: proof.Count + 1, Seq: e.Seq, Fault: fault}
			return proof, nil
		}
		proof.Count++
		proof.Last, proof.Head = e.Seq, e.Sum
	}
	return proof, nil
}

// examine says what is wrong with e as the next entry, or nothing. The very first
// entry of a chain has no predecessor, so its Prev must be empty.
func (p *Proof) examine(e Entry) Fault {
	if p.Count == 0 {
		p.First, p.Since = e.Seq, e.Prev
		p.Last, p.Head = e.Seq-1, e.Prev
	}
	switch {
	case e.Seq == 0, e.Seq != p.Last+1:
		return FaultGap
	case e.Prev != p.Head, e.Seq == 1 && e.Prev != "":
		return FaultLink
	case e.Sum != sum(e.Prev, e.Seq, body(e)), e.At.Nanosecond()%int(time.Millisecond) != 0:
		return FaultSum
	}
	return ""
}
