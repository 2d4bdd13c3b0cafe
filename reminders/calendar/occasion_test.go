package calendar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

func TestOccasionsMergeBlocksThatAreClose(t *testing.T) {
	tests := []struct {
		name string
		days [][]calendar.Day
		want []string
	}{
		{"six days between", [][]calendar.Day{off("中秋节", "2027-09-13"), off("国庆节", "2027-09-20")}, []string{"2027-mid-autumn+national-day"}},
		{"seven days between", [][]calendar.Day{off("中秋节", "2027-09-14"), off("国庆节", "2027-09-22")}, []string{"2027-mid-autumn", "2027-national-day"}},
		{
			"a chain is one occasion, although its ends are far apart",
			[][]calendar.Day{off("A", "2027-06-01"), off("B", "2027-06-08"), off("C", "2027-06-15")},
			[]string{"2027-a+b+c"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var ids []string
			for _, o := range built(t, arranged(2027, tt.days...)).Occasions(date("2027-01-01"), date("2028-01-01")) {
				ids = append(ids, o.ID)
			}
			if diff := cmp.Diff(tt.want, ids); diff != "" {
				t.Errorf("occasions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOccasionDoesNotDependOnTheSpan asks with spans that cut the pair of 2026 apart.
func TestOccasionDoesNotDependOnTheSpan(t *testing.T) {
	c := china(t)
	got := c.Occasions(date("2026-09-25"), date("2026-09-26"))
	if len(got) != 1 || got[0].ID != "2026-mid-autumn+national-day" || len(got[0].Blocks) != 2 {
		t.Fatalf("occasions from 25 September: %v", got)
	}
	if got[0].First() != date("2026-09-25") || got[0].Last() != date("2026-10-07") {
		t.Errorf("from %v to %v", got[0].First(), got[0].Last())
	}
	if diff := cmp.Diff([]calendar.Festival{calendar.MidAutumn, calendar.NationalDay}, got[0].Festivals()); diff != "" {
		t.Errorf("festivals (-want +got):\n%s", diff)
	}
	if rest := c.Occasions(date("2026-09-26"), date("2026-12-01")); len(rest) != 0 {
		t.Errorf("the second half appears alone: %v", rest)
	}
}

func TestOccasionIsProvisionalAndConfirmed(t *testing.T) {
	provisional := func(year int, confirmed bool, days []calendar.Day) calendar.Arrangement {
		a := arranged(year, days)
		a.Status, a.Confirmed = calendar.Provisional, confirmed
		return a
	}
	december := off("Founders' Day", "2027-12-30")
	january := off("元旦", "2028-01-04")
	tests := []struct {
		name                   string
		in                     []calendar.Arrangement
		provisional, confirmed bool
	}{
		{"official only: nothing is left to confirm", []calendar.Arrangement{arranged(2027, december), arranged(2028, january)}, false, true},
		{"one of two provisional", []calendar.Arrangement{arranged(2027, december), provisional(2028, false, january)}, true, false},
		{"confirmed", []calendar.Arrangement{arranged(2027, december), provisional(2028, true, january)}, true, true},
		{"one of two confirmed", []calendar.Arrangement{provisional(2027, true, december), provisional(2028, false, january)}, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := built(t, tt.in...).Occasions(date("2027-12-01"), date("2028-02-01"))
			if len(got) != 1 || len(got[0].Blocks) != 2 {
				t.Fatalf("occasions: %v", got)
			}
			if got[0].Provisional() != tt.provisional || got[0].Confirmed() != tt.confirmed {
				t.Errorf("provisional %t, confirmed %t", got[0].Provisional(), got[0].Confirmed())
			}
			for _, b := range got[0].Blocks {
				if b.Confirmed && !b.Provisional {
					t.Errorf("%s is official and confirmed", b.ID)
				}
			}
		})
	}
}
