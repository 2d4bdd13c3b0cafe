package notice_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

const (
	reminderID   = block + "/holiday-reminder"
	unitNoticeID = block + "/unit-notice"
)

func (o *office) pause(id string) (h notice.Halt, err error) {
	err = o.try(func(tx reminders.Tx) (err error) {
		h, err = o.desk.Pause(tx, id, "S001")
		return err
	})
	return h, err
}

func (o *office) resume(id string) error {
	return o.try(func(tx reminders.Tx) error { return o.desk.Resume(tx, id, "S001") })
}

func (o *office) stopSending(id string) error {
	return o.try(func(tx reminders.Tx) error {
		_, err := o.desk.Stop(tx, id, "S002")
		return err
	})
}

// try runs a unit of work whose refusal is looked at.
func (o *office) try(f func(tx reminders.Tx) error) error {
	return o.store.Do(o.t.Context(), f)
}

// expanding opens an office of 95 officials, in which a publication takes several units of
// work.
func expanding(t *testing.T, steps int) *office {
	t.Helper()
	return expandingTo(t, 95, steps)
}

// expandingTo opens an office of so many officials at the instant of the reminder, so many
// units of work into its publication: the first makes the notice. What came before has
// been sent.
func expandingTo(t *testing.T, officials, steps int) *office {
	t.Helper()
	o := newOffice(t, officials, day(9, 22, 8, 59))
	o.at(day(9, 22, 8, 59))
	for o.carry(20) > 0 {
		continue
	}
	o.clock.now = day(9, 22, 9, 0)
	for range steps {
		if _, _, err := o.desk.Advance(t.Context(), o.clock.now); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// While a notice is paused none of its copies is claimed, others are; it goes on being
// expanded; resumed, exactly the rest goes, once.
func TestPause(t *testing.T) {
	for steps := 1; steps <= 8; steps++ {
		t.Run(fmt.Sprintf("after %d steps", steps), func(t *testing.T) {
			o := expanding(t, steps)
			before := o.carry(3)
			if _, err := o.pause(reminderID); err != nil {
				t.Fatal(err)
			}
			o.at(day(9, 22, 9, 1))
			if got := o.carry(1000); got != 0 {
				t.Errorf("%d copies of a paused notice went", got)
			}
			p := o.progress(reminderID)
			if p.Stage != notice.OnHold || !p.Complete || p.Sent != before || p.Waiting != 97-before || p.Halt.By != "S001" || !p.End.IsZero() {
				t.Errorf("progress while paused: %+v", p)
			}
			o.restart()
			if got := o.carry(1000); got != 0 {
				t.Errorf("%d copies of a paused notice went after a restart", got)
			}
			if err := o.resume(reminderID); err != nil {
				t.Fatal(err)
			}
			for o.carry(20) > 0 {
				continue
			}
			want := notice.Counts{Planned: 97, Sent: 97, Complete: true, Stage: notice.Done}
			if diff := cmp.Diff(want, o.counted(reminderID)); diff != "" {
				t.Errorf("in the end (-want +got):\n%s", diff)
			}
			o.balanced()
		})
	}
}

// Who paused first is who paused; pausing twice, and resuming what goes, changes nothing;
// the ledger has each decision once.
func TestPauseAgain(t *testing.T) {
	o := expanding(t, 3)
	first, err := o.pause(reminderID)
	if err != nil {
		t.Fatal(err)
	}
	o.clock.now = o.clock.now.Add(time.Hour)
	again, err := o.pause(reminderID)
	if err != nil || !again.At.Equal(first.At) {
		t.Errorf("paused again: %+v, %v", again, err)
	}
	for range 2 {
		if err := o.resume(reminderID); err != nil {
			t.Fatal(err)
		}
	}
	if p, r := len(o.entries(ledger.Paused)), len(o.entries(ledger.Resumed)); p != 1 || r != 1 {
		t.Errorf("the ledger has %d pauses, %d resumptions", p, r)
	}
}

// What is not there, was skipped or is over can be neither paused nor stopped; a stopped
// notice cannot be resumed; each says so.
func TestHaltRefused(t *testing.T) {
	o := newOffice(t, 35, day(9, 22, 8, 0))
	o.at(day(9, 22, 9, 0))
	for o.carry(20) > 0 {
		continue
	}
	acts := map[string]func(id string) error{
		"pause":  func(id string) error { _, err := o.pause(id); return err },
		"resume": func(id string) error { return o.resume(id) },
		"stop":   func(id string) error { return o.stopSending(id) },
	}
	refused := func(id, key string, kind reminders.Kind) {
		t.Helper()
		for name, act := range acts {
			if err := act(id); reminders.KindOf(err) != kind || reminders.MessageOf(err).Key != key {
				t.Errorf("%s of %s: %v", name, id, err)
			}
		}
	}
	refused("nothing", "error.not_found", reminders.NotFound)
	refused(reminderID, "progress.over", reminders.Closed)
	o = expanding(t, 3)
	if err := o.stopSending(reminderID); err != nil {
		t.Fatal(err)
	}
	refused(reminderID, "progress.stopped_already", reminders.Closed)
	o.at(day(9, 22, 9, 1))
	refused(reminderID, "progress.stopped_already", reminders.Closed)
}

// stopped checks what a stop leaves behind: nothing waits, what was sent stays and what
// is expected of its readers too; whoever was not reached owes nothing any more.
func (o *office) stopped(id string, sent int) {
	o.t.Helper()
	got := o.counted(id)
	want := notice.Counts{Planned: got.Planned, Sent: sent, Dropped: got.Planned - sent, Complete: true, Stage: notice.Halted}
	if diff := cmp.Diff(want, got); diff != "" {
		o.t.Errorf("after the stop (-want +got):\n%s", diff)
	}
	for _, line := range o.lines(id) {
		switch {
		case !line.SentAt.IsZero() && line.State == obligation.Open:
		case line.SentAt.IsZero() && line.State == obligation.Withdrawn && line.Reason == obligation.ReasonStopped:
		default:
			o.t.Errorf("the line of %s is %s (%s), sent at %v", line.Owner.Subject(), line.State, line.Reason, line.SentAt)
		}
	}
	if n := o.notice(id); n.State != notice.Stopped || n.Ended == nil || n.Ended.By != "S002" {
		o.t.Errorf("the notice is %s: %+v", n.State, n.Ended)
	}
	o.balanced()
}

// A stop at every step of the publication, with some sent and some in flight that arrive,
// do not, or come back.
func TestStop(t *testing.T) {
	for steps := 1; steps <= 8; steps++ {
		t.Run(fmt.Sprintf("after %d steps", steps), func(t *testing.T) {
			o := expanding(t, steps)
			sent := o.carry(4)
			flying := o.claim(3)
			if err := o.stopSending(reminderID); err != nil {
				t.Fatal(err)
			}
			if got := o.carry(1000); got != 0 {
				t.Errorf("%d copies of a stopped notice went", got)
			}
			o.at(day(9, 22, 9, 1))
			if len(flying) == 3 {
				if p := o.progress(reminderID); p.Stage != notice.Stopping || p.Waiting != 3 {
					t.Errorf("with three in flight: %+v", p.Counts)
				}
				o.lands(flying[0], reminders.Sent)
				o.lands(flying[1], reminders.Withdrawn)
				o.returns(flying[2])
				sent++
			}
			o.at(day(9, 22, 9, 2))
			o.stopped(reminderID, sent)
			// Whoever has it can answer it; nobody is chased who has not.
			o.at(day(9, 24, 10, 0))
			asked := func(ask reminders.Ask) bool { return ask.Terms == reminderID }
			chases := 0
			for _, d := range o.waiting() {
				if slices.ContainsFunc(d.Asks, asked) {
					chases++
				}
			}
			if chases != sent {
				t.Errorf("%d are chased, %d were reached", chases, sent)
			}
		})
	}
}

// A stop that a crash interrupts at any commit, before or after it, ends like one that
// nothing interrupts.
func TestStopInterrupted(t *testing.T) {
	for _, after := range []bool{false, true} {
		for failAt := 1; ; failAt++ {
			o := expandingTo(t, 45, 4)
			sent := o.carry(5)
			if err := o.stopSending(reminderID); err != nil {
				t.Fatal(err)
			}
			o.engine.applied, o.engine.failAt, o.engine.after = 0, failAt, after
			err := o.advance()
			if err == nil {
				if failAt < 8 {
					t.Fatalf("only %d commits: too few to interrupt", failAt-1)
				}
				break
			}
			if !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			o.restart()
			if got := o.carry(1000); got != 0 {
				t.Errorf("%d copies went after the crash", got)
			}
			o.at(day(9, 22, 9, 1))
			o.stopped(reminderID, sent)
			if t.Failed() {
				t.Fatalf("after a crash at commit %d, after the commit: %t", failAt, after)
			}
			o.stop()
		}
	}
}

// A stopped notice to units: a unit of which one liaison was reached owes its answer, the
// others owe nothing.
func TestStopOfUnitNotice(t *testing.T) {
	o := newOffice(t, 95, day(9, 18, 8, 59))
	o.at(day(9, 18, 8, 59))
	for o.carry(20) > 0 {
		continue
	}
	o.at(day(9, 18, 9, 0))
	sent := o.carry(7)
	if err := o.stopSending(unitNoticeID); err != nil {
		t.Fatal(err)
	}
	o.at(day(9, 18, 9, 1))
	o.stopped(unitNoticeID, sent)
}

// A copy that was merged into another message is taken out of it, and what was merged
// into a copy goes on by itself, in the same place.
func TestStopOfMerged(t *testing.T) {
	extra := func(o *office, person reminders.PersonID) {
		o.do(func(tx reminders.Tx) error {
			return o.desk.Outbox.Enqueue(tx, reminders.Delivery{
				Key: reminders.DeliveryKey("other/" + person), Kind: "chase", Act: reminders.ActSend, Person: person,
				Lane: reminders.LanePersonal, NotBefore: day(9, 22, 9, 0), Lines: []reminders.Message{reminders.Line("chase.one", nil)},
			})
		})
	}
	o := newOffice(t, 35, day(9, 22, 8, 59))
	o.at(day(9, 22, 8, 59))
	for o.carry(20) > 0 {
		continue
	}
	extra(o, "G0001") // waits for nine o'clock: the copy joins it
	o.at(day(9, 22, 9, 0))
	extra(o, "G0002") // joins the copy
	if p := o.counted(reminderID); p.Waiting != 37 {
		t.Errorf("before the stop: %+v", p)
	}
	if err := o.stopSending(reminderID); err != nil {
		t.Fatal(err)
	}
	o.at(day(9, 22, 9, 1))
	o.stopped(reminderID, 0)
	left := map[reminders.DeliveryKey]int{}
	for _, d := range o.waiting() {
		left[d.Key] = len(d.Lines)
	}
	want := map[reminders.DeliveryKey]int{"other/G0001": 1, "rest/" + reminderID + "/G0002": 1}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("what goes on (-want +got):\n%s", diff)
	}
	o.do(func(tx reminders.Tx) error { // what never went is no push; what goes on keeps its place
		for person, key := range map[reminders.PersonID]reminders.DeliveryKey{"G0003": "", "G0002": "rest/" + reminderID + "/G0002"} {
			diary, err := o.store.Outbox().Diary(tx, person)
			if err != nil {
				return err
			}
			if at := slices.IndexFunc(diary, func(p reminders.Push) bool { return !p.Sent }); (at >= 0) != (key != "") || at >= 0 && diary[at].Key != key {
				t.Errorf("the diary of %s: %+v", person, diary)
			}
		}
		return nil
	})
	if got := o.carry(10); got != 2 {
		t.Errorf("%d messages went", got)
	}
	keys := slices.Sorted(maps.Keys(o.fates(reminderID)))
	if len(keys) != 37 {
		t.Errorf("%d copies have a fate", len(keys))
	}
}

// Somebody who comes late is not asked for what was stopped, nor does a block that moves
// ask anybody anew; those who have the message learn the new dates.
func TestStoppedStaysStopped(t *testing.T) {
	o := expanding(t, 3)
	sent := o.carry(4)
	if err := o.stopSending(reminderID); err != nil {
		t.Fatal(err)
	}
	o.at(day(9, 22, 9, 1))
	late := reminders.Person{ID: "Z9999", Name: "Late", Unit: "u01"}
	o.do(func(tx reminders.Tx) error { return o.desk.Join(tx, late) })
	o.stopped(reminderID, sent)
	before := len(o.lines(reminderID))
	o.do(func(tx reminders.Tx) error {
		n, _, err := o.store.Notices().Notice(tx, reminderID)
		if err != nil {
			return err
		}
		n.State, n.Cursor, n.Moved = notice.Publishing, "", "later" // as a block that moves leaves it
		return o.store.Notices().SaveNotice(tx, n)
	})
	o.at(day(9, 22, 9, 2))
	if n := o.notice(reminderID); n.State != notice.Stopped || n.Copies != sent+o.progress(reminderID).Dropped {
		t.Errorf("the notice is %s with %d copies", n.State, n.Copies)
	}
	if got := len(o.lines(reminderID)); got != before {
		t.Errorf("%d lines, %d before", got, before)
	}
}
