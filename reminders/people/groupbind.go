package people

import (
	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// GroupReason names how an attempt to bind a group ended.
type GroupReason string

// The ends of an attempt. GroupRefused does not say why: whoever reads it may be anybody.
const (
	GroupDone    GroupReason = "bound"
	GroupChanged GroupReason = "rebound" // from an earlier group, which is to be told
	GroupAgain   GroupReason = "again"   // it was bound to this unit before
	GroupRefused GroupReason = "refused"
	GroupWait    GroupReason = "wait" // too many wrong codes: nothing is answered
)

// GroupResult is what became of an attempt. It is a value and not an error, since a
// wrong code is counted.
type GroupResult struct {
	Reason GroupReason
	Group  Group            // as it is bound now; zero if it is not
	Old    reminders.ChatID // for GroupChanged
}

// Code makes a one-time code that binds a group to a unit, of the same quality as an
// invitation. It replaces an earlier one. It fails with Denied for who is no liaison of
// the unit.
func (g *Groups) Code(tx reminders.Tx, unit reminders.UnitID, by Record) (string, error) {
	if !liaisonOf(by, unit) {
		return "", reminders.Fail(reminders.Denied, "people.group_code", "error.denied", nil)
	}
	earlier, found, err := g.store.LatestGroupCode(tx, unit)
	if err != nil {
		return "", err
	}
	now := tx.Now()
	if found && earlier.UsedAt.IsZero() && earlier.ReplacedAt.IsZero() {
		earlier.ReplacedAt = now
		if err := g.store.SaveGroupCode(tx, earlier); err != nil {
			return "", err
		}
	}
	code := g.desk.newCode()
	made := GroupCode{Hash: hashOf(code), Unit: unit, By: by.ID, CreatedAt: now, ExpiresAt: now.Add(GroupTTL)}
	if err := g.store.SaveGroupCode(tx, made); err != nil {
		return "", err
	}
	return code, g.note(tx, ledger.Invited, unit, "group", string(by.ID))
}

// Bind ties a group to the unit for which a code was made, if a liaison of that unit
// types it there. A unit has one group and a group one unit: a new group takes the place
// of the unit's earlier one, a group of another unit is refused. Every attempt that is
// refused counts as a wrong code of who typed it, whose private chat is from: nobody in
// the group can keep a liaison from binding it.
func (g *Groups) Bind(tx reminders.Tx, chat reminders.ChatID, code string, by Record, from reminders.ChatID) (GroupResult, error) {
	guesses, err := g.desk.store.Guesses(tx, from)
	if err != nil {
		return GroupResult{}, err
	}
	if !guesses.WaitUntil(tx.Now()).IsZero() {
		return GroupResult{Reason: GroupWait}, nil
	}
	hash := hashOf(code)
	known, found, err := g.store.GroupCode(tx, hash)
	if err != nil {
		return GroupResult{}, err
	}
	holder, taken, err := g.At(tx, chat)
	if err != nil {
		return GroupResult{}, err
	}
	switch {
	case found && taken && holder.Unit == known.Unit && liaisonOf(by, known.Unit):
		return GroupResult{Reason: GroupAgain, Group: holder}, g.use(tx, known, from)
	case !found, !known.opens(hash, tx.Now()), !liaisonOf(by, known.Unit), taken:
		return GroupResult{Reason: GroupRefused}, g.desk.store.SaveGuesses(tx, from, guesses.Add(tx.Now()))
	}
	return g.tie(tx, known, chat, by, from)
}

// tie binds the chat, which is free, and uses the code up.
func (g *Groups) tie(tx reminders.Tx, code GroupCode, chat reminders.ChatID, by Record, from reminders.ChatID) (GroupResult, error) {
	result := GroupResult{Reason: GroupDone}
	before, found, err := g.store.Group(tx, code.Unit)
	if err != nil {
		return GroupResult{}, err
	}
	if found && before.Bound() {
		result.Reason, result.Old = GroupChanged, before.Chat
		if _, err := g.end(tx, before, GroupUnbound, "rebound", string(by.ID)); err != nil {
			return GroupResult{}, err
		}
	}
	result.Group = Group{Unit: code.Unit, Chat: chat, BoundBy: by.ID, BoundAt: tx.Now(), State: GroupBound}
	if err := g.store.SaveGroup(tx, result.Group); err != nil {
		return GroupResult{}, err
	}
	if err := g.note(tx, ledger.GroupBound, code.Unit, string(result.Reason), string(by.ID)); err != nil {
		return GroupResult{}, err
	}
	return result, g.use(tx, code, from)
}

// use ends a code and forgets the wrong ones that came before it.
func (g *Groups) use(tx reminders.Tx, code GroupCode, from reminders.ChatID) error {
	if code.UsedAt.IsZero() {
		code.UsedAt = tx.Now()
		if err := g.store.SaveGroupCode(tx, code); err != nil {
			return err
		}
	}
	return g.desk.store.SaveGuesses(tx, from, Guesses{})
}
