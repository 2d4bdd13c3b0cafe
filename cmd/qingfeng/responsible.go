package main

import (
	"cmp"
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// responsibleTask says who was responsible at an instant, as known at another.
type responsibleTask struct {
	At      time.Time `json:"at"`
	KnownAt time.Time `json:"known_at,omitzero"` // zero: as known now
	Unit    string    `json:"unit,omitempty"`    // empty: every unit that keeps a roster
	Format  string    `json:"format"`
}

// newResponsible makes the command that names who was on duty.
func newResponsible(c *console) *cobra.Command {
	var t responsibleTask
	var place placeFlags
	var at, knownAt string
	cmd := &cobra.Command{
		Use:   "responsible",
		Short: "Say who was on duty at an instant, as the record stands or as it stood then",
		Long: "Say who was on duty at an instant: whoever took over, else the officer of the shift. With --known-at\n" +
			"the answer is the one that the record would have given at that other instant, whatever was swapped,\n" +
			"filed or corrected since. Instants are RFC 3339, or day and time on the clock of the office.",
		Example: "  qingfeng responsible --at '2026-10-02 21:30'\n" +
			"  qingfeng responsible --at 2026-10-02T21:30:00+08:00 --unit 示例市某局 --known-at '2026-10-02 08:00'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("format", t.Format, "table", "json"); err != nil {
				return err
			}
			where, err := place.resolve()
			if err != nil {
				return err
			}
			if t.At, err = readInstant("at", at, where.location); err != nil {
				return err
			}
			if knownAt != "" {
				if t.KnownAt, err = readInstant("known-at", knownAt, where.location); err != nil {
					return err
				}
			}
			return c.perform(cmd.Context(), where, "responsible", &t, needStore)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().StringVar(&at, "at", "", "the instant in question, such as '2026-10-02 21:30'")
	cmd.Flags().StringVar(&knownAt, "known-at", "", "as known at this instant (default: now)")
	cmd.Flags().StringVar(&t.Unit, "unit", "", "one unit (default: all that keep a roster)")
	cmd.Flags().StringVar(&t.Format, "format", "table", "table or json")
	return cmd
}

// readInstant reads an instant as people and programs write it.
func readInstant(name, text string, loc *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, loc); err == nil {
			return at, nil
		}
	}
	return time.Time{}, badValue(name, text, "2026-10-02T21:30:00+08:00")
}

// run implements task.
func (t *responsibleTask) run(ctx context.Context, c *console, f *office) error {
	var answers []duty.Answer
	err := f.store.View(ctx, func(tx reminders.Tx) (err error) {
		if c, err = c.named(tx, f); err != nil {
			return err
		}
		answers, err = t.answers(tx, f)
		return err
	})
	switch {
	case err != nil:
		return err
	case t.Format == "json":
		return t.json(c, answers)
	case len(answers) == 0:
		c.note("cli.responsible.nobody", nil)
		return nil
	}
	return t.table(c, answers)
}

// answers asks about one unit, or about all that keep a roster or had a shift then.
func (t *responsibleTask) answers(tx reminders.Tx, f *office) ([]duty.Answer, error) {
	units, err := f.reg.AllUnits(tx)
	if err != nil {
		return nil, err
	}
	if t.Unit != "" {
		unit, err := f.unitCalled(tx, t.Unit)
		if err != nil {
			return nil, err
		}
		unit.Duty = true
		units = []reminders.Unit{unit}
	}
	var answers []duty.Answer
	for _, unit := range units {
		a, err := f.duty.Responsible(tx, unit.ID, t.At.In(f.years.Calendar().Location()), t.KnownAt)
		if err != nil {
			return nil, err
		}
		if unit.Duty || a.Person != "" {
			answers = append(answers, a)
		}
	}
	return answers, nil
}

// json writes the answers for programs.
func (t *responsibleTask) json(c *console, answers []duty.Answer) error {
	names := []string{
		"unit", "at", "known_at", "staff_no", "name", "gap", "start", "end", "officer", "leader", "backup", "taken_at", "taken_by",
		"recorded_at", "why",
	}
	rows := make([]object, len(answers))
	for i, a := range answers {
		who, s := "", a.Shift
		if a.Person != "" {
			who = c.names.PersonName(a.Person)
		}
		rows[i] = object{names, []any{
			c.names.UnitName(a.Unit), rfc3339(a.At, c.location), rfc3339(a.KnownAt, c.location), a.Person, who, a.Gap,
			rfc3339(s.Start, c.location), rfc3339(s.End, c.location), s.Officer, s.Leader, s.Backup, rfc3339(s.TakenAt, c.location), s.TakenBy,
			rfc3339(s.RecordedAt, c.location), s.Why,
		}}
	}
	return writeArray(c.out, rows)
}

// table writes the answers for people.
func (t *responsibleTask) table(c *console, answers []duty.Answer) error {
	headers := make([]string, 6)
	for i, column := range []string{"unit", "who", "staff_no", "shift", "leader", "state"} {
		headers[i] = c.word("cli.responsible." + column)
	}
	rows := make([][]string, len(answers))
	for i, a := range answers {
		rows[i] = []string{c.names.UnitName(a.Unit), "-", "-", "-", "-", c.say(stateOf(a))}
		if a.Person == "" {
			continue
		}
		const layout = "01-02 15:04"
		copy(rows[i][1:], []string{
			c.names.PersonName(a.Person), string(a.Person),
			a.Shift.Start.In(c.location).Format(layout) + " - " + a.Shift.End.In(c.location).Format(layout),
			cmp.Or(c.names.PersonName(a.Shift.Leader), "-"),
		})
	}
	return c.table(headers, rows)
}

// stateOf says how the shift stood, or why there is none.
func stateOf(a duty.Answer) reminders.Message {
	switch {
	case a.Person != "" && !a.Shift.TakenAt.IsZero():
		return reminders.Line("cli.responsible.taken", reminders.Args{"At": reminders.Instant(a.Shift.TakenAt)})
	case a.Person != "":
		return reminders.Line("cli.responsible.planned", nil)
	case a.Gap:
		return reminders.Line("cli.responsible.gap", nil)
	}
	return reminders.Line("cli.responsible.none", nil)
}
