package notice

import (
	"fmt"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// The phases of a correction, in their order.
const (
	correctLines   = "lines"   // the book asks anew; lists of what is open show the new text
	correctWaiting = "waiting" // copies that wait ask what is asked now
	correctCopies  = "copies"  // delivered copies are brought up to date
)

// The kinds of the edits and deletions that a correction and a recall bring.
const (
	kindCorrection = "correction"
	kindRecall     = "recall"
)

// kindChanged begins the keys of the messages that tell of a material correction.
const kindChanged = "changed"

// carryCorrection brings one bounded piece of what was sent up to date.
func (p *Press) carryCorrection(tx reminders.Tx, of Publication) (bool, error) {
	n, _, err := p.Desk.Store.Notice(tx, of.Notice)
	if err != nil {
		return false, err
	}
	correction := *of.Correction
	of.Correction = &correction
	switch correction.Way.Phase {
	case correctLines:
		err = p.correctLines(tx, of, n, &correction.Way)
	case correctWaiting:
		err = p.correctWaiting(tx, n, &correction.Way)
	default:
		err = p.correctCopies(tx, of, n, &correction.Way)
	}
	if err != nil {
		return false, err
	}
	if correction.Way == (Passage{}) {
		correction.State = Released
	}
	return true, p.Store.SavePublication(tx, of)
}

// correctLines deals with a page of the lines of the round before: a material correction
// asks anew, and lists of what is open show the new text.
func (p *Press) correctLines(tx reminders.Tx, of Publication, n Notice, way *Passage) (err error) {
	if n.Terms == nil {
		*way = Passage{Phase: correctCopies}
		return nil
	}
	var page []obligation.Obligation
	from, anew := of.termsID(way.Round), way.Round != of.Round
	if anew {
		page, way.Cursor, err = p.Desk.Book.Supersede(tx, from, *n.Terms, way.Cursor, takenBack, of.Correction.Decision.By)
	} else {
		page, way.Cursor, err = p.Desk.Book.Page(tx, from, way.Cursor, takenBack)
	}
	if err != nil {
		return err
	}
	for _, line := range page {
		for _, key := range line.Copies {
			if err := p.refreshList(tx, of, n, key); err != nil {
				return err
			}
		}
	}
	switch {
	case way.Cursor != "":
	case anew:
		*way = Passage{Phase: correctWaiting}
	default:
		*way = Passage{Phase: correctCopies}
	}
	return nil
}

// refreshList brings a list of what is open, which somebody asked for, up to date: it says
// what the notice says, and is none of its copies. After a material correction it asks
// what is asked now.
func (p *Press) refreshList(tx reminders.Tx, of Publication, n Notice, key reminders.DeliveryKey) error {
	sent, found, err := p.Desk.Box.Receipt(tx, key)
	if err != nil || !found || sent.Result != reminders.Sent || sent.Lane != reminders.LaneAnswer || !saysIt(sent.Delivery, n.ID) {
		return err
	}
	asks, changed := asked(sent.Asks, n)
	if changed {
		sent.Asks = asks
		if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
			return err
		}
	} else {
		sent.Asks = nil // nothing new for the book
	}
	return p.edit(tx, of, sent, kindCorrection, "")
}

// correctWaiting lets the next copies that wait ask what is asked now.
func (p *Press) correctWaiting(tx reminders.Tx, n Notice, way *Passage) error {
	page, err := p.Desk.Copies.UnderNotice(tx, n.ID, reminders.DeliveryKey(way.Cursor), takenBack)
	if err != nil {
		return err
	}
	for _, m := range page {
		way.Cursor = string(m.Key)
		if !m.ClaimedAt.IsZero() || !isCopy(m, n.ID) { // what is in flight is seen to when it lands
			continue
		}
		asks, changed := asked(m.Asks, n)
		if !changed {
			continue
		}
		m.Asks = asks
		if err := p.Desk.Box.SaveDelivery(tx, m); err != nil {
			return err
		}
	}
	if len(page) < takenBack {
		*way = Passage{Phase: correctCopies}
	}
	return nil
}

// asked gives what a copy of the notice asks now, where it asked so before.
func asked(asks []reminders.Ask, n Notice) (now []reminders.Ask, changed bool) {
	for _, ask := range asks {
		if ofNotice(ask, n.ID) && ask.Terms != n.termsID() {
			ask.Terms, changed = n.termsID(), true
		}
		now = append(now, ask)
	}
	return now, changed
}

// correctCopies brings the next delivered copies up to date.
func (p *Press) correctCopies(tx reminders.Tx, of Publication, n Notice, way *Passage) error {
	last, err := p.eachDelivered(tx, n.ID, way, func(sent reminders.Receipt) error { return p.renew(tx, of, n, sent, true) })
	if last {
		*way = Passage{}
	}
	return err
}

// eachDelivered visits the messages with which the next copies of a notice arrived, and
// reports whether they were the last.
func (p *Press) eachDelivered(tx reminders.Tx, id string, way *Passage, visit func(sent reminders.Receipt) error) (last bool, err error) {
	page, err := p.Store.CopiesSent(tx, id, reminders.DeliveryKey(way.Cursor), takenBack)
	if err != nil {
		return false, err
	}
	for _, sent := range page {
		way.Cursor = string(sent.Key)
		carrier, found, err := p.carrier(tx, sent, id)
		if err == nil && found {
			err = visit(carrier)
		}
		if err != nil {
			return false, err
		}
	}
	return len(page) < takenBack, nil
}

// carrier gives the receipt of the message with which a copy arrived: its own, or that of
// the message into which it was merged; false if it did not arrive, or not yet.
func (p *Press) carrier(tx reminders.Tx, sent reminders.Receipt, id string) (reminders.Receipt, bool, error) {
	if !isCopy(sent.Delivery, id) {
		return sent, false, nil
	}
	carrier, waits, err := p.arrived(tx, sent)
	return carrier, waits == "" && carrier.Result == reminders.Sent && saysIt(carrier.Delivery, id), err
}

// renew brings one delivered message up to date, lets it ask what is asked now, and tells
// its reader of a material correction if the message had the first text.
func (p *Press) renew(tx reminders.Tx, of Publication, n Notice, sent reminders.Receipt, first bool) error {
	if asks, changed := asked(sent.Asks, n); changed {
		sent.Asks = asks
		if err := p.Desk.Box.SaveReceipt(tx, sent); err != nil {
			return err
		}
	}
	if err := p.edit(tx, of, sent, kindCorrection, ""); err != nil {
		return err
	}
	if c := of.Correction; !first || c == nil || !c.Material || c.State != Cleared && c.State != Released { // such as one that waits
		return nil
	}
	return p.tellChange(tx, of, n, sent)
}

// edit enqueues the edit that brings a message up to date; mark tells several for one
// version apart.
func (p *Press) edit(tx reminders.Tx, of Publication, sent reminders.Receipt, kind, mark string) error {
	d := reminders.Delivery{
		Key:  reminders.DeliveryKey(fmt.Sprintf("%s/%s/%d%s/%s", kind, of.NoticeID(), of.Version, mark, sent.Key)),
		Kind: kind, Act: reminders.ActEdit, Lane: reminders.LanePersonal, Reason: kind, NotBefore: tx.Now(),
		Original: sent.Key, Asks: sent.Asks,
	}
	if sent.Person == "" {
		d.Chat, d.Group = sent.Chat, sent.Group // for the limits of a group
	}
	return p.Desk.Outbox.Enqueue(tx, d)
}

// tellChange tells whoever received the first text, once, what was changed. It goes
// beside the budget: whoever has read what is wrong has to hear of it.
func (p *Press) tellChange(tx reminders.Tx, of Publication, n Notice, sent reminders.Receipt) error {
	m := reminders.Line("publication.changed", reminders.Args{
		"Subject": sayOf(of.Subject()), "Note": reminders.Each(of.Notes(), of.Lead), "Ask": reminders.List(),
	})
	var asks []reminders.Ask
	for _, ask := range sent.Asks {
		if ofNotice(ask, n.ID) {
			asks = append(asks, ask)
		}
	}
	if len(asks) > 0 && n.Terms != nil {
		m.Args["Ask"] = reminders.Say("publication.ask_again", reminders.Args{"Due": reminders.Instant(n.Terms.Due)})
	}
	d := reminders.Delivery{
		Key:  reminders.DeliveryKey(fmt.Sprintf("%s/%s/%d/%s", kindChanged, of.NoticeID(), of.Version, sent.Key)),
		Kind: string(of.Kind), Act: reminders.ActSend, Person: sent.Person, Lane: reminders.LanePersonal, As: sent.As,
		Reason: ReasonCorrection, NotBefore: tx.Now(), Until: n.Until, Lines: []reminders.Message{m}, Asks: asks,
	}
	if sent.Person == "" {
		d.Chat, d.Group = sent.Chat, sent.Group
	}
	if n.Urgent {
		d.Lane = reminders.LaneDuty
	}
	return p.Desk.Outbox.Enqueue(tx, d)
}

// saysIt reports whether a message says what the notice says.
func saysIt(m reminders.Delivery, id string) bool {
	for _, line := range m.Lines {
		if line.Ref == id {
			return true
		}
	}
	return false
}

// doubtful is how long after the instant of a correction a message may have been claimed
// and still been put into words before its commit: longer than a unit of work lasts. Such
// a message is brought up to date without a word; it may have had the new text already.
const doubtful = 10 * time.Second
