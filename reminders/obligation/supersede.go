package obligation

import (
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// Supersede lets new terms take the place of others, because what was asked has changed:
// every owner who was to answer, or has, owes an answer under to, and what is still open
// under from ends as withdrawn. What was answered stays with the text that was answered.
// It deals with one page of at most limit lines behind the cursor, which is empty at the
// start and, as next, after the end, when from is closed; page is what those lines were.
func (d *Desk) Supersede(tx reminders.Tx, from TermsID, to Terms, cursor string, limit int, by reminders.PersonID) (page []Obligation, next string, err error) {
	page, next, err = d.store.ObligationsAfter(tx, from, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	var owners []Owner
	for _, line := range page {
		if !slices.Contains([]State{Excused, Withdrawn}, line.State) {
			owners = append(owners, line.Owner)
		}
	}
	if err := d.Expect(tx, to, owners); err != nil {
		return nil, "", err
	}
	if err := d.withdrawPage(tx, page, ReasonSuperseded, by); err != nil || next != "" {
		return page, next, err
	}
	return page, "", d.close(tx, from)
}

// WithdrawOpen ends the open lines under the terms, since what asks for them was taken
// back, for the reason and by the person given: one page as Supersede has it, and the
// terms with the last.
func (d *Desk) WithdrawOpen(tx reminders.Tx, id TermsID, cursor string, limit int, reason string, by reminders.PersonID) (page []Obligation, next string, err error) {
	page, next, err = d.store.ObligationsAfter(tx, id, cursor, limit)
	if err != nil {
		return nil, "", err
	}
	if err := d.withdrawPage(tx, page, reason, by); err != nil || next != "" {
		return page, next, err
	}
	return page, "", d.close(tx, id)
}

// withdrawPage ends those of the lines that are open.
func (d *Desk) withdrawPage(tx reminders.Tx, page []Obligation, reason string, by reminders.PersonID) error {
	for _, line := range page {
		if line.State.Final() {
			continue
		}
		if err := d.settle(tx, &line, Withdrawn, reason, actor(by), ledger.Withdrawn); err != nil {
			return err
		}
	}
	return nil
}

// close ends terms of which every line has its final state.
func (d *Desk) close(tx reminders.Tx, id TermsID) error {
	t, found, err := d.store.Terms(tx, id)
	if err != nil || !found || t.Closed {
		return err
	}
	t.Closed = true
	return d.store.SaveTerms(tx, t)
}

// Page gives one page of at most limit lines under the terms. The cursor is as in
// Supersede.
func (d *Desk) Page(tx reminders.Tx, id TermsID, cursor string, limit int) (page []Obligation, next string, err error) {
	return d.store.ObligationsAfter(tx, id, cursor, limit)
}

// AskPage chases, as Ask does, the owners of one page of lines under the terms whom the
// message that asks has reached. The cursor is as in Supersede.
func (d *Desk) AskPage(tx reminders.Tx, id TermsID, cursor string, limit int, reason string, by reminders.PersonID) (next string, err error) {
	t, found, err := d.store.Terms(tx, id)
	if err != nil || !found {
		return "", err
	}
	page, next, err := d.store.ObligationsAfter(tx, id, cursor, limit)
	if err != nil {
		return "", err
	}
	for _, line := range page {
		if line.SentAt.IsZero() {
			continue
		}
		if _, err := d.Ask(tx, t, line, reason, by); err != nil {
			return "", err
		}
	}
	return next, nil
}
