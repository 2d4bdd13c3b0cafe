package notice

import (
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// why says how an instant was found: the rule, the day and hour that it gives,
// and where a rest day moved it. Plans, pages and boards show it in the words of
// their reader.
func why(cal *calendar.Calendar, o calendar.Occasion, w When, wanted, date calendar.Date) reminders.Message {
	loc := cal.Location()
	m := reminders.Line("why.single", reminders.Args{
		"At": reminders.Instant(date.At(int(w.Hour)/60, int(w.Hour)%60, loc)),
	})
	rules := make([]reminders.Message, len(w.Days))
	for n, d := range w.Days {
		rules[n] = d.why(o)
	}
	m.Args["Rule"] = reminders.Series(rules...)
	if len(rules) > 1 {
		m.Key = "why.earliest"
	}
	if date != wanted {
		m = reminders.Line("why.moved", reminders.Args{
			"Why": reminders.Say(m.Key, m.Args), "Wanted": reminders.Day(wanted.At(0, 0, loc)),
		})
	}
	return m
}

// why names a day by its rule.
func (d Day) why(o calendar.Occasion) reminders.Message {
	args := reminders.Args{"Count": reminders.Number(d.Count), "From": d.whence(o)}
	switch {
	case d == Day{WorkdaysBefore, 1}:
		return reminders.Line("why.last_workday_before", reminders.Args{"From": args["From"]})
	case d == Day{WorkdaysAfter, 1}:
		return reminders.Line("why.first_workday_after", reminders.Args{"From": args["From"]})
	case d == Day{WorkdaysLater, 0}:
		return reminders.Line("why.same_day", nil)
	case d == Day{AfterDue, 0}:
		return reminders.Line("why.due_day", nil)
	case d.Anchor == AfterDue, d.Anchor == WorkdaysLater:
		delete(args, "From")
	}
	return reminders.Line(whyAnchor[d.Anchor], args)
}

// whyAnchor are the texts of the anchors with a count.
var whyAnchor = map[Anchor]string{
	DaysBefore:     "why.days_before",
	WorkdaysBefore: "why.workdays_before",
	WorkdaysAfter:  "why.workdays_after",
	WorkdaysLater:  "why.workdays_later",
	AfterDue:       "why.after_due",
}

// whence names what a day is counted from. Several blocks that are remembered
// together have a first and a last one.
func (d Day) whence(o calendar.Occasion) reminders.Value {
	merged := len(o.Blocks) > 1
	switch {
	case merged && d.Anchor == WorkdaysAfter:
		return reminders.Say("why.last_block", nil)
	case merged:
		return reminders.Say("why.first_block", nil)
	}
	return reminders.Say("why.block", nil)
}

// whyStep adds what a step of a ladder does.
func whyStep(m reminders.Message, a obligation.Action) reminders.Message {
	key := "why.chase"
	if a == obligation.Tell {
		key = "why.tell"
	}
	return reminders.Line(key, reminders.Args{"Why": reminders.Say(m.Key, m.Args)})
}

// whyJoins adds that a step goes out with another row of the day.
func whyJoins(m reminders.Message, row Kind, at time.Time) reminders.Message {
	return reminders.Line("why.joins", reminders.Args{
		"Why": reminders.Say(m.Key, m.Args), "Row": reminders.Say("kind."+string(row), nil), "At": reminders.TimeOfDay(at),
	})
}
