package bot

import (
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
	if err := b.Notices.Settled(tx, d, o); err != nil || d.Act != reminders.ActSend {
		return err
	}
	if o.Result == reminders.Sent {
		if err := b.delivered(tx, d, o.TextHash); err != nil {
			return err
		}
	}
	if d.Kind == "answer" && len(d.Asks) == 0 {
		return nil
	}
	return b.Ledger.Append(tx, settlement(d, o))
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
		Actor: ledger.System, Verb: ledger.Sent, Object: string(d.Key), Subject: string(d.Person),
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
