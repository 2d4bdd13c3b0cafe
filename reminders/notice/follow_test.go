package notice_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// messages lists what waits of the messages that follow a sending.
func (o *office) messages() (waiting []reminders.Delivery) {
	o.t.Helper()
	for _, d := range o.waiting() {
		if strings.HasPrefix(string(d.Key), "progress/") {
			waiting = append(waiting, d)
		}
	}
	return waiting
}

// shows carries the messages that follow a sending to their chats and counts the edits.
func (o *office) shows() (edits int) {
	o.t.Helper()
	for _, d := range o.messages() {
		if d.Act == reminders.ActEdit {
			edits++
		}
		o.do(func(tx reminders.Tx) error { return o.settle(tx, d) })
	}
	return edits
}

func (o *office) follow(id string, person reminders.PersonID) {
	o.t.Helper()
	o.do(func(tx reminders.Tx) error { return o.desk.Follow(tx, id, person) })
}

// A message that follows a sending is edited when something has changed, at once never
// and more rarely the longer it lasts; not while an edit of it waits; it ends with the
// sending, also over a restart.
func TestFollow(t *testing.T) {
	o := expanding(t, 30)
	o.follow(reminderID, "S001")
	sent := o.messages()
	if len(sent) != 1 || sent[0].Act != reminders.ActSend || sent[0].Person != "S001" || sent[0].Lane != reminders.LaneAnswer {
		t.Fatalf("the message: %+v", sent)
	}
	o.carry(1)
	o.at(o.clock.now.Add(20 * time.Second))
	if got := o.messages(); len(got) != 1 {
		t.Errorf("%d deliveries before the message has arrived: it will show how things stand then", len(got))
	}
	o.shows()
	edits, first := 0, 0
	for second := range 600 {
		if second%3 == 0 && second < 270 {
			o.carry(1)
		}
		if second == 100 {
			o.restart()
		}
		o.at(o.clock.now.Add(time.Second))
		edits += o.shows()
		if second == 59 {
			first = edits
		}
	}
	if first < 3 || first > 8 || edits < 10 || edits > 20 {
		t.Errorf("%d edits, %d of them in the first minute", edits, first)
	}
	for o.carry(20) > 0 {
		continue
	}
	o.at(o.clock.now.Add(time.Minute))
	if got := o.shows(); got != 1 {
		t.Errorf("%d edits show the end", got)
	}
	for range 10 {
		o.carry(1)
		o.at(o.clock.now.Add(time.Minute))
	}
	if got := len(o.messages()); got != 0 {
		t.Errorf("%d edits after the end", got)
	}
}

// While an edit waits to be sent no further one is made; when nothing changes, none is.
func TestFollowSupersedes(t *testing.T) {
	o := expanding(t, 30)
	o.follow(reminderID, "S001")
	o.shows()
	for range 5 {
		o.carry(1)
		o.at(o.clock.now.Add(time.Minute))
	}
	if got := len(o.messages()); got != 1 {
		t.Errorf("%d edits wait", got)
	}
	o.shows()
	o.at(o.clock.now.Add(time.Minute))
	o.shows() // what went between the making and the sending of that edit
	for range 5 {
		o.at(o.clock.now.Add(time.Minute))
		if got := len(o.messages()); got != 0 {
			t.Errorf("%d edits although nothing has changed", got)
		}
	}
}

// Each reader has one message: following again moves it down, several readers have one
// each; one that can be shown no more is not followed.
func TestFollowers(t *testing.T) {
	o := expanding(t, 30)
	o.follow(reminderID, "S001")
	o.follow(reminderID, "S001")
	o.follow(reminderID, "S002")
	if got := len(o.messages()); got != 2 {
		t.Errorf("%d messages for two readers", got)
	}
	o.shows()
	o.clock.now = o.clock.now.Add(time.Second)
	o.follow(reminderID, "S001")
	acts := []reminders.Act{}
	for _, d := range o.messages() {
		acts = append(acts, d.Act)
	}
	slices.Sort(acts)
	if diff := cmp.Diff([]reminders.Act{reminders.ActDelete, reminders.ActSend}, acts); diff != "" {
		t.Errorf("following again (-want +got):\n%s", diff)
	}
	o.shows()
	o.carry(1)
	o.at(o.clock.now.Add(time.Minute))
	edits := o.messages()
	if len(edits) != 2 {
		t.Fatalf("%d edits for two readers", len(edits))
	}
	for _, d := range edits {
		result := reminders.Sent
		if d.Person == "S002" {
			result = reminders.Refused // deleted by its reader
		}
		o.do(func(tx reminders.Tx) error {
			if err := o.desk.Settled(tx, d, reminders.Outcome{Result: result}); err != nil {
				return err
			}
			return o.store.Outbox().RemoveDelivery(tx, d.Key)
		})
	}
	o.carry(1)
	o.at(o.clock.now.Add(time.Minute))
	if edits := o.messages(); len(edits) != 1 || edits[0].Person != "S001" {
		t.Errorf("edits after one reader has deleted the message: %+v", edits)
	}
}

// What the message says, and which buttons it has, follows from where the sending stands
// and from who reads it.
func TestProgressText(t *testing.T) {
	o := expanding(t, 30)
	staff := reminders.Person{ID: "S001", Roles: reminders.Roles{reminders.Staff}}
	auditor := reminders.Person{ID: "U001", Roles: reminders.Roles{reminders.Auditor}}
	shown := func(reader reminders.Person) (m reminders.Message) {
		o.do(func(tx reminders.Tx) (err error) {
			m, err = o.desk.Show(tx, notice.ProgressLine(reminderID).Ref, reader)
			return err
		})
		return m
	}
	reads := func(when, stage, estimate string, verbs ...string) {
		t.Helper()
		m := shown(staff)
		got := []string{}
		for _, row := range m.Buttons {
			for _, b := range row {
				got = append(got, b.Verb)
			}
		}
		if m.Key != "progress.body" || m.Args["Stage"].Say.Key != stage {
			t.Errorf("%s: %s, %+v", when, m.Key, m.Args["Stage"].Say)
		}
		if said := m.Args["Estimate"].Say; estimate == "" && said != nil || estimate != "" && (said == nil || said.Key != estimate) {
			t.Errorf("%s: estimate %+v, want %q", when, said, estimate)
		}
		if diff := cmp.Diff(verbs, got); diff != "" && len(verbs)+len(got) > 0 {
			t.Errorf("%s: buttons (-want +got):\n%s", when, diff)
		}
		if m := shown(auditor); len(m.Buttons) > 0 || m.Key != "progress.body" {
			t.Errorf("%s: the auditor has %s with buttons %v", when, m.Key, m.Buttons)
		}
	}
	o.carry(4)
	reads("under way", "progress.sending", "progress.estimate_short", "pause", "stop")
	o.follow(reminderID, "S001")
	asks := func(asking bool) {
		o.do(func(tx reminders.Tx) error {
			_, err := o.desk.AskStop(tx, reminderID, "S001", asking)
			return err
		})
	}
	asks(true)
	reads("asked whether to stop", "progress.sending", "progress.estimate_short", "stop", "page")
	asks(false)
	if _, err := o.pause(reminderID); err != nil {
		t.Fatal(err)
	}
	reads("paused", "progress.paused", "progress.estimate_paused", "resume", "stop")
	flying := o.claim(0)
	if err := o.stopSending(reminderID); err != nil || len(flying) > 0 {
		t.Fatal(err)
	}
	reads("being stopped", "progress.stopping", "")
	o.at(o.clock.now.Add(time.Minute))
	reads("stopped", "progress.stopped", "")
	if m := shown(reminders.Person{ID: "G0001"}); m.Key != "error.denied" {
		t.Errorf("an official reads %s", m.Key)
	}
	o = expanding(t, 2)
	o.desk.Rate = 0.1
	reads("being expanded", "progress.expanding", "progress.estimate", "pause", "stop")
	o.at(o.clock.now)
	for o.carry(20) > 0 {
		continue
	}
	reads("done", "progress.done", "")
}

// The board lists what is being sent or is halted, and nothing that is over.
func TestUnderway(t *testing.T) {
	o := expanding(t, 30)
	under := func() (ids []string) {
		o.do(func(tx reminders.Tx) error {
			ids = nil
			all, err := o.desk.Underway(tx)
			for _, p := range all {
				ids = append(ids, p.Notice)
			}
			return err
		})
		return ids
	}
	if diff := cmp.Diff([]string{reminderID}, under()); diff != "" {
		t.Errorf("under way (-want +got):\n%s", diff)
	}
	for o.carry(20) > 0 {
		continue
	}
	if got := under(); len(got) != 0 {
		t.Errorf("afterwards: %v", got)
	}
}

// Percent never says that all is sent while something is not.
func TestPercent(t *testing.T) {
	for want, c := range map[int]notice.Counts{
		0: {}, 99: {Planned: 1000, Sent: 999}, 100: {Planned: 3, Sent: 3}, 33: {Planned: 3, Sent: 1},
	} {
		if got := c.Percent(); got != want {
			t.Errorf("%+v is %d%%", c, got)
		}
	}
}
