package main

import (
	"context"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// caseFields are those of docs/export.md. They begin with the columns of an import, so that
// an export can be imported elsewhere.
var caseFields = []string{
	"id", "title", "category", "level", "issued", "issuer", "source_url", "expires", "festivals", "body", "names",
	"title_en", "issuer_en", "body_en", "state", "origin",
	"drafted_at", "by", "decided_at", "decided_by", "lone", "published_at", "corrected_at", "withdrawn_at", "withdrawn_by", "reason",
	"text_hash", "checked_at", "held",
}

// casesAtOnce is how many cases one page of an export reads.
const casesAtOnce = 200

// cases gives one row for each case of the office that was issued on the days. Of one that
// was withdrawn there is the tombstone, without its text.
func (t *exportTask) cases(ctx context.Context, f *office) (records, error) {
	found := records{fields: caseFields}
	err := f.store.View(ctx, func(tx reminders.Tx) error {
		found.rows = nil
		for after := ""; ; {
			page, err := f.store.Cases().CasesAfter(tx, after, casesAtOnce)
			if err != nil {
				return err
			}
			for _, c := range page {
				after = c.ID
				if (t.From.IsZero() || !c.Issued.Before(t.From)) && (t.To.IsZero() || !c.Issued.After(t.To)) {
					found.rows = append(found.rows, caseRow(c))
				}
			}
			if len(page) < casesAtOnce {
				return nil
			}
		}
	})
	return found, err
}

// caseRow is one case.
func caseRow(c casebook.Case) []any {
	festivals := make([]string, len(c.Festivals))
	for i, festival := range c.Festivals {
		festivals[i] = string(festival)
	}
	gone := casebook.Tombstone{Reason: c.Reason, TextHash: c.Hash()}
	if c.Tombstone != nil {
		gone = *c.Tombstone
	}
	return []any{
		c.ID, c.Title, c.Category, string(c.Level), c.Issued.String(), c.Issuer, c.SourceURL, c.Expires.String(),
		strings.Join(festivals, ","), c.Body, c.Names, c.English.Title, c.English.Issuer, c.English.Body, string(c.State), c.Origin, c.At, string(c.By), c.DecidedAt, string(c.DecidedBy),
		c.Lone, c.Published, c.CorrectedAt, gone.At, string(gone.By), gone.Reason, gone.TextHash, c.CheckedAt, c.Held,
	}
}
