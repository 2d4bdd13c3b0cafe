package obligation

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Shown completes an answer that came before we heard that the message had arrived:
// hash is that of the text which was answered.
func (d *Desk) Shown(tx reminders.Tx, id TermsID, owner Owner, hash string) error {
	line, found, err := d.store.Obligation(tx, id, owner)
	if err != nil || !found || line.AnsweredAt.IsZero() || line.TextHash != "" {
		return err
	}
	line.TextHash = hash
	if line.AnsweredAt.Before(line.SentAt) {
		line.SentAt = line.AnsweredAt // it had arrived by then
	}
	return d.store.SaveObligation(tx, line)
}

// ask says for the first time what is expected, to those who answer for the owner.
func (d *Desk) ask(tx reminders.Tx, t Terms, line Obligation, step Step) error {
	if t.Asking == nil {
		return reminders.Internalf("obligation.ask", "terms %s have a step that asks and no words for it", t.ID)
	}
	people, as, err := d.answerable(tx, t, line.Owner)
	if err != nil {
		return err
	}
	for _, person := range people {
		asking := d.chaseOf(tx, t, line, person, as, step.Name, step.At)
		asking.Kind, asking.Until = t.Kind, t.Closes
		asking.Lines = []reminders.Message{*t.Asking}
		if err := d.outbox.Enqueue(tx, asking); err != nil {
			return err
		}
	}
	return d.note(tx, ledger.Asked, t, line, step.Name)
}

// answerable lists those who answer for an owner, and the capacity in which they
// are asked: the person, or those who answer for the unit.
func (d *Desk) answerable(tx reminders.Tx, t Terms, owner Owner) ([]reminders.PersonID, reminders.Role, error) {
	if !owner.ByUnit() {
		return []reminders.PersonID{owner.Person}, reminders.Official, nil
	}
	people, err := d.directory.InUnit(tx, owner.Unit, t.AnsweredBy())
	return people, t.AnsweredBy(), err
}

// Ask chases the owner of a line at the request of by, unless the same reason,
// which names the day, did so before. It gives the number of people asked: nobody
// once due and grace are over, since a chase after that is not sent.
func (d *Desk) Ask(tx reminders.Tx, t Terms, line Obligation, reason string, by reminders.PersonID) (int, error) {
	if line.State != Open || line.Asked == reason || !tx.Now().Before(t.Due.Add(t.Grace)) {
		return 0, nil
	}
	people, as, err := d.answerable(tx, t, line.Owner)
	if err != nil {
		return 0, err
	}
	for _, person := range people {
		chase := d.chaseOf(tx, t, line, person, as, reason, tx.Now())
		chase.Extra = true
		if err := d.outbox.Enqueue(tx, chase); err != nil {
			return 0, err
		}
	}
	line.Asked = reason
	line.Chased++
	if err := d.store.SaveObligation(tx, line); err != nil {
		return 0, err
	}
	return len(people), d.book.Append(tx, ledger.Entry{
		Actor: string(by), Verb: ledger.Chased, Object: string(t.ID), Subject: line.Owner.Subject(), Reason: reason,
	})
}
