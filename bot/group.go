package bot

import (
	"strings"

	"github.com/qingfeng-bot/qingfeng/bot/wire"
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// groupUpdate handles what happens in a group (群): a code that binds it, a tap, the change to
// a supergroup, the removal of the bot. Everything else is neither answered nor kept, and
// nothing personal is ever shown there.
func (t *Turn) groupUpdate() error {
	switch {
	case t.update.Member != nil:
		return t.groupMember(t.update.Member.Status)
	case t.update.Callback != nil:
		return t.groupTap()
	case t.update.Message == nil || t.update.Message.Edited:
		return nil
	case t.update.Message.MigrateTo != 0:
		_, err := t.Groups.Migrate(t.tx, t.update.Chat, t.update.Message.MigrateTo)
		return err
	}
	if code, ok := t.groupCode(); ok {
		return t.bindGroup(code)
	}
	return nil
}

// groupCode gives the code of a "/start@BOT CODE". A command that does not name the bot
// may be meant for any other in the group.
func (t *Turn) groupCode() (string, bool) {
	m := t.update.Message
	c, ok := ParseCommand(m.Text, m.Entities, t.Username)
	if !ok || c.Name != "start" || c.Args == "" {
		return "", false
	}
	word, _, _ := strings.Cut(m.Text, "@")
	named := len(word) < len(m.Text) && strings.EqualFold(word, "/start")
	return c.Args, named
}

// bindGroup ties the group to the unit for which a code was made. Whoever may not hears
// the same as for a wrong code, and too many attempts hear nothing more.
func (t *Turn) bindGroup(code string) error {
	result, err := t.Groups.Bind(t.tx, t.update.Chat, code, t.person, reminders.ChatID(t.update.From.ID))
	if err != nil || result.Reason == people.GroupWait {
		return err
	}
	args := reminders.Args{}
	if result.Group.Bound() {
		args["Unit"] = reminders.UnitName(result.Group.Unit)
	}
	if err := t.say(reminders.Line("group.bind."+string(result.Reason), args)); err != nil {
		return err
	}
	if result.Reason != people.GroupChanged {
		return nil
	}
	if err := t.tellGroup(result.Old); err != nil {
		return err
	}
	args["Name"], args["At"] = reminders.PersonName(t.person.ID), reminders.Instant(t.tx.Now())
	return t.tellGroupPeople(t.tx, result.Group, reminders.Line("group.changed", args), false)
}

// tellGroup says goodbye to a group that is bound no more.
func (t *Turn) tellGroup(chat reminders.ChatID) error {
	d := t.outgoing(reminders.ActSend)
	d.Person, d.Chat, d.Language = "", chat, t.Language
	d.Lines = []reminders.Message{reminders.Line("group.ended", nil)}
	return t.Outbox.Enqueue(t.tx, d)
}

// groupMember notes that the bot was removed from a group.
func (t *Turn) groupMember(status string) error {
	if status != "left" && status != "kicked" {
		return nil
	}
	return t.loseGroup(t.tx, t.update.Chat, status)
}

// groupTap runs a button below a message in a group, for the person who tapped and
// nobody else. Whoever is not meant learns nothing but that.
func (t *Turn) groupTap() error {
	group, bound, err := t.Groups.At(t.tx, t.update.Chat)
	if err != nil {
		return err
	}
	verb, object, sealed := t.groupData(group)
	handle, unit, byUnit := strings.Cut(object, ".")
	if !bound || !sealed || !t.enrolled || t.person.Unit != group.Unit || byUnit && reminders.UnitID(unit) != group.Unit {
		return t.toast(reminders.Line("group.not_you", nil), false)
	}
	owner := obligation.Owner{Person: t.person.ID, Unit: group.Unit}
	if byUnit {
		if !t.has(reminders.Liaison) {
			return t.toast(reminders.Line("group.liaison", nil), false)
		}
		owner.Person = ""
	}
	terms, line, err := t.Book.Find(t.tx, obligation.Handle(handle), owner)
	switch {
	case reminders.KindOf(err) == reminders.NotFound || err == nil && line.Owner.Unit != group.Unit:
		return t.toast(reminders.Line("group.not_you", nil), false)
	case err != nil:
		return err
	case terms.Asking != nil:
		return t.toast(reminders.Line("error.denied", nil), false)
	}
	switch verb {
	case "ack":
		return t.groupAck(terms, owner, line)
	case "undo":
		return t.groupUndo(terms, owner, line)
	}
	return t.toast(reminders.Line("error.denied", nil), false)
}

// groupData reads the data of a button that was made for the group, also before it became
// a supergroup.
func (t *Turn) groupData(group people.Group) (verb, object string, sealed bool) {
	for _, chat := range []reminders.ChatID{t.update.Chat, group.Chat, group.MovedFrom} {
		if verb, object, err := t.Codec.DecodeGroup(t.update.Callback.Data, chat); err == nil && chat != 0 {
			return verb, object, true
		}
	}
	return "", "", false
}

// groupAck answers for the person, or for the unit, what a message in the group asks.
func (t *Turn) groupAck(terms obligation.Terms, owner obligation.Owner, before obligation.Obligation) error {
	hash, err := t.groupHash(terms.Handle, before.Owner.Unit)
	if err != nil {
		return err
	}
	line, err := t.Book.Answer(t.tx, terms.Handle, owner, t.person.ID, hash)
	if err != nil && reminders.KindOf(err) != reminders.Closed {
		return err
	}
	if shown := t.groupShows(t.tx, terms.Handle, before.Owner.Unit); shown != nil {
		return shown
	}
	if err != nil {
		return t.toast(reminders.MessageOf(err), false)
	}
	at := reminders.Args{"At": reminders.Instant(line.AnsweredAt)}
	if before.State.Final() {
		return t.toast(reminders.Line("ack.again", at), false)
	}
	return t.toast(reminders.Line("ack.done", at), false)
}

// groupUndo takes an answer back.
func (t *Turn) groupUndo(terms obligation.Terms, owner obligation.Owner, before obligation.Obligation) error {
	if before.State == obligation.Open {
		return t.toast(reminders.Line("group.nothing", nil), false)
	}
	if _, err := t.Book.Undo(t.tx, terms.Handle, owner, t.person.ID); err != nil {
		if reminders.KindOf(err) == reminders.Closed {
			return t.toast(reminders.MessageOf(err), false)
		}
		return err
	}
	if err := t.groupShows(t.tx, terms.Handle, before.Owner.Unit); err != nil {
		return err
	}
	return t.toast(reminders.Line("ack.undone", nil), false)
}

// groupHash is the hash of what the tapped message says, or of the last that asks the
// same there.
func (t *Turn) groupHash(terms obligation.Handle, unit reminders.UnitID) (hash string, err error) {
	keys, err := t.Notices.Told(t.tx, terms, unit)
	if err != nil {
		return "", err
	}
	for _, key := range keys {
		receipt, found, err := t.Receipts.Receipt(t.tx, key)
		if err != nil {
			return "", err
		}
		if !found {
			continue
		}
		hash = receipt.TextHash
		if receipt.MessageID == t.update.Callback.MessageID {
			return hash, nil
		}
	}
	return hash, nil
}

// private reports whether the update came from a chat with one person.
func (t *Turn) private() bool { return t.update.ChatType == wire.PrivateChat }
