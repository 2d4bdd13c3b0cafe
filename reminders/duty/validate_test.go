package duty_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/duty"
)

// mini is a block of two days, 1 and 2 October.
var mini = calendar.Block{
	ID: national, First: calendar.Date{Year: 2026, Month: 10, Day: 1}, Last: calendar.Date{Year: 2026, Month: 10, Day: 2},
}

// factsOf are the facts of the office of the tests.
func factsOf(p *people) duty.Facts {
	f := duty.Facts{Rules: duty.DefaultRules(), Zone: place, Members: p.members, Parents: map[reminders.UnitID]reminders.UnitID{}, Leaves: p.away}
	for _, u := range p.units {
		f.Parents[u.ID] = u.Parent
	}
	return f
}

// rows numbers shifts as a file does, from row 2.
func rows(shifts ...duty.Planned) []duty.Planned {
	for i := range shifts {
		shifts[i].Row = i + 2
	}
	return shifts
}

// found writes problems as "row reason people from".
func found(problems []duty.Problem) []string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, fmt.Sprintf("%d %s %v %s-%s", p.Row, p.Reason, p.People, p.Window.From.Format("02T15"), p.Window.To.Format("02T15")))
	}
	return lines
}

// Each row is a roster that needs nothing.
func TestGoodRosters(t *testing.T) {
	for _, row := range []struct {
		name   string
		rules  func(*duty.Rules)
		shifts []duty.Planned
	}{
		{"two whole days, each by another officer", nil, rows(
			shift("harbour", october(1, 8, 0), october(2, 8, 0), "H1", "H5"), shift("harbour", october(2, 8, 0), october(3, 8, 0), "H2", "H5"))},
		{"days begin when the first shift does", nil, rows(
			shift("harbour", october(1, 9, 30), october(2, 9, 30), "H1", "H5"), shift("harbour", october(2, 9, 30), october(3, 9, 30), "H2", "H5"))},
		{"day and night, twelve hours of rest", nil, rows(
			shift("harbour", october(1, 8, 0), october(1, 20, 0), "H1", "H5"), shift("harbour", october(1, 20, 0), october(2, 8, 0), "H2", "H5"),
			shift("harbour", october(2, 8, 0), october(2, 20, 0), "H1", "H5"), shift("harbour", october(2, 20, 0), october(3, 8, 0), "H2", "H5"))},
		{"office hours, where that is the rule", func(r *duty.Rules) { r.CoverOf = map[reminders.UnitID]duty.Cover{"harbour": duty.ByDay} }, rows(
			shift("harbour", october(1, 9, 0), october(1, 17, 0), "H1", "H5"), shift("harbour", october(2, 9, 0), october(2, 17, 0), "H2", "H5"))},
		{"a leader of the unit above", nil, rows(
			shift("harbour", october(1, 8, 0), october(2, 8, 0), "H1", "C1"), shift("harbour", october(2, 8, 0), october(3, 8, 0), "H2", "C1"))},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := factsOf(newPeople())
			if row.rules != nil {
				row.rules(&f.Rules)
			}
			if got := duty.Validate([]duty.Plan{{Unit: "harbour", Block: mini, Planned: row.shifts}}, f); len(got) > 0 {
				t.Errorf("problems %q", found(got))
			}
		})
	}
}

// Each row breaks one rule, and the problem says where.
func TestBadRosters(t *testing.T) {
	first := func(people ...reminders.PersonID) duty.Planned {
		return shift("harbour", october(1, 8, 0), october(2, 8, 0), people...)
	}
	second := func(people ...reminders.PersonID) duty.Planned {
		return shift("harbour", october(2, 8, 0), october(3, 8, 0), people...)
	}
	for _, row := range []struct {
		name   string
		facts  func(*people, *duty.Facts)
		shifts []duty.Planned
		blocks bool
		want   []string
	}{
		{"a day without cover", nil, rows(first("H1", "H5")), false, []string{"0 no-cover [] 02T08-03T08"}},
		{
			"a night without cover", nil,
			rows(shift("harbour", october(1, 8, 0), october(1, 20, 0), "H1", "H5"), second("H2", "H5")), false,
			[]string{"0 no-cover [] 01T20-02T08"},
		},
		{
			"two shifts of the unit at one time", nil,
			rows(first("H1", "H5"), shift("harbour", october(2, 6, 0), october(3, 8, 0), "H2", "H5")), true,
			[]string{"3 overlap [] 02T06-03T08"},
		},
		{
			"a shift within another", nil,
			rows(first("H1", "H5"), shift("harbour", october(1, 10, 0), october(1, 12, 0), "H2", "H5"), second("H3", "H5")), true,
			[]string{"3 overlap [] 01T10-01T12"},
		},
		{"somebody who is not in the register", nil, rows(first("X9", "H5"), second("H2", "H5")), true, []string{"2 unknown [X9] 01T08-02T08"}},
		{"no leader", nil, rows(first("H1"), second("H2", "H5")), false, []string{"2 no-leader [] 01T08-02T08"}},
		{"one person in two places", nil, rows(first("H1", "H5", "H1"), second("H2", "H5")), false, []string{"2 two-places [H1] 01T08-02T08"}},
		{"an officer of another unit", nil, rows(first("M1", "H5"), second("H2", "H5")), false, []string{"2 foreign [M1] 01T08-02T08"}},
		{"an officer of the unit above", nil, rows(first("C1", "H5"), second("H2", "H5")), false, []string{"2 foreign [C1] 01T08-02T08"}},
		{
			"somebody on leave", func(p *people, _ *duty.Facts) {
				p.away["H2"] = []reminders.Window{{From: october(2, 0, 0), To: october(3, 0, 0)}}
			}, rows(first("H1", "H5"), second("H2", "H5")), false, []string{"3 on-leave [H2] 02T08-03T08"},
		},
		{
			"somebody who has left", func(p *people, _ *duty.Facts) {
				m := p.members["H2"]
				m.Active = false
				p.members["H2"] = m
			}, rows(first("H1", "H5"), second("H2", "H5")), false, []string{"3 retired [H2] 02T08-03T08"},
		},
		{
			"a backup whom no message reaches, said once for both shifts", func(p *people, _ *duty.Facts) {
				m := p.members["H3"]
				m.Reachable = false
				p.members["H3"] = m
			}, rows(first("H1", "H5", "H3"), second("H2", "H5", "H3")), false, []string{"2 unreachable [H3] 01T08-02T08"},
		},
		{
			"on duty elsewhere at that time", func(_ *people, f *duty.Facts) {
				f.Others = []duty.Shift{shift("market", october(1, 20, 0), october(2, 8, 0), "H1").Shift}
			}, rows(first("H1", "H5"), second("H2", "H5")), true, []string{"2 double-booking [H1] 01T08-02T08"},
		},
		{
			"a shift of the block before that reaches into this one", func(_ *people, f *duty.Facts) {
				before := shift("harbour", october(1, 0, 0), october(1, 12, 0), "H3", "H5").Shift
				before.Block = "another"
				f.Others = []duty.Shift{before}
			}, rows(first("H1", "H5"), second("H2", "H5")), true, []string{"2 overlap [] 01T08-02T08"},
		},
		{
			"ten hours of rest", nil,
			rows(shift("harbour", october(1, 8, 0), october(1, 22, 0), "H1", "H5"), shift("harbour", october(1, 22, 0), october(2, 8, 0), "H2", "H5"), second("H1", "H5")),
			false,
			[]string{"4 short-rest [H1] 02T08-03T08"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := newPeople()
			f := factsOf(p)
			if row.facts != nil {
				row.facts(p, &f)
			}
			got := duty.Validate([]duty.Plan{{Unit: "harbour", Block: mini, Planned: row.shifts}}, f)
			if diff := cmp.Diff(row.want, found(got)); diff != "" {
				t.Error(diff)
			}
			if len(got) > 0 && got[0].Blocks() != row.blocks {
				t.Errorf("blocks %v, want %v", got[0].Blocks(), row.blocks)
			}
		})
	}
}

// Two plans that are filed together are held against each other.
func TestPlansTogether(t *testing.T) {
	harbour := duty.Plan{Unit: "harbour", Block: mini, Planned: rows(
		shift("harbour", october(1, 8, 0), october(2, 8, 0), "H1", "C1"), shift("harbour", october(2, 8, 0), october(3, 8, 0), "H2", "H5"))}
	market := duty.Plan{Unit: "market", Block: mini, Planned: rows(
		shift("market", october(1, 8, 0), october(2, 8, 0), "M1", "C1"), shift("market", october(2, 8, 0), october(3, 8, 0), "M2", "C1"))}
	got := duty.Validate([]duty.Plan{harbour, market}, factsOf(newPeople()))
	want := []string{"2 double-booking [C1] 01T08-02T08"}
	if diff := cmp.Diff(want, found(got)); diff != "" {
		t.Error(diff)
	}
}

// The third day in a row is one too many, counted over the border of the block; the run
// is reported once.
func TestDaysInARow(t *testing.T) {
	long := mini
	long.Last.Day = 4
	f := factsOf(newPeople())
	f.Rules.Rest = 0
	plan := duty.Plan{Unit: "harbour", Block: long, Planned: rows(
		shift("harbour", october(1, 8, 0), october(2, 8, 0), "H1", "H5"), shift("harbour", october(2, 8, 0), october(3, 8, 0), "H1", "H5"),
		shift("harbour", october(3, 8, 0), october(4, 8, 0), "H1", "H5"), shift("harbour", october(4, 8, 0), october(5, 8, 0), "H1", "H5"))}
	if diff := cmp.Diff([]string{"4 too-many-days [H1] 03T08-04T08"}, found(duty.Validate([]duty.Plan{plan}, f))); diff != "" {
		t.Error(diff)
	}
	eve := shift("harbour", september(30, 8, 0), september(30, 20, 0), "H1", "H5").Shift
	eve.Block = ""
	f.Others = []duty.Shift{eve}
	if diff := cmp.Diff([]string{"3 too-many-days [H1] 02T08-03T08"}, found(duty.Validate([]duty.Plan{plan}, f))); diff != "" {
		t.Errorf("with the eve: %s", diff)
	}
}

// Every reason has words, and says them with what they need.
func TestProblemsHaveWords(t *testing.T) {
	say := words(t)
	for _, reason := range []duty.Reason{
		duty.Overlap, duty.Double, duty.Unknown, duty.Begun, duty.NoCover, duty.NoLeader, duty.TwoPlaces, duty.OnLeave,
		duty.Unreachable, duty.Retired, duty.Foreign, duty.TooManyDays, duty.ShortRest,
	} {
		p := duty.Problem{
			Row: 4, Reason: reason, Unit: "harbour", People: []reminders.PersonID{"H1"},
			Window: reminders.Window{From: october(1, 8, 0), To: october(2, 8, 0)}, Other: shift("market", october(1, 9, 0), october(2, 9, 0), "M1").Shift,
		}
		if text := say(p.Line()); len(text) < 10 {
			t.Errorf("%s: %q", reason, text)
		}
	}
}

// big is a roster of 2,000 shifts: 100 units with 20 shifts each.
func big() ([]duty.Plan, duty.Facts) {
	p := newPeople()
	block := mini
	block.Last.Day = 7
	var plans []duty.Plan
	for u := range 100 {
		unit := reminders.UnitID(fmt.Sprintf("u%03d", u))
		p.units = append(p.units, reminders.Unit{ID: unit, Parent: "city", Duty: true})
		for n := range 10 {
			id := reminders.PersonID(fmt.Sprintf("%s-%d", unit, n))
			p.add(id, string(id), unit)
		}
		plan := duty.Plan{Unit: unit, Block: block}
		for n := range 20 {
			from := october(1, 8, 0).Add(time.Duration(n) * 8 * time.Hour)
			s := shift(unit, from, from.Add(8*time.Hour), reminders.PersonID(fmt.Sprintf("%s-%d", unit, n%9)), reminders.PersonID(fmt.Sprintf("%s-9", unit)))
			s.Row = u*20 + n + 2
			plan.Planned = append(plan.Planned, s)
		}
		plans = append(plans, plan)
	}
	return plans, factsOf(p)
}

// A roster of 2,000 shifts is validated while its sender looks at the screen.
func BenchmarkValidate2000(b *testing.B) {
	plans, facts := big()
	for b.Loop() {
		duty.Validate(plans, facts)
	}
}
