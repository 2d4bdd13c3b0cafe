package report

import (
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Planned gives the terms under which the reports of a block are, or will be, expected:
// those of each day in their order, then those of the closing report. Whom they concern
// follows from the rosters when their time comes.
func (d *Desk) Planned(b calendar.Block) []obligation.Terms {
	var planned []obligation.Terms
	for day := b.First; !day.After(b.Last); day = day.AddDays(1) {
		planned = append(planned, d.dailyTerms(b.ID, day))
	}
	return append(planned, d.closingTerms(b))
}
