package store

import (
	"strconv"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/notice"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
	"github.com/qingfeng-bot/qingfeng/reminders/people"
)

// Keys of groups:
//
//	group/UNIT                   the group of a unit
//	group-chat/CHAT              the unit to which the chat is bound, or was before it moved
//	group-code/HASH              a code that binds a group
//	group-coded/UNIT             the hash of the latest code of a unit
//	group-copy/HANDLE/UNIT       the messages in the group of a unit that ask for something
//	group-errand/KEY REST        what is left to do after a message for a group has ended
func groupKey(unit reminders.UnitID) string { return "group/" + string(unit) }

func groupChatKey(chat reminders.ChatID) string {
	return "group-chat/" + strconv.FormatInt(int64(chat), 10)
}

// groupPlaces are the keys under which a group is found by its chat.
func groupPlaces(g people.Group) []string {
	if !g.Bound() {
		return nil
	}
	places := []string{groupChatKey(g.Chat)}
	if g.MovedFrom != 0 {
		places = append(places, groupChatKey(g.MovedFrom))
	}
	return places
}

// groupIndex finds groups by their chats.
var groupIndex = index{
	records: "group/", rows: []string{"group-chat/"},
	expect: expecting(func(g people.Group) (string, map[string]any) {
		rows := map[string]any{}
		for _, key := range groupPlaces(g) {
			rows[key] = g.Unit
		}
		return groupKey(g.Unit), rows
	}),
	owner: owned(groupKey),
}

// Groups gives the records of groups, their codes and their messages.
func (s *Store) Groups() *GroupRecords { return &GroupRecords{} }

// GroupRecords are the groups of units, for the register and for notices.
type GroupRecords struct{}

// Group gives the group of a unit.
func (*GroupRecords) Group(tx reminders.Tx, unit reminders.UnitID) (people.Group, bool, error) {
	return load[people.Group](tx, groupKey(unit))
}

// GroupAt gives the group that is bound to a chat, or was before it moved.
func (r *GroupRecords) GroupAt(tx reminders.Tx, chat reminders.ChatID) (people.Group, bool, error) {
	unit, found, err := load[reminders.UnitID](tx, groupChatKey(chat))
	if err != nil || !found {
		return people.Group{}, false, err
	}
	return r.Group(tx, unit)
}

// SaveGroup writes a group and moves it in the index of chats.
func (r *GroupRecords) SaveGroup(tx reminders.Tx, g people.Group) error {
	before, _, err := r.Group(tx, g.Unit)
	if err != nil {
		return err
	}
	if err := moveRows(tx, groupPlaces(before), groupPlaces(g), g.Unit); err != nil {
		return err
	}
	return save(tx, groupKey(g.Unit), g)
}

// GroupCode gives a code by its hash.
func (*GroupRecords) GroupCode(tx reminders.Tx, hash string) (people.GroupCode, bool, error) {
	return load[people.GroupCode](tx, "group-code/"+hash)
}

// SaveGroupCode writes a code, and makes a new one the latest of its unit.
func (r *GroupRecords) SaveGroupCode(tx reminders.Tx, c people.GroupCode) error {
	_, known, err := r.GroupCode(tx, c.Hash)
	if err != nil {
		return err
	}
	if !known {
		if err := save(tx, "group-coded/"+string(c.Unit), c.Hash); err != nil {
			return err
		}
	}
	return save(tx, "group-code/"+c.Hash, c)
}

// LatestGroupCode gives the newest code of a unit.
func (r *GroupRecords) LatestGroupCode(tx reminders.Tx, unit reminders.UnitID) (people.GroupCode, bool, error) {
	hash, found, err := load[string](tx, "group-coded/"+string(unit))
	if err != nil || !found {
		return people.GroupCode{}, false, err
	}
	return r.GroupCode(tx, hash)
}

// groupCopies are the messages of one group under one thing that is asked, with the
// member by which the purge sees their age.
type groupCopies struct {
	Keys []reminders.DeliveryKey `json:"keys"`
	At   time.Time               `json:"at"`
}

func groupCopyKey(terms obligation.Handle, unit reminders.UnitID) string {
	return "group-copy/" + string(terms) + "/" + string(unit)
}

// GroupCopies lists the messages in the group of a unit that ask for something.
func (*GroupRecords) GroupCopies(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID) ([]reminders.DeliveryKey, error) {
	copies, _, err := load[groupCopies](tx, groupCopyKey(terms, unit))
	return copies.Keys, err
}

// SaveGroupCopies writes them.
func (*GroupRecords) SaveGroupCopies(tx reminders.Tx, terms obligation.Handle, unit reminders.UnitID, keys []reminders.DeliveryKey) error {
	return save(tx, groupCopyKey(terms, unit), groupCopies{Keys: keys, At: tx.Now()})
}

// errandOf is the key of an errand: one for each message and what it says or asks.
func errandOf(e notice.GroupErrand) string {
	return "group-errand/" + reminders.HashText(string(e.Key) + "\n" + e.Notice + "\n" + e.Terms)[:32]
}

// GroupErrands lists what is left to do, at most limit.
func (*GroupRecords) GroupErrands(tx reminders.Tx, limit int) ([]notice.GroupErrand, error) {
	from, to := Prefix("group-errand/")
	return list[notice.GroupErrand](tx, from, to, limit)
}

// SaveGroupErrand writes an errand.
func (*GroupRecords) SaveGroupErrand(tx reminders.Tx, e notice.GroupErrand) error {
	return save(tx, errandOf(e), e)
}

// DropGroupErrand forgets an errand that is done.
func (*GroupRecords) DropGroupErrand(tx reminders.Tx, e notice.GroupErrand) error {
	return drop(tx, errandOf(e))
}

// purgeableGroups are the kinds of records of groups that have their time.
func purgeableGroups(keep Retention) []purgeable {
	return []purgeable{
		{"group-codes", "group-code/", keep.Invitations, ended(func(c people.GroupCode) time.Time { return c.ExpiresAt })},
		{"group-copies", "group-copy/", keep.Receipts, purgeDated},
	}
}
