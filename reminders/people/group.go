package people

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// GroupTTL is how long a code that binds a group is good for.
const GroupTTL = 24 * time.Hour

// GroupState is where the tie between a unit and its group stands.
type GroupState string

// The states of a group.
const (
	GroupBound   GroupState = "bound"
	GroupUnbound GroupState = "unbound" // a liaison ended it
	GroupLost    GroupState = "lost"    // the bot was removed, or the group is gone
)

// Group is the group chat of a unit (单位群): where a notice may be told once instead of
// to each person. Nothing is known of who is in it, and its name is not kept.
type Group struct {
	Unit      reminders.UnitID   `json:"unit"`
	Chat      reminders.ChatID   `json:"chat"`
	MovedFrom reminders.ChatID   `json:"moved_from,omitempty"` // the group before it became a supergroup
	BoundBy   reminders.PersonID `json:"bound_by"`
	BoundAt   time.Time          `json:"bound_at"`
	State     GroupState         `json:"state"`
	EndedAt   time.Time          `json:"ended_at,omitzero"`
	Reason    string             `json:"reason,omitempty"` // short code of a loss, such as "kicked"
}

// Bound reports whether the unit has the group now.
func (g Group) Bound() bool { return g.State == GroupBound }

// GroupCode is a one-time code that binds a group, as the store knows it (绑定码): its
// hash, never the code itself.
type GroupCode struct {
	Hash       string             `json:"hash"` // SHA-256 of the code in hex
	Unit       reminders.UnitID   `json:"unit"`
	By         reminders.PersonID `json:"by"`
	CreatedAt  time.Time          `json:"created_at"`
	ExpiresAt  time.Time          `json:"expires_at"`
	UsedAt     time.Time          `json:"used_at,omitzero"`
	ReplacedAt time.Time          `json:"replaced_at,omitzero"` // a newer code was made
}

// opens compares the hash of a code in constant time, and reports whether the code is
// good at now.
func (c GroupCode) opens(hash string, now time.Time) bool {
	return subtle.ConstantTimeCompare([]byte(c.Hash), []byte(hash)) == 1 &&
		c.UsedAt.IsZero() && c.ReplacedAt.IsZero() && now.Before(c.ExpiresAt)
}

// GroupStore keeps groups and the codes that bind them.
type GroupStore interface {
	Group(tx reminders.Tx, unit reminders.UnitID) (Group, bool, error)
	// GroupAt gives the group that is bound to a chat, or was before it moved.
	GroupAt(tx reminders.Tx, chat reminders.ChatID) (Group, bool, error)
	SaveGroup(tx reminders.Tx, g Group) error
	GroupCode(tx reminders.Tx, hash string) (GroupCode, bool, error)
	// SaveGroupCode also makes a new one the latest of its unit.
	SaveGroupCode(tx reminders.Tx, c GroupCode) error
	LatestGroupCode(tx reminders.Tx, unit reminders.UnitID) (GroupCode, bool, error)
}

// Groups is the desk at which groups are bound to units.
type Groups struct {
	desk  *Desk
	store GroupStore
}

// NewGroups joins the desk to the register and to its records.
func NewGroups(desk *Desk, store GroupStore) *Groups { return &Groups{desk: desk, store: store} }

// Of gives the group of a unit, also one that is bound no more.
func (g *Groups) Of(tx reminders.Tx, unit reminders.UnitID) (Group, bool, error) {
	return g.store.Group(tx, unit)
}

// At gives the group that is bound to a chat now, or was bound to it before it moved.
func (g *Groups) At(tx reminders.Tx, chat reminders.ChatID) (Group, bool, error) {
	found, ok, err := g.store.GroupAt(tx, chat)
	return found, ok && found.Bound(), err
}

// Lost ends the tie to a chat that the bot cannot write to any more, and reports whether
// there was one. What was bound anew or has moved meanwhile is left alone.
func (g *Groups) Lost(tx reminders.Tx, chat reminders.ChatID, reason string) (Group, bool, error) {
	found, ok, err := g.At(tx, chat)
	if err != nil || !ok || found.Chat != chat {
		return Group{}, false, err
	}
	found, err = g.end(tx, found, GroupLost, reason, ledger.System)
	return found, err == nil, err
}

// Unbind ends the tie of a unit to its group at the request of one of its liaisons. It
// fails with Denied for anybody else and with NotFound if there is no group.
func (g *Groups) Unbind(tx reminders.Tx, unit reminders.UnitID, by Record) (Group, error) {
	if !liaisonOf(by, unit) {
		return Group{}, reminders.Fail(reminders.Denied, "people.unbind_group", "error.denied", nil)
	}
	found, ok, err := g.store.Group(tx, unit)
	if err != nil {
		return Group{}, err
	}
	if !ok || !found.Bound() {
		return Group{}, reminders.Fail(reminders.NotFound, "people.unbind_group", "group.none", nil)
	}
	return g.end(tx, found, GroupUnbound, "unbound", string(by.ID))
}

// Migrate follows a group that became a supergroup, and reports whether it was one of
// ours. Messages of the old chat cannot be edited in the new one: the service numbers
// them anew.
func (g *Groups) Migrate(tx reminders.Tx, from, to reminders.ChatID) (bool, error) {
	found, ok, err := g.At(tx, from)
	if err != nil || !ok || found.Chat != from || to == 0 || to == from {
		return false, err
	}
	found.Chat, found.MovedFrom = to, from
	if err := g.store.SaveGroup(tx, found); err != nil {
		return false, err
	}
	return true, g.note(tx, ledger.GroupMoved, found.Unit, "supergroup", ledger.System)
}

// end writes down that a unit has its group no more.
func (g *Groups) end(tx reminders.Tx, ended Group, state GroupState, reason, by string) (Group, error) {
	ended.State, ended.Reason, ended.EndedAt = state, reason, tx.Now()
	if err := g.store.SaveGroup(tx, ended); err != nil {
		return Group{}, err
	}
	return ended, g.note(tx, ledger.GroupLost, ended.Unit, reason, by)
}

func (g *Groups) note(tx reminders.Tx, verb ledger.Verb, unit reminders.UnitID, reason, by string) error {
	return g.desk.book.Append(tx, ledger.Entry{Actor: by, Verb: verb, Object: "group", Subject: string(unit), Reason: reason})
}

// liaisonOf reports whether somebody is a liaison of the unit itself: a group is bound by
// those who are in it.
func liaisonOf(r Record, unit reminders.UnitID) bool {
	return r.Enrolled() && r.Unit == unit && slices.Contains(r.Roles, reminders.Liaison)
}
