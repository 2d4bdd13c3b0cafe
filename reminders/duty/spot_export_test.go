package duty

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// SpotWindowOf is the window of a unit's check.
var SpotWindowOf = spotWindow

// DrawLots draws so many of units, whose last checks are given.
func DrawLots(last map[reminders.UnitID]time.Time, so int, secret SpotSecret) []reminders.UnitID {
	var lots []lot
	for unit, at := range last {
		lots = append(lots, lot{unit, at, reminders.HashText(string(secret) + " " + string(unit))})
	}
	return drawLots(lots, so)
}
