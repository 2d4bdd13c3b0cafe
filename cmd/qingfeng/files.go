package main

import (
	"context"
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/filestore"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// How often photos and documents that nothing names are deleted, for how long they
// stay, and when a purge that found somebody copying is tried again.
const (
	filesEvery = 24 * time.Hour
	filesKept  = 24 * time.Hour
	filesAgain = 10 * time.Minute
)

// filePurger deletes photos and documents that no record names any more, or never did:
// a form that was given up, a report past its retention. It is a source of the clockwork.
type filePurger struct {
	*office
	next time.Time
}

// Advance purges once a day and after each start.
func (p *filePurger) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	if now.Before(p.next) {
		return p.next, false, nil
	}
	gone, done, err := p.files.Purge(now.Add(-filesKept), func() (map[string]bool, error) { return p.named(ctx) })
	if err != nil {
		return time.Time{}, false, err
	}
	p.next = now.Add(filesEvery)
	if !done {
		p.next = now.Add(filesAgain)
	}
	return p.next, false, p.forget(ctx, gone)
}

// forget writes down that files are gone.
func (p *filePurger) forget(ctx context.Context, gone []string) error {
	if len(gone) == 0 {
		return nil
	}
	for _, hash := range gone {
		if err := p.store.Do(ctx, func(tx reminders.Tx) error { return p.store.ForgetUploads(tx, hash) }); err != nil {
			return err
		}
	}
	return p.store.Do(ctx, func(tx reminders.Tx) error {
		return p.store.Append(tx, ledger.Entry{
			Actor: ledger.System, Verb: ledger.Purged, Object: "attachments", Reason: "retention",
			Attrs: map[string]string{"count": strconv.Itoa(len(gone))},
		})
	})
}

// named gives the hashes of all files that records name.
func (f *office) named(ctx context.Context) (named map[string]bool, err error) {
	err = f.store.View(ctx, func(tx reminders.Tx) (err error) {
		named, err = f.store.NamedFiles(tx)
		return err
	})
	return named, err
}

// checkFiles holds photos and documents against their hashes and against what records
// name.
func (f *office) checkFiles(ctx context.Context, c *console) ([]finding, error) {
	defer f.files.Hold()()
	named, err := f.named(ctx)
	if err != nil {
		return nil, err
	}
	problems, err := f.files.Check(named)
	if err != nil {
		return nil, fileError(filesName, err)
	}
	words := map[filestore.Fault]string{
		filestore.Missing: "attachment.missing", filestore.Altered: "attachment.altered", filestore.Foreign: "attachment.foreign",
	}
	var findings []finding
	for _, p := range problems {
		findings = append(findings, finding{"files", p.Where, c.word(words[p.Fault])})
	}
	return findings, nil
}
