package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a block will expect is known before anything of it is written down: a daily report
// for each of its days, asked for half an hour before it is due at 16:00, and the closing
// report on the third workday after it. National Day 2026 ends on 7 October, and 10
// October is a make-up workday.
func TestPlanned(t *testing.T) {
	w := newWorld(t)
	block, found := w.cal.BlockAt(day(1))
	if !found {
		t.Fatal("no block")
	}
	var got []string
	for _, terms := range w.desk.Planned(block) {
		got = append(got, terms.Ladder[0].At.Format(time.DateTime)+" "+string(terms.ID)+" "+terms.Due.Format(time.TimeOnly))
	}
	want := []string{
		"2026-10-01 15:30:00 duty/2026-national-day/2026-10-01/daily-report 16:00:00",
		"2026-10-02 15:30:00 duty/2026-national-day/2026-10-02/daily-report 16:00:00",
		"2026-10-03 15:30:00 duty/2026-national-day/2026-10-03/daily-report 16:00:00",
		"2026-10-04 15:30:00 duty/2026-national-day/2026-10-04/daily-report 16:00:00",
		"2026-10-05 15:30:00 duty/2026-national-day/2026-10-05/daily-report 16:00:00",
		"2026-10-06 15:30:00 duty/2026-national-day/2026-10-06/daily-report 16:00:00",
		"2026-10-07 15:30:00 duty/2026-national-day/2026-10-07/daily-report 16:00:00",
		"2026-10-10 10:00:00 2026-national-day/closing-report 18:00:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("planned (-want +got):\n%s", diff)
	}
}
