package bot_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/bot"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// today is the day on which the days of the tables are written.
var today = calendar.Date{Year: 2026, Month: time.September, Day: 21}

// Days as people write them on a phone.
func TestParseDays(t *testing.T) {
	for _, row := range []struct{ name, text, from, to string }{
		{"as asked", "10月2日至10月5日", "2026-10-02", "2026-10-05"},
		{"one day", "10月2日", "2026-10-02", "2026-10-02"},
		{"the second without its month", "10月2日到5日", "2026-10-02", "2026-10-05"},
		{"spoken", "10月2号-5号", "2026-10-02", "2026-10-05"},
		{"dashes", "10-02 10-05", "2026-10-02", "2026-10-05"},
		{"dashes throughout", "10-02-10-05", "2026-10-02", "2026-10-05"},
		{"points and a year", "2026.10.2-2026.10.5", "2026-10-02", "2026-10-05"},
		{"full width", "１０月２日至１０月５日", "2026-10-02", "2026-10-05"},
		{"words around", "我10月2日到10月5日请假", "2026-10-02", "2026-10-05"},
		{"English", "2 Oct to 5 October", "2026-10-02", "2026-10-05"},
		{"American", "Oct 2 - Oct 5", "2026-10-02", "2026-10-05"},
		{"over the year", "12-30 1-2", "2026-12-30", "2027-01-02"},
		{"long over: the next year's", "3月2日", "2027-03-02", "2027-03-02"},
		{"just over: this year's", "9月1日", "2026-09-01", "2026-09-01"},
		{"a leap day of a year that has one", "2028-02-29", "2028-02-29", "2028-02-29"},
	} {
		t.Run(row.name, func(t *testing.T) {
			from, to, err := bot.ParseDays(row.text, today)
			if err != nil || from.String() != row.from || to.String() != row.to {
				t.Errorf("%q gives %s to %s, %v", row.text, from, to, err)
			}
		})
	}
}

// What is no day, does not exist, or ends before it begins says what is wrong.
func TestParseDaysRefuses(t *testing.T) {
	for _, row := range []struct{ name, text, key string }{
		{"no day", "下周", "dutychat.leave.unreadable"},
		{"nothing", "", "dutychat.leave.unreadable"},
		{"three days", "10-01 10-02 10-03", "dutychat.leave.unreadable"},
		{"31 November", "11月31日", "dutychat.leave.no_such_day"},
		{"30 February", "2-30", "dutychat.leave.no_such_day"},
		{"month 13", "13-01", "dutychat.leave.no_such_day"},
		{"the end does not exist", "11月30日至11月31日", "dutychat.leave.no_such_day"},
		{"a day without a month", "5日", "dutychat.leave.no_such_day"},
		{"backwards", "10月5日至10月2日", "people.leave_days"},
		{"backwards over years", "2026-10-05 2025-10-02", "people.leave_days"},
	} {
		t.Run(row.name, func(t *testing.T) {
			from, to, err := bot.ParseDays(row.text, today)
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != row.key {
				t.Errorf("%q gives %s to %s, %v", row.text, from, to, err)
			}
		})
	}
}

// Whatever is typed, days that are read exist and are in order.
func FuzzParseDays(f *testing.F) {
	for _, text := range []string{"10月2日至10月5日", "10-02 10-05", "2 Oct", "11月31日", "９９９９年99月99日", "1日", "\xff-1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		from, to, err := bot.ParseDays(text, today)
		if err != nil {
			return
		}
		for _, d := range []calendar.Date{from, to} {
			if again, err := calendar.ParseDate(d.String()); err != nil || again != d {
				t.Errorf("%q gives the day %v: %v", text, d, err)
			}
		}
		if to.Before(from) {
			t.Errorf("%q gives %s to %s", text, from, to)
		}
	})
}
