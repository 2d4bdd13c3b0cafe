package calendar_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// off lists days off under one name, given as month and day or as full dates.
func off(name string, dates ...string) []calendar.Day { return listed(name, true, dates) }

// makeUp lists make-up workdays.
func makeUp(name string, dates ...string) []calendar.Day { return listed(name, false, dates) }

func listed(name string, off bool, dates []string) []calendar.Day {
	var days []calendar.Day
	for _, d := range dates {
		days = append(days, calendar.Day{Name: name, Date: date(d), Off: off})
	}
	return days
}

// arranged makes an official arrangement.
func arranged(year int, days ...[]calendar.Day) calendar.Arrangement {
	a := calendar.Arrangement{Year: year, Status: calendar.Official, Source: "invented"}
	for _, d := range days {
		a.Days = append(a.Days, d...)
	}
	return a
}

// built builds a calendar that must be possible.
func built(t testing.TB, arrangements ...calendar.Arrangement) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(shanghai, arrangements...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// all gives what a calendar has, one block a line: identifier, first and last day.
func all(c *calendar.Calendar) string {
	var b strings.Builder
	for _, block := range c.Blocks(date("1900-01-01"), date("2200-01-01")) {
		fmt.Fprintln(&b, block.ID, block.First, block.Last)
	}
	return b.String()
}

func TestBlocks(t *testing.T) {
	tests := []struct {
		name string
		in   []calendar.Arrangement
		want string
	}{
		{
			"an adjoining weekend belongs to the block",
			[]calendar.Arrangement{arranged(2027, off("清明节", "2027-04-05"))},
			"2027-qingming 2027-04-03 2027-04-05\n",
		},
		{
			"a day off in mid-week is a block of its own",
			[]calendar.Arrangement{arranged(2027, off("中秋节", "2027-09-15"))},
			"2027-mid-autumn 2027-09-15 2027-09-15\n",
		},
		{
			"a make-up day ends the block on a weekend",
			[]calendar.Arrangement{arranged(2026, off("元旦", "2026-01-01", "2026-01-02", "2026-01-03"), makeUp("元旦", "2026-01-04"))},
			"2026-new-year 2026-01-01 2026-01-03\n",
		},
		{
			"festivals within one run make one block, in the order of the year",
			[]calendar.Arrangement{arranged(2028, off("国庆节", "2028-10-01", "2028-10-02"), off("中秋节", "2028-10-03"))},
			"2028-mid-autumn+national-day 2028-09-30 2028-10-03\n",
		},
		{
			"December is governed by the notice of the next year",
			[]calendar.Arrangement{arranged(2026), arranged(2027, off("元旦", "2026-12-31", "2027-01-01"))},
			"2027-new-year 2026-12-31 2027-01-03\n",
		},
		{
			"a run over two notices belongs to the year that lists its first day",
			[]calendar.Arrangement{arranged(2027, off("New Year", "2027-01-01")), arranged(2026, off("Founders' Day", "2026-12-31"))},
			"2026-new-year 2026-12-31 2027-01-03\n",
		},
		{
			"a holiday of no known festival keeps its own name",
			[]calendar.Arrangement{arranged(2027, off("St. Andrew's Day", "2027-11-30"))},
			"2027-st-andrews-day 2027-11-30 2027-11-30\n",
		},
		{
			"a name without Latin letters gets a fingerprint",
			[]calendar.Arrangement{arranged(2027, off("泼水节", "2027-04-13"), off("火把节", "2027-07-27"))},
			"2027-holiday-d211c439 2027-04-13 2027-04-13\n2027-holiday-98a43940 2027-07-27 2027-07-27\n",
		},
		{
			"two blocks of the same name stay apart",
			[]calendar.Arrangement{arranged(2027, off("Bank Holiday", "2027-05-31", "2027-08-30"))},
			"2027-bank-holiday 2027-05-29 2027-05-31\n2027-bank-holiday-2027-08-28 2027-08-28 2027-08-30\n",
		},
		{
			"an identifier fits into a button",
			[]calendar.Arrangement{arranged(2027, off("Day of the Very Long Name of a Holiday", "2027-06-01"))},
			"2027-day-of-the-very-l-37a12548 2027-06-01 2027-06-01\n",
		},
		{
			"a day off that is only a make-up day makes no block",
			[]calendar.Arrangement{arranged(2027, makeUp("国庆节", "2027-09-26"))},
			"",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, all(built(t, tt.in...))); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFestivalsByName(t *testing.T) {
	tests := []struct{ name, id string }{
		{"元旦", "2027-new-year"},
		{"New Year’s Day", "2027-new-year"},
		{"除夕", "2027-spring-festival"},
		{"Chinese New Year", "2027-spring-festival"},
		{"清明节（休）", "2027-qingming"},
		{"Tomb-Sweeping Day", "2027-qingming"},
		{"五一国际劳动节", "2027-labour-day"},
		{"Labor Day holiday", "2027-labour-day"},
		{"端午 假期 第1天/共3天", "2027-dragon-boat"},
		{"Dragon Boat Festival", "2027-dragon-boat"},
		{"MID-AUTUMN FESTIVAL", "2027-mid-autumn"},
		{"National Day Golden Week", "2027-national-day"},
		{"国庆节、中秋节", "2027-mid-autumn+national-day"},
		{"New Year's Eve", "2027-new-years-eve"}, // only looks like New Year
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := built(t, arranged(2027, off(tt.name, "2027-06-09")))
			block, ok := c.BlockAt(date("2027-06-09"))
			if !ok || block.ID != tt.id || block.Name != tt.name {
				t.Errorf("block %q %q, want %q", block.ID, block.Name, tt.id)
			}
		})
	}
}

func TestBlockSaysWhatItIs(t *testing.T) {
	c := built(t, arranged(2028, off("国庆节", "2028-10-01", "2028-10-02"), off("国庆节、中秋节", "2028-10-03")))
	got, ok := c.BlockAt(date("2028-09-30"))
	want := calendar.Block{
		ID: "2028-mid-autumn+national-day", Name: "国庆节、中秋节", Year: 2028,
		Festivals: []calendar.Festival{calendar.MidAutumn, calendar.NationalDay},
		First:     date("2028-09-30"), Last: date("2028-10-03"),
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("BlockAt (-want +got):\n%s", diff)
	}
	if got.Days() != 4 || !got.Contains(date("2028-10-03")) || got.Contains(date("2028-10-04")) {
		t.Errorf("%d days, to %v", got.Days(), got.Last)
	}
	for _, outside := range []string{"2028-09-29", "2028-10-04", "2030-01-01", "1999-01-01"} {
		if b, ok := c.BlockAt(date(outside)); ok {
			t.Errorf("%s lies in %s", outside, b.ID)
		}
	}
}

func TestBlocksAreChosenByTheirFirstDay(t *testing.T) {
	c := china(t)
	ids := func(from, to string) (ids []string) {
		for _, b := range c.Blocks(date(from), date(to)) {
			ids = append(ids, b.ID)
		}
		return ids
	}
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"from belongs to it", "2026-09-25", "2026-09-26", []string{"2026-mid-autumn"}},
		{"to does not", "2026-09-01", "2026-09-25", nil},
		{"a block that has begun before is left out", "2026-09-26", "2026-10-02", []string{"2026-national-day"}},
		{"an empty span", "2026-10-02", "2026-09-01", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, ids(tt.from, tt.to)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}
