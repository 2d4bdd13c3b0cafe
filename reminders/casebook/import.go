package casebook

import (
	"context"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/crashpoint"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// importedAtOnce is how many cases one unit of work takes over: each costs up to nine
// changes of the store.
const importedAtOnce = 5

// Difference is what the import of a list would do, or has done.
type Difference struct {
	New, Changed int // drafts
	Corrected    int // corrections of published cases, which wait for a second person
	Unchanged    int
}

// Changes counts the cases of which anything changes.
func (d Difference) Changes() int { return d.New + d.Changed + d.Corrected }

// Lines put the difference into words, with what follows for the reader.
func (d Difference) Lines() []reminders.Message {
	var lines []reminders.Message
	for _, part := range []struct {
		key string
		n   int
	}{{"case.new", d.New}, {"case.changed", d.Changed}, {"case.corrected", d.Corrected}, {"case.unchanged_count", d.Unchanged}} {
		if part.n > 0 {
			lines = append(lines, reminders.Line(part.key, reminders.Args{"Count": reminders.Number(part.n)}))
		}
	}
	if d.Changes() > 0 {
		lines = append(lines, reminders.Line("case.second", nil))
	}
	return lines
}

// step is what the import of one case does.
type step int

const (
	same step = iota
	added
	changed
	corrected
	buried // it was withdrawn, or its time is over: not to be imported again
)

// stepFor says what the import of an entry does to what is there.
func (d *Desk) stepFor(tx reminders.Tx, e ListEntry) (Case, step, error) {
	c, found, err := d.Store.Case(tx, e.ID)
	switch {
	case err != nil || !found:
		return c, added, err
	case c.State == Withdrawn, c.State == Expired:
		return c, buried, nil
	case c.Correction != nil && c.Correction.Content.Same(e.Content), c.Same(e.Content):
		return c, same, nil
	case c.State == Draft, c.State == Returned:
		return c, changed, nil
	}
	return c, corrected, nil
}

// count counts one case.
func (d *Difference) count(s step) {
	switch s {
	case added:
		d.New++
	case changed:
		d.Changed++
	case corrected:
		d.Corrected++
	default:
		d.Unchanged++
	}
}

// Preview says what the import of a list would do, and which cases cannot be taken since
// they were withdrawn or have expired. It changes nothing.
func (d *Desk) Preview(tx reminders.Tx, list List) (diff Difference, wrong []sheet.RowError, err error) {
	for _, e := range list.Entries {
		_, s, err := d.stepFor(tx, e)
		if err != nil {
			return diff, nil, err
		}
		if s == buried {
			wrong = append(wrong, sheet.RowError{
				Row: e.Row, Column: fieldID, Message: reminders.Line("case.buried", reminders.Args{"ID": reminders.Text(e.ID)}),
			})
			continue
		}
		diff.count(s)
	}
	return diff, wrong, nil
}

// Apply takes a list over, a few cases in each unit of work: new ones become drafts that
// wait for a second person, changes of published ones corrections that do. It may be
// repeated after a crash and has the effect of once. by is empty at the command line.
func (d *Desk) Apply(ctx context.Context, list List, by reminders.PersonID) (diff Difference, err error) {
	for at := 0; at < len(list.Entries); at += importedAtOnce {
		batch := list.Entries[at:min(at+importedAtOnce, len(list.Entries))]
		var done Difference
		err := d.Units.Do(ctx, func(tx reminders.Tx) error {
			done = Difference{}
			for _, e := range batch {
				s, err := d.take(tx, e, by)
				if err != nil {
					return err
				}
				done.count(s)
			}
			return nil
		})
		if err != nil {
			return diff, err
		}
		diff.New, diff.Changed = diff.New+done.New, diff.Changed+done.Changed
		diff.Corrected, diff.Unchanged = diff.Corrected+done.Corrected, diff.Unchanged+done.Unchanged
		crashpoint.Pass(crashpoint.Import)
	}
	return diff, nil
}

// take takes one case over.
func (d *Desk) take(tx reminders.Tx, e ListEntry, by reminders.PersonID) (step, error) {
	c, s, err := d.stepFor(tx, e)
	if err != nil || s == same || s == buried {
		return s, err
	}
	step := "drafted"
	switch s {
	case added:
		c = Case{ID: e.ID, Origin: "file"}
		fallthrough
	case changed:
		c.Content, c.State, c.By, c.At, c.Submitted, c.Reason = e.Content, Draft, by, tx.Now(), tx.Now(), ""
	default:
		step = "correction-drafted"
		c.Correction = &Correction{Content: e.Content, By: by, At: tx.Now()}
	}
	if err := d.Store.SaveCase(tx, c); err != nil {
		return s, err
	}
	return s, d.record(tx, Case{ID: e.ID, Content: e.Content}, step, by)
}
