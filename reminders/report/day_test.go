package report_test

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// day gives a day of October 2026.
func day(n int) calendar.Date { return calendar.Date{Year: 2026, Month: time.October, Day: n} }
