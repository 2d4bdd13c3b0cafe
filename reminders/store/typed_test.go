package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// shelf is a store in memory for the tests of typed records.
type shelf struct {
	t *testing.T
	*store.Store
}

func newShelf(t *testing.T) shelf {
	t.Helper()
	s, err := store.Open(context.Background(), mem.New(), still{}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return shelf{t, s}
}

// do runs a unit of work that must succeed, and holds the indexes against the
// records afterwards.
func (s shelf) do(f func(tx reminders.Tx) error) {
	s.t.Helper()
	if err := s.Do(context.Background(), f); err != nil {
		s.t.Fatal(err)
	}
	problems, err := s.Check(context.Background())
	if err != nil || len(problems) > 0 {
		s.t.Fatalf("check: %v, %v", problems, err)
	}
}

// The index of chats and that of units follow a person; a chat that went to another
// in the same unit of work stays with the other.
func TestPeopleIndexes(t *testing.T) {
	s := newShelf(t)
	register := s.People()
	record := func(id reminders.PersonID, unit reminders.UnitID, chat reminders.ChatID) people.Record {
		return people.Record{Person: reminders.Person{ID: id, Unit: unit}, Status: people.Active, Chat: chat}
	}
	at := func(chat reminders.ChatID) (id reminders.PersonID) {
		s.do(func(tx reminders.Tx) (err error) {
			id, _, err = register.PersonAt(tx, chat)
			return err
		})
		return id
	}
	save := func(records ...people.Record) {
		s.do(func(tx reminders.Tx) error {
			for _, r := range records {
				if err := register.SavePerson(tx, r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	save(record("A", "u1", 7), record("B", "u1", 0))
	if at(7) != "A" || at(8) != "" {
		t.Errorf("chat 7 is %q's, chat 8 %q's", at(7), at(8))
	}
	save(record("B", "u2", 7), record("A", "u1", 0)) // handed over, the new holder first
	if at(7) != "B" {
		t.Errorf("after it was handed over chat 7 is %q's", at(7))
	}
	save(record("B", "u2", 8))
	if at(7) != "" || at(8) != "B" {
		t.Errorf("after a rebinding chat 7 is %q's, chat 8 %q's", at(7), at(8))
	}
	s.do(func(tx reminders.Tx) error {
		first, err := register.UnitMembers(tx, "u1")
		if err != nil {
			return err
		}
		second, err := register.UnitMembers(tx, "u2")
		if diff := cmp.Diff([][]reminders.PersonID{{"A"}, {"B"}}, [][]reminders.PersonID{first, second}); diff != "" {
			t.Error(diff)
		}
		return err
	})
}

// Terms are due from their next instant on and not a nanosecond before, earliest
// first; closed ones never.
func TestAgenda(t *testing.T) {
	s := newShelf(t)
	book := s.Obligations()
	for n, at := range []time.Time{eve.Add(time.Hour), eve.Add(time.Nanosecond), eve} {
		id := obligation.TermsID(fmt.Sprintf("terms/%d", n))
		s.do(func(tx reminders.Tx) error {
			return book.SaveTerms(tx, obligation.Terms{ID: id, Handle: obligation.HandleOf(id), Closes: at})
		})
	}
	due := func(now time.Time) (ids []obligation.TermsID, next time.Time) {
		s.do(func(tx reminders.Tx) (err error) {
			ids, next, err = book.DueTerms(tx, now, 10)
			return err
		})
		return ids, next
	}
	if ids, next := due(eve); !cmp.Equal(ids, []obligation.TermsID{"terms/2"}) || !next.Equal(eve.Add(time.Millisecond)) {
		t.Errorf("due are %v, then at %v", ids, next)
	}
	if ids, _ := due(eve.Add(time.Hour)); !cmp.Equal(ids, []obligation.TermsID{"terms/2", "terms/1", "terms/0"}) {
		t.Errorf("due are %v", ids)
	}
	s.do(func(tx reminders.Tx) error {
		t, _, err := book.Terms(tx, "terms/2")
		t.Closed = true
		if err != nil {
			return err
		}
		return book.SaveTerms(tx, t)
	})
	if ids, _ := due(eve); len(ids) != 0 {
		t.Errorf("closed terms are due: %v", ids)
	}
}

// Lines come in pages, by unit, and by whom they are open for.
func TestLines(t *testing.T) {
	s := newShelf(t)
	book := s.Obligations()
	s.do(func(tx reminders.Tx) error {
		return book.SaveTerms(tx, obligation.Terms{ID: "t", Handle: obligation.HandleOf("t"), Closes: eve, Members: 7})
	})
	owners := []obligation.Owner{{Unit: "u1"}, {Unit: "u1", Person: "A"}, {Unit: "u1", Person: "B"}, {Unit: "u10", Person: "C"}, {Unit: "u2"}}
	for _, owner := range owners {
		s.do(func(tx reminders.Tx) error {
			return book.SaveObligation(tx, obligation.Obligation{Terms: "t", Owner: owner, State: obligation.Open})
		})
	}
	s.do(func(tx reminders.Tx) error {
		var got []obligation.Owner
		for cursor := ""; ; {
			page, next, err := book.ObligationsAfter(tx, "t", cursor, 2)
			if err != nil {
				return err
			}
			for _, line := range page {
				got = append(got, line.Owner)
			}
			if cursor = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(owners, got); diff != "" {
			t.Error(diff)
		}
		in, err := book.ObligationsIn(tx, "t", "u1")
		if len(in) != 3 {
			t.Errorf("%d lines in the unit, want 3", len(in))
		}
		return err
	})
	s.do(func(tx reminders.Tx) error {
		return book.SaveObligation(tx, obligation.Obligation{Terms: "t", Owner: owners[1], State: obligation.Met, Reason: "answered"})
	})
	for owner, want := range map[obligation.Owner]int{{Person: "A"}: 0, {Person: "B"}: 1, {Unit: "u1"}: 1, {Person: "X"}: 0} {
		s.do(func(tx reminders.Tx) error {
			open, err := book.OpenFor(tx, owner)
			if len(open) != want {
				t.Errorf("%+v has %d open lines, want %d", owner, len(open), want)
			}
			return err
		})
	}
}

// A notice is found by key and by handle, among the recent ones newest first, and
// as long as it is being published among those.
func TestNoticeIndexes(t *testing.T) {
	s := newShelf(t)
	notices := s.Notices()
	save := func(id string, at time.Time, state notice.State) notice.Notice {
		n := notice.Notice{ID: id, At: at, State: state}
		s.do(func(tx reminders.Tx) error { return notices.SaveNotice(tx, n) })
		return n
	}
	save("a", eve, notice.Publishing)
	save("b", eve.Add(time.Hour), notice.Published)
	n := save("a", eve.Add(2*time.Hour), notice.Published)
	s.do(func(tx reminders.Tx) error {
		open, err := notices.PublishingNotices(tx)
		if err != nil || len(open) != 0 {
			t.Errorf("being published: %v", open)
		}
		recent, err := notices.RecentNotices(tx, 10)
		if err != nil || len(recent) != 2 || recent[0].ID != "a" {
			t.Errorf("recent: %+v, %v", recent, err)
		}
		found, ok, err := notices.NoticeByHandle(tx, n.Handle())
		if !ok || found.ID != "a" {
			t.Errorf("by handle: %+v", found)
		}
		return err
	})
}

// A delivery is due in its lane from its instant on, in flight while claimed, and
// nowhere once removed.
func TestOutboxPlaces(t *testing.T) {
	s := newShelf(t)
	box := s.Outbox()
	d := reminders.Delivery{Key: "d", Lane: reminders.LanePersonal, NotBefore: eve.Add(time.Second)}
	where := func(now time.Time) (due, claimed int, next time.Time) {
		s.do(func(tx reminders.Tx) error {
			found, err := box.DueDeliveries(tx, reminders.LanePersonal, now, 10)
			if err != nil {
				return err
			}
			at, err := box.NextDue(tx, reminders.LanePersonal, now)
			if err != nil {
				return err
			}
			flying, err := box.Claimed(tx)
			due, claimed, next = len(found), len(flying), at
			return err
		})
		return due, claimed, next
	}
	save := func() { s.do(func(tx reminders.Tx) error { return box.SaveDelivery(tx, d) }) }
	save()
	if due, claimed, next := where(eve); due != 0 || claimed != 0 || !next.Equal(d.NotBefore) {
		t.Errorf("before its instant: %d due, %d in flight, next %v", due, claimed, next)
	}
	if due, _, next := where(d.NotBefore); due != 1 || !next.IsZero() {
		t.Errorf("at its instant: %d due, next %v", due, next)
	}
	d.ClaimedAt = eve
	save()
	if due, claimed, _ := where(d.NotBefore); due != 0 || claimed != 1 {
		t.Errorf("claimed: %d due, %d in flight", due, claimed)
	}
	d.ClaimedAt, d.Lane = time.Time{}, reminders.LaneDuty
	save()
	if due, claimed, _ := where(d.NotBefore); due != 0 || claimed != 0 {
		t.Errorf("in another lane: %d due, %d in flight", due, claimed)
	}
	s.do(func(tx reminders.Tx) error { return box.RemoveDelivery(tx, "d") })
	s.do(func(tx reminders.Tx) error {
		depth, err := box.Depth(tx)
		for lane, n := range depth {
			if n != 0 {
				t.Errorf("%d are left in lane %d", n, lane)
			}
		}
		return err
	})
}

// Updates are accepted once, however many come at once, and the offset with them.
func TestAccept(t *testing.T) {
	s := newShelf(t)
	var updates []store.Update
	for n := range 100 { // as many as one poll brings, more than one unit of work takes
		updates = append(updates, store.Update{ID: int64(n + 1), JSON: json.RawMessage(`{}`)})
	}
	for range 2 {
		if err := s.Accept(t.Context(), updates, 101); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Accept(t.Context(), nil, 0); err != nil {
		t.Fatal(err)
	}
	if offset, err := s.Offset(t.Context()); err != nil || offset != 101 {
		t.Errorf("the offset is %d, %v", offset, err)
	}
	s.do(func(tx reminders.Tx) error {
		waiting, err := s.Inbox(tx, 1000)
		if len(waiting) != 100 || waiting[0].ID != 1 || waiting[99].ID != 100 {
			t.Errorf("%d updates wait", len(waiting))
		}
		return err
	})
	for _, want := range []bool{true, false} {
		s.do(func(tx reminders.Tx) error {
			taken, err := s.Take(tx, 5)
			if taken != want {
				t.Errorf("taken %t, want %t", taken, want)
			}
			return err
		})
	}
}

// An outage is the time between two signs of life that lie too far apart.
func TestAlive(t *testing.T) {
	clock := &movable{now: eve}
	s, err := store.Open(t.Context(), mem.New(), clock, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	steps := []struct {
		name string
		at   time.Time
		down bool
	}{
		{"the first sign", eve, false},
		{"soon after", eve.Add(10 * time.Minute), false},
		{"the clock stepped back", eve, false},
		{"too long after", eve.Add(20*time.Minute + time.Nanosecond), true},
	}
	for _, step := range steps {
		clock.now = step.at
		err := s.Do(t.Context(), func(tx reminders.Tx) error {
			_, down, err := s.Alive(tx, 10*time.Minute)
			if down != step.down {
				t.Errorf("%s: down %t", step.name, down)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err = s.View(t.Context(), func(tx reminders.Tx) error {
		outages, err := s.Obligations().Outages(tx)
		if err != nil {
			return err
		}
		want := []reminders.Window{{From: eve.Add(10 * time.Minute).UTC(), To: eve.Add(20*time.Minute + time.Nanosecond).UTC()}}
		if diff := cmp.Diff(want, outages); diff != "" {
			t.Error(diff)
		}
		born, err := s.Born(tx)
		if !born.Equal(eve) {
			t.Errorf("born at %v", born)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// movable is a clock that a test sets.
type movable struct{ now time.Time }

func (c *movable) Now() time.Time                                   { return c.now }
func (c *movable) WaitUntil(ctx context.Context, _ time.Time) error { return ctx.Err() }

// Settings and dialogs come back as they were written, and an ended dialog is gone.
func TestSettings(t *testing.T) {
	s := newShelf(t)
	s.do(func(tx reminders.Tx) error {
		var on bool
		if found, err := s.Setting(tx, "approval", &on); err != nil || found {
			t.Errorf("never set, and found: %v", err)
		}
		if err := s.SaveSetting(tx, "approval", true); err != nil {
			return err
		}
		found, err := s.Setting(tx, "approval", &on)
		if !found || !on {
			t.Errorf("found %t, is %t", found, on)
		}
		return err
	})
	s.do(func(tx reminders.Tx) error {
		if err := s.SaveDialog(tx, 7, map[string]string{"asked": "text"}); err != nil {
			return err
		}
		var d map[string]string
		if found, err := s.Dialog(tx, 7, &d); err != nil || !found || d["asked"] != "text" {
			t.Errorf("the dialog is %v, %v", d, err)
		}
		if err := s.SaveDialog(tx, 7, nil); err != nil {
			return err
		}
		found, err := s.Dialog(tx, 7, &d)
		if found {
			t.Error("an ended dialog is there")
		}
		return err
	})
}
