package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/report"
)

// happened is what a first report says at least.
func happened() report.Draft {
	return report.Draft{
		Unit: "u1", FormVersion: 1, Values: report.Values{"time": {At: on(3, 2, 50)}, "course": {Text: "<b>电梯</b>停运"}},
		Files: []reminders.File{{Hash: "aa", Name: "p.jpg", Type: "image/jpeg"}},
	}
}

func (w *world) incident(d report.Draft, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.Incident(tx, d, by) })
}

func (w *world) followOn(d report.Draft, by reminders.PersonID) (report.Report, error) {
	return w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.FollowOn(tx, d, by) })
}

// In the middle of the night the leader on duty and the staff on duty know at once, in the
// fast lane, with what the officer wrote and the photo.
func TestIncidentGoesOutAtOnce(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 3, 0))
	w.hush()
	r, err := w.incident(happened(), "O1")
	if err != nil || r.ID != "incident/2026-1" || r.Incident != r.ID || r.Day != day(3) || r.Block != national || r.Standing != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if diff := cmp.Diff([]string{"3 03:00 L1 incident.first", "3 03:00 S1 incident.first"}, w.said()); diff != "" {
		t.Error(diff)
	}
	var got []reminders.Delivery
	w.do(func(tx reminders.Tx) (err error) {
		got, err = w.store.Outbox().DueDeliveries(tx, reminders.LaneDuty, w.now, 0)
		return err
	})
	if len(got) != 2 || got[0].Key != "incident/2026-1/v1/L1" || len(got[0].Files) != 1 || got[0].As != reminders.DutyLeader {
		t.Fatalf("%+v", got)
	}
	say := got[0].Lines[0]
	if text := say.Args["Lines"].List[1].Args["Value"].Text; text == nil || *text != "<b>电梯</b>停运" {
		t.Errorf("what was written is not an argument that is escaped: %+v", say.Args["Lines"])
	}
	if button := say.Buttons[0][0]; button.Verb != "open" || button.Object != string(r.Handle()) || !report.IsHandle(button.Object) {
		t.Errorf("%+v", button)
	}
	found, err := w.try(func(tx reminders.Tx) (report.Report, error) { return w.desk.ByHandle(tx, r.Handle()) })
	if err != nil || found.ID != r.ID {
		t.Errorf("the button leads to %v, %v", found.ID, err)
	}
	w.sound()
}

// The second tap of the same person is the same report.
func TestIncidentOnce(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 3, 0))
	first, err := w.incident(happened(), "O1")
	if err != nil {
		t.Fatal(err)
	}
	w.goTo(on(3, 3, 5))
	if again, err := w.incident(happened(), "O1"); err != nil || again.ID != first.ID {
		t.Errorf("%v, %v", again.ID, err)
	}
	if other, err := w.incident(happened(), "B1"); err != nil || other.ID != "incident/2026-2" {
		t.Errorf("somebody else's report: %v, %v", other.ID, err)
	}
}

// First, follow-on and final are one incident with one number; after the final there are
// corrections only, which go out as well.
func TestIncidentThread(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 3, 0))
	first, err := w.incident(happened(), "O1")
	if err != nil {
		t.Fatal(err)
	}
	w.goTo(on(3, 5, 0))
	w.hush()
	begin := func(stage report.Stage) (d report.Draft) {
		w.do(func(tx reminders.Tx) (err error) {
			d, err = w.desk.DraftFollowOn(tx, first.ID, stage)
			return err
		})
		return d
	}
	d := begin(report.FollowOn)
	if v := d.Values["course"]; v.Text != "<b>电梯</b>停运" || v.From != report.FromEarlier || len(v.Refs) != 1 {
		t.Errorf("what was said is asked again: %+v", v)
	}
	d.Values["taken"] = report.Value{Text: "已疏散 3 人"}
	second, err := w.followOn(d, "B1")
	if err != nil || second.ID != "incident/2026-1/2" || second.Number != first.Number || second.Stage != report.FollowOn {
		t.Fatalf("%+v, %v", second, err)
	}
	last := begin(report.Final)
	_, err = w.followOn(last, "O1")
	w.refused(err, reminders.Invalid, "report.value.required")
	for _, name := range []string{"place", "nature", "consequences"} {
		last.Values[name] = report.Value{Text: "无"}
	}
	w.goTo(on(3, 7, 0))
	third, err := w.followOn(last, "O1")
	if err != nil || third.Stage != report.Final || third.Part != 3 {
		t.Fatalf("%+v, %v", third, err)
	}
	w.goTo(on(3, 7, 20))
	_, err = w.followOn(begin(report.FollowOn), "O1")
	w.refused(err, reminders.Closed, "report.incident_ended")
	change := w.correction(third.ID, "")
	change.Values["place"], change.Reason = report.Value{Text: "东门"}, "地点写漏"
	if _, err := w.correct(change, "O1"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"3 05:00 L1 incident.follow_on", "3 05:00 S1 incident.follow_on", "3 07:00 L1 incident.final", "3 07:00 S1 incident.final",
		"3 07:20 L1 incident.corrected", "3 07:20 S1 incident.corrected",
	}
	if diff := cmp.Diff(want, w.said()); diff != "" {
		t.Error(diff)
	}
	w.do(func(tx reminders.Tx) error {
		parts, err := w.desk.Incidents(tx, first.ID)
		if len(parts) != 3 || parts[2].ID != third.ID {
			t.Errorf("%d parts", len(parts))
		}
		return err
	})
	if got := w.entries(ledger.Reported); len(got) != 4 {
		t.Errorf("%v", got)
	}
	w.sound()
}

// Who may report an incident, and to whom it goes where nobody leads the shift. The sender
// needs no message.
func TestIncidentPeople(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(20, 10, 0)) // a working day, without any shift
	_, err := w.incident(happened(), "O1")
	w.refused(err, reminders.Denied, "report.not_on_shift")
	if _, err = w.incident(happened(), "X1"); err != nil {
		t.Fatal(err)
	}
	w.roles["/staff-on-duty"] = []reminders.PersonID{"X1", "S2"}
	again := happened()
	again.Values["course"] = report.Value{Text: "又停"}
	w.goTo(on(20, 10, 30))
	w.hush()
	if _, err = w.incident(again, "X1"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"20 10:30 H1 incident.first", "20 10:30 S2 incident.first"}, w.said()); diff != "" {
		t.Error(diff)
	}
	bare := happened()
	bare.Values = report.Values{"course": {Text: "不详"}}
	_, err = w.incident(bare, "X1")
	w.refused(err, reminders.Invalid, "report.value.required")
	_, err = w.followOn(report.Draft{Report: "incident/2026-9"}, "X1")
	w.refused(err, reminders.NotFound, "report.not_found")
	_, err = w.followOn(report.Draft{Report: "u1/2026-10-03/daily"}, "X1")
	w.refused(err, reminders.NotFound, "report.not_found")
}

// 3 and 30 are different incidents, however alike their names are.
func TestIncidentsAreApart(t *testing.T) {
	w := newWorld(t)
	w.goTo(on(3, 3, 0))
	for n := range 12 {
		d := happened()
		d.Values["course"] = report.Value{Text: string(rune('A' + n))}
		if _, err := w.incident(d, "O1"); err != nil {
			t.Fatal(err)
		}
	}
	d := happened()
	d.Report = "incident/2026-12"
	if _, err := w.followOn(d, "O1"); err != nil {
		t.Fatal(err)
	}
	w.do(func(tx reminders.Tx) error {
		parts, err := w.desk.Incidents(tx, "incident/2026-1")
		if len(parts) != 1 {
			t.Errorf("%d parts of the first", len(parts))
		}
		return err
	})
}
