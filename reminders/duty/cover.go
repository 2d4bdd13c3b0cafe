package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// blockAt gives the holiday block in which an instant lies.
func (d *Desk) blockAt(at time.Time) (calendar.Block, bool) {
	cal := d.Calendar()
	return cal.BlockAt(calendar.DateOf(at, cal.Location()))
}
