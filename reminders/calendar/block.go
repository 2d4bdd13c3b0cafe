package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Block is a holiday block (放假时段): the contiguous run of rest days around
// listed days off, adjoining weekends included. A make-up workday ends it.
type Block struct {
	// ID is the year and the festivals, such as "2026-mid-autumn"; several are
	// joined by "+". It stays the same when the block moves. A block of no known
	// festival is named by its own words. It is ASCII and under 32 bytes.
	ID        string
	Name      string     // as the arrangement names its days, such as "国庆节、中秋节"
	Year      int        // of the arrangement, also where the days lie in another year
	Festivals []Festival // in the order of Festivals; empty for other holidays
	First     Date
	Last      Date // belongs to the block

	Provisional bool // at least one of its days comes from a provisional year
	Confirmed   bool // an admin allowed sending for its provisional years
}

// Days is the length of the block.
func (b Block) Days() int { return b.Last.Sub(b.First) + 1 }

// Contains reports whether d lies in the block.
func (b Block) Contains(d Date) bool { return !d.Before(b.First) && !d.After(b.Last) }

// Occasion is one or more blocks of which people are reminded together (合并提醒):
// fewer than seven days lie between them. It always has a block.
type Occasion struct {
	ID     string // the year of the first block and what all are named by, joined by "+"
	Blocks []Block
}

// First is the first day of the first block.
func (o Occasion) First() Date { return o.Blocks[0].First }

// Last is the last day of the last block.
func (o Occasion) Last() Date { return o.Blocks[len(o.Blocks)-1].Last }

// Festivals are those of all blocks, each once, in the order of Festivals.
func (o Occasion) Festivals() []Festival {
	var all []Festival
	for _, b := range o.Blocks {
		all = append(all, b.Festivals...)
	}
	return inOrder(all)
}

// Provisional reports whether a block of the occasion is provisional.
func (o Occasion) Provisional() bool {
	for _, b := range o.Blocks {
		if b.Provisional {
			return true
		}
	}
	return false
}

// Confirmed reports whether an admin allowed sending for every provisional block.
// It is true where none is provisional.
func (o Occasion) Confirmed() bool {
	for _, b := range o.Blocks {
		if b.Provisional && !b.Confirmed {
			return false
		}
	}
	return true
}

// maxGap is the number of days between two blocks from which on they are
// occasions of their own.
const maxGap = 7

// occasions groups blocks, which are in order.
func occasions(blocks []Block) []Occasion {
	var grouped []Occasion
	for i, b := range blocks {
		if i > 0 && b.First.Sub(blocks[i-1].Last)-1 < maxGap {
			last := &grouped[len(grouped)-1]
			last.Blocks = append(last.Blocks, b)
			continue
		}
		grouped = append(grouped, Occasion{Blocks: []Block{b}})
	}
	for i := range grouped {
		grouped[i].ID = occasionID(grouped[i].Blocks)
	}
	return grouped
}

// occasionID joins what the blocks are named by behind the year of the first.
func occasionID(blocks []Block) string {
	id := blocks[0].ID
	for _, b := range blocks[1:] {
		_, tag, _ := strings.Cut(b.ID, "-")
		id += "+" + tag
	}
	return short(id)
}

// maxID keeps identifiers short enough for the data of a button.
const maxID = 31

// short cuts an identifier that is too long and keeps it unique by its hash.
func short(id string) string {
	if len(id) <= maxID {
		return id
	}
	const digits = 8
	return strings.TrimRight(id[:maxID-digits-1], "-+") + "-" + fingerprint(id)[:digits]
}

// fingerprint is a hash in hex that is the same on every machine.
func fingerprint(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
