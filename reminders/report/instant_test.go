package report_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// place is where the office of these tests is.
var place = time.FixedZone("CST", 8*60*60)

// on gives an instant in October 2026 at the place.
func on(day, hour, minute int) time.Time {
	return time.Date(2026, time.October, day, hour, minute, 0, 0, place)
}

// Dates and times as people write them, on 4 October 2026 at 09:15.
func TestReadInstant(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       time.Time
	}{
		{"month and day", "10月3日 14:30", on(3, 14, 30)},
		{"without a space", "10月3日14:30", on(3, 14, 30)},
		{"colloquial day", "10月3号 14:30", on(3, 14, 30)},
		{"in words", "十月三日下午两点半", on(3, 14, 30)},
		{"eleven in the morning", "十月三日上午十一点", on(3, 11, 0)},
		{"hours and minutes in characters", "10月3日14时05分", on(3, 14, 5)},
		{"on the hour", "昨天23点整", on(3, 23, 0)},
		{"yesterday", "昨天 23:10", on(3, 23, 10)},
		{"the day before", "前天早上8点", on(2, 8, 0)},
		{"today is understood", "08:05", on(4, 8, 5)},
		{"at noon", "中午12点半", on(4, 12, 30)},
		{"one at noon", "昨天中午1点", on(3, 13, 0)},
		{"before noon at noon", "昨天中午11点半", on(3, 11, 30)},
		{"evening", "昨天晚上9点20分", on(3, 21, 20)},
		{"small hours", "凌晨3点10分", on(4, 3, 10)},
		{"full width", "１０月３日　１４：３０", on(3, 14, 30)},
		{"with the year", "2026年10月3日 14:30", on(3, 14, 30)},
		{"for machines", "2026-10-03 14:30", on(3, 14, 30)},
		{"ISO", "2026-10-03T14:30:00", on(3, 14, 30)},
		{"slashes", "2026/10/3 14:30", on(3, 14, 30)},
		{"short", "10-3 14:30", on(3, 14, 30)},
		{"English day first", "3 Oct 14:30", on(3, 14, 30)},
		{"English month first", "October 3, 2:30 pm", on(3, 14, 30)},
		{"English with the year", "3 October 2026, 2 pm", on(3, 14, 0)},
		{"midnight in English", "yesterday 12:05 am", on(3, 0, 5)},
		{"yesterday in English", "yesterday 23:10", on(3, 23, 10)},
		{"end of the day", "10月2日 24:00", on(3, 0, 0)},
		{"now", "刚才", on(4, 9, 15)},
		{"tomorrow may be meant", "10月5日 08:00", on(5, 8, 0)},
		{"later in the year is last year", "12月31日 23:00", time.Date(2025, 12, 31, 23, 0, 0, 0, place)},
		{"a day that only some years have", "2月29日 10:00", time.Date(2024, 2, 29, 10, 0, 0, 0, place)},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := report.ReadInstant(row.text, on(4, 9, 15), place)
			if err != nil || !got.Equal(row.want) {
				t.Errorf("%q is %v, %v; want %v", row.text, got, err, row.want)
			}
		})
	}
}

// What does not exist, or is not finished, is refused.
func TestReadInstantRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"words":                 "早些时候",
		"31 November":           "11月31日 10:00",
		"30 February":           "2026-02-30 10:00",
		"month 13":              "13月1日 10:00",
		"hour 25":               "25:00",
		"minute 60":             "14:60",
		"after 24:00":           "24:01",
		"a date without time":   "10月3日",
		"unfinished":            "14:",
		"afternoon in morning":  "上午14:30",
		"thirteen pm":           "13 pm",
		"evening and pm":        "晚上9:00 am extra",
		"run together":          "10月314:30",
		"a year long ago":       "1990-10-03 10:00",
		"year zero":             "0000-10-03 10:00",
		"a date and a sentence": "10月3日 14:30 左右在门口",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := report.ReadInstant(text, on(4, 9, 15), place)
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != "report.value.instant" {
				t.Errorf("%q is %v, %v", text, got, err)
			}
		})
	}
}

// No text crashes it, and what is read as a date shows the same clock again.
func FuzzReadInstant(f *testing.F) {
	for _, seed := range []string{
		"10月3日 14:30", "十月三日下午两点半", "昨天23点整", "2026-10-03T14:30", "3 Oct 2:30 pm", "24:00", "13月1日 1:00", "中午", "02月29日 0:00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := report.ReadInstant(text, on(4, 9, 15), place)
		if err != nil {
			if reminders.KindOf(err) != reminders.Invalid {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := report.ReadInstant(at.In(place).Format("2006-01-02 15:04"), on(4, 9, 15), place)
		if err != nil || !again.Equal(at) {
			t.Errorf("%q is %v, and written out %v, %v", text, at, again, err)
		}
	})
}
