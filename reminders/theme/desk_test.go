package theme_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/theme"
)

// owes gives the line of the book by which a unit owes a report.
func (w *world) owes(f theme.Finding) (line obligation.Obligation) {
	w.t.Helper()
	w.must(func(tx reminders.Tx) (err error) {
		line, _, err = w.store.Obligations().Obligation(tx, f.Terms(), obligation.Owner{Unit: f.Unit})
		return err
	})
	return line
}

// A suggestion is an obligation of the unit, the liaison's report answers it, a return
// opens another round, and whoever reported does not confirm.
func TestPuttingRight(t *testing.T) {
	w := newWorld(t)
	id := w.running()
	w.found(id)
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Suggest(tx, id, 1, "补齐清单。", 5, "S1")
		return err
	})
	f := w.finding(id, 1)
	if want := time.Date(2026, 7, 22, 18, 0, 0, 0, place); !f.Due.Equal(want) || w.owes(f).State != obligation.Open {
		t.Errorf("due %s, owed %s; want %s and open", f.Due, w.owes(f).State, want)
	}
	report := func(by reminders.PersonID) error {
		return w.do(func(tx reminders.Tx) error {
			_, err := w.desk.Report(tx, id, 1, "已补齐。", by, false)
			return err
		})
	}
	if err := report("X2"); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("the liaison of another unit reports: %v", err)
	}
	if err := report("X1"); err != nil || w.owes(f).State != obligation.Met {
		t.Fatalf("%v, owed %s", err, w.owes(f).State)
	}
	if got := w.told("finding-reported"); !slices.Equal(got, []reminders.PersonID{"S1", "S2"}) {
		t.Errorf("told %v", got)
	}
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Return(tx, id, 1, "还缺两份。", 3, "S2")
		return err
	})
	f = w.finding(id, 1)
	if f.ReturnedFor() != "还缺两份。" || f.Report != nil || w.owes(f).State != obligation.Open || f.Round != 2 {
		t.Errorf("after the return: %+v, owed %s", f, w.owes(f).State)
	}
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Report(tx, id, 1, "都补齐了。", "S1", true)
		return err
	})
	for by, want := range map[reminders.PersonID]reminders.Kind{"S1": reminders.Denied} {
		err := w.do(func(tx reminders.Tx) error {
			_, err := w.desk.Confirm(tx, id, 1, by)
			return err
		})
		if reminders.KindOf(err) != want || err == nil {
			t.Errorf("%s, who reported it, confirms: %v", by, err)
		}
	}
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Confirm(tx, id, 1, "S2")
		return err
	})
	if f = w.finding(id, 1); f.State != theme.PutRight || f.Outcome.By != "S2" || f.Followup != "" {
		t.Errorf("closed as %+v", f)
	}
	w.sound()
}

// What is referred is owed no more, hidden from the unit, and keeps three facts alone.
func TestReferring(t *testing.T) {
	w := newWorld(t)
	id := w.running()
	w.found(id)
	w.must(func(tx reminders.Tx) error {
		_, err := w.desk.Suggest(tx, id, 1, "补齐清单。", 5, "S1")
		return err
	})
	refer := func(day calendar.Date) error {
		return w.do(func(tx reminders.Tx) error {
			_, err := w.desk.Refer(tx, id, 1, theme.Referral{Number: "移送函5号", Day: day, To: "示例组"}, "S1")
			return err
		})
	}
	if err := refer(calendar.Date{Year: 2026, Month: 7, Day: 16}); reminders.KindOf(err) != reminders.Invalid {
		t.Errorf("referred tomorrow: %v", err)
	}
	if err := refer(calendar.Date{Year: 2026, Month: 7, Day: 15}); err != nil {
		t.Fatal(err)
	}
	f := w.finding(id, 1)
	if line := w.owes(f); line.State != obligation.Withdrawn || line.Reason != obligation.ReasonWithdrawn || f.ShownToUnit() {
		t.Errorf("owed %s (%s), shown %v", line.State, line.Reason, f.ShownToUnit())
	}
	w.sound()
}

// Texts that the guard refuses are not kept, neither in a theme nor in a check.
func TestGuardedTexts(t *testing.T) {
	w := newWorld(t)
	id := w.running()
	for name, f := range map[string]func(tx reminders.Tx) error{
		"a finding": func(tx reminders.Tx) error {
			_, err := w.desk.Check(tx, id, "u1", []theme.Answer{{}, {Finding: "绝密"}}, "S1")
			return err
		},
		"a reason": func(tx reminders.Tx) error { _, err := w.desk.Skip(tx, id, "u1", "绝密", "S1"); return err },
		"a title": func(tx reminders.Tx) error {
			t, err := w.desk.Begin(tx, "2026-Q4", reminders.Chinese, "S1")
			if err != nil {
				return err
			}
			_, err = w.desk.Edit(tx, t.ID, "S1", func(t *theme.Theme) { t.Title = "绝密" })
			return err
		},
	} {
		if err := w.do(f); reminders.KindOf(err) != reminders.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.must(func(tx reminders.Tx) error {
		checks, err := w.store.Themes().Checks(tx, id)
		if len(checks) > 0 {
			t.Errorf("kept %v", checks)
		}
		return err
	})
}

// The card decides: returned, the theme can be written again by its drafter alone; given
// up it leaves its name free only if it was never submitted.
func TestCardDecides(t *testing.T) {
	w := newWorld(t)
	id := w.running()
	w.cards["card-2026-Q3"], w.why = theme.SentBack, "依据不全"
	edit := func(by reminders.PersonID) error {
		return w.do(func(tx reminders.Tx) error {
			_, err := w.desk.Edit(tx, id, by, func(t *theme.Theme) { t.Basis = "两项规定" })
			return err
		})
	}
	if err := edit("S2"); reminders.KindOf(err) != reminders.Denied {
		t.Errorf("somebody else writes: %v", err)
	}
	if err := edit("S1"); err != nil {
		t.Error(err)
	}
	w.cards["card-2026-Q3"] = theme.Approved
	if err := edit("S1"); reminders.KindOf(err) != reminders.Closed {
		t.Errorf("an approved theme is written: %v", err)
	}
	w.must(func(tx reminders.Tx) error {
		second, err := w.desk.Begin(tx, "2026-Q3", reminders.Chinese, "S2")
		if err != nil || second.ID != "2026-Q3-2" {
			t.Errorf("the second theme is %s: %v", second.ID, err)
		}
		return w.desk.Abandon(tx, second.ID, "S2")
	})
	w.must(func(tx reminders.Tx) error {
		again, err := w.desk.Begin(tx, "2026-Q3", reminders.Chinese, "S2")
		if again.ID != "2026-Q3-2" {
			t.Errorf("the name is not free again: %s", again.ID)
		}
		return err
	})
	w.sound()
}

// The office is reminded once, two weeks before the end of the quarter, in the morning of
// a workday; what is over is not reminded of.
func TestReminder(t *testing.T) {
	w := newWorld(t)
	id := w.running()
	at := w.desk.Reminder("2026-Q3")
	if want := time.Date(2026, 9, 16, 9, 0, 0, 0, place); !at.Equal(want) {
		t.Fatalf("reminded at %s, not %s", at, want)
	}
	advance := func() (next time.Time) {
		for more := true; more; {
			var err error
			if next, more, err = w.desk.Advance(context.Background(), w.now); err != nil {
				t.Fatal(err)
			}
		}
		return next
	}
	if next := advance(); !next.Equal(at) || len(w.told("theme-open")) > 0 {
		t.Errorf("before: next %s, told %v", next, w.told("theme-open"))
	}
	w.now = at
	if next := advance(); !next.IsZero() {
		t.Errorf("after: next %s", next)
	}
	advance()
	if diff := cmp.Diff([]reminders.PersonID{"S1", "S2"}, w.told("theme-open")); diff != "" {
		t.Error(diff)
	}
	w.must(func(tx reminders.Tx) error {
		planned, err := w.desk.Planned(tx)
		if len(planned) > 0 {
			t.Errorf("%s is still planned: %v", id, planned)
		}
		return err
	})
}

// Whatever is done in whatever order: a theme that is closed has an outcome for each
// finding and a record for each unit, the numbers have no gap, and the store is sound.
func TestClosedMeansSettled(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(t)
		id := w.running()
		people := rapid.SampledFrom([]reminders.PersonID{"S1", "S2"})
		units := rapid.SampledFrom([]reminders.UnitID{"u1", "u2", "u9"})
		number := rapid.IntRange(1, 4)
		do := func(f func(tx reminders.Tx) error) {
			if err := w.do(f); err != nil && reminders.KindOf(err) == reminders.Internal {
				r.Fatal(err)
			}
		}
		steps := map[string]func(*rapid.T){
			"check": func(r *rapid.T) {
				unit, by, bad := units.Draw(r, "unit"), people.Draw(r, "by"), rapid.Bool().Draw(r, "bad")
				do(func(tx reminders.Tx) error {
					answers := []theme.Answer{{}, {}}
					if bad {
						answers[1].Finding = "清单不全。"
					}
					_, err := w.desk.Check(tx, id, unit, answers, by)
					return err
				})
			},
			"skip": func(r *rapid.T) {
				unit, by := units.Draw(r, "unit"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Skip(tx, id, unit, "撤并", by); return err })
			},
			"add": func(r *rapid.T) {
				unit, by := units.Draw(r, "unit"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Add(tx, id, unit, 1, "补记", by); return err })
			},
			"suggest": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Suggest(tx, id, n, "补齐", 5, by); return err })
			},
			"report": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), rapid.SampledFrom([]reminders.PersonID{"X1", "X2"}).Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Report(tx, id, n, "已补", by, false); return err })
			},
			"report for": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Report(tx, id, n, "已补", by, true); return err })
			},
			"return": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Return(tx, id, n, "不够", 3, by); return err })
			},
			"confirm": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Confirm(tx, id, n, by); return err })
			},
			"refer": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error {
					_, err := w.desk.Refer(tx, id, n, theme.Referral{Number: "5号", Day: calendar.Date{Year: 2026, Month: 7, Day: 1}, To: "示例组"}, by)
					return err
				})
			},
			"dismiss": func(r *rapid.T) {
				n, by := number.Draw(r, "n"), people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Dismiss(tx, id, n, "属实误记", by); return err })
			},
			"close": func(r *rapid.T) {
				by := people.Draw(r, "by")
				do(func(tx reminders.Tx) error { _, err := w.desk.Close(tx, id, by); return err })
			},
			"": func(r *rapid.T) { w.settledIfClosed(r, id) },
		}
		r.Repeat(steps)
		w.sound()
	})
}

// settledIfClosed fails if a theme is closed and something in it has no end.
func (w *world) settledIfClosed(r *rapid.T, id theme.ID) {
	var all theme.Dossier
	w.must(func(tx reminders.Tx) (err error) {
		all, err = w.desk.Dossier(tx, id)
		return err
	})
	for i, f := range all.Findings {
		if f.Number != i+1 {
			r.Fatalf("finding %d has the number %d", i+1, f.Number)
		}
		if f.State == theme.PutRight && f.Report.By == f.Outcome.By {
			r.Fatalf("finding %d was confirmed by who reported it", f.Number)
		}
	}
	if gaps := theme.Gaps(all.Theme, all.Checks, all.Findings); all.Theme.State == theme.Closed && len(gaps) > 0 {
		r.Fatalf("closed with %v", gaps)
	}
}
