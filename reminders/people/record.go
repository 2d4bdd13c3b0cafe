package people

import (
	"slices"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Status says whether a person belongs to the office.
type Status string

// The statuses.
const (
	Active  Status = "active"  // 在职
	Retired Status = "retired" // left, moved away or retired; the record stays for the ledger
)

// Placeholder is the person behind whom the first admin stands until a real
// person is bound to the same chat. No staff number of a file may be this word.
const Placeholder reminders.PersonID = "admin"

// Record is one person of the register with all that the service knows of them
// (人员记录). The store keeps an index from Chat to person and one from Unit to
// its people in step with the records.
type Record struct {
	reminders.Person

	Status        Status    `json:"status"`
	RetiredReason string    `json:"retired_reason,omitempty"` // as the admin wrote it
	RetiredAt     time.Time `json:"retired_at,omitzero"`

	// LanguageChosen says that the person chose Language in the settings; an
	// import leaves it alone then.
	LanguageChosen bool `json:"language_chosen,omitempty"`

	Chat    reminders.ChatID `json:"chat,omitempty"` // zero: not bound
	BoundAt time.Time        `json:"bound_at,omitzero"`

	Unreachable Unreachable `json:"unreachable,omitzero"`
	LeftTopics  []string    `json:"left_topics,omitempty"` // sorted
}

// Unreachable says since when and why messages do not arrive (无法送达). Zero: they
// do.
type Unreachable struct {
	Reason Reach     `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

// Active reports whether the person belongs to the office.
func (r Record) Active() bool { return r.Status == Active }

// Enrolled reports whether notices and obligations may name the person: active
// and a real person, not the placeholder of the first admin.
func (r Record) Enrolled() bool { return r.Active() && r.ID != Placeholder }

// Bound reports whether a chat is bound to the person.
func (r Record) Bound() bool { return r.Chat != 0 }

// Wants reports whether the person has not left the topic.
func (r Record) Wants(topic string) bool { return !slices.Contains(r.LeftTopics, topic) }

// Reach says why a person cannot be reached.
type Reach string

// The reasons. The last three are the short codes with which a send ends; a code
// not listed here is kept and shown as any other reason.
const (
	NeverBound  Reach = "never_bound"
	Blocked     Reach = "blocked"
	Deactivated Reach = "deactivated"
	ChatGone    Reach = "chat_not_found"
)

// Message is the reason in words.
func (r Reach) Message() reminders.Message {
	switch r {
	case NeverBound, Blocked, Deactivated, ChatGone:
		return reminders.Line("people.reach."+string(r), nil)
	default:
		return reminders.Line("people.reach.other", nil)
	}
}
