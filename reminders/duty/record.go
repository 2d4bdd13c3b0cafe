package duty

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// record adds a version of a shift: is as it shall be, was as it stood (zero for a new
// one). It gives the version with its number and its instant. A shift that comes back
// after it was cancelled begins a new life: what was expected in the old one is closed.
func (d *Desk) record(tx reminders.Tx, was, is Shift, why string, by reminders.PersonID) (Shift, error) {
	is.ID, is.Version = IDOf(is.Unit, is.Start.In(d.zone())), was.Version+1
	is.RecordedAt, is.Why, is.By = tx.Now(), why, by
	is.Life = was.Life
	if was.Cancelled && !is.Cancelled {
		is.Life++
	}
	if err := d.Store.SaveShift(tx, is); err != nil {
		return is, err
	}
	for _, person := range is.People() {
		if was.Version > 0 && was.Has(person) && was.End.Equal(is.End) {
			continue
		}
		if err := d.stint(tx, person, is); err != nil {
			return is, err
		}
	}
	return is, nil
}

// stint widens the span in which a person's shifts in a unit are looked for.
func (d *Desk) stint(tx reminders.Tx, person reminders.PersonID, s Shift) error {
	stints, err := d.Store.Stints(tx, person)
	if err != nil {
		return err
	}
	wanted := Stint{Person: person, Unit: s.Unit, Block: s.Block, Window: s.Window()}
	n := slices.IndexFunc(stints, func(o Stint) bool { return o.Unit == s.Unit && o.Block == s.Block })
	if n >= 0 {
		had := stints[n].Window
		if !s.Start.Before(had.From) && !s.End.After(had.To) {
			return nil
		}
		wanted.Window = union(had, wanted.Window)
	}
	return d.Store.SaveStint(tx, wanted)
}

// follow brings what is expected into line with a shift as it stands: to be taken over
// if it is still to come or runs, withdrawn if it is cancelled. It may be repeated.
func (d *Desk) follow(tx reminders.Tx, s Shift) error {
	if s.Cancelled {
		return d.Book.Withdraw(tx, s.TakeOverTerms(), WhyCancelled, s.By)
	}
	if !s.End.After(tx.Now()) || !s.TakenAt.IsZero() {
		return nil
	}
	terms, err := d.takeOver(tx, s)
	if err != nil {
		return err
	}
	if err := d.Book.Expect(tx, terms, []obligation.Owner{{Unit: s.Unit}}); err != nil {
		return err
	}
	return d.Book.Redate(tx, terms)
}
