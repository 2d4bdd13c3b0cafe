package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// How often a feed is read, and when the reader goes on after an error of the store.
const (
	feedEvery = 6 * time.Hour
	feedAgain = 10 * time.Minute
)

// How reading a feed ends where it works, and what becomes of items, in metrics.
const (
	feedRead      = "read"
	feedUnchanged = "unchanged"
	feedDrafted   = "drafted"
	feedSkipped   = "skipped"
)

// feedEnds are all results of reading a feed.
var feedEnds = []string{feedRead, feedUnchanged, faultAddress, faultReach, faultStatus, faultGone, faultSize, faultType, faultForm}

// issuerLength is how long the name of an issuer is, in characters.
const issuerLength = 80

// caseReader reads the feeds of authorities and makes drafts for the office to review out
// of what is new in them, and looks at the pages of published cases again. It works in a goroutine of its own, apart from the clockwork;
// nothing it meets ends the service.
type caseReader struct {
	*office

	addresses []string // of feeds
	pages     bool     // whether the pages of published cases are looked at again
	fetch     *fetcher
	counters  *counters                                    // nil: nobody counts
	held      func(tx reminders.Tx, c casebook.Case) error // tells the office
	looked    time.Time                                    // when pages were last looked at
}

// run reads until ctx ends.
func (r *caseReader) run(ctx context.Context) error {
	if len(r.addresses) == 0 && !r.pages {
		return nil
	}
	for ctx.Err() == nil {
		next, err := r.advance(ctx, r.clock.Now())
		if err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "feeds of cases wait", "error", err)
			next = r.clock.Now().Add(feedAgain)
		}
		if r.clock.WaitUntil(ctx, next) != nil {
			break
		}
	}
	return nil
}

// advance does what is due and says when something is due again.
func (r *caseReader) advance(ctx context.Context, now time.Time) (next time.Time, err error) {
	next = now.Add(feedEvery)
	feeds, err := r.feeds(ctx)
	if err != nil {
		return next, err
	}
	for i, f := range feeds {
		due := f.TriedAt.Add(feedEvery)
		if !now.Before(due) || now.Before(f.TriedAt) { // the clock may have been put back
			if feeds[i], err = r.visit(ctx, f, now); err != nil {
				return next, err
			}
			if err := r.save(ctx, feeds); err != nil {
				return next, err
			}
			due = now.Add(feedEvery)
		}
		if due.Before(next) {
			next = due
		}
	}
	if r.pages {
		if err := r.checkPages(ctx, now); err != nil {
			return next, err
		}
		if again := now.Add(pagesEvery); again.Before(next) {
			next = again
		}
	}
	return next, nil
}

// feeds are those of the settings, with what is known of them.
func (r *caseReader) feeds(ctx context.Context) ([]bot.CaseFeed, error) {
	var known []bot.CaseFeed
	err := r.store.View(ctx, func(tx reminders.Tx) error {
		_, err := r.store.Setting(tx, bot.CaseFeedSetting, &known)
		return err
	})
	feeds := make([]bot.CaseFeed, len(r.addresses))
	for i, address := range r.addresses {
		feeds[i].Address = address
		if at := slices.IndexFunc(known, func(f bot.CaseFeed) bool { return f.Address == address }); at >= 0 {
			feeds[i] = known[at]
		}
	}
	return feeds, err
}

// save keeps how reading the feeds stands.
func (r *caseReader) save(ctx context.Context, feeds []bot.CaseFeed) error {
	return r.store.Do(ctx, func(tx reminders.Tx) error { return r.store.SaveSetting(tx, bot.CaseFeedSetting, feeds) })
}

// visit reads one feed. An error is one of the store; that a feed cannot be read is
// noted with it, and logged when it begins and when it is over.
func (r *caseReader) visit(ctx context.Context, f bot.CaseFeed, now time.Time) (bot.CaseFeed, error) {
	was := f.Fault
	f.TriedAt = now
	got, err := r.fetch.get(ctx, f.Address, f.ETag, f.Modified)
	var read feed
	if err == nil && !got.unchanged {
		read, err = readFeed(got)
	}
	if ctx.Err() != nil {
		return f, ctx.Err()
	}
	if err != nil {
		f.FailedAt, f.Fault = now, faultOf(err)
		if f.Fault != was {
			r.log.WarnContext(ctx, "a feed of cases cannot be read", "feed", slices.Index(r.addresses, f.Address)+1, "reason", f.Fault, "error", err)
		}
		r.counted(f.Fault)
		return f, nil
	}
	f.ReadAt, f.FailedAt, f.Fault = now, time.Time{}, ""
	if was != "" {
		r.log.InfoContext(ctx, "a feed of cases can be read again", "feed", slices.Index(r.addresses, f.Address)+1)
	}
	if got.unchanged {
		r.counted(feedUnchanged)
		return f, nil
	}
	f.Title = cmp.Or(read.title, f.Title)
	if err := r.draft(ctx, &f, read); err != nil {
		return f, err
	}
	f.ETag, f.Modified = got.etag, got.modified
	r.counted(feedRead)
	return f, nil
}

// counted counts how one reading ended.
func (r *caseReader) counted(result string) {
	if r.counters != nil {
		r.counters.feeds.WithLabelValues(result).Inc()
	}
}

// draft makes a draft out of each item that is new, and counts those that are not taken.
func (r *caseReader) draft(ctx context.Context, f *bot.CaseFeed, read feed) error {
	f.Skipped, f.Linkless = map[string]int{}, read.linkless
	drafted := 0
	for _, item := range read.items {
		if rule := r.objection(read.title + "\n" + item.title + "\n" + item.text); rule != "" {
			f.Skipped[rule]++
			continue
		}
		fresh, err := r.draftOne(ctx, *f, item)
		if err != nil {
			return err
		}
		switch fresh {
		case itemRefused:
			f.Linkless++
		case itemDrafted:
			drafted++
		}
	}
	skipped := 0
	for _, n := range f.Skipped {
		skipped += n
	}
	if r.counters != nil {
		r.counters.feedItems.WithLabelValues(feedDrafted).Add(float64(drafted))
		r.counters.feedItems.WithLabelValues(feedSkipped).Add(float64(skipped))
	}
	return nil
}

// objection is the rule of the input guard that a text hits, and empty without any. What
// an authority published is not held to the wording of the office's own texts.
func (r *caseReader) objection(text string) string {
	if _, hard := r.guard.Redact(text); len(hard) > 0 {
		return hard[0]
	}
	if soft := r.guard.Soft(text); len(soft) > 0 {
		return soft[0]
	}
	return ""
}

// What becomes of an item.
type itemFate int

const (
	itemKnown itemFate = iota
	itemDrafted
	itemRefused // its address is not one that readers could open
)

// draftOne makes a draft out of an item whose page no case of the office has, whatever
// became of that one. The category is left to whoever reviews it; the text counts as one
// with names until somebody says otherwise.
func (r *caseReader) draftOne(ctx context.Context, f bot.CaseFeed, item feedItem) (fate itemFate, err error) {
	err = r.store.Do(ctx, func(tx reminders.Tx) error {
		fate = itemKnown
		known, err := r.cases.From(tx, item.link)
		if err != nil || len(known) > 0 {
			return err
		}
		today := calendar.DateOf(tx.Now(), r.years.Calendar().Location())
		c := casebook.Case{Origin: bot.FeedOrigin(f), Content: casebook.Content{
			Title: item.title, SourceURL: item.link, Issuer: cut(f.Title, issuerLength), Body: item.text, Names: true,
		}}
		if day := calendar.DateOf(item.at, r.years.Calendar().Location()); !item.at.IsZero() && !day.After(today) {
			c.Issued = day
		}
		wrong := func(fault casebook.Fault) bool { return fault.Field == "source_url" }
		if slices.ContainsFunc(r.cases.Faults(c.Content, today), wrong) {
			fate = itemRefused
			return nil
		}
		fate = itemDrafted
		_, err = r.cases.Add(tx, c, "")
		return err
	})
	return fate, err
}
