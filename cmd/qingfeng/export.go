package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/sheet"
)

// exportTask writes what the office has recorded to the console, where the command
// puts it into a file.
type exportTask struct {
	What   string        `json:"what"` // name of an exportKind
	Format string        `json:"format"`
	From   calendar.Date `json:"from,omitzero"`
	To     calendar.Date `json:"to,omitzero"` // included

	by string // who asked for it in the chat; empty: the command line
	of string // the one notice whose acknowledgements are wanted; empty: all
}

// newExport makes the command that exports, with one subcommand for each kind.
func newExport(c *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Export what the office has recorded to a file",
		Example: "  qingfeng export acknowledgements acknowledgements.csv",
		Args:    cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			return kindMissing("export", args, strings.Join(exportNames(), ", "))
		},
	}
	for _, kind := range exportKinds() {
		cmd.AddCommand(newExportOf(c, kind))
	}
	return cmd
}

// newExportOf makes the subcommand of one kind.
func newExportOf(c *console, kind exportKind) *cobra.Command {
	t, what := exportTask{What: kind.name}, kind.name
	var place placeFlags
	var from, to string
	cmd := &cobra.Command{
		Use:   what + " FILE",
		Short: kind.short,
		Long: kind.short + ".\n\n" + kind.long + "\n\nThe ending of FILE chooses the format, " + kind.endings() + "; - is stdout, with --format.\n" +
			"Instants are RFC 3339 with the offset of the office. Each export is recorded in the ledger.",
		Example: "  qingfeng export " + what + " " + what + ".csv --from 2026-09-01 --to 2026-10-31\n" +
			"  qingfeng export " + what + " - --format json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if t.From, t.To, err = dayRange(from, to); err != nil {
				return err
			}
			where, err := place.resolve()
			if err == nil {
				err = t.choose(args[0], kind)
			}
			if err != nil {
				return err
			}
			return c.exportTo(cmd.Context(), args[0], where, &t)
		},
	}
	place.register(cmd.Flags())
	cmd.Flags().StringVar(&from, "from", "", "first day, such as 2026-09-01 (default: from the beginning)")
	cmd.Flags().StringVar(&to, "to", "", "last day (default: to the end)")
	cmd.Flags().StringVar(&t.Format, "format", "", strings.Join(kind.formats, ", ")+" (default: by the ending of FILE)")
	return cmd
}

// choose finds the format.
func (t *exportTask) choose(path string, kind exportKind) error {
	if t.Format == "" {
		t.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(path)), ".")
	}
	if t.Format == "" {
		return usage("cli.export.format", reminders.Args{"Path": reminders.Text(path), "Formats": reminders.Text(kind.endings())})
	}
	return oneOf("format", t.Format, kind.formats...)
}

// exportTo lets the task write to a file, which appears when it is complete.
func (c *console) exportTo(ctx context.Context, path string, where place, t *exportTask) error {
	if path == "-" {
		return c.perform(ctx, where, "export", t, needStore)
	}
	file, err := createFile(path)
	if err != nil {
		return err
	}
	inFile := *c
	inFile.out = file
	return file.finish(inFile.perform(ctx, where, "export", t, needStore))
}

// records are flat rows under the names of their fields.
type records struct {
	fields []string
	rows   [][]any
}

// run implements task. That somebody takes data out is recorded before they get
// it.
func (t *exportTask) run(ctx context.Context, c *console, f *office) error {
	kind, known := exportKindOf(t.What)
	if !known {
		return reminders.Internalf("export", "there is no kind %q", t.What)
	}
	err := f.store.Do(ctx, func(tx reminders.Tx) error {
		return f.store.Append(tx, ledger.Entry{
			Actor: cmp.Or(t.by, ledger.System), Verb: ledger.Exported, Object: t.What, Reason: t.reason(), Attrs: t.attrs(),
		})
	})
	if err != nil {
		return err
	}
	if write, own := kind.written[t.Format]; own {
		return write(t, ctx, c, f)
	}
	found, err := kind.rows(t, ctx, f)
	if err != nil {
		return err
	}
	return found.write(c.out, t.What, t.Format, f.years.Calendar().Location())
}

// reason says in the ledger by which way it was taken out.
func (t *exportTask) reason() string {
	if t.by != "" {
		return "chat"
	}
	return "command-line"
}

// attrs says in the ledger what was taken out.
func (t *exportTask) attrs() map[string]string {
	attrs := map[string]string{"format": t.Format}
	if t.of != "" {
		attrs["of"] = t.of
	}
	if !t.From.IsZero() {
		attrs["from"] = t.From.String()
	}
	if !t.To.IsZero() {
		attrs["to"] = t.To.String()
	}
	return attrs
}

// farFuture is after everything of which there is a record.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// window is the range of days as instants.
func (t *exportTask) window(loc *time.Location) reminders.Window {
	w := reminders.Window{To: farFuture}
	if !t.From.IsZero() {
		w.From = t.From.At(0, 0, loc)
	}
	if !t.To.IsZero() {
		w.To = t.To.AddDays(1).At(0, 0, loc)
	}
	return w
}

// write writes the rows in one of the formats; title is for those that have one.
func (r records) write(w io.Writer, title, format string, loc *time.Location) error {
	for _, row := range r.rows {
		for i, value := range row {
			if at, ok := value.(time.Time); ok {
				row[i] = rfc3339(at, loc)
			}
		}
	}
	if format == "json" {
		objects := make([]object, len(r.rows))
		for i, row := range r.rows {
			objects[i] = object{r.fields, row}
		}
		return writeArray(w, objects)
	}
	rows := make([][]string, len(r.rows))
	for i, row := range r.rows {
		for _, value := range row {
			rows[i] = append(rows[i], fmt.Sprint(value))
		}
	}
	if format == "xlsx" {
		return sheet.WriteXLSX(w, title, r.fields, rows)
	}
	return sheet.WriteCSV(w, r.fields, rows)
}

// ledgerFields are the members of an entry.
var ledgerFields = []string{"seq", "at", "actor", "verb", "object", "subject", "reason", "text_hash", "attrs", "prev", "sum"}

// ledger gives the entries as rows.
func (t *exportTask) ledger(ctx context.Context, f *office) (records, error) {
	found := records{fields: ledgerFields}
	for e, err := range t.entries(ctx, f) {
		if err != nil {
			return found, err
		}
		attrs := ""
		if len(e.Attrs) > 0 {
			text, err := json.Marshal(e.Attrs)
			if err != nil {
				return found, err
			}
			attrs = string(text)
		}
		found.rows = append(found.rows, []any{
			strconv.FormatUint(e.Seq, 10), e.At, e.Actor, e.Verb, e.Object, e.Subject, e.Reason, e.TextHash, attrs, e.Prev, e.Sum,
		})
	}
	return found, nil
}

// sortBy orders rows by their first column that is given.
func (r records) sortBy(column int) {
	slices.SortStableFunc(r.rows, func(a, b []any) int {
		at, _ := a[column].(time.Time)
		other, _ := b[column].(time.Time)
		return at.Compare(other)
	})
}
