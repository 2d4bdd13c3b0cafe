package notice

import (
	"fmt"
	"maps"
	"slices"

	"github.com/qingfeng-bot/qingfeng/reminders"
	"github.com/qingfeng-bot/qingfeng/reminders/calendar"
	"github.com/qingfeng-bot/qingfeng/reminders/ledger"
)

// PublicationStore keeps publications and the audiences that the office has named.
type PublicationStore interface {
	Publication(tx reminders.Tx, id string) (Publication, bool, error)
	PublicationByHandle(tx reminders.Tx, handle string) (Publication, bool, error)
	SavePublication(tx reminders.Tx, p Publication) error
	// OpenPublications lists those that are Open, in order of their ids.
	OpenPublications(tx reminders.Tx) ([]Publication, error)
	// UndecidedPublications lists those that are Undecided, in order of their ids.
	UndecidedPublications(tx reminders.Tx) ([]Publication, error)
	// RecentPublications lists publications by their ids, newest first.
	RecentPublications(tx reminders.Tx, limit int) ([]Publication, error)
	// WorkingPublications lists those that have something to be done now or later
	// without a person: Cleared ones, approved corrections and recalls in progress.
	WorkingPublications(tx reminders.Tx) ([]Publication, error)

	// CopiesSent pages through the receipts of the copies of a notice, its chases too, in
	// order of their keys.
	CopiesSent(tx reminders.Tx, notice string, after reminders.DeliveryKey, limit int) ([]reminders.Receipt, error)
	// SaveFate notes what became of a message that was corrected or recalled. A message is
	// not FateOutdated any more once it has that version or a later one.
	SaveFate(tx reminders.Tx, notice string, f Fate) error
	// Fate gives the fate of a message that ended with a result.
	Fate(tx reminders.Tx, notice string, r FateResult, copied reminders.DeliveryKey) (Fate, bool, error)
	// CountFates counts those that ended with a result, as things stood before the unit of
	// work.
	CountFates(tx reminders.Tx, notice string, r FateResult) (int, error)
	// FatesAfter pages through those that ended with a result, in order of their messages.
	FatesAfter(tx reminders.Tx, notice string, r FateResult, after reminders.DeliveryKey, limit int) ([]Fate, error)

	SavedAudience(tx reminders.Tx, name string) (reminders.Audience, bool, error)
	SaveAudience(tx reminders.Tx, name string, a reminders.Audience) error // nobody: forget it
	SavedAudiences(tx reminders.Tx) (map[string]reminders.Audience, error)
}

// PressOptions join the press to what it needs.
type PressOptions struct {
	Desk   *Desk
	Store  PublicationStore
	Number func(tx reminders.Tx, series string) (uint64, error) // the next of a gap-free series
	// Screen is the input guard together with the wording lint.
	Screen func(text string) []reminders.Hit
	// Approvers lists the people of the office who may approve and have a chat.
	Approvers func(tx reminders.Tx) ([]reminders.PersonID, error)
	// Reachable reports whether messages reach a person.
	Reachable func(tx reminders.Tx, person reminders.PersonID) (bool, error)
	// Released is told what begins to be sent, so that its author can follow it; it may be
	// nil. What another system brought is not told.
	Released func(tx reminders.Tx, of Publication) error
	// Grouped reports whether a unit has a group chat; nil: none has.
	Grouped func(tx reminders.Tx, unit reminders.UnitID) (bool, error)
}

// Press is where the office composes, approves, publishes, corrects and withdraws
// (发布台).
type Press struct{ PressOptions }

// NewPress joins the press to what it needs. From then on its desk shows what
// publications say, and tells the press how their copies ended.
func NewPress(o PressOptions) *Press {
	p := &Press{PressOptions: o}
	o.Desk.press = p
	return p
}

// Begin starts a draft.
func (p *Press) Begin(tx reminders.Tx, kind Kind, origin string, by reminders.PersonID, lead reminders.Language) (Publication, error) {
	year := calendar.DateOf(tx.Now(), p.Desk.Calendar().Location()).Year
	n, err := p.Number(tx, fmt.Sprintf("publication/%d", year))
	if err != nil {
		return Publication{}, err
	}
	draft := Publication{
		ID: fmt.Sprintf("%d-%04d", year, n), Kind: kind, Origin: origin, By: by, At: tx.Now(), State: Drafting,
		Lead: lead, Expects: ExpectNothing, Version: 1,
	}
	if err := p.Store.SavePublication(tx, draft); err != nil {
		return Publication{}, err
	}
	return draft, p.record(tx, draft, ledger.Drafted, by, "")
}

// Find gives the publication with a handle; NotFound if there is none.
func (p *Press) Find(tx reminders.Tx, handle string) (Publication, error) {
	found, ok, err := p.Store.PublicationByHandle(tx, handle)
	if err == nil && !ok {
		err = reminders.Fail(reminders.NotFound, "notice.publication", "publication.not_found", nil)
	}
	return found, err
}

// Edit changes a draft, or one that was returned, which becomes a draft again. Only its
// drafter may (Denied); afterwards it is Closed.
func (p *Press) Edit(tx reminders.Tx, handle string, by reminders.PersonID, change func(*Publication)) (Publication, error) {
	draft, err := p.own(tx, handle, by, Publication.writable)
	if err != nil {
		return draft, err
	}
	given, was, written := draft.Overrides, HashBodies(draft.Bodies), draft.screened()
	draft.Bodies, draft.Files = maps.Clone(draft.Bodies), slices.Clone(draft.Files)
	change(&draft)
	if HashBodies(draft.Bodies) != was || !slices.Equal(draft.screened(), written) {
		draft.forgetOverrides(given)
	}
	draft.State, draft.Decision = Drafting, Verdict{}
	return draft, p.Store.SavePublication(tx, draft)
}

// forgetOverrides takes those back that let an earlier text pass: nobody has let the one
// that stands there now. The number of prompts does not depend on what they say.
func (p *Publication) forgetOverrides(given []reminders.Override) {
	p.Overrides = slices.DeleteFunc(slices.Clone(p.Overrides), func(o reminders.Override) bool {
		return o.Rule != RulePromptQuota && slices.Contains(given, o)
	})
}

// Abandon gives a draft up, at any step before it is sent.
func (p *Press) Abandon(tx reminders.Tx, handle string, by reminders.PersonID) (Publication, error) {
	draft, err := p.own(tx, handle, by, Publication.Open)
	if err != nil {
		return draft, err
	}
	draft.State, draft.GivenUp = Abandoned, tx.Now()
	if err := p.Store.SavePublication(tx, draft); err != nil {
		return draft, err
	}
	return draft, p.record(tx, draft, ledger.Cancelled, by, "")
}

// own gives a draft of by that stands where something can be done about it; for others it
// fails with Denied, and with Closed where that is over.
func (p *Press) own(tx reminders.Tx, handle string, by reminders.PersonID, stands func(Publication) bool) (Publication, error) {
	draft, err := p.Find(tx, handle)
	switch {
	case err != nil:
		return draft, err
	case draft.By != by:
		return draft, reminders.Fail(reminders.Denied, "notice.publication", "publication.not_yours", nil)
	case !stands(draft):
		return draft, reminders.Fail(reminders.Closed, "notice.publication", "publication.decided", nil)
	}
	return draft, nil
}

// writable reports whether its drafter is still writing it.
func (p Publication) writable() bool { return p.State == Drafting || p.State == SentBack }

// record writes a step of a publication into the ledger, with the hash of its text.
func (p *Press) record(tx reminders.Tx, of Publication, verb ledger.Verb, by reminders.PersonID, reason string) error {
	return p.Desk.Ledger.Append(tx, ledger.Entry{
		Actor: string(by), Verb: verb, Object: of.NoticeID(), Reason: reason, TextHash: HashBodies(of.Bodies),
	})
}
