package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// followGroup follows a group that a send found to have become a supergroup.
func (b *Bot) followGroup(ctx context.Context, from, to reminders.ChatID) {
	err := b.Units.Do(ctx, func(tx reminders.Tx) error {
		_, err := b.Groups.Migrate(tx, from, to)
		return err
	})
	if err != nil { // the next attempt meets it again
		b.Log.ErrorContext(ctx, "a group cannot be followed", "error", err)
	}
}

// loseGroup ends the tie to a group that the bot cannot write to any more, and tells the
// liaisons of the unit and the staff once: notices go to the people again.
func (b *Bot) loseGroup(tx reminders.Tx, chat reminders.ChatID, reason string) error {
	group, lost, err := b.Groups.Lost(tx, chat, reason)
	if err != nil || !lost {
		return err
	}
	why := "group.why.other"
	switch reason {
	case "left", "kicked":
		why = "group.why.removed"
	case "chat_deleted", "chat_not_found":
		why = "group.why.gone"
	}
	return b.tellGroupPeople(tx, group, reminders.Line("group.lost", reminders.Args{
		"Unit": reminders.UnitName(group.Unit), "Why": reminders.Say(why, nil),
	}), true)
}

// tellGroupPeople tells the liaisons of a unit something about its group, and the staff if
// wanted, each once.
func (b *Bot) tellGroupPeople(tx reminders.Tx, group people.Group, say reminders.Message, staff bool) error {
	readers, err := b.People.Liaisons(tx, group.Unit)
	if err != nil {
		return err
	}
	liaisons := len(readers)
	for r, err := range b.People.All(tx) {
		switch {
		case err != nil:
			return err
		case staff && r.Enrolled() && r.Bound() && r.Roles.Has(reminders.Staff) && !slices.Contains(readers, r.ID):
			readers = append(readers, r.ID)
		}
	}
	for i, id := range readers {
		as := reminders.Staff
		if i < liaisons {
			as = reminders.Liaison
		}
		err := b.Outbox.Enqueue(tx, reminders.Delivery{
			Key:  reminders.DeliveryKey(fmt.Sprintf("group-told/%s/%s/%d/%s", say.Key, group.Unit, group.BoundAt.UnixMilli(), id)),
			Kind: "digest", Act: reminders.ActSend, Person: id, Lane: reminders.LanePersonal, As: as, Extra: true,
			Reason: "group-lost", CreatedAt: tx.Now(), NotBefore: tx.Now(), Lines: []reminders.Message{say},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
