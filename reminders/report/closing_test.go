package report_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// block gives National Day 2026.
func (w *world) block() calendar.Block {
	w.t.Helper()
	b, found := w.cal.BlockAt(day(3))
	if !found {
		w.t.Fatal("there is no block")
	}
	return b
}

// What was recorded of a block, by unit and in total.
func TestSummary(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 12, 0))
	for _, taken := range []struct {
		day, hour int
		unit      string
		values    string // empty: nothing to report
	}{
		{1, 12, "1", "groups=1 units=2 problems=3 fixed=1 clues=1"},
		{1, 12, "2", ""},
		{2, 12, "1", ""},
		{2, 20, "2", "groups=1 units=5 problems=2 fixed=2"},
		{3, 12, "1", "groups=2 units=3 problems=1 fixed=0"},
	} {
		w.goTo(on(taken.day, taken.hour, 0))
		draft := w.daily(reminders.UnitID("u"+taken.unit), taken.day, taken.values)
		if taken.values == "" {
			draft.Nil, draft.Values = true, nil
		}
		if _, err := w.submit(draft, reminders.PersonID("O"+taken.unit)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.incident(happened(), "O1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.returnIt("u1/2026-10-03/daily", "请核对"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(8, 9, 0))
	if _, err := w.nilReport("u2", 4, "O2"); err == nil {
		t.Error("somebody off duty reported")
	}
	var got report.Summary
	w.do(func(tx reminders.Tx) (err error) {
		got, err = w.desk.Summary(tx, w.block())
		return err
	})
	want := []report.UnitTally{
		{Unit: "u1", Tally: report.Tally{
			Expected: 7, OnTime: 3, Missed: 4, Filed: 3, Nil: 1, Returned: 1, Incidents: 1,
			Sums: map[string]int{"groups": 1, "units": 2, "problems": 3, "fixed": 1, "clues": 1},
		}},
		{Unit: "u2", Tally: report.Tally{
			Expected: 7, OnTime: 1, Late: 1, Missed: 5, Filed: 2, Nil: 1,
			Sums: map[string]int{"groups": 1, "units": 5, "problems": 2, "fixed": 2},
		}},
	}
	if diff := cmp.Diff(want, withoutZeros(got.Units)); diff != "" {
		t.Error(diff)
	}
	if got.Total.Sums["problems"] != 5 || got.Total.Expected != 14 || got.Block != national || got.Fields[0].Name != "groups" {
		t.Errorf("%+v", got.Total)
	}
}

// withoutZeros drops sums of nothing.
func withoutZeros(units []report.UnitTally) []report.UnitTally {
	for _, u := range units {
		for name, n := range u.Sums {
			if n == 0 {
				delete(u.Sums, name)
			}
		}
	}
	return units
}

// Whatever is submitted, returned and corrected: the total is the sum of the units, and
// the sum of the latest versions that are submitted or accepted; and every expected day
// ends in exactly one way.
func TestTotalsTieToTheDailies(t *testing.T) {
	forms, _ := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		b := calendar.Block{ID: national, First: day(1), Last: day(7)}
		var reports []report.Report
		lines := make([]map[reminders.UnitID]obligation.Tally, 7)
		wantProblems, wantClues, wantFiled := 0, 0, 0
		for n := range lines {
			lines[n] = map[reminders.UnitID]obligation.Tally{}
			for _, unit := range []reminders.UnitID{"u1", "u2", "u3"} {
				state := rapid.SampledFrom(obligation.States()).Draw(t, "line")
				lines[n][unit] = obligation.Tally{state: 1}
				if !rapid.Bool().Draw(t, "filed") {
					continue
				}
				r := report.Report{ID: report.DailyID(unit, day(n+1)), Kind: report.Daily, Unit: unit, Day: day(n + 1)}
				r.State = rapid.SampledFrom(report.States()).Draw(t, "state")
				for range rapid.IntRange(1, 3).Draw(t, "versions") {
					v := report.Version{Nil: rapid.Bool().Draw(t, "nil"), Values: report.Values{}}
					if !v.Nil {
						v.Values["problems"] = report.NumberOf(rapid.IntRange(0, 99).Draw(t, "problems"))
						if rapid.Bool().Draw(t, "with clues") {
							v.Values["clues"] = report.NumberOf(rapid.IntRange(0, 9).Draw(t, "clues"))
						}
					}
					r.Versions = append(r.Versions, v)
				}
				if r.State != report.Returned && r.State != report.TakenBack {
					problems, _ := r.Latest().Values.Count("problems")
					clues, _ := r.Latest().Values.Count("clues")
					wantProblems, wantClues = wantProblems+problems, wantClues+clues
				}
				reports = append(reports, r)
				if counts := []report.State{report.Submitted, report.Accepted, report.Returned}; slices.Contains(counts, r.State) {
					wantFiled++
				}
			}
		}
		stray := report.Report{Kind: report.Daily, Unit: "u1", Day: day(9), Versions: []report.Version{{Values: numbers("problems=1000")}}}
		s := report.Summarise(forms.Daily, b, lines, append(reports, stray))
		if s.Total.Sums["problems"] != wantProblems || s.Total.Sums["clues"] != wantClues {
			t.Fatalf("the total is %v, the dailies make %d and %d", s.Total.Sums, wantProblems, wantClues)
		}
		filed, problems := 0, 0
		for _, u := range s.Units {
			filed, problems = filed+u.Filed, problems+u.Sums["problems"]
			if u.Expected != u.OnTime+u.Late+u.Missed+u.Excused+u.Open || u.Expected+u.Withdrawn != 7 {
				t.Fatalf("%+v", u)
			}
		}
		sameInDays(t, s)
		sameInDays(t, s.With(s))
		if twice := s.With(s); len(twice.Days) != 14 || len(twice.Units) != len(s.Units) || twice.Total.Filed != 2*filed {
			t.Fatalf("both: %+v", twice.Total)
		}
		if filed != wantFiled || s.Total.Filed != filed || problems != s.Total.Sums["problems"] {
			t.Fatalf("%d filed, %d in the total, %d reports", filed, s.Total.Filed, wantFiled)
		}
	})
}

// sameInDays fails unless the days add up to the total.
func sameInDays(t *rapid.T, s report.Summary) {
	t.Helper()
	sum := report.Tally{Sums: map[string]int{}}
	for _, d := range s.Days {
		sum.Expected, sum.OnTime, sum.Late, sum.Missed = sum.Expected+d.Expected, sum.OnTime+d.OnTime, sum.Late+d.Late, sum.Missed+d.Missed
		sum.Excused, sum.Open, sum.Withdrawn = sum.Excused+d.Excused, sum.Open+d.Open, sum.Withdrawn+d.Withdrawn
		sum.Filed, sum.Nil, sum.Returned, sum.Overturned = sum.Filed+d.Filed, sum.Nil+d.Nil, sum.Returned+d.Returned, sum.Overturned+d.Overturned
		sum.Incidents += d.Incidents
		for name, n := range d.Sums {
			sum.Sums[name] += n
		}
	}
	if diff := cmp.Diff(s.Total, sum); diff != "" {
		t.Fatalf("the days do not add up to the total (-total +days):\n%s", diff)
	}
}

// The closing report comes filled in with the sums, each with the dailies behind it; one
// tap files it. Whoever changes a sum is asked why.
func TestClosingReport(t *testing.T) {
	w := newWorld(t)
	for n, values := range map[int]string{1: "groups=1 units=2 problems=3 fixed=1 clues=1", 2: "groups=1 units=4 problems=2 fixed=2", 3: ""} {
		w.now = latest(w.now, on(1, 0, 0))
		w.do(func(tx reminders.Tx) error {
			r := report.Report{ID: report.DailyID("u1", day(n)), Kind: report.Daily, Unit: "u1", Day: day(n), State: report.Submitted, Block: national}
			r.Versions = []report.Version{{Values: numbers(values), Nil: values == ""}}
			return w.store.Reports().SaveReport(tx, r)
		})
	}
	w.goTo(on(10, 11, 0))
	var draft report.Draft
	w.do(func(tx reminders.Tx) (err error) {
		draft, err = w.desk.DraftClosing(tx, "u1", w.block())
		return err
	})
	got := map[string]int{}
	for name, value := range draft.Values {
		got[name] = *value.Number
		if value.From != report.FromDailies || len(value.Refs) != 3 {
			t.Errorf("%s comes from %s, %v", name, value.From, value.Refs)
		}
	}
	if diff := cmp.Diff(map[string]int{"groups": 2, "units": 6, "problems": 5, "fixed": 3, "clues": 1}, got); diff != "" {
		t.Error(diff)
	}
	r, err := w.submit(draft, "X1")
	if err != nil || r.ID != "u1/2026-national-day/closing" || r.Standing != obligation.Met || len(r.Latest().Questions) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = w.submit(report.Draft{Kind: report.Closing, Unit: "u2", Block: national, FormVersion: 1, Values: numbers(full)}, "O2")
	w.refused(err, reminders.Denied, "report.not_on_shift")
	other := report.Draft{Kind: report.Closing, Unit: "u3", Block: national, FormVersion: 1, Values: numbers(full)}
	w.roles["u3/liaison"] = []reminders.PersonID{"X3"}
	_, err = w.submit(other, "X3")
	w.refused(err, reminders.NotFound, "report.block_outside")
	change := w.correction(r.ID, "problems=9")
	change.Reason = "漏报补齐"
	if r, err = w.correct(change, "X1"); err != nil || len(r.Latest().Questions) != 1 || r.Latest().Questions[0].Rule != "problems_as_reported" {
		t.Errorf("%+v, %v", r.Latest().Questions, err)
	}
	if v := r.Latest().Values["units"]; v.From != report.FromDailies {
		t.Errorf("where a number came from is lost in a correction: %+v", v)
	}
	w.sound()
}

// Dailies with nothing to report add up to zero, which a closing report may contradict
// only with a word about it.
func TestClosingReportAfterNilDailies(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 12, 0))
	if _, err := w.nilReport("u1", 1, "O1"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(8, 9, 0))
	var asked []report.Question
	w.do(func(tx reminders.Tx) error {
		draft, err := w.desk.DraftClosing(tx, "u1", w.block())
		if err != nil || len(draft.Values) != 4 {
			t.Errorf("%+v, %v", draft.Values, err)
		}
		draft.Values["problems"] = report.NumberOf(1)
		asked, err = w.desk.Questions(tx, draft)
		return err
	})
	if len(asked) != 1 || asked[0].Rule != "problems_as_reported" {
		t.Errorf("%+v", asked)
	}
}
