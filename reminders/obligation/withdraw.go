package obligation

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// withdrawnAtMost bounds the lines that Withdraw ends in one unit of work.
const withdrawnAtMost = 20

// Withdraw ends terms of few owners, such as one shift or one spot check: what asked
// for it does not hold any more. Lines that are open end as withdrawn, for the reason;
// what was answered stays. It is an Internal error for terms of many owners, which end
// chunk by chunk.
func (d *Desk) Withdraw(tx reminders.Tx, id TermsID, reason string, by reminders.PersonID) error {
	t, found, err := d.store.Terms(tx, id)
	if err != nil || !found || t.Closed {
		return err
	}
	lines, more, err := d.store.ObligationsAfter(tx, id, "", withdrawnAtMost)
	if err != nil {
		return err
	}
	if more != "" {
		return reminders.Internalf("obligation.withdraw", "terms %s have more than %d owners", id, withdrawnAtMost)
	}
	for _, line := range lines {
		if line.State.Final() {
			continue
		}
		if err := d.settle(tx, &line, Withdrawn, reason, actor(by), ledger.Withdrawn); err != nil {
			return err
		}
		if err := d.showAnswer(tx, line); err != nil {
			return err
		}
	}
	t.Closed = true
	return d.store.SaveTerms(tx, t)
}
