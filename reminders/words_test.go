package reminders_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

func TestParseRoles(t *testing.T) {
	tests := []struct {
		name, text string
		want       reminders.Roles
	}{
		{"nobody says so: an official", "", nil},
		{"official is implied", "official", nil},
		{"several, with the separators of a Chinese sheet", "staff；head、admin", reminders.Roles{"staff", "head", "admin"}},
		{"capitals and spaces", " Liaison ; LEADER ", reminders.Roles{"liaison", "leader"}},
		{"twice is once", "staff;staff", reminders.Roles{"staff"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := reminders.ParseRoles(test.text)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
	_, err := reminders.ParseRoles("staff;boss")
	if reminders.KindOf(err) != reminders.Invalid || *reminders.MessageOf(err).Args["Word"].Text != "boss" {
		t.Errorf("an unknown role: %v", err)
	}
}

// The head of the office may do what staff may; everyone is an official; nothing
// else is implied.
func TestRolesHave(t *testing.T) {
	tests := []struct {
		roles reminders.Roles
		role  reminders.Role
		want  bool
	}{
		{nil, reminders.Official, true},
		{nil, reminders.Staff, false},
		{reminders.Roles{reminders.Head}, reminders.Staff, true},
		{reminders.Roles{reminders.Staff}, reminders.Head, false},
		{reminders.Roles{reminders.Admin}, reminders.Staff, false},
		{reminders.Roles{reminders.Auditor}, reminders.Auditor, true},
	}
	for _, test := range tests {
		if got := test.roles.Has(test.role); got != test.want {
			t.Errorf("%v has %s: %v", test.roles, test.role, got)
		}
	}
}

func TestAudience(t *testing.T) {
	p := reminders.Person{ID: "P1", Unit: "u1", Roles: reminders.Roles{reminders.Liaison}}
	tests := []struct {
		name     string
		audience reminders.Audience
		want     bool
	}{
		{"nobody", reminders.Audience{}, false},
		{"everyone", reminders.Audience{Everyone: true}, true},
		{"by role", reminders.Audience{Roles: []reminders.Role{reminders.Liaison}}, true},
		{"every official", reminders.Audience{Roles: []reminders.Role{reminders.Official}}, true},
		{"another role", reminders.Audience{Roles: []reminders.Role{reminders.Leader}}, false},
		{"by unit", reminders.Audience{Units: []reminders.UnitID{"u1"}}, true},
		{"a role within a unit", reminders.Audience{Units: []reminders.UnitID{"u1"}, Roles: []reminders.Role{reminders.Liaison}}, true},
		{"another role within the unit", reminders.Audience{Units: []reminders.UnitID{"u1"}, Roles: []reminders.Role{reminders.Leader}}, false},
		{"the role within another unit", reminders.Audience{Units: []reminders.UnitID{"u2"}, Roles: []reminders.Role{reminders.Liaison}}, false},
		{"by name", reminders.Audience{People: []reminders.PersonID{"P1"}}, true},
		{"an exception goes before everything", reminders.Audience{Everyone: true, Except: []reminders.PersonID{"P1"}}, false},
	}
	for _, test := range tests {
		if got := test.audience.Includes(p); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// A window holds its beginning and not its end.
func TestWindow(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 9, 22, 9, minute, 0, 0, time.UTC) }
	w := reminders.Window{From: at(10), To: at(20)}
	if !w.Contains(at(10)) || w.Contains(at(20)) || w.Contains(at(9)) {
		t.Error("the ends are wrong")
	}
	if w.Overlaps(reminders.Window{From: at(20), To: at(30)}) || !w.Overlaps(reminders.Window{From: at(19), To: at(30)}) {
		t.Error("windows that only touch do not overlap")
	}
	if w.Length() != 10*time.Minute || (reminders.Window{From: at(20), To: at(10)}).Length() != 0 {
		t.Error("the length is wrong")
	}
}

// People get the text nearest to the cause, operators the whole chain, and what is
// foreign is our fault.
func TestErrors(t *testing.T) {
	cause := reminders.Fail(reminders.Closed, "book.answer", "obligation.closed", nil)
	err := fmt.Errorf("handling: %w", reminders.Wrap("bot.tap", cause))
	if reminders.KindOf(err) != reminders.Closed || reminders.MessageOf(err).Key != "obligation.closed" {
		t.Errorf("kind %s, text %q", reminders.KindOf(err), reminders.MessageOf(err).Key)
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if got, want := err.Error(), "handling: bot.tap: closed: book.answer: closed: obligation.closed"; got != want {
		t.Errorf("chain %q, want %q", got, want)
	}
	foreign := errors.New("disk on fire")
	if reminders.KindOf(foreign) != reminders.Internal || reminders.MessageOf(foreign).Key != "" {
		t.Error("a foreign error is ours, without a text")
	}
	if reminders.Wrap("x", nil) != nil {
		t.Error("no error became one")
	}
}
