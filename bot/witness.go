package bot

import (
	"cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Settled tells the domain how a delivery ended, in the unit of work that
// settles it. It is the Witness of the clockwork.
func (b *Bot) Settled(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	if o.Result == reminders.Unreachable && d.Person != "" && o.Reason != string(people.NeverBound) {
		if _, err := b.People.MarkUnreachable(tx, d.Person, people.Reach(o.Reason)); err != nil {
			return err
		}
	}
	if o.Result == reminders.Unreachable && d.Group != "" {
		if err := b.loseGroup(tx, o.Chat, o.Reason); err != nil {
			return err
		}
	}
	if err := b.Notices.Settled(tx, d, o); err != nil {
		return err
	}
	if d.Act == reminders.ActEdit {
		return b.corrected(tx, d, o)
	}
	if d.Act != reminders.ActSend {
		return nil
	}
	if o.Result == reminders.Sent && d.Group == "" {
		if err := b.delivered(tx, d, o.TextHash); err != nil {
			return err
		}
	}
	if !remembered(d) {
		return nil
	}
	return b.Ledger.Append(tx, settlement(d, o))
}

// remembered reports whether the ledger keeps what a message said: replies that ask
// nothing are passed over.
func remembered(d reminders.Delivery) bool { return d.Kind != "answer" || len(d.Asks) > 0 }

// corrected writes into the ledger that a message says something else now, with the hash
// of what it said before. An edit that only shows an answer leaves the hash as it is.
func (b *Bot) corrected(tx reminders.Tx, d reminders.Delivery, o reminders.Outcome) error {
	if d.Original == "" || o.Result != reminders.Sent {
		return nil
	}
	sent, found, err := b.Receipts.Receipt(tx, d.Original)
	if err != nil || !found || sent.TextHash == o.TextHash || !remembered(sent.Delivery) {
		return err
	}
	e := ledger.Entry{
		Actor: ledger.System, Verb: ledger.Corrected, Object: string(d.Original), Subject: string(sent.Person),
		Reason: d.Reason, TextHash: o.TextHash, Attrs: map[string]string{"was": sent.TextHash},
	}
	if d.Uncertain {
		e.Attrs["possible_duplicate"] = "yes"
	}
	return b.Ledger.Append(tx, e)
}

// delivered tells the book of obligations that the message which asks arrived.
func (b *Bot) delivered(tx reminders.Tx, d reminders.Delivery, hash string) error {
	for _, ask := range d.Asks {
		owner := obligation.Owner{Person: ask.Person, Unit: ask.Unit}
		terms := obligation.TermsID(ask.Terms)
		if err := b.Book.Delivered(tx, terms, owner, d.Key, tx.Now(), d.Uncertain); err != nil {
			return err
		}
		if err := b.Book.Shown(tx, terms, owner, hash); err != nil {
			return err
		}
	}
	return nil
}

// settlement is the entry of the ledger about how a message ended.
func settlement(d reminders.Delivery, o reminders.Outcome) ledger.Entry {
	e := ledger.Entry{
		Actor: ledger.System, Verb: ledger.Sent, Object: string(d.Key), Subject: cmp.Or(string(d.Person), string(d.Group)),
		Reason: d.Reason, TextHash: o.TextHash,
	}
	if o.Result != reminders.Sent {
		e.Verb = ledger.SendFailed
		e.Attrs = map[string]string{"result": string(o.Result), "code": o.Reason}
	} else if d.Uncertain {
		e.Attrs = map[string]string{"possible_duplicate": "yes"}
	}
	return e
}
