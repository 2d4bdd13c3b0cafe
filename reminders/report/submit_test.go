package report_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// full is an ordinary report.
const full = "groups=2 units=12 problems=3 fixed=2"

// One tap in the afternoon: the obligation is met, the report has its number, and the
// ledger says both. The same tap again, by whoever is on the shift, changes nothing.
func TestNilReportIsOneTap(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 15, 31))
	r, err := w.nilReport("u1", 3, "O1")
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "u1/2026-10-03/daily" || r.Number.String() != "2026-1" || r.State != report.Submitted || r.Standing != obligation.Met || !r.Latest().Nil || r.Block != national {
		t.Errorf("%+v", r)
	}
	if got := w.state(report.DailyTerms(national, day(3)), "u1"); got != obligation.Met {
		t.Errorf("what was owed is %s", got)
	}
	for _, by := range []reminders.PersonID{"O1", "B1"} {
		again, err := w.nilReport("u1", 3, by)
		if diff := cmp.Diff(r, again); diff != "" || err != nil {
			t.Errorf("%s tapped again: %v\n%s", by, err, diff)
		}
	}
	want := []string{"O1 acknowledged duty/2026-national-day/2026-10-03/daily-report answered", "O1 reported u1/2026-10-03/daily nil"}
	if diff := cmp.Diff(want, w.entries(ledger.Reported, ledger.Acknowledged)); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// Numbers are given without a gap for each year and kind, also when somebody is refused in
// between.
func TestNumbersHaveNoGaps(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	for i, want := range []string{"2026-1", "2026-2"} {
		if _, err := w.nilReport("u1", 20, "O1"); err == nil {
			t.Fatal("a report on a working day was taken")
		}
		r, err := w.nilReport(reminders.UnitID([]string{"u1", "u2"}[i]), 3, reminders.PersonID([]string{"O1", "O2"}[i]))
		if err != nil || r.Number.String() != want {
			t.Errorf("%v, %v; want %s", r.Number, err, want)
		}
	}
	r, err := w.submit(report.Draft{
		Kind: report.Incident, Unit: "u1", FormVersion: 1,
		Values: report.Values{"time": {At: on(3, 11, 0)}, "course": {Text: "电梯停运"}},
	}, "O1")
	if err != nil || r.Number.String() != "2026-1" || r.ID != "incident/2026-1" {
		t.Errorf("an incident is numbered %v, %v", r.Number, err)
	}
}

// When it comes decides what became of the obligation; after the closing the report is
// recorded and changes nothing.
func TestReportsComeInTimeLateOrTooLate(t *testing.T) {
	for _, row := range []struct {
		name   string
		hour   int
		minute int
		day    int
		want   obligation.State
		after  bool
	}{
		{"at noon", 12, 0, 3, obligation.Met, false},
		{"within the grace", 17, 0, 3, obligation.Met, false},
		{"after the grace", 17, 1, 3, obligation.Late, false},
		{"in the morning after", 7, 59, 4, obligation.Late, false},
		{"at the closing", 8, 0, 4, obligation.Missed, true},
		{"a day later", 9, 0, 4, obligation.Missed, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.goTo(on(3, 8, 0))
			w.goTo(on(row.day, row.hour, row.minute))
			r, err := w.nilReport("u1", 3, "O1")
			if err != nil || r.Standing != row.want || r.AfterClosing != row.after {
				t.Errorf("%s, after closing %v, %v", r.Standing, r.AfterClosing, err)
			}
			if got := w.state(report.DailyTerms(national, day(3)), "u1"); got != row.want {
				t.Errorf("the book says %s", got)
			}
			w.sound()
		})
	}
}

// Who may not, what is not owed and what the form does not take are refused, each with its
// own words, and nothing is left behind.
func TestSubmitRefuses(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	draft := func(change func(*report.Draft)) report.Draft {
		d := w.daily("u1", 3, full)
		change(&d)
		return d
	}
	for _, row := range []struct {
		name  string
		draft report.Draft
		by    reminders.PersonID
		kind  reminders.Kind
		key   string
	}{
		{"somebody of another unit", draft(func(*report.Draft) {}), "O2", reminders.Denied, "report.not_on_shift"},
		{"the liaison, who is not on duty", draft(func(*report.Draft) {}), "X1", reminders.Denied, "report.not_on_shift"},
		{"a working day", draft(func(d *report.Draft) { d.Day = day(20) }), "O1", reminders.Closed, "report.day_ahead"},
		{"tomorrow", draft(func(d *report.Draft) { d.Day = day(4) }), "O1", reminders.Closed, "report.day_ahead"},
		{"a working day before", draft(func(d *report.Draft) { d.Day = day(-10) }), "O1", reminders.NotFound, "report.day_outside"},
		{"an older form", draft(func(d *report.Draft) { d.FormVersion = 0 }), "O1", reminders.Conflict, "report.form_changed"},
		{"a field left out", draft(func(d *report.Draft) { d.Values = numbers("groups=1 units=2 problems=3") }), "O1", reminders.Invalid, "report.value.required"},
		{"a number too large", draft(func(d *report.Draft) { d.Values = numbers("groups=1 units=2 problems=99999 fixed=0") }), "O1", reminders.Invalid, "report.value.range"},
		{"a field that there is not", draft(func(d *report.Draft) { d.Values = numbers(full + " spies=3") }), "O1", reminders.Internal, ""},
		{"too many files", draft(func(d *report.Draft) { d.Files = make([]reminders.File, 11) }), "O1", reminders.Invalid, "report.files_many"},
		{"nothing, and numbers", draft(func(d *report.Draft) { d.Nil = true }), "O1", reminders.Internal, ""},
		{"a closing report in the block", report.Draft{Kind: report.Closing, Unit: "u1", Block: national}, "X1", reminders.NotFound, "report.block_outside"},
		{"a closing report of no block", report.Draft{Kind: report.Closing, Unit: "u1", Block: "2026-harvest"}, "X1", reminders.NotFound, "report.block_outside"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.submit(row.draft, row.by)
			w.refused(err, row.kind, row.key)
		})
	}
	if got := w.entries(ledger.Reported, ledger.Acknowledged, ledger.Questioned); len(got) != 0 {
		t.Errorf("something was taken: %v", got)
	}
}

// A unit without duty on a day owes nothing; one that came onto the roster in the morning
// can report at once; whoever left the shift cannot any more.
func TestReportsFollowTheRoster(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 9, 0))
	w.shifts = append(w.shifts, shift{unit: "u3", from: on(3, 8, 0), to: on(3, 12, 0), officer: "O3"})
	_, err := w.nilReport("u3", 3, "O3")
	w.refused(err, reminders.NotFound, "report.day_outside")
	w.shifts = append(w.shifts, shift{unit: "u3", from: on(3, 12, 0), to: on(3, 20, 0), officer: "O4"})
	if r, err := w.nilReport("u3", 3, "O3"); err != nil || r.Standing != obligation.Met {
		t.Errorf("u3 came onto the roster: %v, %v", r.Standing, err)
	}
	w.shifts = w.shifts[:len(w.shifts)-2]
	w.shifts[4].officer = "O9" // u1 on 3 October was swapped
	_, err = w.nilReport("u1", 3, "O1")
	w.refused(err, reminders.Denied, "report.not_on_shift")
	if _, err := w.nilReport("u1", 3, "O9"); err != nil {
		t.Error(err)
	}
	w.sound()
}

// A full report stands. A tap, or other numbers, do not replace it; the same once more is
// the same.
func TestSecondSubmission(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	first, err := w.submit(w.daily("u1", 3, full), "O1")
	if err != nil {
		t.Fatal(err)
	}
	w.goTo(on(3, 13, 0))
	if again, err := w.submit(w.daily("u1", 3, full), "B1"); err != nil || len(again.Versions) != 1 || again.Number != first.Number {
		t.Errorf("the same once more: %v, %v", again, err)
	}
	_, err = w.submit(w.daily("u1", 3, "groups=2 units=12 problems=4 fixed=2"), "B1")
	w.refused(err, reminders.Conflict, "report.there_already")
	if by := reminders.MessageOf(err).Args["By"]; by.Person != "O1" {
		t.Errorf("the refusal does not say who reported: %+v", by)
	}
	_, err = w.nilReport("u1", 3, "B1")
	w.refused(err, reminders.Conflict, "report.there_already")
}

// Officer and backup submit at the same moment: one report, and the other hears of it.
func TestConcurrentSubmissions(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	drafts := map[reminders.PersonID]report.Draft{
		"O1": w.daily("u1", 3, full), "B1": w.daily("u1", 3, "groups=1 units=1 problems=0 fixed=0"),
		"L1": {Kind: report.Daily, Unit: "u1", Day: day(3), Nil: true},
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	refused, taken := 0, 0
	for by, draft := range drafts {
		wait.Go(func() {
			err := w.store.Do(context.Background(), func(tx reminders.Tx) error {
				_, err := w.desk.Submit(tx, draft, by)
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				taken++
			case reminders.MessageOf(err).Key == "report.there_already":
				refused++
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if taken != 1 || refused != 2 {
		t.Errorf("%d taken, %d refused", taken, refused)
	}
	if got := w.entries(ledger.Reported); len(got) != 1 {
		t.Errorf("%v", got)
	}
	w.sound()
}

// A rule asks, the answer is kept with who gave it, and whoever does not answer is not
// held up.
func TestQuestionsAreRecordedAndNeverBlock(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	odd := w.daily("u1", 3, "groups=0 units=2 problems=1 fixed=2")
	w.do(func(tx reminders.Tx) error {
		questions, err := w.desk.Questions(tx, odd)
		if len(questions) != 2 || questions[0].Rule != "fixed_within_problems" || questions[1].Rule != "checks_need_groups" {
			t.Errorf("asked is %+v", questions)
		}
		return err
	})
	odd.Answers = map[string]string{"fixed_within_problems": " 含前一日问题 ", "no_such_rule": "x"}
	r, err := w.submit(odd, "O1")
	if err != nil {
		t.Fatal(err)
	}
	asked := r.Latest().Questions
	if len(asked) != 2 || asked[0].Why != "含前一日问题" || asked[0].By != "O1" || asked[1].Why != "" {
		t.Errorf("%+v", asked)
	}
	want := []string{"O1 questioned u1/2026-10-03/daily explained", "O1 questioned u1/2026-10-03/daily not-explained"}
	if diff := cmp.Diff(want, w.entries(ledger.Questioned)); diff != "" {
		t.Error(diff)
	}
}

// The day's incidents, the days before and the year before are what a report is held
// against.
func TestQuestionsKnowTheContext(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(1, 12, 0))
	if _, err := w.submit(w.daily("u1", 1, "groups=1 units=9 problems=1 fixed=0"), "O1"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(3, 12, 0))
	asks := func(d report.Draft) (rules []string) {
		w.do(func(tx reminders.Tx) error {
			questions, err := w.desk.Questions(tx, d)
			rules = nil
			for _, q := range questions {
				rules = append(rules, q.Rule)
			}
			return err
		})
		return rules
	}
	many := w.daily("u1", 3, "groups=1 units=9 problems=9 fixed=0")
	if diff := cmp.Diff([]string{"problems_like_earlier"}, asks(many)); diff != "" {
		t.Error(diff)
	}
	// The third day of National Day 2025 was 3 October, in the block with Mid-Autumn.
	w.do(func(tx reminders.Tx) error {
		before := day(3)
		before.Year = 2025
		r := report.Report{
			ID: report.DailyID("u1", before), Kind: report.Daily, Unit: "u1", Day: before, State: report.Accepted,
			Versions: []report.Version{{Nil: true}},
		}
		return w.store.Reports().SaveReport(tx, r)
	})
	if diff := cmp.Diff([]string{"problems_like_last_year", "problems_like_earlier"}, asks(many)); diff != "" {
		t.Error(diff)
	}
	nothing := report.Draft{Kind: report.Daily, Unit: "u1", Day: day(3), Nil: true}
	if got := asks(nothing); got != nil {
		t.Errorf("nothing to report asks %v", got)
	}
	incident := report.Draft{FormVersion: 1, Unit: "u1", Values: report.Values{"time": {At: on(3, 11, 0)}, "course": {Text: "电梯停运"}}}
	w.must(func(tx reminders.Tx) (report.Report, error) { return w.desk.Incident(tx, incident, "O1") })
	if diff := cmp.Diff([]string{"nil_without_incidents"}, asks(nothing)); diff != "" {
		t.Error(diff)
	}
}
