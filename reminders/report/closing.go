package report

import (
	"maps"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Tally counts what became of daily reports (日报统计): how many were expected, and how the
// obligations ended.
type Tally struct {
	Expected  int `json:"expected"` // days of a unit on which it had somebody on duty
	OnTime    int `json:"on_time"`
	Late      int `json:"late"`
	Missed    int `json:"missed"`
	Excused   int `json:"excused"`
	Open      int `json:"open"`
	Withdrawn int `json:"withdrawn"`

	Filed      int `json:"filed"`      // daily reports that there are, also those after the closing
	Nil        int `json:"nil"`        // of them with nothing to report
	Returned   int `json:"returned"`   // of them returned, whose numbers are not counted yet
	Overturned int `json:"overturned"` // of them contradicted later
	Incidents  int `json:"incidents"`  // incidents, each once

	// Sums are the numbers of the daily reports by the names of the fields that the
	// form adds up: of the last versions that are submitted or accepted.
	Sums map[string]int `json:"sums"`
}

// UnitTally is the tally of one unit.
type UnitTally struct {
	Unit reminders.UnitID `json:"unit"`
	Tally
}

// DayTally is the tally of one day.
type DayTally struct {
	Day calendar.Date `json:"day"`
	Tally
}

// Summary is what was recorded of a block (节后汇总). Units stand in the order of their
// identifiers, never in that of a number: nothing ranks them. The total is the sum of the
// units, and also that of the days.
type Summary struct {
	Block string        `json:"block"`
	First calendar.Date `json:"first"`
	Last  calendar.Date `json:"last"`
	Total Tally         `json:"total"`
	Units []UnitTally   `json:"units"`
	Days  []DayTally    `json:"days"`
	// Fields are those of the daily form that are added up, in its order.
	Fields []Field `json:"-"`
}

// Summarise adds up the lines of the book, for each day of a block by unit, and the
// reports about these days. It is pure: the total is the sum of the units, and the units
// tie to their daily reports.
func Summarise(form Form, b calendar.Block, lines []map[reminders.UnitID]obligation.Tally, reports []Report) Summary {
	units := map[reminders.UnitID]*Tally{}
	of := func(unit reminders.UnitID) *Tally {
		if units[unit] == nil {
			units[unit] = &Tally{Sums: map[string]int{}}
		}
		return units[unit]
	}
	byUnit, byDay := map[reminders.UnitID][]Report{}, map[calendar.Date][]Report{}
	for _, r := range reports {
		if b.Contains(r.Day) {
			byUnit[r.Unit], byDay[r.Day] = append(byUnit[r.Unit], r), append(byDay[r.Day], r)
		}
	}
	s := Summary{Block: b.ID, First: b.First, Last: b.Last, Total: Tally{Sums: map[string]int{}}}
	for i, ends := range lines {
		day := DayTally{Day: b.First.AddDays(i), Tally: Tally{Sums: map[string]int{}}}
		for unit, ended := range ends {
			of(unit).expect(ended)
			day.expect(ended)
		}
		day.take(form, byDay[day.Day])
		s.Days = append(s.Days, day)
	}
	for unit, own := range byUnit {
		of(unit).take(form, own)
	}
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		s.Units = append(s.Units, UnitTally{Unit: unit, Tally: *units[unit]})
		s.Total.add(*units[unit])
	}
	for _, field := range form.Fields {
		if field.Sum {
			s.Fields = append(s.Fields, field)
		}
	}
	return s
}

// expect counts how lines of the book ended.
func (t *Tally) expect(ended obligation.Tally) {
	t.Expected += ended.Total() - ended[obligation.Withdrawn]
	t.OnTime += ended[obligation.Met]
	t.Late += ended[obligation.Late]
	t.Missed += ended[obligation.Missed]
	t.Excused += ended[obligation.Excused]
	t.Open += ended[obligation.Open]
	t.Withdrawn += ended[obligation.Withdrawn]
}

// take counts the reports of a unit.
func (t *Tally) take(form Form, reports []Report) {
	for _, r := range reports {
		if r.Kind == Incident && r.Stage == First {
			t.Incidents++
		}
		if r.Kind != Daily || r.State == TakenBack {
			continue
		}
		t.Filed++
		if r.Latest().Nil {
			t.Nil++
		}
		if r.State == Returned {
			t.Returned++
		}
		if r.Overturned != nil {
			t.Overturned++
		}
	}
	sums, _ := form.sums(reports)
	for name, n := range sums {
		t.Sums[name] += n
	}
}

// add adds another tally.
func (t *Tally) add(o Tally) {
	t.Expected += o.Expected
	t.OnTime += o.OnTime
	t.Late += o.Late
	t.Missed += o.Missed
	t.Excused += o.Excused
	t.Open += o.Open
	t.Withdrawn += o.Withdrawn
	t.Filed += o.Filed
	t.Nil += o.Nil
	t.Returned += o.Returned
	t.Overturned += o.Overturned
	t.Incidents += o.Incidents
	for name, n := range o.Sums {
		t.Sums[name] += n
	}
}

// sums adds up the daily reports among reports, and names those that were counted. What is
// returned counts only when it comes back.
func (f Form) sums(reports []Report) (sums map[string]int, counted []string) {
	sums = map[string]int{}
	for _, r := range reports {
		if r.Kind != Daily || r.State == Returned || r.State == TakenBack {
			continue
		}
		counted = append(counted, string(r.ID))
		for _, field := range f.Fields {
			if n, given := r.Latest().Values.Count(field.Name); field.Sum && (given || r.Latest().Nil) {
				sums[field.Name] += n // nothing to report is zero of everything
			}
		}
	}
	return sums, counted
}

// With gives the summary of both: blocks that are closed together. The block is the later
// one's, since no calendar block has both.
func (s Summary) With(o Summary) Summary {
	both := Summary{
		Block: o.Block, First: s.First, Last: o.Last, Total: Tally{Sums: map[string]int{}}, Days: slices.Concat(s.Days, o.Days), Fields: o.Fields,
	}
	units := map[reminders.UnitID]*Tally{}
	for _, u := range slices.Concat(s.Units, o.Units) {
		if units[u.Unit] == nil {
			units[u.Unit] = &Tally{Sums: map[string]int{}}
		}
		units[u.Unit].add(u.Tally)
	}
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		both.Units = append(both.Units, UnitTally{Unit: unit, Tally: *units[unit]})
		both.Total.add(*units[unit])
	}
	return both
}

// Summary computes the closing summary of a block from what was recorded.
func (d *Desk) Summary(tx reminders.Tx, b calendar.Block) (Summary, error) {
	var lines []map[reminders.UnitID]obligation.Tally
	for day := b.First; !day.After(b.Last); day = day.AddDays(1) {
		_, _, byUnit, err := d.counted(tx, DailyTerms(b.ID, day))
		if err != nil {
			return Summary{}, err
		}
		lines = append(lines, byUnit)
	}
	reports, err := d.Store.ReportsOn(tx, b.First, b.Last)
	if err != nil {
		return Summary{}, err
	}
	return Summarise(d.Forms.Daily, b, lines, reports), nil
}

// counted tallies the lines under terms; nothing for terms that were never written down.
func (d *Desk) counted(tx reminders.Tx, id obligation.TermsID) (obligation.Terms, obligation.Tally, map[reminders.UnitID]obligation.Tally, error) {
	t, _, err := d.Book.Standing(tx, reminders.Ask{Terms: string(id)})
	if err != nil || t.ID == "" {
		return t, nil, nil, err
	}
	all, byUnit, _, err := d.Book.Count(tx, t)
	return t, all, byUnit, err
}
