package people

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// UnitDiff is what an import of units would do, or has done.
type UnitDiff struct {
	New       []reminders.Unit
	Changed   []reminders.Unit
	Unchanged int
	Absent    int      // units of the register that the file does not name; they stay
	Ignored   []string // as in List
}

// Lines says what the import would do, one text a line, for people.
func (d UnitDiff) Lines() []reminders.Message {
	lines := []reminders.Message{
		count("people.import.units_new", len(d.New)),
		count("people.import.units_changed", len(d.Changed)),
		count("people.import.units_unchanged", d.Unchanged),
	}
	if d.Absent > 0 {
		lines = append(lines, count("people.import.units_absent", d.Absent))
	}
	if len(d.Ignored) > 0 {
		lines = append(lines, listed("people.import.ignored", d.Ignored))
	}
	return lines
}

// PreviewUnits says what the import of a list of units would do. It changes
// nothing. The row errors name parents that nobody knows and units that would
// be above themselves.
func (d *Desk) PreviewUnits(tx reminders.Tx, list UnitList) (UnitDiff, []sheet.RowError, error) {
	units, err := d.store.Units(tx)
	if err != nil {
		return UnitDiff{}, nil, err
	}
	known := map[reminders.UnitID]reminders.Unit{}
	for _, u := range units {
		known[u.ID] = u
	}
	diff := UnitDiff{Ignored: list.Ignored, Absent: len(known)}
	after := maps.Clone(known)
	for _, e := range list.Entries {
		old, found := known[UnitIDOf(e.Name)]
		u := list.merge(old, e)
		after[u.ID] = u
		if found {
			diff.Absent--
		}
		switch {
		case !found:
			diff.New = append(diff.New, u)
		case u != old:
			diff.Changed = append(diff.Changed, u)
		default:
			diff.Unchanged++
		}
	}
	return diff, list.treeErrors(after), nil
}

// merge gives a unit after a row of a file. What the file has no column for
// stays.
func (l UnitList) merge(old reminders.Unit, e UnitEntry) reminders.Unit {
	u := old
	u.ID, u.Name = UnitIDOf(e.Name), e.Name
	if l.Headers["parent"] != "" {
		u.Parent = ""
		if e.Parent != "" {
			u.Parent = UnitIDOf(e.Parent)
		}
	}
	if l.Headers["duty"] != "" {
		u.Duty = e.Duty
	}
	return u
}

// treeErrors checks the tree as it would be.
func (l UnitList) treeErrors(after map[reminders.UnitID]reminders.Unit) []sheet.RowError {
	parents := map[reminders.UnitID]reminders.UnitID{}
	for id, u := range after {
		parents[id] = u.Parent
	}
	var errs []sheet.RowError
	reported := map[reminders.UnitID]bool{}
	wrong := func(e UnitEntry, key, name string) {
		errs = append(errs, sheet.RowError{
			Row: e.Row, Column: l.Headers["parent"],
			Message: reminders.Line(key, reminders.Args{"Name": reminders.Text(name)}),
		})
	}
	for _, e := range l.Entries {
		u := after[UnitIDOf(e.Name)]
		if _, found := after[u.Parent]; u.Parent != "" && !found {
			wrong(e, "people.row.parent_unknown", e.Parent)
			continue
		}
		cycle := cycleThrough(parents, u.ID)
		if cycle == nil || slices.ContainsFunc(cycle, func(id reminders.UnitID) bool { return reported[id] }) {
			continue
		}
		names := make([]string, len(cycle))
		for i, id := range cycle {
			reported[id] = true
			names[i] = after[id].Name
		}
		wrong(e, "people.row.cycle", strings.Join(names, " → "))
	}
	return errs
}

// ApplyUnits takes a list of units over, in units of work of a few each, and
// gives what it did. Repeating it changes nothing. A list in which PreviewUnits
// finds errors is refused as a whole.
func (d *Desk) ApplyUnits(ctx context.Context, units reminders.Units, list UnitList, actor string, progress Progress) (UnitDiff, error) {
	var diff UnitDiff
	err := units.View(ctx, func(tx reminders.Tx) error {
		found, errs, err := d.PreviewUnits(tx, list)
		if err == nil && len(errs) > 0 {
			err = reminders.Fail(reminders.Invalid, "people.apply_units", "people.file_wrong", nil)
		}
		diff = found
		return err
	})
	if err != nil {
		return UnitDiff{}, err
	}
	for done := 0; done < len(list.Entries); {
		batch := list.Entries[done:min(done+chunk, len(list.Entries))]
		err := units.Do(ctx, func(tx reminders.Tx) error { return d.applyUnits(tx, list, batch, actor) })
		if err != nil {
			return diff, err
		}
		crashpoint.Pass(crashpoint.Import)
		done += len(batch)
		progress.tell(done, len(list.Entries))
	}
	return diff, nil
}

// applyUnits brings a few units to what the file says.
func (d *Desk) applyUnits(tx reminders.Tx, list UnitList, batch []UnitEntry, actor string) error {
	for _, e := range batch {
		old, found, err := d.store.Unit(tx, UnitIDOf(e.Name))
		if err != nil {
			return err
		}
		u := list.merge(old, e)
		reason := "changed"
		if !found {
			reason = "new"
		}
		if found && u == old {
			continue
		}
		if err := d.saveUnit(tx, u, reason, actor); err != nil {
			return err
		}
	}
	return nil
}
