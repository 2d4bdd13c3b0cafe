package notice

import (
	"fmt"
	"strings"

	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// sentence says in English how an instant was found: the rule, the day it names,
// and the day it moved to if that is a rest day.
func sentence(o calendar.Occasion, w When, wanted, date calendar.Date) string {
	rules := make([]string, len(w.Days))
	for n, d := range w.Days {
		rules[n] = d.rule(o)
	}
	text := strings.Join(rules, " or ")
	if len(rules) > 1 {
		text += ", whichever is earlier: the earlier is " + shortDate(wanted)
	} else {
		text += ": " + shortDate(wanted)
	}
	if date != wanted {
		text += fmt.Sprintf(", a rest day, hence the workday before it, %s", shortDate(date))
	}
	return text + "; at " + w.Hour.String()
}

// rule says what a day is counted from. Several blocks that are remembered
// together have a first and a last one.
func (d Day) rule(o calendar.Occasion) string {
	first, last := "the block", "the block"
	if len(o.Blocks) > 1 {
		first, last = "the first block", "the last block"
	}
	switch {
	case d == Day{WorkdaysLater, 0}:
		return "the day of the row"
	case d == Day{AfterDue, 0}:
		return "the day on which it is due"
	case d.Anchor == DaysBefore || d.Anchor == WorkdaysBefore:
		return d.phrase() + " " + first
	case d.Anchor == WorkdaysAfter:
		return d.phrase() + " " + last
	case d.Anchor == AfterDue:
		return d.phrase() + " the day on which it is due"
	default:
		return d.phrase() + " than the row"
	}
}

// phrase is the day within a sentence.
func (d Day) phrase() string {
	text := strings.Replace(d.String(), "after due", "after", 1)
	if strings.HasPrefix(text, "last") || strings.HasPrefix(text, "first") {
		text = "the " + text
	}
	return text
}

// shortDate is a date as people say it, without the year, which the key names.
func shortDate(d calendar.Date) string {
	return fmt.Sprintf("%d %s", d.Day, d.Month.String()[:3])
}

// audienceOf ends the sentence about a step of a ladder.
func audienceOf(a obligation.Action) string {
	if a == obligation.Tell {
		return "; to the next level, where something is outstanding"
	}
	return "; only to those outstanding, once"
}
