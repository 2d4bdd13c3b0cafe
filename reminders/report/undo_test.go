package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// undo takes the nil report of a day back.
func (w *world) undo(n int, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.UndoNil(tx, "u1", day(n), by) })
}

// A nil report tapped by mistake is taken back: the line is open again, nothing is
// counted, and the report that follows has the same number.
func TestNilReportTakenBack(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 15, 31))
	if _, err := w.nilReport("u1", 3, "O1"); err != nil {
		t.Fatal(err)
	}
	w.now = on(3, 15, 40)
	for range 2 { // the second tap changes nothing
		r, err := w.undo(3, "B1")
		if err != nil || r.State != report.TakenBack || r.Standing != "" {
			t.Fatalf("%v, %+v", err, r)
		}
	}
	if got := w.state(report.DailyTerms(national, day(3)), "u1"); got != obligation.Open {
		t.Errorf("what was owed is %s", got)
	}
	w.do(func(tx reminders.Tx) error {
		board, err := w.desk.Board(tx, day(3))
		if board.Total.Filed != 0 || board.Total.Nil != 0 || board.Units[0].Report != nil {
			t.Errorf("the board shows %+v", board)
		}
		waiting, err2 := w.desk.Waiting(tx)
		if len(waiting) != 0 || err2 != nil {
			t.Errorf("%d wait for a review, %v", len(waiting), err2)
		}
		draft, err3 := w.desk.DraftDaily(tx, "u1", day(3))
		if draft.Report != "" || err3 != nil {
			t.Errorf("the next report begins as a correction of %s, %v", draft.Report, err3)
		}
		return err
	})
	r, err := w.submit(w.daily("u1", 3, full), "O1")
	if err != nil || r.Number.String() != "2026-1" || len(r.Versions) != 2 || r.State != report.Submitted || r.Standing != obligation.Met {
		t.Errorf("%v, %+v", err, r)
	}
	want := []string{
		"O1 reported u1/2026-10-03/daily nil", "B1 undone duty/2026-national-day/2026-10-03/daily-report undone",
		"B1 undone u1/2026-10-03/daily nil", "O1 reported u1/2026-10-03/daily report",
	}
	if diff := cmp.Diff(want, w.entries(ledger.Reported, ledger.Undone)); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// What cannot be taken back says why and stays as it is.
func TestNilReportNotTakenBack(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 15, 0))
	id := report.DailyID("u1", day(3))
	_, err := w.undo(3, "O1")
	w.refused(err, reminders.NotFound, "report.not_found")
	filed, err := w.nilReport("u1", 3, "O1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.undo(3, "O2") // of another unit
	w.refused(err, reminders.Denied, "report.not_on_shift")
	w.now = on(3, 15, 10) // ten minutes are over
	_, err = w.undo(3, "O1")
	w.refused(err, reminders.Closed, "report.undo_over")
	w.must(func(tx reminders.Tx) (report.Report, error) { return w.desk.Accept(tx, id, "S1") })
	w.now = on(3, 15, 5) // reviewed meanwhile
	_, err = w.undo(3, "O1")
	w.refused(err, reminders.Closed, "report.undo_over")
	if r := w.must(func(tx reminders.Tx) (report.Report, error) { return w.desk.Find(tx, id) }); r.Number != filed.Number || r.State != report.Accepted {
		t.Errorf("%+v", r)
	}
	w.sound()
}

// What was taken back can be neither reviewed nor corrected until it is filed again.
func TestTakenBackIsNotReviewed(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 15, 0))
	id := report.DailyID("u1", day(3))
	if _, err := w.nilReport("u1", 3, "O1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.undo(3, "O1"); err != nil {
		t.Fatal(err)
	}
	for name, step := range map[string]func(tx reminders.Tx) (report.Report, error){
		"accept": func(tx reminders.Tx) (report.Report, error) { return w.desk.Accept(tx, id, "S1") },
		"return": func(tx reminders.Tx) (report.Report, error) { return w.desk.Return(tx, id, "请核对", "S1") },
		"overturn": func(tx reminders.Tx) (report.Report, error) {
			return w.desk.Overturn(tx, id, "快报〔2026〕1号", "S1")
		},
		"correct": func(tx reminders.Tx) (report.Report, error) {
			draft := w.daily("u1", 3, full)
			draft.Report, draft.Base, draft.Reason = id, 1, "更正"
			return w.desk.Correct(tx, draft, "O1")
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.try(step)
			w.refused(err, reminders.Conflict, "report.taken_back")
		})
	}
	w.sound()
}

// What a button on terms names begins the right draft.
func TestDraftExpected(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	r, err := w.submit(w.daily("u1", 3, full), "O1")
	if err != nil {
		t.Fatal(err)
	}
	r = w.must(func(tx reminders.Tx) (report.Report, error) { return w.desk.Return(tx, r.ID, "请核对", "S1") })
	w.now = on(9, 12, 0)
	w.do(func(tx reminders.Tx) error {
		for _, want := range []struct {
			terms  obligation.TermsID
			kind   report.Kind
			day    calendar.Date
			report report.ID
		}{
			{report.DailyTerms(national, day(2)), report.Daily, day(2), ""},
			{r.Correction(), report.Daily, day(3), r.ID},
			{report.ClosingTerms(national), report.Closing, day(7), ""},
		} {
			draft, err := w.desk.DraftExpected(tx, "u1", want.terms)
			if err != nil || draft.Kind != want.kind || draft.Day != want.day || draft.Report != want.report {
				t.Errorf("%s begins %+v, %v", want.terms, draft, err)
			}
		}
		_, err := w.desk.DraftExpected(tx, "u1", "2026-national-day/unit-notice")
		w.refused(err, reminders.NotFound, "report.not_found")
		return nil
	})
}
