package notice_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// How long sending takes and when it ends: at 28 messages a second, from 8:00 to 20:00 on
// workdays. 2026-09-18 is a Friday, 2026-09-20 a make-up workday, and 25 September to
// 7 October are two holidays with make-up and other workdays between them.
func TestEstimate(t *testing.T) {
	_, cal := shipped(t)
	const hour = 28 * 3600 // copies an hour
	tests := []struct {
		name   string
		copies int
		rate   float64
		from   time.Time
		takes  time.Duration
		end    time.Time
	}{
		{"nobody", 0, 28, day(9, 22, 9, 0), 0, day(9, 22, 9, 0)},
		{"an office", 28, 28, day(9, 22, 9, 0), time.Second, day(9, 22, 9, 0).Add(time.Second)},
		{"a city", 28 * 600, 28, day(9, 22, 9, 0), 10 * time.Minute, day(9, 22, 9, 10)},
		{"no limit", 1000000, 0, day(9, 22, 9, 0), 0, day(9, 22, 9, 0)},
		{"begun in the night: it waits for the morning", 28, 28, day(9, 22, 5, 0), time.Second, day(9, 22, 8, 0).Add(time.Second)},
		{"just before eight in the evening", hour / 60, 28, day(9, 22, 19, 59), time.Minute, day(9, 22, 20, 0)},
		{"the rest goes on in the morning", 2 * hour, 28, day(9, 22, 19, 0), 2 * time.Hour, day(9, 23, 9, 0)},
		{"over a Saturday, to the make-up workday", 13 * hour, 28, day(9, 18, 8, 0), 13 * time.Hour, day(9, 20, 9, 0)},
		{"over the holiday", 2 * hour, 28, day(9, 24, 19, 0), 2 * time.Hour, day(9, 28, 9, 0)},
		{"for days", 25 * hour, 28, day(9, 21, 8, 0), 25 * time.Hour, day(9, 23, 9, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			takes, end := notice.Estimate(notice.DefaultQuiet(), cal, test.copies, test.rate, test.from)
			if takes != test.takes || !end.Equal(test.end) {
				t.Errorf("takes %v until %v, want %v until %v", takes, end, test.takes, test.end)
			}
		})
	}
}

// Whatever the quiet hours: between the beginning and the end lies as much time that is
// not quiet as sending takes, to the minute, and the end itself is not later than the
// quiet hours begin.
func TestEstimateKeepsQuiet(t *testing.T) {
	_, cal := shipped(t)
	rapid.Check(t, func(r *rapid.T) {
		hours := rapid.SampledFrom([]notice.Quiet{
			notice.DefaultQuiet(), {From: 12 * 60, To: 14 * 60}, {}, {From: 60, To: 6 * 60}, {From: 17*60 + 30, To: 9 * 60},
		}).Draw(r, "quiet")
		from := day(9, 1, 0, 0).Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(r, "minute")) * time.Minute)
		minutes := rapid.IntRange(0, 3000).Draw(r, "minutes of sending")
		takes, end := notice.Estimate(hours, cal, minutes*60, 1, from)
		open := 0
		for at := from; at.Before(end); at = at.Add(time.Minute) {
			if hours.Allows(cal, at, reminders.LaneBroadcast).Allowed {
				open++
			}
		}
		if takes != time.Duration(minutes)*time.Minute || open != minutes {
			r.Fatalf("%d minutes of sending from %v until %v: %d of them are open", minutes, from, end, open)
		}
		if minutes > 0 && !hours.Allows(cal, end.Add(-time.Nanosecond), reminders.LaneBroadcast).Allowed {
			r.Fatalf("the last message goes at %v, which is quiet", end)
		}
	})
}

// A length of time is said as precisely as an estimate is, and never shorter than it is.
func TestDuration(t *testing.T) {
	say := func(key string, args reminders.Args) reminders.Value { return reminders.Say(key, args) }
	minutes := func(n int) reminders.Value {
		return say("duration.minutes", reminders.Args{"Count": reminders.Number(n)})
	}
	hours := func(h, m int) reminders.Value {
		return say("duration.hours", reminders.Args{"Hours": reminders.Number(h), "Minutes": reminders.Number(m)})
	}
	for d, want := range map[time.Duration]reminders.Value{
		0:                             say("duration.moment", nil),
		59 * time.Second:              say("duration.moment", nil),
		time.Minute:                   minutes(1),
		time.Minute + time.Nanosecond: minutes(2),
		59 * time.Minute:              minutes(59),
		59*time.Minute + time.Second:  hours(1, 0),
		9*time.Hour + 54*time.Minute:  hours(9, 54),
		25 * time.Hour:                hours(25, 0),
	} {
		if diff := cmp.Diff(want, notice.Duration(d)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", d, diff)
		}
	}
}
