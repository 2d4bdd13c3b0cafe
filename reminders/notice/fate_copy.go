package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// CopyFate is one copy of a publication, for a person or the group of a unit, and what
// became of it to this day (逐份去向).
type CopyFate struct {
	Person      reminders.PersonID // empty for a group
	Unit        reminders.UnitID   // whose group it is for
	Chat        reminders.ChatID   // zero while nothing was sent
	SentAt      time.Time
	Version     int       // of the text that it shows, or showed last; zero if it did not arrive
	CorrectedAt time.Time // since when it shows that; zero if it never showed another
	WithdrawnAt time.Time // when it was deleted, or its text replaced
	Outcome     CopyOutcome
	Why         string // the Ground of what remains, or the short code of what did not arrive
}

// CopyOutcome is how a copy stands.
type CopyOutcome string

// The outcomes, beside the results with which a message that did not arrive ended:
// "unreachable", "refused", "expired", "withdrawn" (it was taken back before).
const (
	CopyWaiting   CopyOutcome = "waiting"   // to be sent
	CopySent      CopyOutcome = "sent"      // and never changed
	CopyPending   CopyOutcome = "pending"   // a correction or the withdrawal has not come to it yet
	CopyCorrected CopyOutcome = "corrected" // it shows the last correction
	CopyOutdated  CopyOutcome = "outdated"  // it does not, nor will it
	CopyDeleted   CopyOutcome = "deleted"   // withdrawn, and gone
	CopyReplaced  CopyOutcome = "replaced"  // withdrawn: it says only that
	CopyKept      CopyOutcome = "kept"      // withdrawn, and something of it remains
)

// copiesAtOnce is how many copies are read at a time.
const copiesAtOnce = 500

// EachCopy visits the copies of a publication that arrived or will not, in order of their
// keys, and then those that wait: in a view, since it reads them all.
func (p *Press) EachCopy(tx reminders.Tx, of Publication, visit func(c CopyFate)) error {
	for after := reminders.DeliveryKey(""); ; {
		page, err := p.Store.CopiesSent(tx, of.Notice, after, copiesAtOnce)
		if err != nil {
			return err
		}
		for _, sent := range page {
			after = sent.Key
			if sent.Kind != string(of.Kind) { // a chase under the same key
				continue
			}
			c, err := p.copyFate(tx, of, sent)
			if err != nil {
				return err
			}
			visit(c)
		}
		if len(page) < copiesAtOnce {
			return p.eachWaiting(tx, of, visit)
		}
	}
}

// eachWaiting visits the copies that wait in messages of their own.
func (p *Press) eachWaiting(tx reminders.Tx, of Publication, visit func(c CopyFate)) error {
	for after := reminders.DeliveryKey(""); ; {
		page, err := p.Desk.Copies.UnderNotice(tx, of.Notice, after, copiesAtOnce)
		if err != nil {
			return err
		}
		for _, m := range page {
			if after = m.Key; isCopy(m, of.Notice) {
				visit(CopyFate{Person: m.Person, Unit: m.Group, Outcome: CopyWaiting})
			}
		}
		if len(page) < copiesAtOnce {
			return nil
		}
	}
}

// copyFate is what became of one copy.
func (p *Press) copyFate(tx reminders.Tx, of Publication, sent reminders.Receipt) (CopyFate, error) {
	c := CopyFate{Person: sent.Person, Unit: sent.Group}
	carrier, waits, err := p.arrived(tx, sent)
	switch {
	case err != nil:
		return c, err
	case waits != "":
		_, found, err := p.Desk.Box.Delivery(tx, waits)
		if c.Outcome = CopyWaiting; !found {
			c.Outcome = CopyOutcome(reminders.Withdrawn)
		}
		return c, err
	case carrier.Result != reminders.Sent:
		c.Outcome, c.Why = CopyOutcome(carrier.Result), carrier.Code
		if of.Recall != nil { // an attempt that ended without a word may have left one
			err = p.withdrawals(tx, of, carrier.Key, &c)
		}
		return c, err
	}
	c.Chat, c.SentAt, c.Version = carrier.Chat, carrier.SentAt, of.versionAt(carrier)
	if err := p.corrections(tx, of, carrier.Key, &c); err != nil || of.Recall == nil {
		return c, err
	}
	c.Outcome, c.Why = CopyPending, ""
	return c, p.withdrawals(tx, of, carrier.Key, &c)
}

// corrections notes which text a copy shows, and what it misses.
func (p *Press) corrections(tx reminders.Tx, of Publication, key reminders.DeliveryKey, c *CopyFate) error {
	c.Outcome = CopySent
	if len(of.Past) == 0 {
		return nil
	}
	shows, found, err := p.Store.Fate(tx, of.Notice, FateCorrected, key)
	if err != nil {
		return err
	}
	if found {
		c.Outcome, c.Version, c.CorrectedAt = CopyCorrected, max(c.Version, shows.Version), shows.At
	}
	missed, found, err := p.Store.Fate(tx, of.Notice, FateOutdated, key)
	switch {
	case err != nil:
	case found:
		c.Outcome, c.Why = CopyOutdated, missed.Ground()
	case c.Version < of.Version:
		c.Outcome = CopyPending
	}
	return err
}

// withdrawals notes what became of a copy that was recalled.
func (p *Press) withdrawals(tx reminders.Tx, of Publication, key reminders.DeliveryKey, c *CopyFate) error {
	for _, result := range []FateResult{FateDeleted, FateReplaced, FateKept} {
		f, found, err := p.Store.Fate(tx, of.Notice, result, key)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		c.Outcome, c.Why = CopyOutcome(result), ""
		if result == FateKept {
			c.Why = f.Ground()
		}
		known := result != FateKept || c.Why == KeptFile || c.Why == KeptUncertain // what is known of it was replaced, or deleted
		if known && !c.SentAt.IsZero() {
			c.WithdrawnAt = f.At
		}
		return nil
	}
	return nil
}

// versionAt is the version that a message was put into words with.
func (p Publication) versionAt(sent reminders.Receipt) int {
	at := sent.ClaimedAt
	if at.IsZero() {
		at = sent.SentAt
	}
	n := 1
	for _, v := range p.Past {
		if !v.Replaced.After(at) {
			n++
		}
	}
	return n
}

// Sent lists what was sent, the oldest first: all of it, or what one notice carries.
func (p *Press) Sent(tx reminders.Tx, notice string) ([]Publication, error) {
	if notice != "" {
		of, found, err := p.of(tx, notice)
		if err != nil || !found || of.Notice == "" {
			return nil, err
		}
		return []Publication{of}, nil
	}
	all, err := p.Store.RecentPublications(tx, 0)
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(of Publication) bool { return of.Notice == "" }), err
}
