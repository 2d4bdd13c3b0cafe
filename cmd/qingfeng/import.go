package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// maxImport bounds a file to import in bytes; the readers have narrower limits.
const maxImport = 128 << 20

// importTask takes a file over, or says what that would do.
type importTask struct {
	What   string `json:"what"` // people, units, roster, leave, cases or holidays
	Name   string `json:"name"` // of the file, for its ending
	File   []byte `json:"file"`
	DryRun bool   `json:"dry_run,omitempty"`
	Unit   string `json:"unit,omitempty"`   // whose roster it is, where the file does not say so
	Strict bool   `json:"strict,omitempty"` // file no roster of which something is unusual
}

// newImport makes the command that imports, with one subcommand for each kind.
func newImport(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "import",
		Short:   "Import people, units, a duty roster, leave, public cases or holidays from a file",
		Example: "  qingfeng import people people.xlsx --dry-run",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			return kindMissing("import", args, "people, units, roster, leave, cases, holidays")
		},
	}
	cmd.AddCommand(
		newImportOf(c, "people", "Import people: staff_no,name,unit,title,roles,language as XLSX or CSV", "people.xlsx"),
		newImportOf(c, "units", "Import units: unit,parent,duty as XLSX or CSV", "units.csv"),
		newImportOf(c, "roster", "Import duty rosters: date,start,end,unit,officer,leader,backup, or a sheet with one row a day", "roster.xlsx"),
		newImportOf(c, "leave", "Import leave: staff_no,from,to,reason as XLSX or CSV", "leave.csv"),
		newImportOf(c, "cases", "Import public cases: id,title,category,level,issued,issuer,source_url,... as YAML, XLSX or CSV", "cases.yaml"),
		newImportOf(c, "holidays", "Import a year's holidays: holiday-cn JSON, ICS, or name,date,off as CSV or XLSX", "2027.json"),
	)
	return cmd
}

// kindMissing is the usage error of a command that needs one more word.
func kindMissing(command string, args []string, wanted string) error {
	if len(args) == 0 {
		return usage("cli.kind.missing", reminders.Args{"Command": reminders.Text(command), "Wanted": reminders.Text(wanted)})
	}
	return badValue(command, args[0], wanted)
}

// newImportOf makes the subcommand of one kind.
func newImportOf(c *console, what, short, example string) *cobra.Command {
	t := importTask{What: what}
	var place placeFlags
	cmd := &cobra.Command{
		Use:   what + " FILE",
		Short: short,
		Long: short + ".\n\nNothing is imported as long as one row is wrong: every wrong row is named on stderr with its number,\n" +
			"column and reason, and the exit code is 3. Importing the same file again changes nothing; if an import\n" +
			"was broken off, it goes on where it stopped, and until then check says so.",
		Example: "  qingfeng import " + what + " " + example + " --dry-run\n  qingfeng import " + what + " " + example,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			where, err := place.resolve()
			if err != nil {
				return err
			}
			if t.Name, t.File, err = readInput(args[0]); err != nil {
				return err
			}
			if err := armAlone(c.errs); err != nil {
				return err
			}
			return c.importInto(cmd.Context(), where, t)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().BoolVar(&t.DryRun, "dry-run", false, "only say what the import would do")
	if what == "roster" {
		cmd.Flags().StringVar(&t.Unit, "unit", "", "whose roster it is, where the file has no column for the unit")
		cmd.Flags().BoolVar(&t.Strict, "strict", false, "file nothing if anything is unusual, such as a day without an officer")
	}
	return cmd
}

// importInto performs an import. Where there is no store yet it is tried in memory
// first, so that a file that is wrong leaves nothing behind.
func (c *console) importInto(ctx context.Context, where place, t importTask) error {
	if t.DryRun {
		return c.perform(ctx, where, "import", &t, noStore)
	}
	if _, err := os.Stat(filepath.Join(where.dir, databaseName)); errors.Is(err, fs.ErrNotExist) {
		silent, trial := *c, t
		silent.out, silent.errs, trial.DryRun = io.Discard, io.Discard, true
		if err := silent.perform(ctx, where, "import", &trial, noStore); err != nil {
			return err
		}
	}
	return c.perform(ctx, where, "import", &t, makeStore)
}

// readInput reads a file that the operator named, as far as any import goes.
func readInput(path string) (name string, content []byte, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", nil, fileError(path, err)
	}
	defer func() { _ = file.Close() }()
	if content, err = io.ReadAll(io.LimitReader(file, maxImport+1)); err != nil {
		return "", nil, fileError(path, err)
	}
	if len(content) > maxImport {
		return "", nil, &inputError{failed("sheet.too_big", reminders.Args{"Megabytes": reminders.Number(maxImport >> 20)}, nil)}
	}
	return filepath.Base(path), content, nil
}

// run implements task.
func (t *importTask) run(ctx context.Context, c *console, f *office) error {
	if err := t.screened(ctx, f); err != nil {
		return err
	}
	lines, wrong, err := t.take(ctx, c, f)
	switch {
	case len(wrong) > 0:
		return &rowsError{wrong}
	case err != nil && reminders.KindOf(err) == reminders.Invalid:
		return &inputError{err}
	}
	for _, line := range lines {
		if err := c.line(line); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if t.DryRun {
		c.note("cli.import.dry", nil)
	} else {
		c.note("cli.import.done", nil)
	}
	return nil
}

// screened refuses a file in which the guard finds something that does not belong here.
// The ledger holds the fact, unless this is but a trial.
func (t *importTask) screened(ctx context.Context, f *office) error {
	hits := f.guard.InFile(t.Name, t.File)
	if len(hits) == 0 {
		return nil
	}
	if !t.DryRun {
		err := f.store.Do(ctx, func(tx reminders.Tx) error {
			return f.store.Append(tx, bot.RefusedEntry(ledger.System, "file", []string{hits[0].Rule}))
		})
		if err != nil {
			return err
		}
	}
	return &rowsError{bot.RowErrors(hits)}
}

// take previews or imports what the file holds, and gives what to say of it, or the
// rows that are wrong.
func (t *importTask) take(ctx context.Context, c *console, f *office) ([]reminders.Message, []sheet.RowError, error) {
	switch t.What {
	case "people":
		return t.people(ctx, c, f)
	case "units":
		return t.units(ctx, c, f)
	case "roster":
		return t.roster(ctx, c, f)
	case "leave":
		return t.leave(ctx, f)
	case "cases":
		return t.cases(ctx, f)
	}
	return t.holidays(ctx, f)
}

// people previews or imports people.
func (t *importTask) people(ctx context.Context, c *console, f *office) ([]reminders.Message, []sheet.RowError, error) {
	list, wrong, err := f.people.ReadPeople(t.Name, t.File)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	if !t.DryRun {
		var diff people.Diff
		err := f.openly(ctx, t.Name, func() (err error) {
			diff, err = f.people.Apply(ctx, f.store, list, ledger.System, c.progress)
			return err
		})
		return diff.Lines(), nil, err
	}
	var lines []reminders.Message
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		diff, err := f.people.Preview(tx, list)
		lines = diff.Lines()
		for _, change := range diff.Changed {
			lines = append(lines, diff.Line(change))
		}
		return err
	})
	return lines, nil, err
}

// units previews or imports units.
func (t *importTask) units(ctx context.Context, c *console, f *office) (lines []reminders.Message, wrong []sheet.RowError, err error) {
	list, wrong, err := f.people.ReadUnits(t.Name, t.File)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	err = f.store.View(ctx, func(tx reminders.Tx) error {
		diff, errs, err := f.people.PreviewUnits(tx, list)
		lines, wrong = diff.Lines(), errs
		return err
	})
	if err != nil || len(wrong) > 0 || t.DryRun {
		return lines, wrong, err
	}
	var diff people.UnitDiff
	err = f.openly(ctx, t.Name, func() (err error) {
		diff, err = f.people.ApplyUnits(ctx, f.store, list, ledger.System, c.progress)
		return err
	})
	return diff.Lines(), nil, err
}

// holidays previews the arrangement of a year, and puts it into force.
func (t *importTask) holidays(ctx context.Context, f *office) ([]reminders.Message, []sheet.RowError, error) {
	arrangement, wrong, err := calendar.Parse(t.Name, t.File)
	if err != nil || len(wrong) > 0 {
		return nil, wrong, err
	}
	lines, err := f.previewYear(arrangement)
	if err != nil || t.DryRun {
		return lines, nil, err
	}
	err = f.store.Do(ctx, func(tx reminders.Tx) error { return f.years.Adopt(tx, arrangement, ledger.System) })
	return lines, nil, errors.Join(err, f.years.Reload(ctx))
}

// previewYear says what an arrangement changes in calendar and plan.
func (f *office) previewYear(a calendar.Arrangement) ([]reminders.Message, error) {
	before := f.years.Calendar()
	after, err := f.years.With(a)
	if err != nil {
		return nil, err
	}
	from := calendar.Date{Year: a.Year - 1, Month: time.December, Day: 1}
	to := calendar.Date{Year: a.Year + 1, Month: time.February, Day: 1}
	var lines []reminders.Message
	for _, difference := range calendar.Compare(before, after, from, to) {
		lines = append(lines, difference.Message(before.Location()))
	}
	window := reminders.Window{From: f.clock.Now(), To: to.At(0, 0, before.Location())}
	shifts := notice.Shifts(
		notice.PlanAll(f.notices.Programme, before, window), notice.PlanAll(f.notices.Programme, after, window))
	return append(lines, reminders.Line("file.plan", reminders.Args{"Count": reminders.Number(len(shifts))})), nil
}
