package calendar_test

import (
	"testing"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

func TestIsWorkday(t *testing.T) {
	c := china(t)
	tests := []struct {
		name, date string
		want       bool
	}{
		{"Thursday", "2026-09-24", true},
		{"Saturday", "2026-09-12", false},
		{"holiday on a Friday", "2026-09-25", false},
		{"make-up Sunday", "2026-09-20", true},
		{"make-up Saturday", "2026-10-10", true},
		{"Monday in a long block", "2026-02-23", false},
		{"weekday of a year without arrangement", "2040-10-01", true},
		{"weekend of a year without arrangement", "2040-10-06", false},
		{"provisional statutory day", "2027-02-08", false},
		{"provisional years know no make-up days", "2027-02-21", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.IsWorkday(date(tt.date)); got != tt.want {
				t.Errorf("IsWorkday(%s) = %t", tt.date, got)
			}
		})
	}
}

func TestNeighbouringWorkdays(t *testing.T) {
	c := china(t)
	type step func(calendar.Date) calendar.Date
	tests := []struct {
		name     string
		step     step
		date, to string
	}{
		{"on or before: a workday stays", c.OnOrBefore, "2026-09-24", "2026-09-24"},
		{"on or before: from inside a block", c.OnOrBefore, "2026-10-05", "2026-09-30"},
		{"on or before: a make-up day counts", c.OnOrBefore, "2026-09-20", "2026-09-20"},
		{"on or after: a workday stays", c.OnOrAfter, "2026-10-08", "2026-10-08"},
		{"on or after: from inside a block", c.OnOrAfter, "2026-10-01", "2026-10-08"},
		{"last before: strictly, over the weekend", c.LastWorkdayBefore, "2026-09-14", "2026-09-11"},
		{"last before Spring Festival is a make-up Saturday", c.LastWorkdayBefore, "2026-02-15", "2026-02-14"},
		{"first after: strictly", c.FirstWorkdayAfter, "2026-10-08", "2026-10-09"},
		{"first after New Year is a make-up Sunday", c.FirstWorkdayAfter, "2026-01-01", "2026-01-04"},
		{"first after over the end of the year", c.FirstWorkdayAfter, "2025-12-31", "2026-01-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.step(date(tt.date)); got != date(tt.to) {
				t.Errorf("%s gives %v, want %s", tt.date, got, tt.to)
			}
		})
	}
}

func TestAddWorkdays(t *testing.T) {
	c := china(t)
	tests := []struct {
		name, date string
		n          int
		want       string
	}{
		{"nothing to add, also on a rest day", "2026-10-03", 0, "2026-10-03"},
		{"two before the block: it and the weekend are skipped", "2026-09-25", -2, "2026-09-23"},
		{"over both blocks of autumn", "2026-09-24", 4, "2026-10-08"},
		{"the third workday after the block is a make-up Saturday", "2026-10-07", 3, "2026-10-10"},
		{"back over New Year", "2026-01-04", -1, "2025-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.AddWorkdays(date(tt.date), tt.n); got != date(tt.want) {
				t.Errorf("AddWorkdays(%s, %d) = %v, want %s", tt.date, tt.n, got, tt.want)
			}
		})
	}
}
