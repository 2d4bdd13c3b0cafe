package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// reportOf makes a report that waits for its review.
func reportOf(unit reminders.UnitID, n int) report.Report {
	day := calendar.Date{Year: 2026, Month: time.October, Day: n}
	return report.Report{ID: report.DailyID(unit, day), Kind: report.Daily, Unit: unit, Day: day, State: report.Submitted}
}

// A report is found by unit, by day, by handle, and as long as it waits for something.
func TestReportIndexes(t *testing.T) {
	s := newShelf(t)
	records := s.Reports()
	s.do(func(tx reminders.Tx) error {
		for _, r := range []report.Report{reportOf("u2", 3), reportOf("u1", 3), reportOf("u1", 10), reportOf("u10", 3)} {
			if err := records.SaveReport(tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	ids := func(read func(tx reminders.Tx) ([]report.Report, error)) (ids []report.ID) {
		s.do(func(tx reminders.Tx) error {
			found, err := read(tx)
			ids = nil
			for _, r := range found {
				ids = append(ids, r.ID)
			}
			return err
		})
		return ids
	}
	day := func(n int) calendar.Date { return calendar.Date{Year: 2026, Month: time.October, Day: n} }
	got := ids(func(tx reminders.Tx) ([]report.Report, error) { return records.ReportsOf(tx, "u1", day(3), day(10)) })
	if diff := cmp.Diff([]report.ID{"u1/2026-10-03/daily", "u1/2026-10-10/daily"}, got); diff != "" {
		t.Error(diff)
	}
	got = ids(func(tx reminders.Tx) ([]report.Report, error) { return records.ReportsOn(tx, day(3), day(3)) })
	if diff := cmp.Diff([]report.ID{"u1/2026-10-03/daily", "u10/2026-10-03/daily", "u2/2026-10-03/daily"}, got); diff != "" {
		t.Error(diff)
	}
	accepted := reportOf("u1", 3)
	accepted.State = report.Accepted
	s.do(func(tx reminders.Tx) error { return records.SaveReport(tx, accepted) })
	got = ids(records.UnsettledReports)
	if diff := cmp.Diff([]report.ID{"u10/2026-10-03/daily", "u2/2026-10-03/daily", "u1/2026-10-10/daily"}, got); diff != "" {
		t.Error(diff)
	}
	s.do(func(tx reminders.Tx) error {
		found, there, err := records.ReportByHandle(tx, accepted.Handle())
		if !there || found.ID != accepted.ID {
			t.Errorf("the handle leads to %q", found.ID)
		}
		return err
	})
}

// Every row by which a report is found is lost once, and a report altered; each is
// reported.
func TestCheckHoldsReports(t *testing.T) {
	one := func(t *testing.T, s *store.Store) { t.Helper(); save(t, s, reportOf("u1", 3)) }
	reported(t, one, []damage{
		{"nothing", func(*testing.T, store.Engine) {}, nil},
		{"handle lost", lost("report-handle/"), []string{"reports missing report"}},
		{"row by unit lost", lost("report-of/"), []string{"reports missing report"}},
		{"row by day lost", lost("report-on/"), []string{"reports missing report"}},
		{"row of what waits lost", lost("report-unsettled/"), []string{"reports missing report"}},
		{"report lost", lost("report/"), []string{"reports orphan report-handle", "reports orphan report-of", "reports orphan report-on", "reports orphan report-unsettled"}},
		{"accepted behind the desk", swap("report/", `"submitted"`, `"accepted"`), []string{"reports stale report-unsettled"}},
		{"under another name", swap("report/", `"u1/2026-10-03/daily"`, `"u1/2026-10-04/daily"`), []string{"reports place report", "reports stale report-handle", "reports stale report-of", "reports stale report-on", "reports stale report-unsettled"}},
	})
}

// A report goes two years after the last that was done about it, with all its rows, however
// many go at once; the store stays sound.
func TestPurgeReports(t *testing.T) {
	engine, now := mem.New(), eve
	s := open(t, engine)
	day := 24 * time.Hour
	for n := range 60 {
		r := reportOf(reminders.UnitID(fmt.Sprintf("old%02d", n)), 3)
		r.Versions = []report.Version{{Nil: true, At: now.Add(-731 * day)}}
		save(t, s, r)
	}
	for name, change := range map[string]func(r *report.Report){
		"young":      func(r *report.Report) { r.Versions[0].At = now.Add(-729 * day) },
		"reviewed":   func(r *report.Report) { r.Reviews = []report.Review{{State: report.Accepted, At: now.Add(-day)}} },
		"overturned": func(r *report.Report) { r.Overturned = &report.Overturning{At: now.Add(-day), Ref: "x"} },
	} {
		r := reportOf(reminders.UnitID(name), 3)
		r.Versions = []report.Version{{Nil: true, At: now.Add(-731 * day)}}
		change(&r)
		save(t, s, r)
	}
	p := store.NewPurger(s, store.DefaultRetention())
	for more := true; more; {
		var err error
		if _, more, err = p.Advance(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	var left []reminders.UnitID
	err := s.View(t.Context(), func(tx reminders.Tx) error {
		found, err := s.Reports().ReportsOn(tx, reportOf("", 3).Day, reportOf("", 3).Day)
		for _, r := range found {
			left = append(left, r.Unit)
		}
		return err
	})
	if diff := cmp.Diff([]reminders.UnitID{"overturned", "reviewed", "young"}, left); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if problems, err := s.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}

// save writes a report.
func save(t *testing.T, s *store.Store, r report.Report) {
	t.Helper()
	if err := s.Do(t.Context(), func(tx reminders.Tx) error { return s.Reports().SaveReport(tx, r) }); err != nil {
		t.Fatal(err)
	}
}
