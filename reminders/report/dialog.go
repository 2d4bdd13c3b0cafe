package report

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Dialog is a form being filled in step by step (逐项填报). It is pure, and can be written
// as JSON and resumed after a restart: whoever keeps it hands it the form in force each
// time.
//
// What is known already is not asked: a field that has a value is passed over, and can be
// changed from the preview. Fields that are not on the first screen are asked only after
// AskMore.
type Dialog struct {
	Draft

	Field   string   `json:"field,omitempty"` // that is asked now; empty: the preview
	More    bool     `json:"more,omitempty"`
	Skipped []string `json:"skipped,omitempty"`
	// Left are values of fields that the form does not have any more, or does not
	// take any more: they are not submitted and not lost.
	Left Values `json:"left,omitempty"`
}

// Begin starts with what is known already.
func Begin(f Form, known Draft) Dialog {
	known.FormVersion, known.Nil = f.Version, false
	known.Values, known.Files = known.Values.clone(), slices.Clone(known.Files)
	d := Dialog{Draft: known}
	d.forward(f, "")
	return d
}

// Asks reports whether the field is asked in this dialog.
func (d Dialog) asks(field Field) bool { return !field.More || d.More || field.Needed(d.Stage) }

// answered reports whether nothing needs to be asked about the field.
func (d Dialog) answered(field Field) bool {
	_, has := d.Values[field.Name]
	return has || slices.Contains(d.Skipped, field.Name)
}

// forward goes to the first field behind the named one that has no answer yet, and from
// the end to the first of all; without any, to the preview.
func (d *Dialog) forward(f Form, behind string) {
	at := slices.IndexFunc(f.Fields, func(field Field) bool { return field.Name == behind }) + 1
	for _, field := range slices.Concat(f.Fields[at:], f.Fields[:at]) {
		if d.asks(field) && !d.answered(field) {
			d.Field = field.Name
			return
		}
	}
	d.Field = ""
}

// Current gives the field that is asked now; false means the preview.
func (d Dialog) Current(f Form) (Field, bool) {
	return f.Field(d.Field)
}

// Place says the how manieth of how many fields is asked, for the heading: 2/4.
func (d Dialog) Place(f Form) (nth, of int) {
	for _, field := range f.Fields {
		if d.asks(field) {
			of++
			if field.Name == d.Field {
				nth = of
			}
		}
	}
	return nth, of
}

// Set answers the field that is asked with what a person typed, and goes on. With an
// Invalid error nothing changes, and the text of the error says what would be understood.
func (d *Dialog) Set(f Form, text string, now time.Time, zone *time.Location) error {
	field, asked := d.Current(f)
	if !asked {
		return d.notAsked()
	}
	value, err := field.Read(text, now, zone)
	if err != nil {
		return err
	}
	d.put(f, field, value)
	return nil
}

// Choose answers the field that is asked with one of its choices, by its name.
func (d *Dialog) Choose(f Form, name string, now time.Time) error {
	field, asked := d.Current(f)
	if !asked {
		return d.notAsked()
	}
	value, err := field.checked(Value{Choice: name}, now)
	if err != nil {
		return err
	}
	d.put(f, field, value)
	return nil
}

// Attach adds a photo or document. The field stays: more may follow until Skip. It is
// taken at any time if the form has a place for it, since people send pictures when they
// have them.
func (d *Dialog) Attach(f Form, file reminders.File) error {
	const op = "report.attach"
	switch {
	case !f.takesFiles():
		return reminders.Fail(reminders.Invalid, op, "report.files_none", nil)
	case slices.ContainsFunc(d.Files, func(known reminders.File) bool { return known.Hash == file.Hash }):
		return nil
	case len(d.Files) >= mostFiles:
		return reminders.Fail(reminders.Invalid, op, "report.files_many", reminders.Args{"Limit": reminders.Number(mostFiles)})
	}
	d.Files = append(slices.Clone(d.Files), file)
	return nil
}

// Detach takes all photos and documents out again.
func (d *Dialog) Detach() { d.Files = nil }

// Skip leaves the field that is asked without an answer, or an answer that it had as it
// is, and goes on. What is required cannot be left out.
func (d *Dialog) Skip(f Form) error {
	field, asked := d.Current(f)
	if !asked {
		return d.notAsked()
	}
	if _, has := d.Values[field.Name]; !has {
		if field.Needed(d.Stage) {
			return reminders.Fail(reminders.Invalid, "report.skip", "report.value.required", reminders.Args{"Label": field.label()})
		}
		if !slices.Contains(d.Skipped, field.Name) {
			d.Skipped = append(slices.Clone(d.Skipped), field.Name)
		}
	}
	d.forward(f, field.Name)
	return nil
}

// Clear takes the answer of the field that is asked out, if it may be missing, and goes
// on.
func (d *Dialog) Clear(f Form) error {
	field, asked := d.Current(f)
	if !asked {
		return d.notAsked()
	}
	if field.Needed(d.Stage) {
		return d.Skip(f)
	}
	d.Values = d.Values.clone()
	delete(d.Values, field.Name)
	return d.Skip(f)
}

// Back goes to the field before, answered or not; from the preview to the last one. At
// the first it stays.
func (d *Dialog) Back(f Form) {
	last := d.Field
	for _, field := range f.Fields {
		if field.Name == d.Field {
			break
		}
		if d.asks(field) {
			last = field.Name
		}
	}
	d.GoTo(f, last)
}

// GoTo asks a field again; the next answer leads back to where one was. A field that
// does not exist changes nothing.
func (d *Dialog) GoTo(f Form, name string) {
	field, found := f.Field(name)
	if !found {
		return
	}
	d.More = d.More || !d.asks(field)
	d.Field = name
	d.Skipped = slices.DeleteFunc(slices.Clone(d.Skipped), func(skipped string) bool { return skipped == name })
}

// AskMore goes on with the fields that are not on the first screen.
func (d *Dialog) AskMore(f Form) {
	d.More = true
	d.forward(f, d.Field)
}

// ToPreview ends the questions for now. Missing tells whether the report can be submitted.
func (d *Dialog) ToPreview() { d.Field = "" }

// Missing lists the fields that must have a value and have none.
func (d Dialog) Missing(f Form) []Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(field Field) bool {
		_, has := d.Values[field.Name]
		return has || !field.Needed(d.Stage)
	})
}

// Preview shows what would be submitted.
func (d Dialog) Preview(f Form) []reminders.Message {
	return f.Lines(Version{Values: d.Values, Files: d.Files})
}

// put gives the field its answer and goes on.
func (d *Dialog) put(f Form, field Field, value Value) {
	d.Values = d.Values.clone()
	if d.Values == nil {
		d.Values = Values{}
	}
	if before, has := d.Values[field.Name]; has && before.same(value) {
		value = before // confirmed: it still comes from where it came from
	}
	d.Values[field.Name] = value
	d.forward(f, field.Name)
}

// notAsked is the answer to a word that came when nothing was asked.
func (d Dialog) notAsked() error {
	return reminders.Fail(reminders.Conflict, "report.dialog", "report.nothing_asked", nil)
}

// Change says what became of a dialog whose form was changed meanwhile.
type Change struct {
	From, To int      // versions of the form; equal: it was not changed
	Left     []string // names of fields whose values are not part of the report any more
	Added    []string // names of fields that are asked now and have no answer yet
}

// Changed reports whether the form is another one.
func (c Change) Changed() bool { return c.From != c.To }

// Resume goes on with a dialog over the form in force. If the form was changed meanwhile,
// values of fields that have kept their names stay, as far as the fields still take them,
// and the others are kept aside; values that were kept aside come back where a field takes
// them.
func (d *Dialog) Resume(f Form, now time.Time) Change {
	change := Change{From: d.FormVersion, To: f.Version}
	if !change.Changed() {
		return change
	}
	all := d.Left.clone()
	if all == nil {
		all = Values{}
	}
	for name, value := range d.Values {
		all[name] = value
	}
	held := d.Values
	d.Values, d.Left = Values{}, nil
	for name, value := range all {
		field, found := f.Field(name)
		if found && field.Check(value, now) == nil {
			d.Values[name] = value
			continue
		}
		if d.Left == nil {
			d.Left = Values{}
		}
		d.Left[name] = value
		if _, was := held[name]; was {
			change.Left = append(change.Left, name)
		}
	}
	slices.Sort(change.Left)
	for _, field := range f.Fields {
		if d.asks(field) && !d.answered(field) {
			change.Added = append(change.Added, field.Name)
		}
	}
	d.FormVersion = f.Version
	if field, asked := d.Current(f); !asked || d.answered(field) {
		d.forward(f, "")
	}
	return change
}
