package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// The reasons of the quiet hours.
const (
	OpenHours       ReasonName = "open-hours"         // a workday between the quiet hours
	ExemptLane      ReasonName = "exempt-lane"        // answers, duty and emergencies are never held
	QuietHours      ReasonName = "quiet-hours"        // too early or too late
	QuietRestDay    ReasonName = "rest-day"           // a weekend
	QuietBlock      ReasonName = "holiday-block"      // the holiday itself
	DueInQuietHours ReasonName = "due-in-quiet-hours" // it would be worthless when they end
)

// Quiet is the time of the day in which nobody is disturbed (免打扰): from From,
// which belongs to it, until To, which does not. It may reach over midnight. Rest
// days and holiday blocks are quiet all day; make-up workdays are not.
type Quiet struct {
	From, To Hour
}

// DefaultQuiet is the product's: 20:00 to 08:00.
func DefaultQuiet() Quiet { return Quiet{From: 20 * 60, To: 8 * 60} }

// Decision says whether something may be sent at an instant, and why.
type Decision struct {
	Allowed bool
	Reason  ReasonName
}

// Allows decides about one instant. Answers to what somebody just did, and what
// goes to people on duty or is a marked emergency, are exempt by their lane.
func (q Quiet) Allows(cal *calendar.Calendar, at time.Time, lane reminders.Lane) Decision {
	day := calendar.DateOf(at, cal.Location())
	_, inBlock := cal.BlockAt(day)
	switch {
	case lane <= reminders.LaneDuty:
		return Decision{true, ExemptLane}
	case inBlock:
		return Decision{false, QuietBlock}
	case !cal.IsWorkday(day):
		return Decision{false, QuietRestDay}
	case q.covers(hourOf(at.In(cal.Location()))):
		return Decision{false, QuietHours}
	default:
		return Decision{true, OpenHours}
	}
}

// NextAllowed gives the first instant from at on that is not quiet, with the reason
// why it is not at itself, or OpenHours if it is. If that does not come before
// until (zero: any time will do) the thing is worthless by then: the instant is
// zero and the reason DueInQuietHours.
func (q Quiet) NextAllowed(cal *calendar.Calendar, at, until time.Time) (time.Time, ReasonName) {
	decision := q.Allows(cal, at, reminders.LaneBroadcast)
	next := at
	if !decision.Allowed {
		next = q.ends(cal, at)
	}
	if !until.IsZero() && !next.Before(until) {
		return time.Time{}, DueInQuietHours
	}
	return next, decision.Reason
}

// ends gives the end of the quiet time in which at lies.
func (q Quiet) ends(cal *calendar.Calendar, at time.Time) time.Time {
	day := cal.OnOrAfter(calendar.DateOf(at, cal.Location()))
	for {
		// The day opens when the quiet hours end, or at midnight if these begin later.
		for _, hour := range []Hour{0, q.To} {
			open := day.At(int(hour)/60, int(hour)%60, cal.Location())
			if !open.Before(at) && q.Allows(cal, open, reminders.LaneBroadcast).Allowed {
				return open
			}
		}
		day = cal.FirstWorkdayAfter(day)
	}
}

// covers reports whether the clock of a workday shows a quiet hour.
func (q Quiet) covers(h Hour) bool {
	if q.From <= q.To {
		return h >= q.From && h < q.To
	}
	return h >= q.From || h < q.To
}

// endOfDay gives the instant at which the workday d becomes quiet for good.
func (q Quiet) endOfDay(cal *calendar.Calendar, d calendar.Date) time.Time {
	if q.From <= q.To { // the evening is open until midnight
		return d.AddDays(1).At(0, 0, cal.Location())
	}
	return d.At(int(q.From)/60, int(q.From)%60, cal.Location())
}
