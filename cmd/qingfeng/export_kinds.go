package main

import (
	"context"
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// exportKind is one kind of what can be exported: a subcommand, and a choice in the chat.
type exportKind struct {
	name        string
	short, long string // its help
	rows        func(t *exportTask, ctx context.Context, f *office) (records, error)
	// formats are the endings of its files, the preferred one of a program first.
	formats []string
	// written are those of them that are no table of the rows.
	written map[string]func(t *exportTask, ctx context.Context, c *console, f *office) error
}

// tables are the formats of what is a table.
var tables = []string{"json", "csv", "xlsx"}

// exportKinds are all of them, in the order in which the chat offers them.
func exportKinds() []exportKind {
	return []exportKind{
		{
			name: "acknowledgements", short: "Export who was asked to acknowledge what, and how it stands", formats: tables,
			long: "One row for each line of the obligation book that asks for an acknowledgement; those of a unit as a\n" +
				"whole have no staff_no. --from and --to are days on which the notice was due to go out.",
			rows: (*exportTask).acknowledgements,
		},
		{
			name: "messages", short: "Export the messages that were sent or wait to be sent", formats: tables,
			long: "Left out are answers to what a person just did, edits of messages, and messages that were merged into\n" +
				"another one of the day. result is empty while a message waits; message_id and chat are 0 where there\n" +
				"is none. --from and --to are days on which the message was made.",
			rows: (*exportTask).messages,
		},
		{
			name: "copies", short: "Export what became of each copy of what the office published", formats: tables,
			long: "One row for each person or group of each publication: which text it shows, when that was corrected or\n" +
				"withdrawn, and why that did not work. --from and --to are days on which sending began.",
			rows: (*exportTask).copies,
		},
		{
			name: "roster", short: "Export the duty rosters as they stand", formats: append(slices.Clone(tables), "ics"),
			long: "One row for each shift; its first columns are those that import takes. The ending .ics gives a calendar.\n" +
				"--from and --to are days on which the shifts are.",
			rows:    (*exportTask).roster,
			written: map[string]func(*exportTask, context.Context, *console, *office) error{"ics": (*exportTask).rosterCalendar},
		},
		{
			name: "reports", short: "Export daily, incident and closing reports", formats: tables,
			long: "One row for each version of a report, with a column for each field of the forms. --from and --to are the\n" +
				"days that the reports are about.",
			rows: (*exportTask).reports,
		},
		{
			name: "spotchecks", short: "Export the spot checks of blocks that are over, with the proof of their moments", formats: tables,
			long: "Checks of a block that is not over are left out, whatever became of them. verify proves the JSON form.\n" +
				"--from and --to are the days of the checks.",
			rows: (*exportTask).spotChecks,
		},
		{
			name: "cases", short: "Export the public cases of the office", formats: tables,
			long: "One row for each case, whatever its state; its first columns are those that import takes. Of a case that\n" +
				"was withdrawn there is no text. --from and --to are the days on which the cases were issued.",
			rows: (*exportTask).cases,
		},
		{
			name: "themes", short: "Export the register of quarterly themes", formats: tables,
			long: "One row for each point in each unit in scope: what was seen there, and what became of it. --from and --to\n" +
				"are days with which the period of a theme has one in common.",
			rows: (*exportTask).themes,
		},
		{
			name: "burden", short: "Export what the service asked of people, by month", formats: tables,
			long: "For each month and each part in which people are asked (officials, liaisons, heads of units, duty, the office)\n" +
				"one row with its sums, and one for each kind of message. --from and --to are days whose months are counted.",
			rows: (*exportTask).burdens,
		},
		{
			name: "ledger", short: "Export the ledger, with the hashes that prove it",
			formats: []string{"json", "csv"}, // XLSX has room for a million rows, and proves nothing
			long: "The JSON form is the one that can be proved without this office; CSV is for reading. --from and --to are\n" +
				"days of the entries; the proof of a part begins at its first entry.",
			rows:    (*exportTask).ledger,
			written: map[string]func(*exportTask, context.Context, *console, *office) error{"json": (*exportTask).provable},
		},
	}
}

// exportKindOf finds a kind by its name.
func exportKindOf(name string) (exportKind, bool) {
	kinds := exportKinds()
	at := slices.IndexFunc(kinds, func(k exportKind) bool { return k.name == name })
	if at < 0 {
		return exportKind{}, false
	}
	return kinds[at], true
}

// exportNames are the names of all kinds.
func exportNames() []string {
	var names []string
	for _, k := range exportKinds() {
		names = append(names, k.name)
	}
	return names
}

// endings lists the formats as the endings of files.
func (k exportKind) endings() string { return "." + strings.Join(k.formats, ", .") }

// provable writes the ledger in the form that can be proved without this office.
func (t *exportTask) provable(ctx context.Context, c *console, f *office) error {
	return ledger.Export(c.out, t.entries(ctx, f))
}
