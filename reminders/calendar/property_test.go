package calendar_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// names are what invented calendars call their days.
var names = []string{
	"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节", "泼水节",
	"Bank Holiday", "Christmas Day", "A Day with a Name beyond all Bounds",
}

// anyCalendar invents one of two years, with days off and make-up days at random.
func anyCalendar(t *rapid.T) *calendar.Calendar {
	var years []calendar.Arrangement
	for _, year := range []int{2030, 2031} {
		a := calendar.Arrangement{Year: year, Status: calendar.Official}
		if rapid.Bool().Draw(t, "provisional") {
			a.Status, a.Confirmed = calendar.Provisional, rapid.Bool().Draw(t, "confirmed")
		}
		first := calendar.Date{Year: year - 1, Month: 12, Day: 1}
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 420), 0, 60, rapid.ID[int]).Draw(t, "days") {
			a.Days = append(a.Days, calendar.Day{
				Name: rapid.SampledFrom(names).Draw(t, "name"),
				Date: first.AddDays(n),
				Off:  rapid.IntRange(0, 3).Draw(t, "off") > 0,
			})
		}
		years = append(years, a)
	}
	c, err := calendar.New(shanghai, years...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// anyDate draws a day in or around the invented years.
func anyDate(t *rapid.T) calendar.Date {
	return date("2029-11-01").AddDays(rapid.IntRange(0, 900).Draw(t, "date"))
}

func TestWorkdayProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d, n := anyCalendar(t), anyDate(t), rapid.IntRange(-40, 40).Draw(t, "n")
		for name, got := range map[string]calendar.Date{
			"OnOrBefore": c.OnOrBefore(d), "OnOrAfter": c.OnOrAfter(d),
			"LastWorkdayBefore": c.LastWorkdayBefore(d), "FirstWorkdayAfter": c.FirstWorkdayAfter(d),
		} {
			if !c.IsWorkday(got) {
				t.Fatalf("%s(%v) = %v, which is a rest day", name, d, got)
			}
		}
		if c.OnOrBefore(d).After(d) || c.OnOrAfter(d).Before(d) || !c.LastWorkdayBefore(d).Before(d) || !c.FirstWorkdayAfter(d).After(d) {
			t.Fatalf("a neighbour of %v lies on the wrong side", d)
		}
		for day := c.OnOrBefore(d).AddDays(1); day.Before(c.OnOrAfter(d)); day = day.AddDays(1) {
			if c.IsWorkday(day) {
				t.Fatalf("%v is nearer to %v", day, d)
			}
		}
		if work := c.OnOrAfter(d); c.AddWorkdays(c.AddWorkdays(work, n), -n) != work {
			t.Fatalf("%v + %d - %d workdays = %v", work, n, n, c.AddWorkdays(c.AddWorkdays(work, n), -n))
		}
	})
}

func TestBlockProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		blocks := c.Blocks(date("2029-01-01"), date("2033-01-01"))
		ids := map[string]bool{}
		for i, b := range blocks {
			if i > 0 && b.First.Sub(blocks[i-1].Last) < 2 {
				t.Fatalf("no workday between %v and %v", blocks[i-1], b)
			}
			if c.IsWorkday(b.First.AddDays(-1)) != true || c.IsWorkday(b.Last.AddDays(1)) != true {
				t.Fatalf("%v could be longer", b)
			}
			for day := b.First; !day.After(b.Last); day = day.AddDays(1) {
				if at, ok := c.BlockAt(day); !ok || at.ID != b.ID || c.IsWorkday(day) {
					t.Fatalf("%v of %v is in %v, workday %t", day, b, at, c.IsWorkday(day))
				}
			}
			if ids[b.ID] || len(b.ID) > 31 {
				t.Fatalf("identifier %q", b.ID)
			}
			ids[b.ID] = true
		}
		for _, year := range c.Years() {
			a, _ := c.Arrangement(year)
			for _, day := range a.Days {
				if _, ok := c.BlockAt(day.Date); ok == c.IsWorkday(day.Date) {
					t.Fatalf("%v is listed, workday %t, in a block %t", day, c.IsWorkday(day.Date), ok)
				}
			}
		}
	})
}

func TestOccasionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		from, cut, to := date("2029-01-01"), anyDate(t), date("2033-01-01")
		var together []calendar.Block
		whole := c.Occasions(from, to)
		for i, o := range whole {
			together = append(together, o.Blocks...)
			if i > 0 && o.First().Sub(whole[i-1].Last())-1 < 7 {
				t.Fatalf("%s and %s belong together", whole[i-1].ID, o.ID)
			}
			if len(o.ID) > 31 {
				t.Fatalf("identifier %q", o.ID)
			}
		}
		if diff := cmp.Diff(c.Blocks(from, to), together); diff != "" {
			t.Fatalf("occasions are not a partition of the blocks:\n%s", diff)
		}
		parts := append(c.Occasions(from, cut), c.Occasions(cut, to)...)
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Fatalf("occasions depend on the span, cut at %v:\n%s", cut, diff)
		}
	})
}

// TestFileRoundTrip writes what was built as JSON and reads it back.
func TestFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCalendar(t)
		for _, year := range c.Years() {
			a, _ := c.Arrangement(year)
			if len(a.Days) == 0 {
				continue
			}
			file, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			back, errs, err := calendar.Parse("invented.json", file)
			if err != nil || len(errs) > 0 {
				t.Fatal(err, errs)
			}
			again, err := calendar.New(shanghai, back)
			if err != nil {
				t.Fatal(err)
			}
			want, err := calendar.New(shanghai, a)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range calendar.Compare(want, again, date("2029-01-01"), date("2033-01-01")) {
				t.Fatalf("the file lost something: %v", d)
			}
		}
	})
}
