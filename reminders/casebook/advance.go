package casebook

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// expiredAtOnce is how many cases one unit of work lets expire.
const expiredAtOnce = 8

// failuresAllowed is how often in a row a source may not answer before its case is held
// back: a public site is down now and then.
const failuresAllowed = 3

// Why an approved case is held back.
const (
	SourceGone    = "source-gone"    // its source did not answer, several times in a row
	SourceChanged = "source-changed" // its source says something else than when it was approved
)

// Advance lets the cases expire whose time is over, once a day: readers do not see them
// from that day on anyway. It is a source of the clockwork.
func (d *Desk) Advance(ctx context.Context, now time.Time) (next time.Time, more bool, err error) {
	today := calendar.DateOf(now, d.Zone())
	tomorrow := today.AddDays(1).At(0, 0, d.Zone())
	d.mu.Lock()
	looked := d.looked == today
	d.mu.Unlock()
	if looked {
		return tomorrow, false, nil
	}
	err = d.Units.Do(ctx, func(tx reminders.Tx) (err error) {
		more, err = d.expire(tx, today)
		return err
	})
	if err == nil && !more {
		d.mu.Lock()
		d.looked = today
		d.mu.Unlock()
	}
	return tomorrow, more, err
}

// expire lets the next cases expire.
func (d *Desk) expire(tx reminders.Tx, today calendar.Date) (more bool, err error) {
	entries, err := d.Store.ShownCases(tx)
	if err != nil {
		return false, err
	}
	done := 0
	for _, e := range entries {
		if today.Before(e.Expires) {
			continue
		}
		if done == expiredAtOnce {
			return true, nil
		}
		c, found, err := d.Store.Case(tx, e.ID)
		if err != nil || !found {
			return false, err
		}
		c.State, c.Correction = Expired, nil
		if err := d.Store.SaveCase(tx, c); err != nil {
			return false, err
		}
		if err := d.record(tx, c, "expired", ""); err != nil {
			return false, err
		}
		done++
	}
	return false, nil
}

// Recheck notes what came of looking at the source of a case that is published or held:
// whether it answered, and the hash of what it says. The first hash is kept; where the
// source is gone several times in a row, or says something else, the case is held back
// until somebody of the office has looked at it. It reports whether that has happened.
func (d *Desk) Recheck(tx reminders.Tx, id, hash string, ok bool) (held bool, err error) {
	c, found, err := d.Store.Case(tx, id)
	if err != nil || !found || c.State != Published && c.State != Approved {
		return false, err
	}
	c.CheckedAt = tx.Now()
	switch {
	case !ok:
		c.Failures++
	case c.Snapshot == "":
		c.Failures, c.Snapshot = 0, hash
	default:
		c.Failures = 0
	}
	why := ""
	switch {
	case c.Failures >= failuresAllowed:
		why = SourceGone
	case ok && hash != c.Snapshot:
		why = SourceChanged
	}
	held = why != "" && c.State == Published
	if held {
		c.State, c.Held = Approved, why
	}
	if err := d.Store.SaveCase(tx, c); err != nil || !held {
		return held, err
	}
	return held, d.record(tx, c, "held, "+why, "")
}

// Release shows a held case again, after somebody of the office has looked at its source:
// the next look at it counts as the first.
func (d *Desk) Release(tx reminders.Tx, handle string, by reminders.PersonID) (Case, error) {
	c, err := d.Case(tx, handle)
	if err != nil {
		return c, err
	}
	if c.State != Approved {
		return c, reminders.Fail(reminders.Closed, "casebook.release", "case.decided", nil)
	}
	c.State, c.Held, c.Snapshot, c.Failures = Published, "", "", 0
	if err := d.Store.SaveCase(tx, c); err != nil {
		return c, err
	}
	return c, d.record(tx, c, "released", by)
}

// ToCheck lists published and held cases whose source was not looked at since an instant,
// at most limit.
func (d *Desk) ToCheck(tx reminders.Tx, since time.Time, limit int) ([]Case, error) {
	var due []Case
	for after := ""; len(due) < limit; {
		page, err := d.Store.CasesAfter(tx, after, pageRead)
		if err != nil {
			return nil, err
		}
		for _, c := range page {
			after = c.ID
			if (c.State == Published || c.State == Approved) && c.CheckedAt.Before(since) && len(due) < limit {
				due = append(due, c)
			}
		}
		if len(page) < pageRead {
			break
		}
	}
	return due, nil
}

// pageRead is how many cases are read together where all are looked through.
const pageRead = 200
