package notice

import (
	"cmp"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// ReasonName is the name of the rule behind a decision. It goes to deliveries, the
// ledger and tests; people read the sentence beside it.
type ReasonName string

// The reasons why an item is in the plan.
const (
	FirstSend    ReasonName = "first-send"    // a row of the programme
	ChaseOwner   ReasonName = "chase"         // a step that asks those outstanding once more
	TellLevel    ReasonName = "tell"          // a step that tells the next level
	JoinsDigest  ReasonName = "joins-digest"  // goes into a message that its readers receive that day anyway
	RecurringRow ReasonName = "recurring-row" // a row that follows the clock, not an occasion
)

// By says who carries an item out.
type By string

// The two that carry out. What the ladder does is in the plan so that everyone can
// see it, and must not be published a second time.
const (
	ByDesk   By = "desk"
	ByLadder By = "ladder"
)

// Item is one thing that calendar and programme imply (安排事项). Instants are in
// the zone of the calendar; those that do not apply are zero.
type Item struct {
	// Key names the item for ever: what was done under it is never done again. It is
	// the occasion and the name of the row or rung, such as
	// "2026-mid-autumn+national-day/holiday-reminder", or for a recurring row the day
	// and the name, such as "2026-09-22/digest". It stays the same when a block moves.
	Key      string
	At       time.Time
	Kind     Kind
	Block    string            // ID of the occasion; empty for a recurring row
	Occasion calendar.Occasion // zero for a recurring row
	Audience reminders.Audience

	Expects Expects
	Due     time.Time
	Grace   time.Duration
	Closes  time.Time
	Ladder  []obligation.Step // in order of At

	// Until ends the time in which carrying the item out still makes sense after
	// an outage: it is worth doing at any instant before Until.
	Until time.Time

	By By
	Of string // for a step of a ladder: the item whose answers are outstanding

	Why         reminders.Message // which rule gives this instant
	ReasonName  ReasonName
	Provisional bool // rests on a year without an official arrangement
}

// Released reports whether the item may be carried out without being asked again:
// an occasion of a provisional year waits until an admin has confirmed it. A
// digest never waits, since it is what tells of the missing year.
func (i Item) Released() bool {
	if i.Kind == CasePush {
		return !i.Provisional
	}
	return i.Block == "" || i.Occasion.Confirmed()
}

// Plan gives every item of the programme whose instant lies in the window, in
// order of instant and key. It is a pure function, and a wider window only adds
// items: it never changes those that a narrower one gives.
func Plan(p Programme, cal *calendar.Calendar, w reminders.Window) []Item {
	if w.Length() == 0 {
		return nil
	}
	var items []Item
	from := calendar.DateOf(w.From, cal.Location()).AddDays(-sight)
	to := calendar.DateOf(w.To, cal.Location()).AddDays(sight)
	for _, occasion := range cal.Occasions(from, to) {
		items = append(items, planOccasion(p, cal, occasion)...)
	}
	items = append(items, planRecurring(p, cal, w)...)
	items = slices.DeleteFunc(items, func(i Item) bool { return !w.Contains(i.At) })
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
	return items
}

// sight is how many days before or after its occasion an item can lie at most:
// the farthest workday is less than twice as many days away, and the rest is for
// long holidays on the way.
const sight = 2*farthest + 60

// planOccasion gives the items of one occasion: its rows, then the steps of their
// ladders.
func planOccasion(p Programme, cal *calendar.Calendar, occasion calendar.Occasion) []Item {
	var rows []Item
	var ladders [][]Rung
	for _, row := range p.Rows {
		if !row.Every.IsZero() {
			continue
		}
		if item, takesPlace := planRow(cal, occasion, row); takesPlace {
			rows = append(rows, item)
			ladders = append(ladders, row.Ladder)
		}
	}
	items := slices.Clone(rows)
	for n, item := range rows {
		for _, step := range planLadder(cal, rows, item, ladders[n]) {
			items[n].Ladder = append(items[n].Ladder, step.Step)
			items = append(items, step.item)
		}
	}
	return items
}
