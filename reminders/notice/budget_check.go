package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Violation is an item by which a programme breaks its own restraint.
type Violation struct {
	Key    string          // of the item
	Roles  reminders.Roles // of the reader; empty where it is everyone enrolled
	Reason ReasonName      // a quiet reason, OneADay or BudgetSpent
	Text   string          // an English sentence for whoever edits the programme
}

// readers are the sets of roles whose messages the budget counts. Somebody may be
// liaison and leader at once, as in a unit of three.
var readers = []reminders.Roles{
	nil,
	{reminders.Liaison},
	{reminders.Leader},
	{reminders.Liaison, reminders.Leader},
}

// CheckBudget finds every item of a plan that falls into quiet time, and every
// message by which an official, a liaison or a leader receives more than the budget
// of the programme allows, in one occasion or on one day. It gives none for a
// programme that keeps its promise; items come from Plan, over whole occasions.
func CheckBudget(p Programme, cal *calendar.Calendar, items []Item) []Violation {
	var found []Violation
	for _, item := range items {
		if d := p.Quiet.Allows(cal, item.At, reminders.LaneBroadcast); !d.Allowed {
			found = append(found, Violation{Key: item.Key, Reason: d.Reason, Text: fmt.Sprintf(
				"%s: %s is quiet (%s)", item.Key, item.At.Format("2006-01-02 15:04"), d.Reason)})
		}
	}
	for _, roles := range readers {
		found = append(found, p.Budget.excess(cal, items, roles)...)
	}
	return found
}

// excess finds what is too much for somebody with these roles. Items at one instant
// are one message.
func (b Budget) excess(cal *calendar.Calendar, items []Item, roles reminders.Roles) []Violation {
	var found []Violation
	messages := map[string][]time.Time{} // by occasion and by day
	count := func(item Item, bucket string, limit int, reason ReasonName) {
		if slices.ContainsFunc(messages[bucket], item.At.Equal) {
			return
		}
		messages[bucket] = append(messages[bucket], item.At)
		if n := len(messages[bucket]); n > limit {
			found = append(found, Violation{Key: item.Key, Roles: roles, Reason: reason, Text: fmt.Sprintf(
				"%s: message %d of %d in %s for %s", item.Key, n, limit, bucket, readerName(roles))})
		}
	}
	for _, item := range items {
		if item.counts(roles) {
			if item.Block != "" {
				count(item, item.Block, b.Of(roles), BudgetSpent)
			}
			count(item, calendar.DateOf(item.At, cal.Location()).String(), b.PerDay, OneADay)
		}
	}
	return found
}

// readerName names a reader in a sentence.
func readerName(roles reminders.Roles) string {
	if len(roles) == 0 {
		return "an " + string(reminders.Official)
	}
	names := make([]string, len(roles))
	for n, role := range roles {
		names[n] = string(role)
	}
	return "a " + strings.Join(names, " and ")
}
