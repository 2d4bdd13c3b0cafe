package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Estimate says how long sending so many copies takes at rate messages a second,
// the quiet hours left out, and when the last one goes if sending begins at from or
// as soon after as nobody is disturbed. A rate of zero is no limit. What does not
// fit before the quiet hours goes on where they end. Pauses that the chat service
// asks for, and answers that go first, are not known beforehand.
func Estimate(q Quiet, cal *calendar.Calendar, copies int, rate float64, from time.Time) (takes time.Duration, end time.Time) {
	if copies > 0 && rate > 0 {
		takes = time.Duration(float64(copies) / rate * float64(time.Second))
	}
	at := from
	for left := takes; ; {
		at, _ = q.NextAllowed(cal, at, time.Time{})
		until := q.turns(cal, at)
		if span := until.Sub(at); left > span {
			left, at = left-span, until
			continue
		}
		return takes, at.Add(left)
	}
}

// turns gives the first instant after at, which is not quiet, at which it may become
// so: the beginning of the quiet hours or of another day.
func (q Quiet) turns(cal *calendar.Calendar, at time.Time) time.Time {
	day := calendar.DateOf(at, cal.Location())
	if quiet := day.At(int(q.From)/60, int(q.From)%60, cal.Location()); quiet.After(at) {
		return quiet
	}
	return day.AddDays(1).At(0, 0, cal.Location())
}

// ending shows the instant of an end, to the minute by which it is reached.
func ending(end time.Time) reminders.Value {
	return reminders.Instant(end.Add(time.Minute - time.Nanosecond).Truncate(time.Minute))
}

// Duration puts a length of time into words, as precisely as an estimate is.
func Duration(d time.Duration) reminders.Value {
	minutes := int((d + time.Minute - 1) / time.Minute)
	switch {
	case d < time.Minute:
		return reminders.Say("duration.moment", nil)
	case minutes < 60:
		return reminders.Say("duration.minutes", reminders.Args{"Count": reminders.Number(minutes)})
	}
	return reminders.Say("duration.hours", reminders.Args{
		"Hours": reminders.Number(minutes / 60), "Minutes": reminders.Number(minutes % 60),
	})
}
