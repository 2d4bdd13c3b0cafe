package obligation

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// WithdrawUnsent ends the open lines under the terms whose owners no message that asks
// has reached, because none will: what asks for it was taken back, for the reason and
// by the person given. It looks at one page of at most limit lines behind the cursor,
// which is empty at the start and, as next, after the end. Whoever was reached keeps
// what is open.
func (d *Desk) WithdrawUnsent(tx reminders.Tx, id TermsID, cursor string, limit int, reason string, by reminders.PersonID) (next string, err error) {
	page, next, err := d.store.ObligationsAfter(tx, id, cursor, limit)
	if err != nil {
		return "", err
	}
	for _, line := range page {
		if line.State.Final() || !line.SentAt.IsZero() {
			continue
		}
		if err := d.settle(tx, &line, Withdrawn, reason, actor(by), ledger.Withdrawn); err != nil {
			return "", err
		}
	}
	return next, nil
}
