package notice

import (
	"context"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// figures are what texts say of the whole book or of the whole register.
type figures struct {
	lines               map[obligation.TermsID]obligation.Tally // by state, for each terms that a text speaks of
	never, lost, silent int                                     // never bound, out of reach; units without a liaison
	rosters             map[string]RosterGaps                   // by the key of the item
	closings            map[string]Closing                      // likewise
}

// counting reports whether the text of an item says what book or register hold.
func counting(item Item) bool {
	return item.Kind == ClosingSummary || item.Kind == Digest || item.Kind == Readiness || item.Kind == Burden
}

// count counts, in a view, that of which those texts will speak that are about
// to be composed. A unit of work would remember each of a million lines, and begin
// anew with every tap that comes meanwhile. While something is being published, no
// text is composed: then, as where nothing is to be counted, there are no figures.
func (d *Desk) count(ctx context.Context, due []Item, now time.Time) (counted *figures, err error) {
	if !slices.ContainsFunc(due, counting) {
		return nil, nil
	}
	var closing []Item
	err = d.Units.View(ctx, func(tx reminders.Tx) error {
		if open, err := d.Store.PublishingNotices(tx); err != nil || len(open) > 0 {
			return err
		}
		counted = &figures{lines: map[obligation.TermsID]obligation.Tally{}, rosters: map[string]RosterGaps{}, closings: map[string]Closing{}}
		for _, item := range due {
			if !counting(item) || !newest(due, item) || waits(item, now) || !now.Before(item.Until) {
				continue // nothing is composed, or what comes too late
			}
			if _, found, err := d.Store.Notice(tx, item.Key); err != nil || found {
				if err != nil {
					return err
				}
				continue
			}
			if err := d.countFor(tx, item, counted); err != nil {
				return err
			}
			if item.Kind == ClosingSummary && d.Closings != nil || item.Kind == Burden && d.Burdens != nil {
				closing = append(closing, item)
			}
		}
		return nil
	})
	for _, item := range closing {
		if err != nil {
			break
		}
		counted.closings[item.Key], err = d.closing(ctx, item)
	}
	return counted, err
}

// closing works out what is drawn, or counted over more than one view holds.
func (d *Desk) closing(ctx context.Context, item Item) (Closing, error) {
	if item.Kind == Burden {
		return d.Burdens.Burden(ctx, MonthBefore(d.Calendar().Location(), item.At))
	}
	return d.Closings.Closing(ctx, item.Occasion.Blocks)
}

// countFor counts what the text of one item speaks of, each terms once.
func (d *Desk) countFor(tx reminders.Tx, item Item, counted *figures) error {
	switch item.Kind {
	case Readiness:
		return d.countReady(tx, item, counted)
	case Burden:
		return nil // it counts by itself
	}
	terms, err := d.spokenOf(tx, item.Kind, fromItem(item))
	if err != nil {
		return err
	}
	for _, t := range terms {
		if counted.lines[t.ID] != nil {
			continue
		}
		if counted.lines[t.ID], _, _, err = d.Book.Count(tx, t); err != nil {
			return err
		}
	}
	return nil
}

// countReady counts whom no message reaches, which units nobody answers for, and what is
// missing in the rosters.
func (d *Desk) countReady(tx reminders.Tx, item Item, counted *figures) (err error) {
	if counted.never, counted.lost, err = d.Register.Unreachable(tx); err != nil {
		return err
	}
	if d.Gaps != nil {
		if counted.rosters[item.Key], err = d.Gaps.Gaps(tx, item.Occasion.Blocks); err != nil {
			return err
		}
	}
	counted.silent, err = d.withoutLiaison(tx)
	return err
}

// unitsAtOnce is how many units are counted from one page of the register.
const unitsAtOnce = 500

// withoutLiaison counts the units for which nobody can answer a unit notice.
func (d *Desk) withoutLiaison(tx reminders.Tx) (silent int, err error) {
	for after, more := reminders.UnitID(""), true; more; {
		units, err := d.Register.UnitsAfter(tx, after, unitsAtOnce)
		if err != nil {
			return 0, err
		}
		more = len(units) == unitsAtOnce
		for _, unit := range units {
			after = unit.ID
			liaisons, err := d.Register.InUnit(tx, unit.ID, reminders.Liaison)
			if err != nil {
				return 0, err
			}
			if len(liaisons) == 0 {
				silent++
			}
		}
	}
	return silent, nil
}
