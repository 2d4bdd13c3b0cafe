package people

import (
	"cmp"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Diff is what an import of people would do, or has done (导入差异).
type Diff struct {
	New       []Change
	Changed   []Change
	Unchanged int
	Units     []reminders.Unit // that the register does not know yet, by name

	// Retired are people of the file who have left the register. They stay
	// retired; Desk.Reinstate brings them back.
	Retired []Change
	// Absent is how many enrolled people the file does not name. They stay.
	Absent int
	// KeptAdmins keep their role although the file does not give it to them:
	// without them nobody who can be reached would be an admin.
	KeptAdmins []reminders.PersonID

	Headers map[string]string // as in List
	Ignored []string          // as in List
}

// Change is what one row does.
type Change struct {
	Row    int
	Person reminders.Person // as it will be
	Fields []string         // columns that change, by their names in the contract; none for a new person

	entry Entry
}

// Preview says what the import of a list would do. It changes nothing.
func (d *Desk) Preview(tx reminders.Tx, list List) (Diff, error) {
	known, diff, err := d.compare(tx, list)
	if err != nil {
		return Diff{}, err
	}
	for _, e := range list.Entries {
		old, found := known[e.Person.ID]
		r, fields := list.merge(old, e, slices.Contains(diff.KeptAdmins, e.Person.ID))
		c := Change{Row: e.Row, Person: r.Person, Fields: fields, entry: e}
		switch {
		case !found:
			c.Fields = nil
			diff.New = append(diff.New, c)
		case !old.Active():
			diff.Retired = append(diff.Retired, c)
		case len(fields) > 0:
			diff.Changed = append(diff.Changed, c)
		default:
			diff.Unchanged++
		}
	}
	diff.Headers, diff.Ignored = list.Headers, list.Ignored
	diff.Units, err = d.newUnits(tx, slices.Concat(diff.New, diff.Changed))
	return diff, err
}

// compare walks through the register once: it gives the records of the people in
// the list, and a Diff that knows who is absent and which admins must stay.
func (d *Desk) compare(tx reminders.Tx, list List) (map[reminders.PersonID]Record, Diff, error) {
	named := map[reminders.PersonID]Entry{}
	for _, e := range list.Entries {
		named[e.Person.ID] = e
	}
	known := map[reminders.PersonID]Record{}
	var diff Diff
	adminStays := false
	for r, err := range d.All(tx) {
		if err != nil {
			return nil, Diff{}, err
		}
		e, found := named[r.ID]
		if found {
			known[r.ID] = r
		} else if r.Enrolled() {
			diff.Absent++
		}
		if !r.Active() || !r.Bound() {
			continue
		}
		is, will := r.Roles.Has(reminders.Admin), r.Roles.Has(reminders.Admin)
		if found && list.has("roles") {
			will = e.Person.Roles.Has(reminders.Admin)
		}
		adminStays = adminStays || will
		if is && !will {
			diff.KeptAdmins = append(diff.KeptAdmins, r.ID)
		}
	}
	if adminStays {
		diff.KeptAdmins = nil
	}
	return known, diff, nil
}

// newUnits gives the units of changed people that the register does not know.
func (d *Desk) newUnits(tx reminders.Tx, changes []Change) ([]reminders.Unit, error) {
	var units []reminders.Unit
	seen := map[reminders.UnitID]bool{}
	for _, c := range changes {
		if seen[c.Person.Unit] {
			continue
		}
		seen[c.Person.Unit] = true
		_, found, err := d.store.Unit(tx, c.Person.Unit)
		if err != nil {
			return nil, err
		}
		if !found {
			units = append(units, reminders.Unit{ID: c.Person.Unit, Name: c.entry.Unit})
		}
	}
	slices.SortFunc(units, func(a, b reminders.Unit) int { return cmp.Compare(a.Name, b.Name) })
	return units, nil
}

// Empty reports whether the import would change nothing.
func (d Diff) Empty() bool { return len(d.New) == 0 && len(d.Changed) == 0 }

// Lines says what the import would do, one text a line, for people.
func (d Diff) Lines() []reminders.Message {
	lines := []reminders.Message{
		count("people.import.new", len(d.New)),
		count("people.import.changed", len(d.Changed)),
		count("people.import.unchanged", d.Unchanged),
	}
	if len(d.Units) > 0 {
		names := make([]string, len(d.Units))
		for i, u := range d.Units {
			names[i] = u.Name
		}
		lines = append(lines, listed("people.import.units", names))
	}
	if d.Absent > 0 {
		lines = append(lines, count("people.import.absent", d.Absent))
	}
	if len(d.Retired) > 0 {
		numbers := make([]string, len(d.Retired))
		for i, c := range d.Retired {
			numbers[i] = string(c.Person.ID)
		}
		lines = append(lines, listed("people.import.retired", numbers))
	}
	if len(d.KeptAdmins) > 0 {
		numbers := make([]string, len(d.KeptAdmins))
		for i, id := range d.KeptAdmins {
			numbers[i] = string(id)
		}
		lines = append(lines, listed("people.import.kept_admin", numbers))
	}
	if len(d.Ignored) > 0 {
		lines = append(lines, listed("people.import.ignored", d.Ignored))
	}
	return lines
}

// Line says what one row changes, under the headers of the file.
func (d Diff) Line(c Change) reminders.Message {
	headers := make([]string, len(c.Fields))
	for i, field := range c.Fields {
		headers[i] = d.Headers[field]
	}
	return reminders.Line("people.import.row", reminders.Args{
		"Row": reminders.Number(c.Row), "StaffNo": reminders.Text(string(c.Person.ID)),
		"Name": reminders.Text(c.Person.Name), "Fields": reminders.Text(strings.Join(headers, " / ")),
	})
}

func count(key string, n int) reminders.Message {
	return reminders.Line(key, reminders.Args{"Count": reminders.Number(n)})
}

// listed is a text with a count and the first few names.
func listed(key string, names []string) reminders.Message {
	shown := strings.Join(names[:min(len(names), 10)], " / ")
	if len(names) > 10 {
		shown += " …"
	}
	return reminders.Line(key, reminders.Args{"Count": reminders.Number(len(names)), "Names": reminders.Text(shown)})
}
