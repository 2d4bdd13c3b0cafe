package calendar_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// feed makes an ICS file of events, each given by its properties.
func feed(events ...string) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//invented//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\nUID:1\r\n" + strings.ReplaceAll(e, "|", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return b.String()
}

func TestParseICS(t *testing.T) {
	tests := []struct {
		name, file, content string
		year                int
		days                []calendar.Day
	}{
		{
			"the end is the day after the last", "cn.ics",
			feed("DTSTART;VALUE=DATE:20271001|DTEND;VALUE=DATE:20271003|SUMMARY:国庆节"),
			2027, off("国庆节", "2027-10-01", "2027-10-02"),
		},
		{
			"no end, and an end that is the start", "cn.ics",
			feed("DTSTART;VALUE=DATE:20270101|SUMMARY:元旦", "DTSTART;VALUE=DATE:20270915|DTEND;VALUE=DATE:20270915|SUMMARY:中秋节"),
			2027, append(off("元旦", "2027-01-01"), off("中秋节", "2027-09-15")...),
		},
		{
			"a duration", "cn.ics",
			feed("DTSTART;VALUE=DATE:20270101|DURATION:P1W|SUMMARY:Rest"),
			2027, off("Rest", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07"),
		},
		{
			"midnight in a zone", "us.ics",
			feed("DTSTART;TZID=America/New_York:20270705T000000|DTEND;TZID=America/New_York:20270706T000000|SUMMARY:Independence Day"),
			2027, off("Independence Day", "2027-07-05"),
		},
		{
			"make-up days by their title", "cn.ics",
			feed("DTSTART;VALUE=DATE:20271009|SUMMARY:国庆节 补班", "DTSTART;VALUE=DATE:20271010|SUMMARY:Make-up workday",
				"DTSTART;VALUE=DATE:20271011|SUMMARY:Non-working day", "DTSTART;VALUE=DATE:20270501|SUMMARY:International Workers' Day"),
			2027, append(append(off("International Workers' Day", "2027-05-01"), makeUp("国庆节 补班", "2027-10-09")...),
				append(makeUp("Make-up workday", "2027-10-10"), off("Non-working day", "2027-10-11")...)...),
		},
		{
			"folded lines, escapes, cancelled events", "cn.ics",
			feed("DTSTART;VALUE=DATE:20271001|SUMMARY:National Da\r\n y\\, first", "STATUS:CANCELLED|DTSTART;VALUE=DATE:20271002|SUMMARY:x"),
			2027, off("National Day, first", "2027-10-01"),
		},
		{
			"a feed of many years is cut to the year in its name", "bank-holidays-2027.ics",
			feed("DTSTART;VALUE=DATE:20251225|SUMMARY:Christmas Day", "DTSTART;VALUE=DATE:20261225|SUMMARY:Christmas Day",
				"DTSTART;VALUE=DATE:20271225|SUMMARY:Christmas Day", "DTSTART;VALUE=DATE:20281225|SUMMARY:Christmas Day"),
			2027, off("Christmas Day", "2027-12-25"),
		},
		{
			"one year and the December before need no name", "cn.ics",
			feed("DTSTART;VALUE=DATE:20261231|DTEND;VALUE=DATE:20270102|SUMMARY:元旦"),
			2027, off("元旦", "2026-12-31", "2027-01-01"),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, errs, err := calendar.Parse(tt.file, []byte(tt.content))
			if err != nil || len(errs) > 0 {
				t.Fatalf("Parse: %v, %v", err, toldRows(t, errs))
			}
			want := calendar.Arrangement{Year: tt.year, Status: calendar.Official, Source: tt.file, Days: tt.days}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("arrangement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseICSRefusesTheFile(t *testing.T) {
	christmas := "DTSTART;VALUE=DATE:20271225|SUMMARY:Christmas Day"
	years := feed(christmas, "DTSTART;VALUE=DATE:20251225|SUMMARY:Christmas Day")
	many := slices.Repeat([]string{"DTSTART;VALUE=DATE:20270101|DTEND;VALUE=DATE:20270302|SUMMARY:x"}, 350)
	nested := "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:X\r\n", 9) + strings.Repeat("END:X\r\n", 9) + "END:VCALENDAR\r\n"
	tests := []struct{ name, file, content, key string }{
		{"cut short", "cn.ics", strings.TrimSuffix(feed(christmas), "END:VCALENDAR\r\n"), "calendar.ics"},
		{"an event without end", "cn.ics", strings.Replace(feed(christmas), "END:VEVENT\r\n", "", 1), "calendar.ics"},
		{"a line that is no property", "cn.ics", feed("hello"), "calendar.ics"},
		{"a line that never ends", "cn.ics", feed("X" + strings.Repeat(";A=1", 9000) + ":1"), "calendar.ics"},
		{"the same, folded", "cn.ics", feed("X:" + strings.Repeat("1\r\n ", 9000)), "calendar.ics"},
		{"nested without need", "cn.ics", nested, "calendar.ics"},
		{"days without end", "cn.ics", feed(many...), "calendar.too_many"},
		{"no events", "cn.ics", feed(), "calendar.empty"},
		{"many years", "cn.ics", years, "calendar.years"},
		{"many years without the one in the name", "uk-2026.ics", years, "calendar.years_without"},
		{"no text", "cn.ics", "BEGIN:VCALENDAR\r\nX:\xff\xff\r\n", "calendar.encoding"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := calendar.Parse(tt.file, []byte(tt.content))
			if reminders.KindOf(err) != reminders.Invalid || reminders.MessageOf(err).Key != tt.key {
				t.Errorf("Parse: %v, want %s", err, tt.key)
			}
			checkText(t, reminders.MessageOf(err))
		})
	}
}

func TestParseICSNamesTheEvent(t *testing.T) {
	tests := []struct{ name, event, want string }{
		{"recurring", "DTSTART;VALUE=DATE:20270101|RRULE:FREQ=YEARLY|SUMMARY:元旦", "2 RRULE calendar.row.recurring"},
		{"no title", "DTSTART;VALUE=DATE:20270101", "2 SUMMARY calendar.row.name"},
		{"no start", "SUMMARY:元旦", "2 DTSTART calendar.row.whole_day"},
		{"not a whole day", "DTSTART:20270101T090000|SUMMARY:元旦", "2 DTSTART calendar.row.whole_day"},
		{"midnight in UTC is not one here", "DTSTART:20270101T000000Z|SUMMARY:元旦", "2 DTSTART calendar.row.whole_day"},
		{"31 November", "DTSTART;VALUE=DATE:20271131|SUMMARY:元旦", "2 DTSTART calendar.row.whole_day"},
		{"ends before it starts", "DTSTART;VALUE=DATE:20270102|DTEND;VALUE=DATE:20270101|SUMMARY:元旦", "2 DTEND calendar.row.whole_day"},
		{"lasts for months", "DTSTART;VALUE=DATE:20270101|DTEND;VALUE=DATE:20270401|SUMMARY:元旦", "2 DTEND calendar.row.whole_day"},
		{"lasts for hours", "DTSTART;VALUE=DATE:20270101|DURATION:PT8H|SUMMARY:元旦", "2 DURATION calendar.row.whole_day"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, errs, err := calendar.Parse("cn.ics", []byte(feed("DTSTART;VALUE=DATE:20271001|SUMMARY:国庆节", tt.event)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, toldRows(t, errs)); diff != "" {
				t.Errorf("row errors (-want +got):\n%s", diff)
			}
		})
	}
}
