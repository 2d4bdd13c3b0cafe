package duty

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Roster is what a unit filed for a block (值班表), in one version. It is a document:
// swaps and replacements change shifts and leave it as it was filed.
type Roster struct {
	Unit    reminders.UnitID   `json:"unit"`
	Block   string             `json:"block"`
	Version int                `json:"version"` // from 1
	FiledAt time.Time          `json:"filed_at"`
	FiledBy reminders.PersonID `json:"filed_by"`

	// Text is the roster in its canonical form, one line a shift in order of start,
	// and Hash the SHA-256 of it in hex: whoever has the text can check the hash.
	Text string `json:"text"`
	Hash string `json:"hash"`

	// Window spans its shifts: where they are found also after the block has moved.
	Window reminders.Window `json:"window"`

	// Accepted names the kinds of problems with which it was filed knowingly.
	Accepted []Reason `json:"accepted,omitempty"`
}

// Canonical writes the plan of a unit for a block so that equal plans have equal
// texts: a line "unit block", and for each shift, by start,
// "start end officer leader backup", instants in RFC 3339 on the clock of the place,
// "-" for nobody, every line ended by a line feed.
func Canonical(unit reminders.UnitID, block string, shifts []Shift) string {
	var b strings.Builder
	b.WriteString(string(unit) + " " + block + "\n")
	for _, s := range shifts {
		line := []string{s.Start.Format(time.RFC3339), s.End.Format(time.RFC3339)}
		for _, p := range []reminders.PersonID{s.Officer, s.Leader, s.Backup} {
			line = append(line, nobody(p))
		}
		b.WriteString(strings.Join(line, " ") + "\n")
	}
	return b.String()
}

// nobody writes a place that may be empty.
func nobody(p reminders.PersonID) string {
	if p == "" {
		return "-"
	}
	return string(p)
}

// Roster gives the newest version of what a unit filed for a block.
func (d *Desk) Roster(tx reminders.Tx, unit reminders.UnitID, block string) (Roster, bool, error) {
	return d.Store.Roster(tx, unit, block)
}

// Rosters gives every version of what a unit filed for a block, the first one first.
func (d *Desk) Rosters(tx reminders.Tx, unit reminders.UnitID, block string) ([]Roster, error) {
	return d.Store.Rosters(tx, unit, block)
}
