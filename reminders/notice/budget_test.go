package notice_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
)

// The promise: in every year that ships the default programme keeps its own
// budget for an official, a liaison, a leader and somebody who is both, and never
// falls into quiet time.
func TestDefaultProgrammeKeepsBudget(t *testing.T) {
	p, cal := shipped(t)
	if diff := cmp.Diff(notice.DefaultBudget(), p.Budget); diff != "" {
		t.Errorf("the file is not the product's budget: %s", diff)
	}
	if diff := cmp.Diff(notice.DefaultQuiet(), p.Quiet); diff != "" {
		t.Errorf("the file is not the product's quiet hours: %s", diff)
	}
	items := notice.Plan(p, cal, years(cal.Location(), 2024, 2035))
	if len(items) < 9*60 {
		t.Fatalf("only %d items", len(items))
	}
	for _, v := range notice.CheckBudget(p, cal, items) {
		t.Errorf("%s: %s", v.Reason, v.Text)
	}
}

// A programme that asks too much is found out, item by item.
func TestCheckBudgetFinds(t *testing.T) {
	shippedProgramme, cal := shipped(t)
	reminderAt := func(w notice.When) func(*notice.Programme) {
		return func(p *notice.Programme) {
			extra := p.Rows[slices.IndexFunc(p.Rows, func(r notice.Row) bool { return r.Name == "holiday-reminder" })]
			extra.Name, extra.At, extra.Ladder = "second-reminder", w, nil
			p.Rows = append(p.Rows, extra)
		}
	}
	before := func(n int) []notice.Day { return []notice.Day{{Anchor: notice.WorkdaysBefore, Count: n}} }
	for _, row := range []struct {
		name   string
		change func(*notice.Programme)
		want   []notice.Violation
	}{
		{"a third message for everyone", reminderAt(notice.When{Days: before(7), Hour: 9 * 60}), []notice.Violation{
			{Key: "2026-qingming/chase", Reason: notice.BudgetSpent, Text: "2026-qingming/chase: message 3 of 2 in 2026-qingming for an official"},
		}},
		{"two on one day", reminderAt(notice.When{Days: before(3), Hour: 15 * 60}), []notice.Violation{
			{Key: "2026-qingming/second-reminder", Reason: notice.OneADay, Text: "2026-qingming/second-reminder: message 2 of 1 in 2026-04-01 for an official"},
		}},
		{"in the evening", reminderAt(notice.When{Days: before(3), Hour: 21 * 60}), []notice.Violation{
			{Key: "2026-qingming/second-reminder", Reason: notice.QuietHours, Text: "2026-qingming/second-reminder: 2026-04-01 21:00 is quiet (quiet-hours)"},
		}},
		{"a smaller budget for liaisons", func(p *notice.Programme) { p.Budget.Liaison, p.Budget.Leader = 2, 2 }, []notice.Violation{
			{Key: "2026-qingming/chase", Roles: reminders.Roles{reminders.Liaison}, Reason: notice.BudgetSpent, Text: "2026-qingming/chase: message 3 of 2 in 2026-qingming for a liaison"},
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := shippedProgramme
			p.Rows = slices.Clone(p.Rows)
			row.change(&p)
			got := notice.CheckBudget(p, cal, notice.Plan(p, cal, years(cal.Location(), 2026, 2026)))
			for _, want := range row.want {
				if !slices.ContainsFunc(got, func(v notice.Violation) bool { return cmp.Equal(v, want) }) {
					t.Errorf("not found: %+v", want)
				}
			}
		})
	}
}

// shanghai is the year 2026 in China.
func shanghai(t testing.TB) (*calendar.Calendar, func(month time.Month, day, hour, minute int) time.Time) {
	_, cal := shipped(t)
	return cal, func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, cal.Location())
	}
}

// Nothing is sent from 20:00 to 08:00, on rest days and in a block; duty and
// answers always.
func TestQuietAllows(t *testing.T) {
	cal, at := shanghai(t)
	quiet := notice.DefaultQuiet()
	for _, row := range []struct {
		name string
		at   time.Time
		lane reminders.Lane
		want notice.Decision
	}{
		{"eight belongs to the day", at(9, 22, 8, 0), reminders.LaneBroadcast, notice.Decision{Allowed: true, Reason: notice.OpenHours}},
		{"a minute before does not", at(9, 22, 7, 59), reminders.LaneBroadcast, notice.Decision{Reason: notice.QuietHours}},
		{"twenty belongs to the night", at(9, 22, 20, 0), reminders.LanePersonal, notice.Decision{Reason: notice.QuietHours}},
		{"a minute before does not", at(9, 22, 19, 59), reminders.LanePersonal, notice.Decision{Allowed: true, Reason: notice.OpenHours}},
		{"a weekend", at(9, 19, 10, 0), reminders.LaneBroadcast, notice.Decision{Reason: notice.QuietRestDay}},
		{"a make-up Sunday", at(9, 20, 10, 0), reminders.LaneBroadcast, notice.Decision{Allowed: true, Reason: notice.OpenHours}},
		{"the block", at(10, 2, 10, 0), reminders.LaneBroadcast, notice.Decision{Reason: notice.QuietBlock}},
		{"duty in the block", at(10, 2, 3, 0), reminders.LaneDuty, notice.Decision{Allowed: true, Reason: notice.ExemptLane}},
		{"an answer at night", at(9, 22, 23, 0), reminders.LaneAnswer, notice.Decision{Allowed: true, Reason: notice.ExemptLane}},
		{"in another zone", at(9, 22, 7, 59).UTC(), reminders.LaneBroadcast, notice.Decision{Reason: notice.QuietHours}},
	} {
		if got := quiet.Allows(cal, row.at, row.lane); got != row.want {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

// What is held goes out when the quiet time ends, unless it is worthless by then.
func TestQuietNextAllowed(t *testing.T) {
	cal, at := shanghai(t)
	night, lunch := notice.DefaultQuiet(), notice.Quiet{From: 12 * 60, To: 14 * 60}
	var never time.Time
	for _, row := range []struct {
		name      string
		quiet     notice.Quiet
		at, until time.Time
		want      time.Time
		reason    notice.ReasonName
	}{
		{"at once", night, at(9, 22, 9, 30), never, at(9, 22, 9, 30), notice.OpenHours},
		{"in the morning", night, at(9, 22, 6, 0), never, at(9, 22, 8, 0), notice.QuietHours},
		{"the next morning", night, at(9, 22, 21, 0), never, at(9, 23, 8, 0), notice.QuietHours},
		{"after the weekend", night, at(9, 12, 10, 0), never, at(9, 14, 8, 0), notice.QuietRestDay},
		{"Friday evening", night, at(9, 11, 20, 0), never, at(9, 14, 8, 0), notice.QuietHours},
		{"after the block", night, at(10, 1, 10, 0), never, at(10, 8, 8, 0), notice.QuietBlock},
		{"before it is worthless", night, at(9, 22, 21, 0), at(9, 23, 8, 1), at(9, 23, 8, 0), notice.QuietHours},
		{"worthless by then", night, at(9, 24, 21, 0), at(9, 25, 18, 0), never, notice.DueInQuietHours},
		{"worthless at that very instant", night, at(9, 22, 21, 0), at(9, 23, 8, 0), never, notice.DueInQuietHours},
		{"a quiet lunch", lunch, at(9, 22, 13, 0), never, at(9, 22, 14, 0), notice.QuietHours},
		{"a weekend when nights are not quiet", lunch, at(9, 12, 13, 0), never, at(9, 14, 0, 0), notice.QuietRestDay},
	} {
		got, reason := row.quiet.NextAllowed(cal, row.at, row.until)
		if !got.Equal(row.want) || reason != row.reason {
			t.Errorf("%s: %v, %s", row.name, got, reason)
		}
	}
}

// Whatever the quiet hours and the place, NextAllowed finds an instant that is
// allowed and not before the one asked for, and nothing between both is allowed.
func TestQuietNextAllowedIsFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal := anyCalendar(t)
		from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
		to := (from + rapid.IntRange(1, 24*60-1).Draw(t, "length")) % (24 * 60)
		quiet := notice.Quiet{From: notice.Hour(from), To: notice.Hour(to)}
		at := time.Date(2030, 1, 1, 0, rapid.IntRange(0, 365*24*60).Draw(t, "at"), 0, 0, cal.Location())
		next, reason := quiet.NextAllowed(cal, at, time.Time{})
		if next.Before(at) || next.Equal(at) != (reason == notice.OpenHours) {
			t.Fatalf("%v for %v: %s", next, at, reason)
		}
		if !quiet.Allows(cal, next, reminders.LaneBroadcast).Allowed {
			t.Fatalf("%v is not allowed", next)
		}
		for u := at; u.Before(next); u = u.Add(7 * time.Minute) {
			if quiet.Allows(cal, u, reminders.LaneBroadcast).Allowed {
				t.Fatalf("%v is allowed and earlier than %v", u, next)
			}
		}
	})
}

// An announcement takes the room that the programme leaves, and never its place.
func TestBudgetPlace(t *testing.T) {
	p, cal := shipped(t)
	_, at := shanghai(t)
	items := notice.Plan(p, cal, years(cal.Location(), 2026, 2026))
	official, liaison := reminders.Roles{}, reminders.Roles{reminders.Liaison}
	var never time.Time
	for _, row := range []struct {
		name     string
		want     reminders.Window
		received []notice.Push
		roles    reminders.Roles
		at       time.Time
		reason   notice.ReasonName
	}{
		{"outside of any occasion there is room", reminders.Window{From: at(8, 3, 15, 0), To: never}, nil, official, at(8, 3, 15, 0), notice.FirstSend},
		{
			"but one a day",
			reminders.Window{From: at(8, 3, 15, 0), To: never},
			[]notice.Push{{At: at(8, 3, 9, 0)}},
			official, at(8, 4, 15, 0), notice.OneADay,
		},
		{
			"one a day, over a weekend",
			reminders.Window{From: at(8, 7, 15, 0), To: never},
			[]notice.Push{{At: at(8, 7, 9, 0)}},
			official, at(8, 10, 15, 0), notice.OneADay,
		},
		{
			"two messages at one instant are one",
			reminders.Window{From: at(8, 3, 9, 0), To: never},
			[]notice.Push{{At: at(8, 3, 9, 0)}},
			official, at(8, 3, 9, 0), notice.JoinsDigest,
		},
		// Reminder and chase of Mid-Autumn are reserved: an official's two.
		{"waits for the reminder", reminders.Window{From: at(9, 18, 15, 0), To: never}, nil, official, at(9, 22, 9, 0), notice.JoinsDigest},
		{"waits for the chase", reminders.Window{From: at(9, 22, 15, 0), To: never}, nil, official, at(9, 24, 10, 0), notice.JoinsDigest},
		{"comes before the reminder on its day", reminders.Window{From: at(9, 22, 8, 30), To: never}, nil, official, at(9, 22, 9, 0), notice.JoinsDigest},
		{"waits until the occasion is over", reminders.Window{From: at(9, 28, 15, 0), To: never}, nil, official, at(10, 8, 15, 0), notice.BudgetSpent},
		{"is due before the reminder", reminders.Window{From: at(9, 18, 15, 0), To: at(9, 21, 18, 0)}, nil, official, at(9, 18, 15, 0), notice.DueOverridesBudget},
		{"is due at that very instant", reminders.Window{From: at(9, 18, 15, 0), To: at(9, 22, 9, 0)}, nil, official, at(9, 18, 15, 0), notice.DueOverridesBudget},
		{"is due after it", reminders.Window{From: at(9, 18, 15, 0), To: at(9, 22, 18, 0)}, nil, official, at(9, 22, 9, 0), notice.JoinsDigest},
		// A liaison has one of four left: unit notice, reminder with unit chase, chase.
		{"a liaison has room", reminders.Window{From: at(9, 17, 15, 0), To: never}, nil, liaison, at(9, 17, 15, 0), notice.FirstSend},
		{
			"but only once",
			reminders.Window{From: at(9, 17, 15, 0), To: never},
			[]notice.Push{{At: at(9, 16, 15, 0), Block: "2026-mid-autumn+national-day"}},
			liaison, at(9, 18, 9, 0), notice.JoinsDigest,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			pushes := append(notice.Reserved(items, row.roles), row.received...)
			got, reason := p.Budget.Place(cal, row.want, notice.PeriodAt(items, row.want.From), pushes, row.roles)
			if !got.Equal(row.at) || reason != row.reason {
				t.Errorf("%v, %s; not %v, %s", got, reason, row.at, row.reason)
			}
		})
	}
}

// Whatever was received, an announcement comes neither earlier than wanted nor, if
// it is due, later than that; it never adds to a day or an occasion that is full,
// unless it is due; and it never moves anything reserved.
func TestBudgetPlaceKeepsPromise(t *testing.T) {
	p, cal := shipped(t)
	items := notice.Plan(p, cal, years(cal.Location(), 2026, 2026))
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SampledFrom([]reminders.Roles{nil, {reminders.Liaison}, {reminders.Leader}}).Draw(t, "roles")
		start := time.Date(2026, 1, 5, 0, 0, 0, 0, cal.Location())
		instant := func(name string) time.Time {
			at, _ := p.Quiet.NextAllowed(cal, start.Add(time.Duration(rapid.IntRange(0, 340*24*60).Draw(t, name))*time.Minute), time.Time{})
			return at
		}
		pushes := notice.Reserved(items, roles)
		for range rapid.IntRange(0, 5).Draw(t, "received") {
			at := instant("received at")
			pushes = append(pushes, notice.Push{At: at, Block: notice.PeriodAt(items, at).Block})
		}
		want := reminders.Window{From: instant("wanted")}
		if rapid.Bool().Draw(t, "has due") {
			want.To = want.From.Add(time.Duration(rapid.IntRange(1, 20*24*60).Draw(t, "due")) * time.Minute)
		}
		in := notice.PeriodAt(items, want.From)
		at, reason := p.Budget.Place(cal, want, in, pushes, roles)
		if at.Before(want.From) || !want.To.IsZero() && !at.Before(want.To) {
			t.Fatalf("wanted %v, at %v (%s)", want, at, reason)
		}
		if !p.Quiet.Allows(cal, at, reminders.LaneBroadcast).Allowed {
			t.Fatalf("quiet at %v", at)
		}
		var today, spent int
		seen := map[int64]bool{}
		for _, push := range pushes {
			if seen[push.At.Unix()] {
				continue
			}
			seen[push.At.Unix()] = true
			if calendar.DateOf(push.At, cal.Location()) == calendar.DateOf(at, cal.Location()) {
				today++
			}
			if push.Block == in.Block {
				spent++
			}
		}
		switch reason {
		case notice.JoinsDigest:
			if !slices.ContainsFunc(pushes, func(push notice.Push) bool { return push.At.Equal(at) }) {
				t.Fatalf("nothing to join at %v", at)
			}
		case notice.DueOverridesBudget:
			if !at.Equal(want.From) {
				t.Fatalf("overrides and still waits until %v", at)
			}
		default:
			if today >= p.Budget.PerDay || in.Contains(at) && spent >= p.Budget.Of(roles) {
				t.Fatalf("%s at %v: %d that day, %d in %s", reason, at, today, spent, in.Block)
			}
		}
	})
}

// The limit is the largest of what somebody is.
func TestBudgetOf(t *testing.T) {
	b := notice.Budget{Official: 2, Liaison: 4, Leader: 3, PerDay: 1}
	for _, row := range []struct {
		roles reminders.Roles
		want  int
	}{
		{nil, 2},
		{reminders.Roles{reminders.Staff}, 2},
		{reminders.Roles{reminders.Leader}, 3},
		{reminders.Roles{reminders.Liaison, reminders.Leader}, 4},
	} {
		if got := b.Of(row.roles); got != row.want {
			t.Errorf("%v: %d", row.roles, got)
		}
	}
}
