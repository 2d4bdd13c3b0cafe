package main

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/casebook"
)

// How often, and how many, pages of published cases are looked at again.
const (
	pagesEvery  = 24 * time.Hour
	pagesAtOnce = 20
)

// pageSeen is what came of looking at the page of a case.
type pageSeen struct {
	id, mark string
	ok       bool
	silent   bool // no answer at all
}

// checkPages looks once a day whether the pages of some cases are still there and say
// the same. Where none of them answers it is our own way to the web that is broken, and
// nothing is noted.
func (r *caseReader) checkPages(ctx context.Context, now time.Time) error {
	if now.Sub(r.looked).Abs() < pagesEvery {
		return nil
	}
	var due []casebook.Case
	err := r.store.View(ctx, func(tx reminders.Tx) (err error) {
		due, err = r.cases.ToCheck(tx, now.Add(-pagesEvery/2), pagesAtOnce)
		return err
	})
	if err != nil {
		return err
	}
	var seen []pageSeen
	silent := 0
	for _, c := range due {
		one := r.look(ctx, c)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if one.silent {
			silent++
		}
		seen = append(seen, one)
	}
	r.looked = now
	if silent == len(seen) {
		return nil
	}
	for _, one := range seen {
		if err := r.store.Do(ctx, func(tx reminders.Tx) error { return r.note(tx, one) }); err != nil {
			return err
		}
	}
	return nil
}

// look reads the page of a case. What is no page of text, or too long to compare, counts
// as unchanged as long as it answers.
func (r *caseReader) look(ctx context.Context, c casebook.Case) pageSeen {
	got, err := r.fetch.get(ctx, c.SourceURL, "", "")
	fault := ""
	if err != nil {
		fault = faultOf(err)
	}
	switch {
	case fault == faultSize, fault == faultType, err == nil && got.media != "text/html":
		return pageSeen{id: c.ID, mark: c.Snapshot, ok: true}
	case err != nil:
		return pageSeen{id: c.ID, silent: fault == faultReach}
	}
	page, err := decoded(got.body, got.charset)
	if err != nil {
		return pageSeen{id: c.ID, mark: c.Snapshot, ok: true}
	}
	return pageSeen{id: c.ID, mark: textMark(string(page)), ok: true}
}

// note writes down what came of a look, and tells the office of a case that is held back.
func (r *caseReader) note(tx reminders.Tx, one pageSeen) error {
	held, err := r.cases.Recheck(tx, one.id, one.mark, one.ok)
	if err != nil || !held {
		return err
	}
	c, err := r.cases.Case(tx, casebook.HandleOf(one.id))
	if err != nil {
		return err
	}
	return r.held(tx, c)
}
