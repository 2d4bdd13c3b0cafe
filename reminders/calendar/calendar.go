package calendar

import (
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Calendar is what the arrangements of several years say together (日历). It does
// not change once it is built and may be used by many goroutines.
type Calendar struct {
	location  *time.Location
	years     map[int]Arrangement
	days      map[Date]listing
	blocks    []Block // in order, never overlapping
	occasions []Occasion
}

// listing is what the arrangement that governs a date says about it.
type listing struct {
	off   bool
	names []string
	year  int // of the arrangement
}

// New builds the calendar of a place in loc. A later arrangement replaces an
// earlier one of the same year. Where two years list the same date, the official
// one counts; between equals the later year, whose notice is the newer. An
// arrangement without a year, with an unknown status, or with days that contradict
// each other or lie outside its year is an Invalid error.
func New(loc *time.Location, arrangements ...Arrangement) (*Calendar, error) {
	if loc == nil {
		return nil, reminders.Internalf("calendar.new", "no location")
	}
	c := &Calendar{location: loc, years: map[int]Arrangement{}, days: map[Date]listing{}}
	for _, a := range arrangements {
		if err := a.check(); err != nil {
			return nil, reminders.Wrap("calendar.new", err)
		}
		a.Days = slices.Clone(a.Days)
		c.years[a.Year] = a
	}
	for _, year := range c.Years() {
		c.list(c.years[year])
	}
	c.blocks = c.runs()
	c.occasions = occasions(c.blocks)
	return c, nil
}

// list enters the days of a, the years coming in ascending order.
func (c *Calendar) list(a Arrangement) {
	for _, day := range a.Days {
		was, listed := c.days[day.Date]
		switch {
		case !listed || was.year != a.Year && (a.Status == Official || c.years[was.year].Status == Provisional):
			c.days[day.Date] = listing{off: day.Off, names: []string{day.Name}, year: a.Year}
		case was.year == a.Year && !slices.Contains(was.names, day.Name):
			was.names = append(was.names, day.Name)
			c.days[day.Date] = was
		}
	}
}

// Location is the zone in which the days of the calendar begin.
func (c *Calendar) Location() *time.Location { return c.location }

// Years lists the years that have an arrangement, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Arrangement gives the arrangement of a year, if there is one.
func (c *Calendar) Arrangement(year int) (Arrangement, bool) {
	a, ok := c.years[year]
	a.Days = slices.Clone(a.Days)
	return a, ok
}

// Missing tells which year lacks an official arrangement at now, if it is time to
// say so: from 1 December on the coming year, and after New Year's Day that same
// year, until its arrangement is there or an admin has allowed sending by the
// provisional days.
func (c *Calendar) Missing(now time.Time) (year int, missing bool) {
	today := DateOf(now, c.location)
	year = today.Year
	if today.Month == time.December {
		year++
	}
	a := c.years[year]
	if a.Status == Official || a.Confirmed && year == today.Year {
		return year, false
	}
	return year, true
}

// Blocks gives the blocks whose first day lies in [from, to), in order.
func (c *Calendar) Blocks(from, to Date) []Block {
	return slices.Clone(span(c.blocks, func(b Block) Date { return b.First }, from, to))
}

// Occasions gives the occasions whose first day lies in [from, to), in order. What
// belongs together does not depend on from and to.
func (c *Calendar) Occasions(from, to Date) []Occasion {
	return slices.Clone(span(c.occasions, Occasion.First, from, to))
}

// BlockAt gives the block in which d lies, if it lies in one.
func (c *Calendar) BlockAt(d Date) (Block, bool) {
	i := sort.Search(len(c.blocks), func(i int) bool { return !c.blocks[i].Last.Before(d) })
	if i < len(c.blocks) && c.blocks[i].Contains(d) {
		return c.blocks[i], true
	}
	return Block{}, false
}

// span gives the part of an ordered list whose dates lie in [from, to).
func span[T any](list []T, date func(T) Date, from, to Date) []T {
	first := sort.Search(len(list), func(i int) bool { return !date(list[i]).Before(from) })
	end := sort.Search(len(list), func(i int) bool { return !date(list[i]).Before(to) })
	return list[first:max(first, end)]
}
