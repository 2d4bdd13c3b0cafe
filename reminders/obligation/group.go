package obligation

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Reached records that the message which asks arrived in a group of which the owner is
// one among many: hash is that of its text. The message is no copy of the owner's own,
// and whoever sent it brings it up to date.
func (d *Desk) Reached(tx reminders.Tx, id TermsID, owner Owner, at time.Time, duplicate bool, hash string) error {
	line, found, err := d.store.Obligation(tx, id, owner)
	if err != nil || !found {
		return err
	}
	if line.SentAt.IsZero() {
		line.SentAt = at
	}
	line.Duplicate = line.Duplicate || duplicate
	if !line.AnsweredAt.IsZero() && line.TextHash == "" {
		line.TextHash = hash // the answer overtook the settlement
		if line.AnsweredAt.Before(line.SentAt) {
			line.SentAt = line.AnsweredAt
		}
	}
	return d.store.SaveObligation(tx, line)
}
