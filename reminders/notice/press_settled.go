package notice

import (
	"slices"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// settled is told how a message ended, in the unit of work that settles it. A message
// that was put into words before a correction was decided, and arrived after it, is
// brought up to date; what became of what is corrected or recalled is noted.
func (p *Press) settled(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	switch {
	case m.Kind == kindRecall:
		return p.taken(tx, m, o)
	case m.Act == reminders.ActEdit && m.Kind == kindCorrection:
		return p.shownAnew(tx, m, o)
	case o.Result != reminders.Sent:
		return nil
	case m.Act == reminders.ActSend:
		for _, line := range m.Lines {
			if err := p.landed(tx, m, line.Ref); err != nil {
				return err
			}
		}
	case m.Act == reminders.ActEdit && m.Original != "":
		return p.edited(tx, m)
	}
	return nil
}

// of gives the publication that a notice carries, if ref names one.
func (p *Press) of(tx reminders.Tx, ref string) (Publication, bool, error) {
	kind, id, _ := strings.Cut(ref, "/")
	if !slices.Contains(published, Kind(kind)) {
		return Publication{}, false, nil
	}
	return p.Store.Publication(tx, id)
}

// landed sees to a message that says what a notice says and has just arrived. The unit of
// work has read the publication, so that it runs again if that is corrected meanwhile:
// either the correction finds the receipt, or this finds the correction.
func (p *Press) landed(tx reminders.Tx, m reminders.Delivery, ref string) error {
	of, found, err := p.of(tx, ref)
	if err != nil || !found || len(of.Past) == 0 && of.Recall == nil {
		return err
	}
	n, _, err := p.Desk.Store.Notice(tx, ref)
	if err != nil {
		return err
	}
	sent, found, err := p.Desk.Box.Receipt(tx, m.Key)
	if err != nil || !found {
		return err
	}
	switch {
	case of.Recall != nil && m.Lane != reminders.LaneAnswer: // the recall waits for what is in flight
		return nil
	case of.Recall != nil:
		return p.edit(tx, of, sent, kindCorrection, ".landed")
	}
	corrected := of.Past[len(of.Past)-1].Replaced
	switch {
	case m.Lane == reminders.LaneAnswer && of.outdated(m): // a list of what is open, asked for by its reader
		return p.edit(tx, of, sent, kindCorrection, "")
	case of.outdated(m) || m.Uncertain: // what an earlier attempt has left, if it has, says the old text
		return p.renew(tx, of, n, sent, m.Uncertain || !m.ClaimedAt.After(corrected))
	}
	asks, changed := asked(sent.Asks, n)
	if !changed {
		return nil
	}
	sent.Asks = asks
	if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
		return err
	}
	return p.edit(tx, of, sent, kindCorrection, "")
}

// outdated reports whether a message may have been put into words, wholly or in parts,
// before the last correction.
func (p Publication) outdated(m reminders.Delivery) bool {
	corrected := p.Past[len(p.Past)-1].Replaced
	return m.ClaimedAt.Before(corrected.Add(doubtful)) || len(m.Parts) > 0
}

// edited sees to a message that was brought up to date for another reason just when its
// notice was corrected or recalled: what was put into words before that may have come last.
func (p *Press) edited(tx reminders.Tx, m reminders.Delivery) error {
	kind, rest, _ := strings.Cut(string(m.Original), "/")
	id, _, _ := strings.Cut(rest, "/")
	of, found, err := p.of(tx, kind+"/"+id)
	if err != nil || !found {
		return err
	}
	if len(of.Past) == 0 || of.Recall != nil || tx.Now().Sub(of.Past[len(of.Past)-1].Replaced) > doubtful {
		return nil
	}
	sent, found, err := p.Desk.Box.Receipt(tx, m.Original)
	if err != nil || !found {
		return err
	}
	sent.Asks = nil // the book knows; it would bring the message up to date in turn
	return p.edit(tx, of, sent, kindCorrection, "."+tx.Now().UTC().Format("150405.000"))
}

// shownAnew tells the book that a message which was corrected asks anew, and notes whether
// it was.
func (p *Press) shownAnew(tx reminders.Tx, m reminders.Delivery, o reminders.Outcome) error {
	if o.Result != reminders.Sent {
		return p.brought(tx, m, o)
	}
	for _, ask := range m.Asks {
		owner := obligation.Owner{Person: ask.Person, Unit: ask.Unit}
		if err := p.Desk.Book.Delivered(tx, obligation.TermsID(ask.Terms), owner, m.Original, tx.Now(), false); err != nil {
			return err
		}
	}
	return p.brought(tx, m, o)
}
