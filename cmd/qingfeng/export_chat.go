package main

import (
	"bytes"
	"context"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// chatExports make the spreadsheets that are asked for in the chat, by the same way as
// those of the command line. It is a bot.Exports.
type chatExports struct{ office *office }

// Kinds lists what can be exported.
func (chatExports) Kinds() []string { return exportNames() }

// Export makes a file, and gives its ending: a spreadsheet, or of the ledger the form that
// can be proved without this office.
func (e chatExports) Export(ctx context.Context, kind, of string, by reminders.PersonID) (file []byte, ending string, err error) {
	t := exportTask{What: kind, Format: "xlsx", by: string(by), of: of}
	if known, _ := exportKindOf(kind); !slices.Contains(known.formats, t.Format) {
		t.Format = "json"
	}
	var out bytes.Buffer
	err = t.run(ctx, &console{out: &out}, e.office)
	return out.Bytes(), t.Format, err
}
