package casebook

import (
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/obligation"
)

// Case is a typical case that an issuing organ has made public already (典型案例). Days
// are those of the place. What the office wrote of it stands in Content.
type Case struct {
	ID string `json:"id"`
	Content
	State  State  `json:"state"`
	Origin string `json:"origin"` // "chat", "file", "feed/NAME", or "library" for what ships with the program

	By        reminders.PersonID `json:"by,omitempty"` // who drafted it; empty: the command line or a feed
	At        time.Time          `json:"at,omitzero"`
	Submitted time.Time          `json:"submitted,omitzero"` // to a second person; zero: still being written
	DecidedBy reminders.PersonID `json:"decided_by,omitempty"`
	DecidedAt time.Time          `json:"decided_at,omitzero"`
	Lone      bool               `json:"lone,omitempty"`   // approved by its drafter, who was the only one there
	Reason    string             `json:"reason,omitempty"` // why it was returned

	Overrides []reminders.Override `json:"overrides,omitempty"` // soft rules that the head let pass

	Published   time.Time   `json:"published,omitzero"` // when readers could see it first
	CorrectedAt time.Time   `json:"corrected_at,omitzero"`
	Correction  *Correction `json:"correction,omitempty"` // waits for a second person
	Tombstone   *Tombstone  `json:"tombstone,omitempty"`

	Snapshot  string    `json:"snapshot,omitempty"` // SHA-256 in hex of the source as it was looked at first
	CheckedAt time.Time `json:"checked_at,omitzero"`
	Failures  int       `json:"failures,omitempty"` // how often in a row the source did not answer
	Held      string    `json:"held,omitempty"`     // why an approved case is not shown: source-gone or source-changed
}

// Content is what the office says of a case, all of it public at its source.
type Content struct {
	Title     string              `json:"title"` // without names
	Category  string              `json:"category"`
	Level     Level               `json:"level,omitempty"`
	Issued    calendar.Date       `json:"issued,omitzero"`
	Issuer    string              `json:"issuer"`
	SourceURL string              `json:"source_url"`
	Expires   calendar.Date       `json:"expires,omitzero"` // the first day on which it is not shown any more
	Festivals []calendar.Festival `json:"festivals,omitempty"`
	Body      string              `json:"body,omitempty"`
	Names     bool                `json:"names,omitempty"` // the body names persons: readers are led to the source instead
	English   Words               `json:"english,omitzero"`
}

// State is where a case stands.
type State string

// The states of a case.
const (
	Draft     State = "draft"     // being written, or waiting for a second person
	Returned  State = "returned"  // sent back with a reason; it can be changed and submitted again
	Approved  State = "approved"  // released by a second person, but held back: Held says why
	Published State = "published" // shown to readers until it expires
	Withdrawn State = "withdrawn" // taken back; what remains is the tombstone
	Expired   State = "expired"   // its time is over
)

// Level is the level of the officials concerned (层级), as the official table has it.
type Level string

// The levels.
const (
	Provincial Level = "provincial" // 省部级
	Prefecture Level = "prefecture" // 地厅级
	County     Level = "county"     // 县处级
	Township   Level = "township"   // 乡科级及以下
)

// Levels lists the levels, the highest first.
func Levels() []Level { return []Level{Provincial, Prefecture, County, Township} }

// Category is one kind of problem of the official statistics (问题类型).
type Category struct {
	Code   string // F1 to F9, H1 to H9, H9a to H9g
	Group  string // F or H
	Labels map[reminders.Language]string
	Verify bool // the wording was not checked against the official table
}

// Correction is a new text for a case that readers see already (更正). It needs a second
// person, like the case itself.
type Correction struct {
	Content Content            `json:"content"`
	Note    string             `json:"note,omitempty"` // what was changed, for the second person
	By      reminders.PersonID `json:"by,omitempty"`
	At      time.Time          `json:"at"`
}

// Tombstone is what remains of a case that was withdrawn (撤回): who took it back, when
// and why, and the hash of what it said.
type Tombstone struct {
	By       reminders.PersonID `json:"by"`
	At       time.Time          `json:"at"`
	Reason   string             `json:"reason"`
	TextHash string             `json:"text_hash"`
}

// Handle is the short name of the case in button data.
func (c Case) Handle() string { return HandleOf(c.ID) }

// HandleOf is the short name of the case with this id.
func HandleOf(id string) string {
	return string(obligation.HandleOf(obligation.TermsID("case/" + id)))
}

// samplePrefix begins the ids of the invented samples that ship with the program.
const samplePrefix = "sample-"

// Sample reports whether the case is one of the invented samples that ship with the
// program.
func (c Case) Sample() bool { return strings.HasPrefix(c.ID, samplePrefix) }

// Waits reports whether a second person has to decide about the case, or about a
// correction of it.
func (c Case) Waits() bool {
	return c.State == Draft && !c.Submitted.IsZero() || c.Correction != nil
}

// Open reports whether somebody of the office has to do something about the case: write,
// decide, or look at its source.
func (c Case) Open() bool {
	return c.State == Draft || c.State == Returned || c.State == Approved || c.Correction != nil
}

// Ended is when the case came to its end, for good; zero while it has not.
func (c Case) Ended() time.Time {
	switch {
	case c.Tombstone != nil:
		return c.Tombstone.At
	case c.State == Expired:
		return c.Expires.At(0, 0, time.UTC)
	}
	return time.Time{}
}

// ShownOn reports whether readers see the case on a day.
func (c Case) ShownOn(day calendar.Date) bool {
	return c.State == Published && !day.Before(c.Issued) && day.Before(c.Expires)
}

// Hash is the SHA-256 in hex of what the case says.
func (c Content) Hash() string {
	parts := []string{
		c.Title, c.Category, string(c.Level), c.Issued.String(), c.Issuer, c.SourceURL, c.Expires.String(), c.Body,
	}
	for _, festival := range c.Festivals {
		parts = append(parts, string(festival))
	}
	if e := c.English; e != (Words{}) {
		parts = append(parts, e.Title, e.Issuer, e.Body)
	}
	return reminders.HashText(strings.Join(parts, "\n"))
}

// Same reports whether two contents say the same.
func (c Content) Same(o Content) bool {
	return c.Hash() == o.Hash() && c.Names == o.Names && slices.Equal(c.Festivals, o.Festivals)
}
