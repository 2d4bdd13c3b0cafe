package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// Counting goes by keys: copies with messages of their own, in flight too, and those
// merged into others wait; chases under the notice's key are none of them; what will not
// arrive is told apart by its result. A notice whose name begins alike is another.
func TestCountCopies(t *testing.T) {
	s := newShelf(t)
	send := func(key reminders.DeliveryKey, claimed bool) func(tx reminders.Tx) error {
		return func(tx reminders.Tx) error {
			d := reminders.Delivery{Key: key, Act: reminders.ActSend, Lane: reminders.LaneBroadcast, NotBefore: eve}
			if claimed {
				d.ClaimedAt = eve
			}
			return s.Outbox().SaveDelivery(tx, d)
		}
	}
	unsent := func(key reminders.DeliveryKey, result reminders.Result) func(tx reminders.Tx) error {
		return func(tx reminders.Tx) error { return s.Copies().SaveUnsent(tx, "x/n", key, result) }
	}
	for _, act := range []func(tx reminders.Tx) error{
		send("x/n/P1", false), send("x/n/u1/P2", false), send("x/n/P3", true),
		send("x/n/chase/P4", false), send("x/n/asked-2026-09-23/P5", false), send("x/n2/P1", false), send("other", false),
		func(tx reminders.Tx) error { return s.Copies().SaveJoined(tx, "x/n/P6", "other") },
		unsent("x/n/P7", reminders.Unreachable), unsent("x/n/u1/P8", reminders.Unreachable),
		unsent("x/n/P9", reminders.Withdrawn), unsent("x/n/P10", reminders.Expired),
	} {
		s.do(act)
	}
	var got notice.CopyCount
	s.do(func(tx reminders.Tx) (err error) {
		got, err = s.Copies().CountCopies(tx, "x/n", []string{"chase/", "asked-"})
		return err
	})
	if diff := cmp.Diff(notice.CopyCount{Waiting: 4, Unreachable: 2, Dropped: 2}, got); diff != "" {
		t.Errorf("counted (-want +got):\n%s", diff)
	}
	s.do(func(tx reminders.Tx) error {
		flying, err := s.Copies().InFlight(tx, "x/n")
		if err == nil && flying != 1 {
			t.Errorf("%d in flight", flying)
		}
		page, err := s.Copies().UnderNotice(tx, "x/n", "x/n/P1", 2)
		if err == nil && (len(page) != 2 || page[0].Key != "x/n/P3" || page[0].ClaimedAt.IsZero() || page[1].Key != "x/n/asked-2026-09-23/P5") {
			t.Errorf("behind the first: %+v", page)
		}
		return err
	})
}

// A claim that has read what is halted is made anew if somebody pauses meanwhile, also
// where nothing had been halted before.
func TestHaltsConflict(t *testing.T) {
	s := newShelf(t)
	runs := 0
	s.do(func(tx reminders.Tx) error {
		halts, err := s.Copies().Halts(tx)
		if err != nil {
			return err
		}
		if runs++; runs == 1 {
			err = s.Do(t.Context(), func(tx reminders.Tx) error {
				return s.Copies().SaveHalts(tx, []notice.Halt{{Notice: "x/n", By: "S1", At: eve}})
			})
		} else if len(halts) != 1 {
			t.Errorf("the second run sees %v", halts)
		}
		if err != nil {
			return err
		}
		return s.Outbox().SaveDelivery(tx, reminders.Delivery{Key: "k", NotBefore: eve})
	})
	if runs != 2 {
		t.Errorf("it ran %d times", runs)
	}
}

// A merged copy whose message is gone is reported.
func TestCheckFindsLostCopy(t *testing.T) {
	s, err := store.Open(t.Context(), mem.New(), still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	err = s.Do(t.Context(), func(tx reminders.Tx) error { return s.Copies().SaveJoined(tx, "x/n/P6", "other") })
	if err != nil {
		t.Fatal(err)
	}
	problems, err := s.Check(t.Context())
	if err != nil || len(problems) != 1 || problems[0].Check != "copies" || problems[0].Key != "joined/x/n/P6" {
		t.Errorf("check: %v, %+v", err, problems)
	}
}
