package notice_test

import (
	"testing"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// A group has one push a day, in the hours in which people may be disturbed, and nothing
// is joined to it; what would wait until it is worthless stays where it ends.
func TestPlaceGroup(t *testing.T) {
	o := newOffice(t, 1, day(9, 10, 9, 0))
	sent := func(at time.Time) []reminders.Push { return []reminders.Push{{At: at, Sent: true}} }
	waits := func(at time.Time) []reminders.Push { return []reminders.Push{{At: at}} }
	tests := []struct {
		name        string
		from, until time.Time
		diary       []reminders.Push
		now, want   time.Time
		reason      string
	}{
		{name: "at once", from: day(9, 15, 9, 0), now: day(9, 15, 9, 0), want: day(9, 15, 9, 0)},
		{name: "at night: the next morning", from: day(9, 15, 21, 0), now: day(9, 15, 21, 0), want: day(9, 16, 8, 0), reason: "quiet-hours"},
		{name: "in the block: after it", from: day(10, 2, 9, 0), now: day(10, 2, 9, 0), want: day(10, 8, 8, 0), reason: "holiday-block"},
		{
			name: "the day had one", from: day(9, 15, 15, 0), diary: sent(day(9, 15, 9, 0)), now: day(9, 15, 15, 0),
			want: day(9, 16, 15, 0), reason: "one-a-day",
		},
		{
			name: "the day will have one", from: day(9, 15, 9, 0), diary: waits(day(9, 15, 15, 0)), now: day(9, 15, 9, 0),
			want: day(9, 16, 9, 0), reason: "one-a-day",
		},
		{
			name: "the next day has one as well", from: day(9, 15, 9, 0), diary: append(sent(day(9, 15, 8, 0)), waits(day(9, 16, 9, 0))...),
			now: day(9, 15, 9, 0), want: day(9, 17, 9, 0), reason: "one-a-day",
		},
		{
			name: "yesterday's was held up and goes today", from: day(9, 16, 9, 0), diary: waits(day(9, 15, 19, 0)), now: day(9, 16, 9, 0),
			want: day(9, 17, 9, 0), reason: "one-a-day",
		},
		{
			name: "over a weekend", from: day(9, 11, 9, 0), diary: sent(day(9, 11, 8, 0)), now: day(9, 11, 9, 0),
			want: day(9, 14, 9, 0), reason: "one-a-day",
		},
		{
			name: "until it is worthless: not at all", from: day(9, 15, 9, 0), until: day(9, 15, 18, 0), diary: sent(day(9, 15, 8, 0)),
			now: day(9, 15, 9, 0), want: day(9, 15, 18, 0), reason: "one-a-day",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			push := reminders.Delivery{
				Act: reminders.ActSend, Group: "u1", Lane: reminders.LaneBroadcast, NotBefore: test.from, Until: test.until, Extra: true,
			}
			at, reason := o.desk.Place(push, test.diary, test.now)
			if !at.Equal(test.want) || reason != test.reason {
				t.Errorf("%v %q, want %v %q", at, reason, test.want, test.reason)
			}
		})
	}
}

// A group is told only what is for its unit as a whole; what is asked of the unit may be
// answered there whoever gives the answer.
func TestGrouped(t *testing.T) {
	tests := []struct {
		name     string
		audience reminders.Audience
		expects  notice.Expects
		want     bool
	}{
		{"everyone", reminders.Audience{Everyone: true, Groups: true}, notice.ExpectPerPerson, true},
		{"the office did not choose it", reminders.Audience{Everyone: true}, notice.ExpectPerPerson, false},
		{"the unit", reminders.Audience{Units: []reminders.UnitID{"u1"}, Groups: true}, notice.ExpectNothing, true},
		{"another unit", reminders.Audience{Units: []reminders.UnitID{"u2"}, Groups: true}, notice.ExpectNothing, false},
		{"every official", reminders.Audience{Roles: []reminders.Role{reminders.Official}, Groups: true}, notice.ExpectPerPerson, true},
		{"its leaders", reminders.Audience{Roles: []reminders.Role{reminders.Leader}, Groups: true}, notice.ExpectPerPerson, false},
		{"somebody by name", reminders.Audience{People: []reminders.PersonID{"P1"}, Groups: true}, notice.ExpectPerPerson, false},
		{"the unit as a whole", reminders.Audience{Roles: []reminders.Role{reminders.Liaison, reminders.Leader}, Groups: true}, notice.ExpectPerUnit, true},
	}
	for _, test := range tests {
		if got := (notice.Notice{Audience: test.audience, Expects: test.expects}).Grouped("u1"); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
