package people_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// TestRetire: the person leaves the service, the chat is free, the record stays,
// and doing it twice is doing it once.
func TestRetire(t *testing.T) {
	o := newOffice().enrol(bound(person("S001", "甲科"), 7))
	var freed reminders.ChatID
	retire := func(tx reminders.Tx) (err error) { freed, err = o.Retire(tx, "S001", "退休", "S900"); return err }
	o.do(t, retire)
	want := person("S001", "甲科")
	want.Status, want.RetiredReason, want.RetiredAt = people.Retired, "退休", start
	if d := cmp.Diff(want, o.state.people["S001"]); d != "" || freed != 7 {
		t.Errorf("chat %d freed, record %s", freed, d)
	}
	entries := []ledger.Entry{{Actor: "S900", Verb: ledger.Retired, Object: "people", Subject: "S001", Reason: "retired"}}
	o.now = o.now.Add(time.Hour)
	o.do(t, retire)
	if d := cmp.Diff(entries, o.state.entries); d != "" {
		t.Error(d)
	}
	if freed != 0 || !o.state.people["S001"].RetiredAt.Equal(start) {
		t.Error("the second time changed something")
	}
	o.do(t, func(tx reminders.Tx) error { return o.Reinstate(tx, "S001", "S900") })
	if r := o.state.people["S001"]; !r.Active() || r.RetiredReason != "" || r.Bound() {
		t.Errorf("reinstated as %+v", r)
	}
}

func TestStandingRefuses(t *testing.T) {
	placeholder := people.Record{Person: reminders.Person{ID: people.Placeholder}, Status: people.Retired}
	o := newOffice().enrol(person("S001", "甲科", reminders.Admin), placeholder)
	tests := []struct {
		name string
		do   func(tx reminders.Tx) error
		want reminders.Kind
	}{
		{"retire nobody", func(tx reminders.Tx) error { _, err := o.Retire(tx, "S009", "", "S900"); return err }, reminders.NotFound},
		{"retire the last admin", func(tx reminders.Tx) error { _, err := o.Retire(tx, "S001", "", "S900"); return err }, reminders.Closed},
		{"reinstate nobody", func(tx reminders.Tx) error { return o.Reinstate(tx, "S009", "S900") }, reminders.NotFound},
		{"reinstate the placeholder", func(tx reminders.Tx) error { return o.Reinstate(tx, people.Placeholder, "S900") }, reminders.NotFound},
		{"mark nobody", func(tx reminders.Tx) error { _, err := o.MarkUnreachable(tx, "S009", people.Blocked); return err }, reminders.NotFound},
		{"a language without texts", func(tx reminders.Tx) error { return o.SetLanguage(tx, "S001", "tlh") }, reminders.Invalid},
		{"leave a topic of the work", func(tx reminders.Tx) error { return o.LeaveTopic(tx, "S001", "holiday-reminder") }, reminders.Denied},
		{"leave a topic as nobody", func(tx reminders.Tx) error { return o.LeaveTopic(tx, "S009", "theme") }, reminders.NotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := o.Do(context.Background(), tt.do)
			if reminders.KindOf(err) != tt.want || reminders.MessageOf(err).Key == "" {
				t.Errorf("%v, want %q with a text", err, tt.want)
			}
		})
	}
	if len(o.state.entries) != 0 {
		t.Errorf("refusals wrote %v", o.state.entries)
	}
}

// TestReach: becoming unreachable and reachable again is noted once each, and the
// first instant stays.
func TestReach(t *testing.T) {
	o := newOffice().enrol(bound(person("S001", "甲科"), 7), person("S002", "甲科"))
	var changed []bool
	mark := func(id reminders.PersonID, reason people.Reach) {
		var is bool
		o.do(t, func(tx reminders.Tx) (err error) {
			if reason == "" {
				is, err = o.MarkReachable(tx, id)
			} else {
				is, err = o.MarkUnreachable(tx, id, reason)
			}
			return err
		})
		changed = append(changed, is)
		o.now = o.now.Add(time.Hour)
	}
	mark("S001", "")
	mark("S001", people.Blocked)
	mark("S001", people.Blocked)
	mark("S001", people.Deactivated)
	if got := o.state.people["S001"].Unreachable; got.Reason != people.Deactivated || !got.Since.Equal(start.Add(time.Hour)) {
		t.Errorf("unreachable %+v", got)
	}
	mark("S001", "")
	mark("S001", "")
	mark("S002", people.Blocked) // has no chat: unreachable for another reason
	if d := cmp.Diff([]bool{false, true, false, true, true, false, false}, changed); d != "" {
		t.Error(d)
	}
	if len(o.state.entries) != 3 {
		t.Errorf("%d entries, want 3", len(o.state.entries))
	}
}

// TestWishes: a chosen language and a topic that was left stay chosen, and each
// change is noted once.
func TestWishes(t *testing.T) {
	o := newOffice().enrol(person("S001", "甲科"))
	for range 2 {
		o.do(t, func(tx reminders.Tx) error { return o.SetLanguage(tx, "S001", reminders.English) })
		o.do(t, func(tx reminders.Tx) error { return o.LeaveTopic(tx, "S001", "theme") })
		o.do(t, func(tx reminders.Tx) error { return o.LeaveTopic(tx, "S001", "case-push") })
	}
	r := o.state.people["S001"]
	if r.Language != reminders.English || !r.LanguageChosen || r.Wants("theme") || r.Wants("case-push") || !r.Wants("holiday-reminder") {
		t.Errorf("record %+v", r)
	}
	o.do(t, func(tx reminders.Tx) error { return o.JoinTopic(tx, "S001", "theme") })
	o.do(t, func(tx reminders.Tx) error { return o.JoinTopic(tx, "S001", "theme") })
	if r := o.state.people["S001"]; !r.Wants("theme") || r.Wants("case-push") {
		t.Errorf("topics left: %v", r.LeftTopics)
	}
	var reasons []string
	for _, e := range o.state.entries {
		reasons = append(reasons, e.Reason)
	}
	if d := cmp.Diff([]string{"language", "topic-left", "topic-left", "topic-joined"}, reasons); d != "" {
		t.Error(d)
	}
}

// TestUnreachables: never bound, blocked and deactivated people are a list; those
// who left and the placeholder are not on it.
func TestUnreachables(t *testing.T) {
	blocked := bound(person("S002", "甲科"), 2)
	blocked.Unreachable = people.Unreachable{Reason: people.Blocked, Since: start}
	retired := person("S004", "甲科")
	retired.Status = people.Retired
	o := newOffice().enrol(person("S001", "甲科"), blocked, bound(person("S003", "甲科"), 3), retired, person(people.Placeholder, ""))
	var got []people.Missing
	o.do(t, func(tx reminders.Tx) (err error) { got, err = o.Unreachables(tx); return err })
	want := []people.Missing{
		{Person: person("S001", "甲科").Person, Kind: people.NeverBound},
		{Person: blocked.Person, Kind: people.Blocked, Since: start},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for reach, key := range map[people.Reach]string{people.NeverBound: "people.reach.never_bound", "odd": "people.reach.other"} {
		if got := reach.Message().Key; got != key {
			t.Errorf("%q is told with %q", reach, got)
		}
	}
}

func TestNoAdmin(t *testing.T) {
	retired := person("S004", "甲科", reminders.Admin)
	retired.Status = people.Retired
	tests := []struct {
		name string
		o    *office
		want bool
	}{
		{"an empty register", newOffice(), true},
		{"nobody with the role", newOffice().enrol(person("S001", "甲科"), person("S002", "甲科"), person("S003", "甲科")), true},
		{"one who left", newOffice().enrol(retired), true},
		{"one on the second page", newOffice().enrol(person("S001", "甲科"), person("S002", "甲科"), person("S003", "甲科"), person("S004", "甲科", reminders.Admin)), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got bool
			tt.o.do(t, func(tx reminders.Tx) (err error) { got, err = tt.o.NoAdmin(tx); return err })
			if got != tt.want {
				t.Errorf("NoAdmin %v", got)
			}
		})
	}
}

// TestInUnit: a unit without a liaison is served by the nearest unit above it
// that has one.
func TestInUnit(t *testing.T) {
	retired := person("S004", "甲局一科", reminders.Liaison)
	retired.Status = people.Retired
	o := newOffice().enrol(person("S001", "甲局", reminders.Liaison), person("S002", "甲局", reminders.Liaison, reminders.Leader),
		person("S003", "甲局一科", reminders.Leader), retired, person("S005", "乙局"))
	id := people.UnitIDOf
	for _, u := range []reminders.Unit{{Name: "甲局"}, {Name: "甲局一科", Parent: id("甲局")}, {Name: "甲局一科一组", Parent: id("甲局一科")}, {Name: "乙局", Parent: id("乙局")}} {
		u.ID = id(u.Name)
		o.state.units[u.ID] = u
	}
	tests := []struct {
		unit string
		find func(tx reminders.Tx, unit reminders.UnitID) ([]reminders.PersonID, error)
		want []reminders.PersonID
	}{
		{"甲局", o.Liaisons, []reminders.PersonID{"S001", "S002"}},
		{"甲局一科", o.Liaisons, []reminders.PersonID{"S001", "S002"}}, // its own has left
		{"甲局一科一组", o.Leaders, []reminders.PersonID{"S003"}},        // the nearest one
		{"乙局", o.Liaisons, nil},                                    // its own parent by mistake: it ends
		{"没有的", o.Leaders, nil},
	}
	for _, tt := range tests {
		t.Run(tt.unit, func(t *testing.T) {
			var got []reminders.PersonID
			o.do(t, func(tx reminders.Tx) (err error) { got, err = tt.find(tx, id(tt.unit)); return err })
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
