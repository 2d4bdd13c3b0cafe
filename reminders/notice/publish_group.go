package notice

import (
	"cmp"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
)

// Groups tells which units have a group chat, and who is in a unit.
type Groups interface {
	// GroupChat gives the chat that is bound to the unit now.
	GroupChat(tx reminders.Tx, unit reminders.UnitID) (reminders.ChatID, bool, error)
	// Members lists the active people of the unit itself in order of their ids.
	Members(tx reminders.Tx, unit reminders.UnitID) ([]reminders.Person, error)
}

// GroupKey names the copy of a notice for the group of a unit.
func GroupKey(id string, unit reminders.UnitID) reminders.DeliveryKey {
	return reminders.DeliveryKey(under(id) + "group/" + string(unit))
}

// Grouped reports whether the group of a unit may be told in place of its people: the
// office wants it so, and the notice is for the unit as a whole. What is for some roles,
// or for people by name, is nothing for a group; a unit that owes one answer as a whole
// may be asked there whoever gives it.
func (n Notice) Grouped(unit reminders.UnitID) bool {
	a := n.Audience
	if !a.Groups {
		return false
	}
	in := a.Everyone || len(a.Units) == 0 && len(a.Roles) > 0 || slices.Contains(a.Units, unit)
	return in && (n.Expects == ExpectPerUnit || a.Everyone || len(a.Roles) == 0 || slices.Contains(a.Roles, reminders.Official))
}

// toGroup puts the one copy for the group of a unit into the outbox, unless it is there,
// and reports whether the group is told: its people then get no copies of their own.
func (d *Desk) toGroup(tx reminders.Tx, n *Notice, unit reminders.UnitID) (bool, error) {
	if d.Groups == nil || n.Moved != "" || !n.Grouped(unit) || slices.Contains(n.Alone, unit) {
		return false, nil
	}
	key := GroupKey(n.ID, unit)
	if _, waits, err := d.Box.Delivery(tx, key); err != nil || waits {
		return waits, err
	}
	if _, dealt, err := d.Box.Receipt(tx, key); err != nil || dealt {
		return dealt, err // also if it did not arrive: its people are told afterwards, all at once
	}
	chat, found, err := d.Groups.GroupChat(tx, unit)
	if err != nil || !found {
		return false, err
	}
	m := d.groupCopy(*n, unit, chat, tx.Now())
	if fits, err := d.fits(tx, m); err != nil || !fits {
		n.Alone = append(n.Alone, unit)
		return false, err
	}
	n.Copies++
	return true, d.Outbox.Enqueue(tx, m)
}

// groupCopy is the copy of a notice for a group. What it asks for it asks of the unit:
// of each of its people, or of it as a whole, as the terms have it.
func (d *Desk) groupCopy(n Notice, unit reminders.UnitID, chat reminders.ChatID, now time.Time) reminders.Delivery {
	m := reminders.Delivery{
		Key: GroupKey(n.ID, unit), Kind: string(n.Kind), Act: reminders.ActSend, Group: unit, Chat: chat,
		Lane: reminders.LaneBroadcast, Block: n.Block, Reason: "first-send", Extra: true,
		CreatedAt: now, NotBefore: n.At, Until: n.Until,
		Lines: []reminders.Message{reminders.Copy(n.ID)}, Files: n.Files,
	}
	if n.Urgent {
		m.Lane, m.Extra, m.Reason = reminders.LaneDuty, false, ReasonUrgent
	}
	if n.Terms != nil && n.Expects.Obliges() {
		m.Asks = []reminders.Ask{{Terms: string(n.Terms.ID), Unit: unit}}
	}
	return m
}

// fits reports whether the group can be told in time without a second push on one day.
// Otherwise its people are told one by one, each within their own budget.
func (d *Desk) fits(tx reminders.Tx, m reminders.Delivery) (bool, error) {
	if m.Lane < reminders.LanePersonal {
		return true, nil
	}
	diary, err := d.Box.Diary(tx, m.Diary())
	if err != nil {
		return false, err
	}
	at, _ := d.placeGroup(m, diary, tx.Now())
	return m.Until.IsZero() || at.Before(m.Until), nil
}

// placeGroup gives the instant at which a push to a group may go: outside of quiet
// hours, on a day on which the group has had none and will have none. One a day is what
// the rules of the field allow a group, and no matter of configuration. A push that would
// be worthless by then is left where it ends.
func (d *Desk) placeGroup(push reminders.Delivery, diary []reminders.Push, now time.Time) (time.Time, string) {
	cal := d.Calendar()
	wanted := push.NotBefore
	if wanted.Before(now) {
		wanted = now
	}
	at, why := d.Programme.Quiet.NextAllowed(cal, wanted, push.Until)
	reason := unlessOpen(why)
	for !at.IsZero() && d.dayTaken(diary, at, now) {
		day := calendar.DateOf(at, cal.Location())
		at, _ = d.Programme.Quiet.NextAllowed(cal, sameHour(cal, cal.FirstWorkdayAfter(day), at), push.Until)
		reason = string(OneADay)
	}
	if at.IsZero() {
		return push.Until, cmp.Or(reason, string(DueInQuietHours))
	}
	return at, reason
}

// dayTaken reports whether the day of an instant has its push: one that was held up
// counts for the day on which it goes, which is now.
func (d *Desk) dayTaken(diary []reminders.Push, at, now time.Time) bool {
	loc := d.Calendar().Location()
	return slices.ContainsFunc(diary, func(push reminders.Push) bool {
		when := push.At
		if !push.Sent && when.Before(now) {
			when = now
		}
		return calendar.DateOf(when, loc) == calendar.DateOf(at, loc)
	})
}
