package duty

import (
	"fmt"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Carry is the errand of carrying a filed roster out: what is expected of each shift,
// and what those affected are told. It goes on where it stopped after a crash.
type Carry struct {
	Unit    reminders.UnitID   `json:"unit"`
	Block   string             `json:"block"`
	Version int                `json:"version"`
	By      reminders.PersonID `json:"by,omitempty"`
	First   bool               `json:"first,omitempty"` // nobody had a shift before: nothing has changed for them
	Changes []Change           `json:"changes"`
	Done    int                `json:"done,omitempty"` // of the shifts
	Told    int                `json:"told,omitempty"` // of the people
}

// How much one unit of work carries out: a shift costs up to fourteen changes of the
// store, a message three.
const (
	carriedAtOnce = 5
	newsAtOnce    = 15
)

// queueCarry puts a filed roster on the agenda, to be carried out at once.
func (d *Desk) queueCarry(tx reminders.Tx, f Filed, by reminders.PersonID) error {
	c := Carry{Unit: f.Plan.Unit, Block: f.Plan.Block.ID, Version: f.Roster.Version, By: by, First: f.First, Changes: f.Changes}
	name := fmt.Sprintf("carry/%s/%s/%06d", c.Unit, c.Block, c.Version)
	return d.Store.SaveErrand(tx, Errand{Name: name, At: tx.Now(), Carry: &c})
}

// carry carries a roster out one chunk further. Of each shift it looks at what stands
// now, which a swap may have changed since.
func (d *Desk) carry(tx reminders.Tx, e Errand) error {
	c := *e.Carry
	people := Affected(c.Changes)
	if c.First {
		people = nil
	}
	switch {
	case c.Done < len(c.Changes):
		chunk := c.Changes[c.Done:min(c.Done+carriedAtOnce, len(c.Changes))]
		for _, change := range chunk {
			if err := d.carryShift(tx, change.Is.ID, !c.First); err != nil {
				return err
			}
		}
		c.Done += len(chunk)
	case c.Told < len(people):
		chunk := people[c.Told:min(c.Told+newsAtOnce, len(people))]
		for _, p := range chunk {
			about := fmt.Sprintf("%s/%s/%d", c.Unit, c.Block, c.Version)
			if err := d.tellChange(tx, about, p, c.By, c.Changes); err != nil {
				return err
			}
		}
		c.Told += len(chunk)
	}
	if c.Done == len(c.Changes) && c.Told >= len(people) {
		return d.Store.DropErrand(tx, e.Name)
	}
	e.Carry = &c
	return d.Store.SaveErrand(tx, e)
}

// carryShift brings one shift into line with how it stands.
func (d *Desk) carryShift(tx reminders.Tx, id ShiftID, changed bool) error {
	s, found, err := d.ShiftOf(tx, id)
	if err != nil || !found {
		return err
	}
	if err := d.follow(tx, s); err != nil {
		return err
	}
	return d.plan(tx, s, changed)
}
