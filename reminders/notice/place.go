package notice

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Place gives the instant at which a push may go: never in quiet hours, and what
// the programme does not reserve only as far as the push budget of the person has
// room. The reason is empty if the push goes when it was wanted. A push that
// would be worthless after the quiet hours, and a chase that somebody asked for after the
// budget was spent, are left where they end: they are not sent.
func (d *Desk) Place(push reminders.Delivery, diary []reminders.Push, now time.Time) (time.Time, string) {
	if push.Group != "" {
		return d.placeGroup(push, diary, now)
	}
	cal := d.Calendar()
	wanted := push.NotBefore
	if wanted.Before(now) {
		wanted = now
	}
	at, why := d.Programme.Quiet.NextAllowed(cal, wanted, push.Until)
	switch {
	case at.IsZero():
		return push.Until, string(why)
	case !push.Extra || !slices.Contains(counted, push.As):
		return at, unlessOpen(why)
	}
	items := d.items(now)
	roles := reminders.Roles{push.As}
	ahead := slices.DeleteFunc(slices.Clone(items), func(item Item) bool { return item.At.Before(now) })
	pushes := Reserved(ahead, roles) // what lies behind is in the diary
	for _, got := range diary {
		if !slices.Contains(errands, got.As) && (got.Sent || !got.At.Before(now)) {
			pushes = append(pushes, Push{At: got.At, Block: got.Block})
		}
	}
	at, reason := d.Programme.Budget.Place(cal, reminders.Window{From: at, To: push.Until}, PeriodAt(items, at), pushes, roles)
	if reason == DueOverridesBudget && (push.Kind == string(Chase) || push.Kind == string(CasePush)) {
		return push.Until, string(BudgetSpent) // one chase more, the case of a week: the budget is a promise
	}
	if reason == FirstSend {
		return at, unlessOpen(why)
	}
	return at, string(reason)
}

// errands are the roles in which the office's own people are asked to do its work: to
// decide, to answer, to look. That uses up nobody's day as a reader (decision 18).
var errands = []reminders.Role{reminders.Staff, reminders.Head, reminders.Admin, reminders.Auditor}

// unlessOpen is the reason of the quiet hours, and nothing if there was none.
func unlessOpen(why ReasonName) string {
	if why == OpenHours {
		return ""
	}
	return string(why)
}

// Hush gives the instant until which pushes wait at now because nobody is to be
// disturbed; zero if they may go.
func (d *Desk) Hush(now time.Time) time.Time {
	at, why := d.Programme.Quiet.NextAllowed(d.Calendar(), now, time.Time{})
	if why == OpenHours {
		return time.Time{}
	}
	return at
}
