package notice

import (
	"errors"
	"fmt"

	"github.com/BurntSushi/toml"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// programmeFile is the file as it is written; content/programme/default.toml
// explains each field to the office.
type programmeFile struct {
	Quiet  *quietTable
	Budget *budgetTable
	Row    []rowTable
}

type quietTable struct{ From, To string }

type budgetTable struct {
	Official, Liaison, Leader int
	PerDay                    int `toml:"per_day"`
}

type whenTable struct {
	Day  []string
	Hour string
}

type rowTable struct {
	Name, Kind, Every  string
	At                 *whenTable
	RestDay            string `toml:"rest_day"`
	To                 []string
	Expects            string
	Due, Closes, Until *whenTable
	Grace              string
	Ladder             []rungTable
}

type rungTable struct {
	Name, Action, To string
	At               *whenTable
}

// ParseProgramme reads a programme in the format of content/programme/default.toml.
// A file that does not hold together is an Invalid error that names every row and
// field with a fault, a field that does not exist included; nothing is then
// returned. Quiet hours and budget may be left out: they are those of the product.
func ParseProgramme(file []byte) (Programme, error) {
	const op = "notice.programme"
	var raw programmeFile
	meta, err := toml.Decode(string(file), &raw)
	if err != nil {
		return Programme{}, invalid(op, err)
	}
	p, faults := raw.programme()
	for _, key := range meta.Undecoded() {
		faults = append(faults, fmt.Errorf("unknown field %q", key.String()))
	}
	if len(faults) > 0 {
		return Programme{}, invalid(op, errors.Join(faults...))
	}
	return p, nil
}

// invalid is an error for whoever edits the file; it names rows and fields.
func invalid(op string, err error) error {
	return &reminders.Error{Kind: reminders.Invalid, Op: op, Err: err}
}

// programme makes sense of the tables and lists what makes none.
func (f programmeFile) programme() (Programme, []error) {
	var faults []error
	p := Programme{Quiet: DefaultQuiet(), Budget: DefaultBudget()}
	if f.Quiet != nil {
		quiet, err := f.Quiet.quiet()
		p.Quiet, faults = quiet, appendFault(faults, "quiet", err)
	}
	if f.Budget != nil {
		p.Budget = Budget(*f.Budget)
		faults = appendFault(faults, "budget", p.Budget.check())
	}
	if len(f.Row) == 0 {
		faults = append(faults, errors.New("there is no row"))
	}
	names := map[string]bool{}
	for i, table := range f.Row {
		reader := rowReader{quiet: p.Quiet, names: names, where: fmt.Sprintf("row %d", i+1)}
		if table.Name != "" {
			reader.where = fmt.Sprintf("row %d (%s)", i+1, table.Name)
		}
		p.Rows = append(p.Rows, reader.row(table))
		faults = append(faults, reader.faults...)
	}
	return p, faults
}

// appendFault adds err, if there is one, under the name of the table it is in.
func appendFault(faults []error, where string, err error) []error {
	if err == nil {
		return faults
	}
	return append(faults, fmt.Errorf("%s: %w", where, err))
}

// quiet reads both ends.
func (t quietTable) quiet() (Quiet, error) {
	from, err := ParseHour(t.From)
	if err != nil {
		return Quiet{}, fmt.Errorf("from: %w", err)
	}
	to, err := ParseHour(t.To)
	if err != nil {
		return Quiet{}, fmt.Errorf("to: %w", err)
	}
	if from == to {
		return Quiet{}, errors.New("from and to are the same, which leaves no hour to send in")
	}
	return Quiet{From: from, To: to}, nil
}
