package ledger

import (
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Entry is one line of the ledger (台账记录). Who appends one fills in Actor,
// Verb and what else applies; At, Seq, Prev and Sum are given by the store when
// the unit of work commits. Texts of messages never stand in an entry, only
// their hash.
type Entry struct {
	Seq      uint64            `json:"seq"`
	At       time.Time         `json:"at"`                  // UTC, to the millisecond
	Actor    string            `json:"actor"`               // staff_no or System
	Verb     Verb              `json:"verb"`                //
	Object   string            `json:"object,omitempty"`    // what: notice, obligation, delivery
	Subject  string            `json:"subject,omitempty"`   // whom: staff_no or unit
	Reason   string            `json:"reason,omitempty"`    //
	TextHash string            `json:"text_hash,omitempty"` // SHA-256 in hex of the exact text shown
	Attrs    map[string]string `json:"attrs,omitempty"`     // few and short
	Prev     string            `json:"prev"`                // Sum of the entry before
	Sum      string            `json:"sum"`                 //
}

// Book takes entries. The nouns append through it inside their unit of work, so
// that an effect and its entry are committed together or not at all.
type Book interface {
	// Append adds e to the unit of work. Its place in the chain is given when
	// the unit of work commits; its instant is that of the unit of work.
	Append(tx reminders.Tx, e Entry) error
}

// normal gives the form of e that is hashed, stored and exported: the instant in
// UTC and whole milliseconds, every string valid UTF-8. Without it an entry could
// change its hash by travelling through JSON.
func normal(e Entry) Entry {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	for _, s := range []*string{&e.Actor, (*string)(&e.Verb), &e.Object, &e.Subject, &e.Reason, &e.TextHash} {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	e.Attrs = normalAttrs(e.Attrs)
	return e
}

// normalAttrs copies attrs, since the entry outlives the unit of work that made
// it. No attributes are nil, so that equal entries compare equal.
func normalAttrs(attrs map[string]string) map[string]string {
	if len(attrs) == 0 {
		return nil
	}
	clean := make(map[string]string, len(attrs))
	for name, value := range attrs {
		clean[strings.ToValidUTF8(name, "\uFFFD")] = strings.ToValidUTF8(value, "\uFFFD")
	}
	return clean
}
