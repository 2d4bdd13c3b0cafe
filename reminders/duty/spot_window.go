package duty

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// SpotWindow lists the spans in which a spot check may come (抽查时段): whole minutes, in
// order, not overlapping.
type SpotWindow []reminders.Window

// Minutes is the length of all spans together.
func (w SpotWindow) Minutes() int {
	sum := 0
	for _, span := range w {
		sum += int(span.Length() / time.Minute)
	}
	return sum
}

// at gives minute n, counted through the spans from 0. n is under Minutes.
func (w SpotWindow) at(n int) time.Time {
	for _, span := range w {
		minutes := int(span.Length() / time.Minute)
		if n < minutes {
			return span.From.Add(time.Duration(n) * time.Minute)
		}
		n -= minutes
	}
	return time.Time{}
}

// Contains reports whether the check may come at t.
func (w SpotWindow) Contains(t time.Time) bool {
	return slices.ContainsFunc(w, func(span reminders.Window) bool { return span.Contains(t) })
}

// spanLayout writes the start of a span, in UTC.
const spanLayout = "20060102T1504Z"

// String writes the window as the ledger has it: for each span its start in UTC and its
// length in minutes, as in "20261001T0100Z+720 20261002T0100Z+720".
func (w SpotWindow) String() string {
	parts := make([]string, len(w))
	for i, span := range w {
		parts[i] = fmt.Sprintf("%s+%d", span.From.UTC().Format(spanLayout), int(span.Length()/time.Minute))
	}
	return strings.Join(parts, " ")
}

// ParseSpotWindow reads what String writes. Anything else is an Invalid error.
func ParseSpotWindow(text string) (SpotWindow, error) {
	var w SpotWindow
	for _, part := range strings.Fields(text) {
		start, length, _ := strings.Cut(part, "+")
		from, err := time.Parse(spanLayout, start)
		minutes, bad := strconv.ParseUint(length, 10, 16)
		if err != nil || bad != nil || minutes == 0 || len(w) > 0 && from.Before(w[len(w)-1].To) {
			return nil, reminders.Fail(reminders.Invalid, "duty.spot_window", "spot.wrong_window", nil)
		}
		w = append(w, reminders.Window{From: from, To: from.Add(time.Duration(minutes) * time.Minute)})
	}
	return w, nil
}

// spotWindow gives the spans in which a unit may be checked: the hours of the day within
// the block, while somebody is on duty according to the roster that counts, and at least
// the time for an answer before the end of the shift, so that whoever is asked can still
// answer. A roster without shifts leaves the hours of all days.
//
// Shifts of spared, who was on duty at the unit's last check, are left out as long as at
// least half of the time remains without them: so nobody is checked twice in a row who
// does not stand on most of the roster, and no roster can press the check into a corner.
func spotWindow(shifts []Shift, block reminders.Window, r SpotRules, spared reminders.PersonID) SpotWindow {
	loc := block.From.Location()
	days := hoursOfDays(block, r, loc)
	if len(shifts) == 0 {
		return days
	}
	all := within(days, shifts, r.Answer)
	others := slices.DeleteFunc(slices.Clone(shifts), func(s Shift) bool { return spared != "" && s.Officer == spared })
	if rest := within(days, others, r.Answer); 2*rest.Minutes() >= all.Minutes() {
		return rest
	}
	return all
}

// hoursOfDays gives the hours of each day of the block.
func hoursOfDays(block reminders.Window, r SpotRules, loc *time.Location) SpotWindow {
	var days SpotWindow
	for day := calendar.DateOf(block.From, loc); day.At(0, 0, loc).Before(block.To); day = day.AddDays(1) {
		days = append(days, reminders.Window{From: day.At(0, r.From, loc), To: day.At(0, r.To, loc)})
	}
	return days
}

// within cuts the days to the time of the shifts, each but for its last while.
func within(days SpotWindow, shifts []Shift, last time.Duration) SpotWindow {
	var spans SpotWindow
	for _, s := range shifts {
		for _, day := range days {
			span := reminders.Window{From: laterOf(day.From, s.Start), To: earlierOf(day.To, s.End.Add(-last))}
			span.From, span.To = span.From.Add(time.Minute-1).Truncate(time.Minute), span.To.Truncate(time.Minute)
			if span.From.Before(span.To) {
				spans = append(spans, span)
			}
		}
	}
	return joinedSpans(spans)
}

// joinedSpans puts spans in order and makes one of those that overlap or touch.
func joinedSpans(spans SpotWindow) SpotWindow {
	slices.SortFunc(spans, func(a, b reminders.Window) int { return a.From.Compare(b.From) })
	var whole SpotWindow
	for _, span := range spans {
		if n := len(whole); n > 0 && !span.From.After(whole[n-1].To) {
			whole[n-1].To = laterOf(whole[n-1].To, span.To)
			continue
		}
		whole = append(whole, span)
	}
	return whole
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlierOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
