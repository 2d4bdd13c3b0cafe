package theme

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Close ends a theme (结题): a Conflict as long as a unit is neither checked nor marked, or
// a finding has no outcome; Gaps says which. The summary goes to the office and the
// auditors.
func (d *Desk) Close(tx reminders.Tx, id ID, by reminders.PersonID) (Theme, error) {
	t, err := d.running(tx, id)
	if err != nil {
		return t, err
	}
	gaps, err := d.Gaps(tx, id)
	if err != nil {
		return t, err
	}
	if len(gaps) > 0 {
		return t, reminders.Fail(reminders.Conflict, "theme.close", "theme.close.gaps", reminders.Args{"Count": reminders.Number(len(gaps))})
	}
	t.State, t.ClosedBy, t.ClosedAt = Closed, by, tx.Now()
	if err := d.save(tx, t, string(by), string(Closed)); err != nil {
		return t, err
	}
	return t, d.tellSummary(tx, id)
}

// Gaps lists what keeps a theme from being closed.
func (d *Desk) Gaps(tx reminders.Tx, id ID) ([]Gap, error) {
	all, err := d.Dossier(tx, id)
	return Gaps(all.Theme, all.Checks, all.Findings), err
}
