package notice_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// zones are places with and without a change of the clocks, on both hemispheres.
var zones = []string{"Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"}

// anyCalendar draws a place and a year of holidays and make-up workdays that no
// notice would ever announce.
func anyCalendar(t *rapid.T) *calendar.Calendar {
	loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	start := calendar.Date{Year: 2030, Month: time.January, Day: 1}
	arrangement := calendar.Arrangement{Year: 2030, Status: calendar.Official}
	listed := map[calendar.Date]bool{}
	list := func(d calendar.Date, off bool) {
		if d.Year == start.Year && !listed[d] {
			listed[d] = true
			name := "Invented Day " + strings.ToLower(d.Month.String())
			arrangement.Days = append(arrangement.Days, calendar.Day{Name: name, Date: d, Off: off})
		}
	}
	for range rapid.IntRange(1, 8).Draw(t, "blocks") {
		first := start.AddDays(rapid.IntRange(0, 364).Draw(t, "first"))
		for n := range rapid.IntRange(1, 12).Draw(t, "days") {
			list(first.AddDays(n), true)
		}
	}
	for range rapid.IntRange(0, 10).Draw(t, "make-up days") {
		if d := start.AddDays(rapid.IntRange(0, 364).Draw(t, "make-up")); d.Weekday() == time.Sunday || d.Weekday() == time.Saturday {
			list(d, false)
		}
	}
	cal, err := calendar.New(loc, arrangement)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// wide is a window that holds everything within months of the year of anyCalendar.
func wide(cal *calendar.Calendar, months time.Month) reminders.Window {
	return reminders.Window{
		From: time.Date(2030, 1-months, 1, 0, 0, 0, 0, cal.Location()),
		To:   time.Date(2031, 1+months, 1, 0, 0, 0, 0, cal.Location()),
	}
}

// Whatever the calendar, nothing of the default programme is ever sent in quiet
// hours, on a rest day or in a block, and every key is there once.
func TestPlanKeepsQuiet(t *testing.T) {
	p, _ := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := anyCalendar(t)
		items := notice.Plan(p, cal, wide(cal, 1))
		if keys := byKey(items); len(keys) != len(items) {
			t.Fatalf("%d keys for %d items", len(keys), len(items))
		}
		for _, item := range items {
			local := item.At.In(cal.Location())
			day := calendar.DateOf(item.At, cal.Location())
			if _, inBlock := cal.BlockAt(day); inBlock || !cal.IsWorkday(day) || local.Hour() < 8 || local.Hour() >= 20 {
				t.Fatalf("%s at %v", item.Key, local)
			}
			if !item.At.Before(item.Until) {
				t.Fatalf("%s at %v is worthless from %v on", item.Key, local, item.Until)
			}
		}
	})
}

// Whatever the calendar, the instants of one item come in their order: it is sent,
// steps are taken on later days, it closes; what is due is due before it closes.
func TestPlanOrder(t *testing.T) {
	p, _ := shipped(t)
	p.Rows = slices.DeleteFunc(p.Rows, func(r notice.Row) bool { return !r.Every.IsZero() })
	rapid.Check(t, func(t *rapid.T) {
		cal := anyCalendar(t)
		for _, item := range notice.Plan(p, cal, wide(cal, 1)) {
			if !item.Expects.Obliges() {
				continue
			}
			if !item.At.Before(item.Due) || !item.Due.Add(item.Grace).Before(item.Closes) {
				t.Fatalf("%s: %v, due %v, closes %v", item.Key, item.At, item.Due, item.Closes)
			}
			sent := calendar.DateOf(item.At, cal.Location())
			for _, step := range item.Ladder {
				if !sent.Before(calendar.DateOf(step.At, cal.Location())) || !step.At.Before(item.Closes) {
					t.Fatalf("%s: %s at %v", item.Key, step.Name, step.At)
				}
				if step.Action == obligation.Chase != step.At.Before(item.Due) {
					t.Fatalf("%s: %s at %v, due %v", item.Key, step.Name, step.At, item.Due)
				}
			}
			if !slices.IsSortedFunc(item.Ladder, func(a, b obligation.Step) int { return a.At.Compare(b.At) }) {
				t.Fatalf("%s: ladder %v", item.Key, item.Ladder)
			}
		}
	})
}

// On every calendar that ships, the rows of an occasion come in the order of the
// product page.
func TestPlanOrderOfRows(t *testing.T) {
	p, cal := shipped(t)
	keyed := byKey(notice.Plan(p, cal, years(cal.Location(), 2024, 2035)))
	order := []string{"review", "unit-notice", "holiday-reminder", "chase", "closing-summary"}
	occasions := cal.Occasions(calendar.Date{Year: 2025, Month: 1, Day: 1}, calendar.Date{Year: 2036, Month: 1, Day: 1})
	if len(occasions) < 60 {
		t.Fatalf("only %d occasions in eleven years", len(occasions))
	}
	for _, occasion := range occasions {
		for n, name := range order[1:] {
			before, after := keyed[occasion.ID+"/"+order[n]], keyed[occasion.ID+"/"+name]
			if before.At.IsZero() || after.At.IsZero() || !before.At.Before(after.At) {
				t.Errorf("%s: %s at %v, %s at %v", occasion.ID, order[n], before.At, name, after.At)
			}
		}
		review, unit := keyed[occasion.ID+"/review"], keyed[occasion.ID+"/unit-notice"]
		if !review.Due.Before(unit.At) {
			t.Errorf("%s: what is reviewed until %v is sent at %v", occasion.ID, review.Due, unit.At)
		}
		chase := keyed[occasion.ID+"/chase"]
		if !chase.At.Before(chase.Due) || !chase.Due.Before(keyed[occasion.ID+"/closing-summary"].At) {
			t.Errorf("%s: chase at %v, due %v", occasion.ID, chase.At, chase.Due)
		}
	}
}

// A narrow window gives exactly what a wide one gives in it, whatever the calendar
// and however far the rows of the programme lie from the block.
func TestPlanDoesNotDependOnWindow(t *testing.T) {
	shippedProgramme, _ := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		cal := anyCalendar(t)
		p := shippedProgramme
		p.Rows = slices.Clone(p.Rows)
		anchors := []notice.Anchor{notice.DaysBefore, notice.WorkdaysBefore, notice.WorkdaysAfter}
		for n := range p.Rows {
			if p.Rows[n].Every.IsZero() && rapid.Bool().Draw(t, "move") {
				far := notice.Day{Anchor: rapid.SampledFrom(anchors).Draw(t, "anchor"), Count: rapid.IntRange(1, 90).Draw(t, "count")}
				p.Rows[n].At.Days = []notice.Day{far}
				p.Rows[n].Until.Days = []notice.Day{{Anchor: notice.WorkdaysAfter, Count: 90}}
			} else if !p.Rows[n].Every.IsZero() {
				p.Rows[n].RestDay = rapid.SampledFrom([]notice.RestDay{notice.Preceding, notice.Skip}).Draw(t, "rest day")
			}
		}
		all := notice.Plan(p, cal, wide(cal, 5))
		from := time.Date(2029, 12, 1, 0, 0, 0, 0, cal.Location()).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "from")) * time.Minute)
		narrow := reminders.Window{From: from, To: from.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "length")) * time.Minute)}
		var want []notice.Item
		for _, item := range all {
			if narrow.Contains(item.At) {
				want = append(want, item)
			}
		}
		got := notice.Plan(p, cal, narrow)
		if len(want)+len(got) > 0 && !reflect.DeepEqual(want, got) {
			t.Fatal(cmp.Diff(want, got))
		}
		if again := notice.Plan(p, cal, narrow); !reflect.DeepEqual(got, again) {
			t.Fatalf("not the same twice: %s", cmp.Diff(got, again))
		}
	})
}

// The items come in order of instant and key.
func TestPlanIsSorted(t *testing.T) {
	p, cal := shipped(t)
	items := notice.Plan(p, cal, years(cal.Location(), 2025, 2035))
	for n := range items[1:] {
		a, b := items[n], items[n+1]
		if c := a.At.Compare(b.At); c > 0 || c == 0 && a.Key >= b.Key {
			t.Fatalf("%s at %v before %s at %v", a.Key, a.At, b.Key, b.At)
		}
	}
}
