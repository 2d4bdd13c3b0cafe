package people

import (
	"context"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Progress is told how far a longer work has come; nil is allowed.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// Apply takes a list over, in units of work of a few people each, and gives what
// it did. Each row is compared with the record as it stands when its turn comes,
// so that an import may be repeated after a crash, or beside other changes, and
// has the effect of once. A list with row errors must not be applied.
func (d *Desk) Apply(ctx context.Context, units reminders.Units, list List, actor string, progress Progress) (Diff, error) {
	var diff Diff
	err := units.View(ctx, func(tx reminders.Tx) (err error) {
		diff, err = d.Preview(tx, list)
		return err
	})
	if err != nil {
		return Diff{}, err
	}
	changes := slices.Concat(diff.New, diff.Changed)
	for done := 0; done < len(changes); {
		batch := changes[done:min(done+chunk, len(changes))]
		err := units.Do(ctx, func(tx reminders.Tx) error {
			for _, c := range batch {
				keep := slices.Contains(diff.KeptAdmins, c.Person.ID)
				if err := d.applyEntry(tx, list, c.entry, keep, actor); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return diff, err
		}
		crashpoint.Pass(crashpoint.Import)
		done += len(batch)
		progress.tell(done, len(changes))
	}
	return diff, nil
}

// applyEntry brings one person to what the file says.
func (d *Desk) applyEntry(tx reminders.Tx, list List, e Entry, keepAdmin bool, actor string) error {
	old, found, err := d.store.Person(tx, e.Person.ID)
	if err != nil || (found && !old.Active()) {
		return err
	}
	r, fields := list.merge(old, e, keepAdmin)
	if found && len(fields) == 0 {
		return nil
	}
	if err := d.ensureUnit(tx, r.Unit, e.Unit, actor); err != nil {
		return err
	}
	if err := d.store.SavePerson(tx, r); err != nil {
		return err
	}
	entry := ledger.Entry{Actor: actor, Verb: ledger.Imported, Object: "people", Subject: string(r.ID), Reason: "new"}
	if found {
		entry.Reason, entry.Attrs = "changed", map[string]string{"fields": strings.Join(fields, ",")}
	}
	return d.book.Append(tx, entry)
}

// ensureUnit creates a unit that is named for the first time, at the top of the
// tree.
func (d *Desk) ensureUnit(tx reminders.Tx, id reminders.UnitID, name, actor string) error {
	if _, found, err := d.store.Unit(tx, id); err != nil || found {
		return err
	}
	return d.saveUnit(tx, reminders.Unit{ID: id, Name: name}, "new", actor)
}

// saveUnit saves a unit and writes its entry.
func (d *Desk) saveUnit(tx reminders.Tx, u reminders.Unit, reason, actor string) error {
	if err := d.store.SaveUnit(tx, u); err != nil {
		return err
	}
	return d.book.Append(tx, ledger.Entry{
		Actor: actor, Verb: ledger.Imported, Object: "units", Subject: string(u.ID), Reason: reason,
	})
}
