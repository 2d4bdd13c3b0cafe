package calendar

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Change says what became different between two calendars.
type Change string

// The changes, in the order in which a preview shows them.
const (
	BlockAdded   Change = "block-added"   // there was no such block
	BlockRemoved Change = "block-removed" // there is no such block any more
	BlockMoved   Change = "block-moved"   // the first or the last day is another
	BlockSettled Change = "block-settled" // same days, but provisional before and official now, or the reverse
	NowWorkday   Change = "now-workday"   // a rest day became a workday: a make-up day
	NowRest      Change = "now-rest"      // a workday became a rest day
)

// Difference is one difference between two calendars (日历变动). The fields that
// its change does not need are zero.
type Difference struct {
	Change Change
	Before Block // for blocks that were removed, moved or settled
	After  Block // for blocks that were added, moved or settled
	Date   Date  // for single days
}

// Compare tells what changes when after takes the place of before: the blocks that
// begin in [from, to) in either, matched by their identifier, in order of their
// days; then the days of [from, to) whose kind changes and which no changed block
// explains, such as make-up workdays.
func Compare(before, after *Calendar, from, to Date) []Difference {
	var all []Difference
	for _, id := range identifiers(before.Blocks(from, to), after.Blocks(from, to)) {
		if d, changed := compareBlock(before, after, id); changed {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return a.first().Compare(b.first()) })
	blocks := all
	for day := from; day.Before(to); day = day.AddDays(1) {
		works := after.IsWorkday(day)
		if works == before.IsWorkday(day) || slices.ContainsFunc(blocks, func(d Difference) bool { return d.explains(day, works) }) {
			continue
		}
		all = append(all, Difference{Change: dayChange(works), Date: day})
	}
	return all
}

// identifiers lists those of all blocks, each once.
func identifiers(lists ...[]Block) []string {
	var ids []string
	for _, list := range lists {
		for _, b := range list {
			if !slices.Contains(ids, b.ID) {
				ids = append(ids, b.ID)
			}
		}
	}
	return ids
}

// compareBlock looks for the block in the whole of both calendars, so that one that
// moves across the edge of the compared days is moved and not removed.
func compareBlock(before, after *Calendar, id string) (Difference, bool) {
	was, had := before.find(id)
	is, has := after.find(id)
	d := Difference{Before: was, After: is}
	switch {
	case !had:
		d.Change = BlockAdded
	case !has:
		d.Change = BlockRemoved
	case was.First != is.First || was.Last != is.Last:
		d.Change = BlockMoved
	case was.Provisional != is.Provisional:
		d.Change = BlockSettled
	default:
		return Difference{}, false
	}
	return d, true
}

// find gives the block of an identifier.
func (c *Calendar) find(id string) (Block, bool) {
	i := slices.IndexFunc(c.blocks, func(b Block) bool { return b.ID == id })
	if i < 0 {
		return Block{}, false
	}
	return c.blocks[i], true
}

// first is the day by which differences of blocks are ordered.
func (d Difference) first() Date {
	if d.Change == BlockRemoved {
		return d.Before.First
	}
	return d.After.First
}

// explains reports whether the changed block is why a day became a workday, or a
// rest day.
func (d Difference) explains(day Date, works bool) bool {
	if works {
		return d.Before.ID != "" && d.Before.Contains(day)
	}
	return d.After.ID != "" && d.After.Contains(day)
}

// dayChange names the change of a single day.
func dayChange(works bool) Change {
	if works {
		return NowWorkday
	}
	return NowRest
}

// Message gives the difference as a line of a preview, in the zone of the place.
func (d Difference) Message(loc *time.Location) reminders.Message {
	args := reminders.Args{}
	switch d.Change {
	case NowWorkday, NowRest:
		args["Days"] = days(d.Date, d.Date, loc)
	case BlockRemoved:
		args["Name"], args["Days"] = name(d.Before), days(d.Before.First, d.Before.Last, loc)
	case BlockMoved:
		args["Was"] = days(d.Before.First, d.Before.Last, loc)
		fallthrough
	default:
		args["Name"], args["Days"] = name(d.After), days(d.After.First, d.After.Last, loc)
	}
	return reminders.Line("calendar.difference."+string(d.key()), args)
}

// key tells the two directions of a change of status apart.
func (d Difference) key() Change {
	if d.Change == BlockSettled && d.After.Provisional {
		return "block-unsettled"
	}
	return d.Change
}

// days shows one day, or the first and the last of several.
func days(first, last Date, loc *time.Location) reminders.Value {
	from, to := reminders.Day(first.At(0, 0, loc)), reminders.Day(last.At(0, 0, loc))
	if first == last {
		return from
	}
	return reminders.Say("format.days", reminders.Args{"From": from, "To": to})
}

// name is what people call a block: its festivals in their language, or the words of
// the arrangement where it has none that is known.
func name(b Block) reminders.Value {
	if len(b.Festivals) == 0 {
		return reminders.Text(b.Name)
	}
	var joined reminders.Value
	for i, f := range b.Festivals {
		festival := reminders.Say("festival."+string(f), nil)
		if i == 0 {
			joined = festival
			continue
		}
		joined = reminders.Say("occasion.two", reminders.Args{"First": joined, "Second": festival})
	}
	return joined
}
