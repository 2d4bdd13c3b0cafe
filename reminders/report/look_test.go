package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// The board of a day shows every unit that owes, with its report once there is one.
func TestBoard(t *testing.T) {
	w, r := reported(t, full)
	var board report.Board
	look := func(n int) report.Board {
		w.do(func(tx reminders.Tx) (err error) {
			board, err = w.desk.Board(tx, day(n))
			return err
		})
		return board
	}
	b := look(3)
	if len(b.Units) != 2 || b.Units[0].Report == nil || b.Units[0].Report.ID != r.ID || b.Units[1].Report != nil {
		t.Fatalf("%+v", b.Units)
	}
	if b.Units[0].State != obligation.Met || b.Units[1].State != obligation.Open || b.Total.Open != 1 || b.Total.Filed != 1 || b.Total.Sums["units"] != 12 {
		t.Errorf("%+v", b)
	}
	if b.Handle != obligation.HandleOf(report.DailyTerms(national, day(3))) {
		t.Errorf("handle %s", b.Handle)
	}
	for _, quiet := range []int{4, 20} { // tomorrow, and a working day
		if b := look(quiet); len(b.Units) != 0 || b.Handle != "" {
			t.Errorf("%d October: %+v", quiet, b)
		}
	}
}

// Lists are cut down by unit, kind, state and day.
func TestList(t *testing.T) {
	w, _ := reported(t, full)
	if _, err := w.nilReport("u2", 3, "O2"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.incident(happened(), "O1"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.accept("u1/2026-10-03/daily"); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name   string
		filter report.Filter
		want   []report.ID
	}{
		{"all of a day", report.Filter{From: day(3), To: day(3)}, []report.ID{"incident/2026-1", "u1/2026-10-03/daily", "u2/2026-10-03/daily"}},
		{"a unit", report.Filter{From: day(1), To: day(7), Unit: "u1"}, []report.ID{"incident/2026-1", "u1/2026-10-03/daily"}},
		{"a kind", report.Filter{From: day(1), To: day(7), Kind: report.Daily}, []report.ID{"u1/2026-10-03/daily", "u2/2026-10-03/daily"}},
		{"a state", report.Filter{From: day(1), To: day(7), State: report.Accepted}, []report.ID{"u1/2026-10-03/daily"}},
		{"other days", report.Filter{From: day(4), To: day(9)}, nil},
		{"the wrong way round", report.Filter{From: day(9), To: day(1)}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var ids []report.ID
			w.do(func(tx reminders.Tx) error {
				found, err := w.desk.List(tx, row.filter)
				ids = nil
				for _, r := range found {
					ids = append(ids, r.ID)
				}
				return err
			})
			if diff := cmp.Diff(row.want, ids); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is known already stands in the draft of the day, and says where it came from.
func TestDraftDaily(t *testing.T) {
	w := newWorld(t)
	w.notes = []report.Note{{Ref: "u1/20261003T0800", Text: "电梯检修"}, {Ref: "matter/u1/1", Text: "等物业回复"}}
	w.goTo(on(3, 12, 0))
	if _, err := w.incident(happened(), "O1"); err != nil {
		t.Fatal(err)
	}
	draft := func(unit reminders.UnitID, n int) (d report.Draft) {
		w.do(func(tx reminders.Tx) (err error) {
			d, err = w.desk.DraftDaily(tx, unit, day(n))
			return err
		})
		return d
	}
	one := 1
	want := report.Values{
		"urgent":  {Number: &one, From: report.FromIncidents, Refs: []string{"incident/2026-1"}},
		"matters": {Text: "电梯检修\n等物业回复", From: report.FromHandover, Refs: []string{"u1/20261003T0800", "matter/u1/1"}},
	}
	d := draft("u1", 3)
	if diff := cmp.Diff(want, d.Values); diff != "" || d.Block != national || d.FormVersion != 1 {
		t.Errorf("%+v\n%s", d, diff)
	}
	if d := draft("u2", 3); len(d.Values) != 0 {
		t.Errorf("u2 is told what u1 knows: %+v", d.Values)
	}
	long := make([]rune, 900)
	for i := range long {
		long[i] = '长'
	}
	w.notes = []report.Note{{Text: string(long)}}
	if text := []rune(draft("u1", 3).Values["matters"].Text); len(text) != 500 || text[499] != '…' {
		t.Errorf("%d characters of notes", len(text))
	}
	full := w.daily("u1", 3, full)
	if _, err := w.submit(full, "O1"); err != nil {
		t.Fatal(err)
	}
	if again := draft("u1", 3); again.Report != "u1/2026-10-03/daily" || again.Base != 1 || len(again.Values) != 4 {
		t.Errorf("the report that is there is not corrected: %+v", again)
	}
}

// One row for each version, with what a machine can read.
func TestRows(t *testing.T) {
	w, r := reported(t, full)
	if _, err := w.returnIt(r.ID, "请核对"); err != nil {
		t.Fatal(err)
	}
	w.goTo(on(3, 13, 0))
	corrected, err := w.correct(w.correction(r.ID, "units=13"), "B1")
	if err != nil {
		t.Fatal(err)
	}
	happening, err := w.incident(happened(), "O1")
	if err != nil {
		t.Fatal(err)
	}
	rows := report.Rows([]report.Report{corrected, happening}, place)
	if len(rows) != 3 {
		t.Fatalf("%d rows", len(rows))
	}
	first, second, incident := rows[0], rows[1], rows[2]
	if first.Version != 1 || first.Latest || first.Review != report.Returned || first.ReviewReason != "请核对" || first.ReviewedBy != "S1" || first.By != "O1" {
		t.Errorf("%+v", first)
	}
	if second.Version != 2 || !second.Latest || second.Review != "" || second.Values["units"] != "13" || second.Standing != "met" || second.Number != "2026-1" {
		t.Errorf("%+v", second)
	}
	if incident.Stage != report.First || incident.Files != 1 || incident.Standing != "" || incident.Values["course"] != "<b>电梯</b>停运" {
		t.Errorf("%+v", incident)
	}
	if at, err := time.Parse(time.RFC3339, incident.Values["time"]); err != nil || !at.Equal(on(3, 2, 50)) || incident.Values["time"][19:] != "+08:00" {
		t.Errorf("%s", incident.Values["time"])
	}
	columns := w.forms.ValueColumns()
	for name := range incident.Values {
		found := false
		for _, column := range columns {
			found = found || column == name
		}
		if !found {
			t.Errorf("%s has no column", name)
		}
	}
}
