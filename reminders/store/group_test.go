package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
	"github.com/qingfeng-bot/qingfeng/reminders/store"
	"github.com/qingfeng-bot/qingfeng/reminders/store/mem"
)

// grouped is the desk of groups over a real store, with codes that are known.
type grouped struct {
	t *testing.T
	s *store.Store
	*people.Groups
}

// newGrouped opens a store with the desk of groups, on the eve.
func newGrouped(t *testing.T) (grouped, *movable) {
	t.Helper()
	clock := &movable{now: eve}
	s, err := store.Open(t.Context(), mem.New(), clock, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return grouped{t, s, people.NewGroups(people.New(s.People(), s, people.NewCode), s.Groups())}, clock
}

// liaison is somebody who may bind the group of a unit.
func liaison(id reminders.PersonID, unit reminders.UnitID) people.Record {
	return people.Record{
		Person: reminders.Person{ID: id, Unit: unit, Roles: reminders.Roles{reminders.Liaison}}, Status: people.Active,
	}
}

func (g grouped) do(f func(tx reminders.Tx) error) {
	g.t.Helper()
	if err := g.s.Do(context.Background(), f); err != nil {
		g.t.Fatal(err)
	}
}

func (g grouped) code(by people.Record) (code string) {
	g.t.Helper()
	g.do(func(tx reminders.Tx) (err error) { code, err = g.Code(tx, by.Unit, by); return err })
	return code
}

func (g grouped) bind(chat reminders.ChatID, code string, by people.Record) (result people.GroupResult) {
	g.t.Helper()
	g.do(func(tx reminders.Tx) (err error) { result, err = g.Bind(tx, chat, code, by, 70); return err })
	return result
}

// sound fails unless the chats and the groups belong together.
func (g grouped) sound() {
	g.t.Helper()
	problems, err := g.s.Check(context.Background())
	if err != nil {
		g.t.Fatal(err)
	}
	for _, p := range problems {
		g.t.Errorf("%s %s %s", p.Check, p.Key, p.Text.Key)
	}
}

// A code is good for one use, for a day, for a liaison of its unit and until a newer one
// is made; every other end of an attempt is the same refusal.
func TestGroupCodes(t *testing.T) {
	l1, l2 := liaison("L1", "u1"), liaison("L2", "u2")
	official := people.Record{Person: reminders.Person{ID: "P1", Unit: "u1"}, Status: people.Active}
	retired := l1
	retired.Status = people.Retired
	tests := []struct {
		name string
		try  func(g grouped, clock *movable) people.GroupResult
		want people.GroupReason
	}{
		{"a fresh code", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), l1) }, people.GroupDone},
		{"by another liaison of the unit", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), liaison("L9", "u1")) }, people.GroupDone},
		{"by a liaison of another unit", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), l2) }, people.GroupRefused},
		{"by somebody of the unit", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), official) }, people.GroupRefused},
		{"by who has left", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), retired) }, people.GroupRefused},
		{"by nobody known", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, g.code(l1), people.Record{}) }, people.GroupRefused},
		{"no such code", func(g grouped, _ *movable) people.GroupResult { return g.bind(-5, "nothing", l1) }, people.GroupRefused},
		{"a newer code was made", func(g grouped, _ *movable) people.GroupResult {
			code := g.code(l1)
			g.code(l1)
			return g.bind(-5, code, l1)
		}, people.GroupRefused},
		{"at the last moment", func(g grouped, clock *movable) people.GroupResult {
			code := g.code(l1)
			clock.now = clock.now.Add(people.GroupTTL - time.Second)
			return g.bind(-5, code, l1)
		}, people.GroupDone},
		{"a day later", func(g grouped, clock *movable) people.GroupResult {
			code := g.code(l1)
			clock.now = clock.now.Add(people.GroupTTL)
			return g.bind(-5, code, l1)
		}, people.GroupRefused},
		{"used in another group", func(g grouped, _ *movable) people.GroupResult {
			code := g.code(l1)
			g.bind(-6, code, l1)
			return g.bind(-5, code, l1)
		}, people.GroupRefused},
		{"typed twice", func(g grouped, _ *movable) people.GroupResult {
			code := g.code(l1)
			g.bind(-5, code, l1)
			return g.bind(-5, code, l1)
		}, people.GroupAgain},
		{"in the group of another unit", func(g grouped, _ *movable) people.GroupResult {
			g.bind(-5, g.code(l2), l2)
			return g.bind(-5, g.code(l1), l1)
		}, people.GroupRefused},
		{"in a new group", func(g grouped, _ *movable) people.GroupResult {
			g.bind(-6, g.code(l1), l1)
			return g.bind(-5, g.code(l1), l1)
		}, people.GroupChanged},
		{"after five wrong ones", func(g grouped, _ *movable) people.GroupResult {
			for range 5 {
				g.bind(-5, "guess", l1)
			}
			return g.bind(-5, g.code(l1), l1)
		}, people.GroupWait},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g, clock := newGrouped(t)
			got := test.try(g, clock)
			if got.Reason != test.want {
				t.Errorf("%q, want %q", got.Reason, test.want)
			}
			if bound := got.Reason == people.GroupDone || got.Reason == people.GroupChanged || got.Reason == people.GroupAgain; bound != got.Group.Bound() {
				t.Errorf("the group is %+v", got.Group)
			}
			g.sound()
		})
	}
}

// A group that moves is found by both chats and lost by the new one only; a loss that
// concerns another chat changes nothing, and one is told once.
func TestGroupMovesAndIsLost(t *testing.T) {
	g, _ := newGrouped(t)
	l1 := liaison("L1", "u1")
	g.bind(-5, g.code(l1), l1)
	g.do(func(tx reminders.Tx) error {
		for range 2 { // both ways in which the service tells it
			if _, err := g.Migrate(tx, -5, -105); err != nil {
				return err
			}
		}
		return nil
	})
	g.do(func(tx reminders.Tx) error {
		for chat, want := range map[reminders.ChatID]bool{-5: true, -105: true, -6: false} {
			if found, ok, err := g.At(tx, chat); err != nil || ok != want || ok && found.Chat != -105 {
				t.Errorf("at %d: %+v %v %v", chat, found, ok, err)
			}
		}
		return nil
	})
	g.sound()
	lost := func(chat reminders.ChatID) (was bool) {
		g.do(func(tx reminders.Tx) (err error) { _, was, err = g.Lost(tx, chat, "kicked"); return err })
		return was
	}
	if lost(-5) || lost(-6) || !lost(-105) || lost(-105) {
		t.Error("a loss of another chat counts, or one counts twice")
	}
	g.sound()
	g.do(func(tx reminders.Tx) error {
		if _, ok, err := g.At(tx, -5); ok || err != nil {
			t.Errorf("a lost group is found: %v", err)
		}
		_, err := g.Unbind(tx, "u1", l1)
		if reminders.KindOf(err) != reminders.NotFound {
			t.Errorf("a lost group is unbound: %v", err)
		}
		return nil
	})
}
