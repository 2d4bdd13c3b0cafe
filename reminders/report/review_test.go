package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// reported makes a world on 3 October at noon in which u1 has reported.
func reported(t *testing.T, values string) (*world, report.Report) {
	t.Helper()
	w := newWorld(t)
	w.goTo(on(3, 12, 0))
	draft := w.daily("u1", 3, values)
	if values == "" {
		draft.Nil, draft.Values = true, nil
	}
	r, err := w.submit(draft, "O1")
	if err != nil {
		t.Fatal(err)
	}
	w.hush()
	return w, r
}

func (w *world) returnIt(id report.ID, reason string) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Return(tx, id, reason, "S1") })
}

func (w *world) accept(id report.ID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Accept(tx, id, "S1") })
}

func (w *world) correct(d report.Draft, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Correct(tx, d, by) })
}

// correction begins a correction of a report with another value.
func (w *world) correction(id report.ID, values string) (d report.Draft) {
	w.do(func(tx reminders.Tx) (err error) {
		d, err = w.desk.DraftCorrection(tx, id)
		return err
	})
	for name, value := range numbers(values) {
		d.Values[name] = value
	}
	return d
}

// A returned report is expected again: the officer on duty is asked with the reason, the
// correction answers that, and what was said before stays beside it. The obligation of
// the day stays met.
func TestReturnAndCorrect(t *testing.T) {
	w, r := reported(t, full)
	w.goTo(on(3, 18, 0))
	r, err := w.returnIt(r.ID, " 检查单位数与附表不符 ")
	if err != nil || r.State != report.Returned || r.Review().Reason != "检查单位数与附表不符" {
		t.Fatalf("%+v, %v", r, err)
	}
	w.goTo(on(3, 18, 10))
	if diff := cmp.Diff([]string{"3 18:00 O1 returned.ask"}, w.said()[len(w.said())-1:]); diff != "" {
		t.Error(diff)
	}
	terms := r.Correction()
	if got := w.state(terms, "u1"); got != obligation.Open {
		t.Errorf("the correction is %q", got)
	}
	_, err = w.returnIt(r.ID, "还有")
	w.refused(err, reminders.Conflict, "report.returned_already")

	r, err = w.correct(w.correction(r.ID, "units=13"), "B1")
	if err != nil || r.State != report.Submitted || len(r.Versions) != 2 || r.Latest().Reason != "检查单位数与附表不符" {
		t.Fatalf("%+v, %v", r, err)
	}
	before, _ := r.Versions[0].Values.Count("units")
	after, _ := r.Latest().Values.Count("units")
	if before != 12 || after != 13 || r.Number.Serial != 1 {
		t.Errorf("%d became %d, number %v", before, after, r.Number)
	}
	if got := w.state(terms, "u1"); got != obligation.Met {
		t.Errorf("the correction is %q", got)
	}
	if got := w.state(report.DailyTerms(national, day(3)), "u1"); got != obligation.Met {
		t.Errorf("the report of the day is %q", got)
	}
	if r, err = w.accept(r.ID); err != nil || r.State != report.Accepted || len(r.Reviews) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
	want := []string{
		"O1 reported u1/2026-10-03/daily report", "S1 returned u1/2026-10-03/daily version-1",
		"B1 reported u1/2026-10-03/daily corrected", "S1 accepted u1/2026-10-03/daily version-2",
	}
	if diff := cmp.Diff(want, w.entries(ledger.Reported, ledger.Returned, ledger.Accepted)); diff != "" {
		t.Error(diff)
	}
	w.sound()
}

// A correction that does not come is told to the staff, and ends as missed: nothing falls
// through.
func TestReturnWithoutCorrection(t *testing.T) {
	w, r := reported(t, full)
	w.goTo(on(3, 20, 0))
	w.hush()
	if _, err := w.returnIt(r.ID, "请补充"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(4, 1, 0))
	if diff := cmp.Diff([]string{"3 20:00 O1 returned.ask", "4 00:00 S1 returned.tell_staff"}, w.said()); diff != "" {
		t.Error(diff)
	}
	w.goTo(on(6, 12, 0))
	r.Reviews = append(r.Reviews, report.Review{Version: 1})
	if got := w.state(r.Correction(), "u1"); got != obligation.Missed {
		t.Errorf("the correction is %q", got)
	}
	w.sound()
}

// After the block nobody is on duty: the liaison is asked, and may correct.
func TestReturnAfterTheBlock(t *testing.T) {
	w, r := reported(t, full)
	w.goTo(on(8, 10, 0))
	w.hush()
	r, err := w.returnIt(r.ID, "请核对")
	if err != nil {
		t.Fatal(err)
	}
	w.goTo(on(8, 10, 1))
	if diff := cmp.Diff([]string{"8 10:00 X1 returned.ask"}, w.said()); diff != "" {
		t.Error(diff)
	}
	_, err = w.correct(w.correction(r.ID, ""), "O1")
	w.refused(err, reminders.Denied, "report.not_on_shift")
	if r, err = w.correct(w.correction(r.ID, "units=13"), "X1"); err != nil || w.state(r.Correction(), "u1") != obligation.Met {
		t.Errorf("%v", err)
	}
	w.sound()
}

// Staff who returned a report by mistake accept it as it is; nothing is expected any more.
func TestReturnTakenBack(t *testing.T) {
	w, r := reported(t, full)
	r, err := w.returnIt(r.ID, "看错了行")
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := w.accept(r.ID)
	if err != nil || accepted.State != report.Accepted || w.state(r.Correction(), "u1") != obligation.Withdrawn {
		t.Errorf("%s, the correction is %q, %v", accepted.State, w.state(r.Correction(), "u1"), err)
	}
	if again, err := w.accept(r.ID); err != nil || len(again.Reviews) != len(accepted.Reviews) {
		t.Errorf("accepted twice: %v", err)
	}
	w.sound()
}

// A tap is no answer to a return; saying so in a correction is.
func TestNilAfterReturn(t *testing.T) {
	w, r := reported(t, "")
	if _, err := w.returnIt(r.ID, "当天有检查安排，请核实"); err != nil {
		t.Fatal(err)
	}
	_, err := w.nilReport("u1", 3, "O1")
	w.refused(err, reminders.Conflict, "report.nil_after_return")
	_, err = w.submit(w.daily("u1", 3, full), "O1")
	w.refused(err, reminders.Conflict, "report.there_already")
	d := w.correction(r.ID, "")
	d.Nil, d.Reason = true, "检查改到次日，当天确无情况"
	r, err = w.correct(d, "O1")
	if err != nil || !r.Latest().Nil || r.Latest().Reason != "检查改到次日，当天确无情况" {
		t.Errorf("%+v, %v", r.Latest(), err)
	}
}

// A correction wants a reason, the version that it changes, and the form in force; who may
// submit may correct.
func TestCorrectRefuses(t *testing.T) {
	w, r := reported(t, full)
	for _, row := range []struct {
		name   string
		change func(d *report.Draft)
		by     reminders.PersonID
		kind   reminders.Kind
		key    string
	}{
		{"no reason", func(*report.Draft) {}, "O1", reminders.Invalid, "report.reason_missing"},
		{"an endless reason", func(d *report.Draft) { d.Reason = string(make([]rune, 301)) + "x" }, "O1", reminders.Invalid, "report.reason_long"},
		{"an older version", func(d *report.Draft) { d.Base, d.Reason = 0, "x" }, "O1", reminders.Conflict, "report.changed_meanwhile"},
		{"an older form", func(d *report.Draft) { d.FormVersion, d.Reason = 7, "x" }, "O1", reminders.Conflict, "report.form_changed"},
		{"another unit", func(d *report.Draft) { d.Reason = "x" }, "O2", reminders.Denied, "report.not_on_shift"},
		{"nothing to correct", func(d *report.Draft) { d.Report = "u1/2026-10-04/daily" }, "O1", reminders.NotFound, "report.not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := w.correction(r.ID, "units=1")
			row.change(&d)
			_, err := w.correct(d, row.by)
			w.refused(err, row.kind, row.key)
		})
	}
	d := w.correction(r.ID, "units=13")
	d.Reason = "补记一家"
	if _, err := w.correct(d, "O1"); err != nil {
		t.Fatal(err)
	}
	_, err := w.correct(d, "B1") // began on the first version, like the other
	w.refused(err, reminders.Conflict, "report.changed_meanwhile")
	if _, err := w.returnIt(r.ID, "  "); reminders.MessageOf(err).Key != "report.reason_missing" {
		t.Errorf("returned without a reason: %v", err)
	}
}

// An accepted report that is corrected waits for a review again.
func TestCorrectionAfterAcceptance(t *testing.T) {
	w, r := reported(t, full)
	if _, err := w.accept(r.ID); err != nil {
		t.Fatal(err)
	}
	waiting := func() (n int) {
		w.do(func(tx reminders.Tx) error {
			found, err := w.desk.Waiting(tx)
			n = len(found)
			return err
		})
		return n
	}
	if waiting() != 0 {
		t.Error("an accepted report waits")
	}
	d := w.correction(r.ID, "problems=4")
	d.Reason = "漏报一个"
	r, err := w.correct(d, "L1")
	if err != nil || r.State != report.Submitted || waiting() != 1 {
		t.Errorf("%s, %v, %d waiting", r.State, err, waiting())
	}
	w.sound()
}

// A nil report that is contradicted stays as it was and carries a mark; the liaison hears
// of it, and a correction is possible.
func TestOverturn(t *testing.T) {
	w, r := reported(t, "")
	w.goTo(on(9, 10, 0))
	w.hush()
	overturn := func(id report.ID, ref string) (report.Report, error) {
		return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Overturn(tx, id, ref, "S1") })
	}
	_, err := overturn(r.ID, "  ")
	w.refused(err, reminders.Invalid, "report.ref")
	r, err = overturn(r.ID, "督办〔2026〕17号")
	if err != nil || r.Overturned == nil || !r.Latest().Nil || len(r.Versions) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if again, err := overturn(r.ID, "督办〔2026〕17号"); err != nil || again.Overturned.At != r.Overturned.At {
		t.Errorf("the same once more: %v", err)
	}
	_, err = overturn(r.ID, "督办〔2026〕18号")
	w.refused(err, reminders.Conflict, "report.overturned_already")
	if diff := cmp.Diff([]string{"9 10:00 X1 overturned"}, w.said()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"S1 overturned u1/2026-10-03/daily contradicted"}, w.entries(ledger.Overturned)); diff != "" {
		t.Error(diff)
	}
	d := w.correction(r.ID, "")
	d.Values, d.Reason = numbers(full), "补报"
	if r, err = w.correct(d, "X1"); err != nil || r.Overturned == nil {
		t.Errorf("%v", err)
	}
	w.sound()
	other, full := reported(t, full)
	_, err = other.try(func(tx reminders.Tx) (report.Report, error) { return other.desk.Overturn(tx, full.ID, "x", "S1") })
	other.refused(err, reminders.Conflict, "report.not_nil")
}
