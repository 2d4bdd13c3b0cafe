package calendar

import "time"

// IsWorkday reports whether people work on d: a listed day counts as listed, every
// other day by its weekday, Saturday and Sunday being rest.
func (c *Calendar) IsWorkday(d Date) bool {
	if day, listed := c.days[d]; listed {
		return !day.off
	}
	weekday := d.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// OnOrBefore gives d if it is a workday, and the preceding workday otherwise.
func (c *Calendar) OnOrBefore(d Date) Date { return c.seek(d, -1) }

// OnOrAfter gives d if it is a workday, and the following workday otherwise.
func (c *Calendar) OnOrAfter(d Date) Date { return c.seek(d, 1) }

// LastWorkdayBefore gives the last workday that is strictly before d.
func (c *Calendar) LastWorkdayBefore(d Date) Date { return c.seek(d.AddDays(-1), -1) }

// FirstWorkdayAfter gives the first workday that is strictly after d.
func (c *Calendar) FirstWorkdayAfter(d Date) Date { return c.seek(d.AddDays(1), 1) }

// AddWorkdays gives the n-th workday strictly after d, or before it for a negative
// n. It gives d for zero, also where d is a rest day: d is where counting starts
// and is never counted itself.
func (c *Calendar) AddWorkdays(d Date, n int) Date {
	for ; n > 0; n-- {
		d = c.FirstWorkdayAfter(d)
	}
	for ; n < 0; n++ {
		d = c.LastWorkdayBefore(d)
	}
	return d
}

// seek goes on from d by step until it meets a workday. Listed days are finite in
// number, so it ends.
func (c *Calendar) seek(d Date, step int) Date {
	for !c.IsWorkday(d) {
		d = d.AddDays(step)
	}
	return d
}
