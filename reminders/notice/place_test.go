package notice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Rows of the programme go when they are wanted, but never in quiet hours; what is
// extra goes only as far as the person's budget has room, and never waits until it
// is worthless.
func TestPlace(t *testing.T) {
	sent := func(at ...time.Time) (diary []reminders.Push) {
		for _, t := range at {
			diary = append(diary, reminders.Push{At: t, Block: block, As: reminders.Official, Sent: true})
		}
		return diary
	}
	tests := []struct {
		name   string
		push   reminders.Delivery
		diary  []reminders.Push
		now    time.Time
		want   time.Time
		reason string
	}{
		{name: "when it is wanted", push: reminders.Delivery{NotBefore: day(9, 22, 9, 0)}, now: day(9, 21, 9, 0), want: day(9, 22, 9, 0)},
		{name: "wanted in the past: now", push: reminders.Delivery{NotBefore: day(9, 22, 9, 0)}, now: day(9, 22, 9, 30), want: day(9, 22, 9, 30)},
		{
			name: "in quiet hours: the next morning", push: reminders.Delivery{NotBefore: day(9, 22, 20, 0)}, now: day(9, 22, 9, 0),
			want: day(9, 23, 8, 0), reason: "quiet-hours",
		},
		{name: "the last instant before them", push: reminders.Delivery{NotBefore: day(9, 22, 20, 0).Add(-1)}, now: day(9, 22, 9, 0), want: day(9, 22, 20, 0).Add(-1)},
		{
			name: "in the block: after it", push: reminders.Delivery{NotBefore: day(10, 3, 9, 0)}, now: day(10, 3, 9, 0),
			want: day(10, 8, 8, 0), reason: "holiday-block",
		},
		{
			name: "worthless when they end: never", push: reminders.Delivery{NotBefore: day(9, 22, 21, 0), Until: day(9, 23, 7, 0)},
			now: day(9, 22, 21, 0), want: day(9, 23, 7, 0), reason: "due-in-quiet-hours",
		},
		{
			name: "a row does not ask the budget", push: reminders.Delivery{NotBefore: day(9, 23, 9, 0), As: reminders.Official},
			diary: sent(day(9, 21, 9, 0), day(9, 22, 9, 0), day(9, 23, 8, 0)), now: day(9, 23, 9, 0), want: day(9, 23, 9, 0),
		},
		{
			name: "the office's own work does not either", push: reminders.Delivery{NotBefore: day(9, 23, 9, 0), As: reminders.Staff, Extra: true},
			diary: sent(day(9, 23, 8, 0)), now: day(9, 23, 9, 0), want: day(9, 23, 9, 0),
		},
		{
			name: "an extra one joins what comes later that day", push: reminders.Delivery{NotBefore: day(9, 24, 9, 0), As: reminders.Official, Extra: true},
			now: day(9, 24, 9, 0), want: day(9, 24, 10, 0), reason: "joins-digest",
		},
		{
			name: "an extra one when all is reserved waits for the end", now: day(9, 23, 9, 0), diary: sent(day(9, 22, 9, 0)),
			push: reminders.Delivery{NotBefore: day(9, 23, 9, 0), As: reminders.Official, Extra: true},
			want: day(9, 24, 10, 0), reason: "joins-digest",
		},
		{
			name: "rather than too late at once", now: day(9, 23, 9, 0), diary: sent(day(9, 22, 9, 0)),
			push: reminders.Delivery{NotBefore: day(9, 23, 9, 0), Until: day(9, 23, 18, 0), As: reminders.Official, Extra: true},
			want: day(9, 23, 9, 0), reason: "due-overrides-budget",
		},
		{
			name: "outside of any block one a day", now: day(11, 10, 9, 0), diary: sent(day(11, 10, 8, 30)),
			push: reminders.Delivery{NotBefore: day(11, 10, 9, 0), As: reminders.Official, Extra: true},
			want: day(11, 11, 9, 0), reason: "one-a-day",
		},
		{
			name: "a request to decide is an errand and uses up no day", now: day(11, 10, 9, 0),
			diary: []reminders.Push{{At: day(11, 10, 8, 30), As: reminders.Staff, Sent: true}},
			push:  reminders.Delivery{NotBefore: day(11, 10, 9, 0), As: reminders.Official, Extra: true}, want: day(11, 10, 9, 0),
		},
		{
			name: "unless it came with something for the reader", now: day(11, 10, 9, 0),
			diary: []reminders.Push{{At: day(11, 10, 8, 30), Sent: true}},
			push:  reminders.Delivery{NotBefore: day(11, 10, 9, 0), As: reminders.Official, Extra: true},
			want:  day(11, 11, 9, 0), reason: "one-a-day",
		},
		{
			name: "an errand waits for the morning like everything else", now: day(11, 10, 21, 0),
			push: reminders.Delivery{NotBefore: day(11, 10, 21, 0), As: reminders.Staff}, want: day(11, 11, 8, 0), reason: "quiet-hours",
		},
		{
			name: "what never went does not count", now: day(11, 10, 9, 0),
			diary: []reminders.Push{{At: day(11, 10, 8, 30), As: reminders.Official}},
			push:  reminders.Delivery{NotBefore: day(11, 10, 9, 0), As: reminders.Official, Extra: true}, want: day(11, 10, 9, 0),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t, 1, tt.now)
			at, reason := o.desk.Place(tt.push, tt.diary, tt.now)
			if !at.Equal(tt.want) || reason != tt.reason {
				t.Errorf("got %v because of %q, want %v because of %q", at, reason, tt.want, tt.reason)
			}
		})
	}
}

// Two plans differ by what is new, dropped or moved, by key.
func TestShifts(t *testing.T) {
	item := func(key string, at, due time.Time) notice.Item {
		return notice.Item{Key: key, Kind: notice.Review, At: at, Due: due}
	}
	before := []notice.Item{
		item("same", day(9, 1, 9, 0), day(9, 2, 9, 0)), item("moved", day(9, 1, 9, 0), time.Time{}),
		item("due", day(9, 1, 9, 0), day(9, 2, 9, 0)), item("gone", day(9, 3, 9, 0), time.Time{}),
	}
	after := []notice.Item{
		item("same", day(9, 1, 9, 0).UTC(), day(9, 2, 9, 0)), item("moved", day(9, 4, 9, 0), time.Time{}),
		item("due", day(9, 1, 9, 0), day(9, 3, 9, 0)), item("new", day(9, 5, 9, 0), time.Time{}),
	}
	want := []notice.Shift{
		{Key: "moved", Kind: notice.Review, Before: day(9, 1, 9, 0), After: day(9, 4, 9, 0)},
		{Key: "due", Kind: notice.Review, Before: day(9, 1, 9, 0), After: day(9, 1, 9, 0)},
		{Key: "gone", Kind: notice.Review, Before: day(9, 3, 9, 0)},
		{Key: "new", Kind: notice.Review, After: day(9, 5, 9, 0)},
	}
	if diff := cmp.Diff(want, notice.Shifts(before, after)); diff != "" {
		t.Error(diff)
	}
	if got := notice.Shifts(before, before); got != nil {
		t.Errorf("a plan differs from itself: %v", got)
	}
}

// While the arrangement of the coming year is missing, the staff are told on every
// workday from 1 December on, and not before.
func TestYearMissing(t *testing.T) {
	p, cal := shipped(t)
	warnings := func(cal *calendar.Calendar, from, to time.Time) (days []string) {
		for _, item := range notice.PlanAll(p, cal, reminders.Window{From: from, To: to}) {
			if item.ReasonName == notice.YearMissing {
				days = append(days, strings.TrimPrefix(item.Key, "2027/year-missing/"))
			}
		}
		return days
	}
	got := warnings(cal, day(11, 20, 0, 0), day(12, 8, 0, 0))
	want := []string{"2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-07"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	a, _ := cal.Arrangement(2027)
	a.Status = calendar.Official
	b, _ := cal.Arrangement(2026)
	if got := warnings(newCalendar(t, cal.Location(), b, a), day(12, 1, 0, 0), day(12, 31, 0, 0)); got != nil {
		t.Errorf("the year is there, and the staff are told on %v", got)
	}
	o := newOffice(t, 3, day(12, 1, 9, 0))
	o.at(day(12, 1, 9, 0))
	if m := o.show("2027/year-missing/2026-12-01", o.reg.people[0]); m.Key != "warning.year_missing" || *m.Args["Year"].Text != "2027" {
		t.Errorf("the warning is %+v", m)
	}
}

// When a block moves, what is still expected moves with it: also if only its end
// does, and nothing is sent twice.
func TestRedate(t *testing.T) {
	longer := func(a calendar.Arrangement) calendar.Arrangement {
		for _, text := range []string{"2026-10-08", "2026-10-09"} {
			date, err := calendar.ParseDate(text)
			if err != nil {
				t.Fatal(err)
			}
			a.Days = append(a.Days, calendar.Day{Date: date, Off: true, Name: "国庆节"})
		}
		return a
	}
	o := newOffice(t, 12, day(9, 22, 8, 0))
	o.at(day(9, 22, 9, 0))
	before := len(o.waiting())
	a, _ := o.cal.Arrangement(2026)
	o.cal = newCalendar(t, o.cal.Location(), longer(a))
	for _, want := range []int{2, 0} { // the reminder and the unit notice
		o.do(func(tx reminders.Tx) error {
			moved, err := o.desk.Redate(tx, o.cal)
			if moved != want {
				t.Errorf("%d notices moved, want %d", moved, want)
			}
			return err
		})
	}
	if got := len(o.entries(ledger.Redated)); got != 2 {
		t.Errorf("%d entries", got)
	}
	o.at(day(10, 8, 10, 0)) // the old closing lies in the block now
	if line := o.lines(block + "/holiday-reminder")[0]; line.State != obligation.Open {
		t.Errorf("at the old closing the line is %s", line.State)
	}
	o.at(day(10, 12, 10, 0))
	if line := o.lines(block + "/holiday-reminder")[0]; line.State != obligation.Missed {
		t.Errorf("at the new closing the line is %s", line.State)
	}
	if n := o.notice(block + "/holiday-reminder"); n.Last.String() != "2026-10-09" || n.Copies != len(o.reg.people) {
		t.Errorf("the notice ends on %s with %d copies, at first %d waited", n.Last, n.Copies, before)
	}
	o.balanced()
}
