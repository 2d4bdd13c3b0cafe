package notice

import (
	"errors"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// The reasons of the push budget, beside FirstSend and JoinsDigest.
const (
	OneADay            ReasonName = "one-a-day"            // the day has its message; the next workday
	BudgetSpent        ReasonName = "budget-spent"         // waits until the occasion is over
	DueOverridesBudget ReasonName = "due-overrides-budget" // waiting would outlast its due instant
)

// Budget is how many messages one person receives in one occasion at most
// (推送总量), by what the person is, and on one day. A limit of zero is none at all.
// What the office's own people receive as staff, head, admin or auditor is their
// work and not counted (decision 18); nor is duty, nor the answer to what somebody just did.
type Budget struct {
	Official, Liaison, Leader int
	PerDay                    int
}

// DefaultBudget is the product's: 2 for an official, 4 for a liaison or leader, 1 a
// day. It follows the rules against formalism at the fingertips (防治"指尖上的形式
// 主义"): the opinions of 2023, the provisions of 2024, the measures of 2026.
func DefaultBudget() Budget { return Budget{Official: 2, Liaison: 4, Leader: 4, PerDay: 1} }

// Of gives the limit for somebody with these roles: the largest that one of them has.
func (b Budget) Of(roles reminders.Roles) int {
	limit := b.Official
	if roles.Has(reminders.Liaison) {
		limit = max(limit, b.Liaison)
	}
	if roles.Has(reminders.Leader) {
		limit = max(limit, b.Leader)
	}
	return limit
}

// check finds limits that leave no room for one message.
func (b Budget) check() error {
	if b.Official < 1 || b.Liaison < 1 || b.Leader < 1 || b.PerDay < 1 {
		return errors.New("official, liaison, leader and per_day are numbers from 1 upwards")
	}
	return nil
}

// counted are the roles whose messages the budget counts.
var counted = []reminders.Role{reminders.Official, reminders.Liaison, reminders.Leader}

// Push is a message that one person has received, or that a row of the programme
// has reserved for them. Several at one instant are one message.
type Push struct {
	At    time.Time
	Block string // ID of the occasion; empty outside of any
}

// Period is the time in which messages count towards the budget of an occasion:
// from the first item of its programme until its last.
type Period struct {
	Block string
	reminders.Window
}

// PeriodAt gives the period in which t lies, out of the items of a plan that is
// wide enough to hold whole occasions. Where two overlap it is the one that began
// later. Outside of any it is the zero value, which has no limit but that of the day.
func PeriodAt(items []Item, t time.Time) Period {
	var at Period
	for _, p := range periods(items) {
		if p.Contains(t) && !p.From.Before(at.From) {
			at = p
		}
	}
	return at
}

// periods gives the period of every occasion in the plan.
func periods(items []Item) []Period {
	var all []Period
	for _, item := range items {
		n := slices.IndexFunc(all, func(p Period) bool { return p.Block == item.Block })
		switch {
		case item.Block == "":
		case n < 0:
			all = append(all, Period{item.Block, reminders.Window{From: item.At, To: item.At}})
		default:
			all[n].From = slices.MinFunc([]time.Time{all[n].From, item.At}, time.Time.Compare)
			all[n].To = slices.MaxFunc([]time.Time{all[n].To, item.At}, time.Time.Compare)
		}
	}
	return all
}

// Reserved gives the pushes that the items of a plan reserve for somebody with
// these roles, steps of ladders included: whoever will be chased is not known yet.
// Beside what was received, pass only the items that are still to come, so that no
// message is counted twice.
func Reserved(items []Item, roles reminders.Roles) []Push {
	var pushes []Push
	for _, item := range items {
		if item.counts(roles) && !slices.Contains(pushes, Push{item.At, item.Block}) {
			pushes = append(pushes, Push{item.At, item.Block})
		}
	}
	return pushes
}

// counts reports whether the item is a message that the budget of somebody with
// these roles counts. The case of the week reserves nothing: it comes where there is room.
func (i Item) counts(roles reminders.Roles) bool {
	if i.Kind == CasePush {
		return false
	}
	return slices.ContainsFunc(i.Audience.Roles, func(role reminders.Role) bool {
		return slices.Contains(counted, role) && roles.Has(role)
	})
}

// Place finds the instant at which one person receives something that is not a row
// of the programme, wanted at want.From, an instant that Quiet allows, and due at
// want.To (zero: never). pushes are what the person has received and what is
// reserved for them, in any order; in is the period in which want.From lies.
//
// A message joins one that comes later that day. Otherwise it comes when it is
// wanted, as long as day and occasion have room. Otherwise it waits for the first
// workday on which either holds, the occasion being over at the latest. It never
// waits until its due instant: rather than that it comes when it is wanted, and the
// reason says so.
func (b Budget) Place(cal *calendar.Calendar, want reminders.Window, in Period, pushes []Push, roles reminders.Roles) (time.Time, ReasonName) {
	spent := distinct(pushes, func(p Push) bool { return p.Block == in.Block })
	at, reason := want.From, FirstSend
	for want.To.IsZero() || at.Before(want.To) {
		day := calendar.DateOf(at, cal.Location())
		today := distinct(pushes, func(p Push) bool { return calendar.DateOf(p.At, cal.Location()) == day })
		for _, push := range today {
			if !push.Before(want.From) && (want.To.IsZero() || push.Before(want.To)) {
				return push, JoinsDigest
			}
		}
		periodFull := in.Contains(at) && len(spent) >= b.Of(roles)
		switch {
		case len(today) < b.PerDay && !periodFull:
			return at, reason
		case periodFull:
			reason = BudgetSpent
		case reason == FirstSend:
			reason = OneADay
		}
		at = sameHour(cal, cal.FirstWorkdayAfter(day), want.From)
	}
	return want.From, DueOverridesBudget
}

// distinct gives the instants of the pushes that f selects, each once and in order.
func distinct(pushes []Push, f func(Push) bool) []time.Time {
	var all []time.Time
	for _, p := range pushes {
		if f(p) {
			all = append(all, p.At)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.CompactFunc(all, time.Time.Equal)
}

// sameHour gives the time of the day of t on another date.
func sameHour(cal *calendar.Calendar, d calendar.Date, t time.Time) time.Time {
	local := t.In(cal.Location())
	return d.At(local.Hour(), local.Minute(), cal.Location())
}
