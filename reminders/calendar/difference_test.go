package calendar_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// told gives differences one a line, and checks that each has a text.
func told(t *testing.T, differences []calendar.Difference) []string {
	t.Helper()
	var all []string
	for _, d := range differences {
		line := string(d.Change)
		if d.Before.ID != "" {
			line += fmt.Sprintf(" before %s %v %v", d.Before.ID, d.Before.First, d.Before.Last)
		}
		if d.After.ID != "" {
			line += fmt.Sprintf(" after %s %v %v", d.After.ID, d.After.First, d.After.Last)
		}
		if !d.Date.IsZero() {
			line += " " + d.Date.String()
		}
		checkText(t, d.Message(shanghai))
		all = append(all, line)
	}
	return all
}

func TestCompare(t *testing.T) {
	guess := arranged(2027, off("国庆节", "2027-10-01", "2027-10-02", "2027-10-03"), off("中秋节", "2027-09-15"))
	guess.Status = calendar.Provisional
	settled := guess
	settled.Status = calendar.Official
	longer := arranged(2027,
		off("国庆节", "2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04", "2027-10-05"),
		makeUp("国庆节", "2027-10-09"), off("中秋节", "2027-09-15"))
	tests := []struct {
		name          string
		before, after []calendar.Arrangement
		want          []string
	}{
		{"nothing", []calendar.Arrangement{guess}, []calendar.Arrangement{guess}, nil},
		{
			"a year appears",
			nil,
			[]calendar.Arrangement{arranged(2027, off("清明节", "2027-04-05"))},
			[]string{"block-added after 2027-qingming 2027-04-03 2027-04-05"},
		},
		{
			"a block moves, its days are explained, its make-up day is told",
			[]calendar.Arrangement{guess},
			[]calendar.Arrangement{longer},
			[]string{
				"block-settled before 2027-mid-autumn 2027-09-15 2027-09-15 after 2027-mid-autumn 2027-09-15 2027-09-15",
				"block-moved before 2027-national-day 2027-10-01 2027-10-03 after 2027-national-day 2027-10-01 2027-10-05",
				"now-workday 2027-10-09",
			},
		},
		{
			"a notice is taken back",
			[]calendar.Arrangement{settled},
			[]calendar.Arrangement{guess},
			[]string{
				"block-settled before 2027-mid-autumn 2027-09-15 2027-09-15 after 2027-mid-autumn 2027-09-15 2027-09-15",
				"block-settled before 2027-national-day 2027-10-01 2027-10-03 after 2027-national-day 2027-10-01 2027-10-03",
			},
		},
		{
			"two blocks become one",
			[]calendar.Arrangement{arranged(2028, off("国庆节", "2028-10-02"), off("中秋节", "2028-10-04"))},
			[]calendar.Arrangement{arranged(2028, off("国庆节", "2028-10-02", "2028-10-03"), off("中秋节", "2028-10-04"))},
			[]string{
				"block-removed before 2028-national-day 2028-09-30 2028-10-02",
				"block-added after 2028-mid-autumn+national-day 2028-09-30 2028-10-04",
				"block-removed before 2028-mid-autumn 2028-10-04 2028-10-04",
			},
		},
		{
			"a make-up day is dropped",
			[]calendar.Arrangement{arranged(2027, makeUp("国庆节", "2027-10-09"))},
			[]calendar.Arrangement{arranged(2027)},
			[]string{"now-rest 2027-10-09"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := calendar.Compare(built(t, tt.before...), built(t, tt.after...), date("2027-01-01"), date("2029-01-01"))
			if diff := cmp.Diff(tt.want, told(t, got)); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCompareAtTheEdge moves a block out of the compared days: it is moved, not gone.
func TestCompareAtTheEdge(t *testing.T) {
	before := built(t, arranged(2027, off("中秋节", "2027-09-29")))
	after := built(t, arranged(2027, off("中秋节", "2027-10-13")))
	got := told(t, calendar.Compare(before, after, date("2027-09-01"), date("2027-10-01")))
	want := []string{"block-moved before 2027-mid-autumn 2027-09-29 2027-09-29 after 2027-mid-autumn 2027-10-13 2027-10-13"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

func TestDifferenceMessage(t *testing.T) {
	day := func(s string) reminders.Value { return reminders.Day(date(s).At(0, 0, shanghai)) }
	span := func(from, to string) reminders.Value {
		return reminders.Say("format.days", reminders.Args{"From": day(from), "To": day(to)})
	}
	both := reminders.Say("occasion.two", reminders.Args{
		"First":  reminders.Say("festival.mid-autumn", nil),
		"Second": reminders.Say("festival.national-day", nil),
	})
	block := calendar.Block{
		ID: "2028-mid-autumn+national-day", Name: "国庆节、中秋节",
		Festivals: []calendar.Festival{calendar.MidAutumn, calendar.NationalDay},
		First:     date("2028-10-01"), Last: date("2028-10-03"), Provisional: true,
	}
	local := calendar.Block{ID: "2027-holiday-d211c439", Name: "泼水节", First: date("2027-04-13"), Last: date("2027-04-13")}
	tests := []struct {
		name string
		in   calendar.Difference
		want reminders.Message
	}{
		{
			"festivals are named in the reader's language",
			calendar.Difference{Change: calendar.BlockAdded, After: block},
			reminders.Line("calendar.difference.block-added", reminders.Args{"Name": both, "Days": span("2028-10-01", "2028-10-03")}),
		},
		{
			"other holidays by their own name, one day as one day",
			calendar.Difference{Change: calendar.BlockRemoved, Before: local},
			reminders.Line("calendar.difference.block-removed", reminders.Args{"Name": reminders.Text("泼水节"), "Days": day("2027-04-13")}),
		},
		{
			"a move says from where",
			calendar.Difference{Change: calendar.BlockMoved, Before: local, After: block},
			reminders.Line("calendar.difference.block-moved", reminders.Args{
				"Name": both, "Was": day("2027-04-13"), "Days": span("2028-10-01", "2028-10-03"),
			}),
		},
		{
			"the direction of a change of status",
			calendar.Difference{Change: calendar.BlockSettled, Before: local, After: block},
			reminders.Line("calendar.difference.block-unsettled", reminders.Args{"Name": both, "Days": span("2028-10-01", "2028-10-03")}),
		},
		{
			"a single day",
			calendar.Difference{Change: calendar.NowWorkday, Date: date("2027-10-09")},
			reminders.Line("calendar.difference.now-workday", reminders.Args{"Days": day("2027-10-09")}),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, tt.in.Message(shanghai)); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}
