package notice

import (
	"context"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Burdens works out what the service asked of people in a month: messages, taps, forms,
// and what went beyond a budget. The rule that binds an office to keep count is R1 and
// R11 of the domain (整治形式主义为基层减负若干规定).
type Burdens interface {
	// Burden counts over a span of time, outside of any unit of work.
	Burden(ctx context.Context, month reminders.Window) (Closing, error)
}

// MonthBefore is the calendar month before that of an instant.
func MonthBefore(loc *time.Location, t time.Time) reminders.Window {
	day := calendar.DateOf(t, loc)
	this := day.AddDays(1 - day.Day)
	before := this.AddDays(-1)
	return reminders.Window{From: before.AddDays(1-before.Day).At(0, 0, loc), To: this.At(0, 0, loc)}
}

// composeBurden says what was counted. In a month in which nothing was asked there is
// nothing to say.
func composeBurden(n *Notice, counted *figures) (why string) {
	summary := counted.closings[n.ID]
	if len(summary.Lines) == 0 {
		return WhyNothing
	}
	n.Files = summary.Files
	n.Body = &reminders.Message{
		Key: "burden.body", Args: reminders.Args{"Lines": reminders.List(summary.Lines...)}, Buttons: summary.Buttons,
	}
	return ""
}
