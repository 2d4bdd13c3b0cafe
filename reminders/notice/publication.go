package notice

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/qingfeng-bot/qingfeng/reminders"
)

// Publication is what the office itself says (发布件): an announcement, a work prompt,
// the card of a theme. It is drafted, approved by a second person, sent as a Notice,
// and can be corrected and withdrawn afterwards.
type Publication struct {
	ID     string             `json:"id"` // year and number of drafting, such as "2026-0007"
	Kind   Kind               `json:"kind"`
	Origin string             `json:"origin"` // "chat", or what else it came from: "api/NAME", "theme/ID"
	By     reminders.PersonID `json:"by"`     // who drafted it
	At     time.Time          `json:"at"`     // when drafting began
	State  PublicationState   `json:"state"`
	// Number is the name under which it is quoted, such as 工作提示〔2026〕3号. It is given
	// when it is approved; announcements have none.
	Number string `json:"number,omitempty"`

	Bodies   map[reminders.Language]Body `json:"bodies,omitempty"`
	Lead     reminders.Language          `json:"lead,omitempty"` // what readers see who have no body of their own
	Files    []reminders.File            `json:"files,omitempty"`
	Audience reminders.Audience          `json:"audience"`
	Expects  Expects                     `json:"expects,omitempty"`
	Workdays int                         `json:"workdays,omitempty"` // to acknowledge, after the day of sending
	Wanted   time.Time                   `json:"wanted,omitzero"`    // when it goes; zero: as soon as it may
	Urgent   string                      `json:"urgent,omitempty"`   // why it goes at any hour and beside every budget

	Overrides []reminders.Override `json:"overrides,omitempty"`
	Decision  Verdict              `json:"decision,omitzero"`

	GivenUp    time.Time   `json:"given_up,omitzero"` // when it was abandoned
	Notice     string      `json:"notice,omitempty"`  // by which it is sent
	SentAt     time.Time   `json:"sent_at,omitzero"`  // when sending began
	Version    int         `json:"version"`           // of the bodies, from 1
	Past       []Version   `json:"past,omitempty"`    // the earlier ones
	Round      int         `json:"round,omitempty"`   // how often a correction asked anew
	Correction *Correction `json:"correction,omitempty"`
	Recall     *Recall     `json:"recall,omitempty"`
	Chasing    *Chasing    `json:"chasing,omitempty"` // the last one
}

// PublicationState is where a publication stands.
type PublicationState string

// The states of a publication.
const (
	Drafting  PublicationState = "drafting"
	Awaiting  PublicationState = "waiting"   // for the decision of a second person
	SentBack  PublicationState = "returned"  // with a reason; it can be changed and submitted again
	Cleared   PublicationState = "approved"  // waits for its instant
	Released  PublicationState = "released"  // its notice is being sent, or was
	Recalled  PublicationState = "withdrawn" // taken back after it was sent
	Abandoned PublicationState = "cancelled" // given up before
)

// Body is what a publication says in one language.
type Body struct {
	Title string `json:"title"` // plain, one line
	// Text has the tags of the chat service; it is made from what its author formatted.
	Text string `json:"text,omitempty"`
	// Prompt is what a work prompt or a case guidance says instead of a text.
	Prompt *Prompt `json:"prompt,omitempty"`
}

// Prompt is the content of a work prompt (工作提示): a pattern that was noticed, what
// holds, how it looks wrong and right, and what to look at. Each is plain text.
type Prompt struct {
	Pattern string   `json:"pattern"`
	Rule    string   `json:"rule"` // with its source
	Wrong   string   `json:"wrong,omitempty"`
	Right   string   `json:"right,omitempty"`
	Check   string   `json:"check"`
	Cases   []string `json:"cases,omitempty"` // of a case guidance: public cases, by their id
}

// Plain is everything that a reader sees of the body, without tags, for the guard.
func (b Body) Plain() string {
	parts := []string{b.Title, untagged(b.Text)}
	if p := b.Prompt; p != nil {
		parts = append(parts, p.Pattern, p.Rule, p.Wrong, p.Right, p.Check)
	}
	return strings.TrimSpace(strings.Join(parts, "\n"))
}

// Verdict is what the second person decided (审批).
type Verdict struct {
	By     reminders.PersonID `json:"by,omitempty"`
	At     time.Time          `json:"at,omitzero"`
	Lone   bool               `json:"lone,omitempty"`   // by the drafter, who was the only one there
	Reason string             `json:"reason,omitempty"` // why it was returned
}

// Version is a text that was replaced: what remains of it is its hash, beside the
// bodies while the office wants to compare.
type Version struct {
	Version  int                         `json:"version"`
	Bodies   map[reminders.Language]Body `json:"bodies"`
	Files    []reminders.File            `json:"files,omitempty"`
	Replaced time.Time                   `json:"replaced"`
}

// Correction is a new text, and new files, for what was sent already (更正). It needs a
// second person like a draft. One that is material asks for the acknowledgement once more.
type Correction struct {
	By       reminders.PersonID          `json:"by"`
	At       time.Time                   `json:"at"`
	Bodies   map[reminders.Language]Body `json:"bodies"`
	Files    []reminders.File            `json:"files,omitempty"` // as many as were sent, each in the place of the one before
	Material bool                        `json:"material,omitempty"`
	// Notes say what was changed, for the readers of a material one; see Publication.Notes.
	Notes    map[reminders.Language]string `json:"notes,omitempty"`
	Note     string                        `json:"note,omitempty"` // that of one from before notes had a language
	State    PublicationState              `json:"state"`          // Awaiting, SentBack, Cleared (being carried out), Released (carried out), Abandoned
	Decision Verdict                       `json:"decision,omitzero"`
	Way      Passage                       `json:"way,omitzero"`
}

// Recall is the taking back of what was sent (撤回).
type Recall struct {
	By     reminders.PersonID `json:"by"`
	At     time.Time          `json:"at"`
	Reason string             `json:"reason"`
	Way    Passage            `json:"way,omitzero"`
	Ended  time.Time          `json:"ended,omitzero"` // every copy was dealt with
}

// Chasing is the chase of those outstanding that somebody asked for (催办).
type Chasing struct {
	By    reminders.PersonID `json:"by"`
	At    time.Time          `json:"at"`
	Way   Passage            `json:"way,omitzero"`
	Ended time.Time          `json:"ended,omitzero"`
}

// Passage is how far work that is done in pieces has come through the copies, or the
// lines of the book, of a publication.
type Passage struct {
	Phase  string `json:"phase,omitempty"`
	Round  int    `json:"round,omitempty"` // whose lines are dealt with
	Cursor string `json:"cursor,omitempty"`
}

// Handle is the short name of the publication in button data.
func (p Publication) Handle() string { return Notice{ID: "publication/" + p.ID}.Handle() }

// NoticeID is the name of the notice by which the publication is sent.
func (p Publication) NoticeID() string { return string(p.Kind) + "/" + p.ID }

// Open reports whether something is still to be decided or done before it is sent.
func (p Publication) Open() bool {
	switch p.State {
	case Drafting, Awaiting, SentBack, Cleared:
		return true
	}
	return false
}

// Working reports whether something is to be done about it without a person: its
// sending when its instant comes, a correction that was approved, or a recall.
func (p Publication) Working() bool {
	return p.State == Cleared || p.correcting() || p.Recall != nil && p.Recall.Ended.IsZero() ||
		p.Chasing != nil && p.Chasing.Ended.IsZero()
}

// Undecided reports whether it, or its correction, waits for a second person.
func (p Publication) Undecided() bool {
	return p.State == Awaiting || p.Correction != nil && p.Correction.State == Awaiting
}

// correcting reports whether an approved correction is being carried out.
func (p Publication) correcting() bool { return p.Correction != nil && p.Correction.State == Cleared }

// BodyFor gives what a reader of a language sees.
func (p Publication) BodyFor(language reminders.Language) Body {
	if body, found := p.Bodies[language]; found {
		return body
	}
	return p.Bodies[p.Lead]
}

// Notes are what readers see of what the correction changed: each in the own language, or
// else in that of the lead.
func (p Publication) Notes() map[reminders.Language]string {
	switch c := p.Correction; {
	case c == nil:
		return nil
	case len(c.Notes) == 0 && c.Note != "":
		return map[reminders.Language]string{p.Lead: c.Note}
	default:
		return c.Notes
	}
}

// untagged takes tags and entities out of a fragment, roughly: what the guard looks at
// has to have the words, not the form.
func untagged(fragment string) string {
	var plain strings.Builder
	inTag := false
	for _, r := range fragment {
		switch {
		case r == '<':
			inTag = true
		case r == '>' && inTag:
			inTag = false
		case !inTag:
			plain.WriteRune(r)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(plain.String())
}

// HashBodies is the SHA-256 in hex of what a publication says in all its languages, in
// order of their tags; empty while it says nothing.
func HashBodies(bodies map[reminders.Language]Body) string {
	if len(bodies) == 0 {
		return ""
	}
	var all strings.Builder
	for _, language := range slices.Sorted(maps.Keys(bodies)) {
		body := bodies[language]
		all.WriteString(string(language) + "\n" + body.Title + "\n" + body.Text + "\n")
		if body.Prompt != nil {
			all.WriteString(body.Plain() + "\n" + strings.Join(body.Prompt.Cases, ","))
		}
	}
	return reminders.HashText(all.String())
}
