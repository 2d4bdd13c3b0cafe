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
	text := rules(o, w.Days)
	if len(w.Days) > 1 {
		text += ", whichever is earlier: the earlier is " + shortDate(wanted)
	} else {
		text += ": " + shortDate(wanted)
	}
	if date != wanted {
		text += fmt.Sprintf(", a rest day, hence the workday before it, %s", shortDate(date))
	}
	return text + "; at " + w.Hour.String()
}

// rules joins what several days are counted from, naming the same thing only once:
// "3 days before the block or the last workday before it".
func rules(o calendar.Occasion, days []Day) string {
	texts := make([]string, len(days))
	last := ""
	for n, d := range days {
		from := d.from(o)
		texts[n] = strings.TrimSpace(d.phrase() + " " + from)
		if from != "" && from == last {
			texts[n] = d.phrase() + " it"
		}
		last = from
	}
	return strings.Join(texts, " or ")
}

// from names what a day is counted from. Several blocks that are remembered together
// have a first and a last one.
func (d Day) from(o calendar.Occasion) string {
	merged := len(o.Blocks) > 1
	switch {
	case d.Count == 0:
		return ""
	case d.Anchor == AfterDue:
		return "the day on which it is due"
	case d.Anchor == WorkdaysLater:
		return "than the row"
	case merged && d.Anchor == WorkdaysAfter:
		return "the last block"
	case merged:
		return "the first block"
	default:
		return "the block"
	}
}

// phrase is the day within a sentence.
func (d Day) phrase() string {
	switch d {
	case Day{WorkdaysLater, 0}:
		return "the day of the row"
	case Day{AfterDue, 0}:
		return "the day on which it is due"
	}
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
